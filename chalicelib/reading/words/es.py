"""Spanish; see en.py for how to read these lists. All text is folded: `día` is found as `dia`."""

from __future__ import annotations

WORDS: dict[str, dict[float, str]] = {
    "good": {
        3: """
            excelente*, genial, fantástico, fantástica, maravilloso, maravillosa, perfecto, perfecta,
            increíble, el mejor, la mejor, los mejores, me encanta, me encantó, encantado, encantada,
            buenísimo, estupendo, espectacular, de lujo, muy recomendable, recomiendo, mil gracias, muchas
            gracias, ❤, 😍, 🥰, 👏, 🎉""",
        2: """
            bueno, buena, buenos, buenas noticias, bien, mejor, feliz, felices, contento, contenta, amable*,
            atento, atenta, profesional*, rápido, rápida, útil, agradecido, agradecida, agradezco, gracias,
            bonito, bonita, guapo, rico, delicioso, enhorabuena, felicidades, felicitaciones, alegría, alegra,
            satisfecho, satisfecha, amo, adoro, 👍, 😊, 😀, 😃, 😄, 🙌, 💕""",
        1: """
            fácil, barato, gratis, gana, ganar, suerte, espero, jaja*, jeje*, divertido, nuevo, nueva, vale,
            😂, 🙂, 😉""",
    },
    "bad": {
        3: """
            pésimo, pésima, horrible*, terrible*, fatal, asco, asqueroso, asquerosa, vergüenza, vergonzoso,
            vergonzosa, inaceptable, lamentable, indignante, ladrones, robo, roban, estafa*, timo, fraude,
            mentira*, mentirosos, inútil*, basura, mierda, puta, joder, coño, odio, peor, el peor, la peor,
            incompetente*, desastre, una broma, tomadura de pelo, sinvergüenza*, decepcion*, harto, harta,
            nunca más, jamás, abusivo, abuso, incapaces, ridículo, penoso, patético, 😡, 🤬, 😠, 👎, 💩, nefasto,
            nefasta, pésimos, deplorable, indigno, asqueado, asqueada, indignado, indignada, cabreado,
            cabreada, furioso, furiosa, chorizos, estafadores, incompetencia, ineptos, inepto, inútiles,
            chapuza, cutre, porquería, desastroso, vergonzante, intolerable, inadmisible""",
        2: """
            malo, mala, malos, mal, molesto, molesta, enfadado, enojado, triste, desgracia, lástima, roto,
            rota, avería, averiado, queja*, quejas, reclamación, reclamar, reclamo, problema*, error*, fallo*,
            falla, fallando, caro, cara, lento, lenta, sucio, perdido, perdida, retraso*, demora, cancelado,
            cancelada, engaño, engañan, ignoran, grosero, maleducado, injusto, dañado, defectuoso, imposible,
            dolor, miedo, muerto, muertos, muerte, crisis, 😤, 😒, 😞, 😢, 😭, 😩, 🙄, 💔, decepcionado, decepcionada,
            decepcionante, frustrado, frustrada, frustrante, insatisfecho, insatisfecha, desagradable,
            antipático, irrespetuoso, prepotente, chulo, desinterés, negligencia, engañoso, inseguro,
            peligroso, carísimo, deficiente, mediocre, penosa""",
        1: """
            no, sin, nada, nadie, nunca, difícil, frío, tarde, espera, esperando, duda, cansado, solo, falta,
            faltan, 😐, 😕, 🙁""",
    },
    "not": {
        1: """
            no, ni, nunca, jamás, sin, tampoco, nada, nadie, ningún, ninguna""",
    },
    "very": {
        1.4: """
            muy, tan, súper, demasiado, totalmente, realmente, absolutamente, bastante""",
        0.6: """
            un poco, algo, poco""",
    },
    "turn": {
        1: """
            pero, sin embargo, aunque, no obstante""",
    },
    "complaint": {
        3: """
            sigo esperando, seguimos esperando, sigue sin, siguen sin, sigo sin, seguimos sin, todavía no, aún
            no, otra vez, una vez más, de nuevo lo mismo, segunda vez, tercera vez, cada vez que, siempre lo
            mismo, nunca llegó, no ha llegado, no llegó, no llega, no he recibido, no recibí, no me ha
            llegado, no me llega, nadie responde, nadie contesta, no responden, no contestan, no me responden,
            no dan respuesta, sin respuesta, sin solución, no solucionan, no funciona, no funcionan, dejó de
            funcionar, no sirve, no puedo, no me deja, no carga, no abre, me cobraron, me han cobrado, me
            cobran, cobro doble, cobrado dos veces, devuélvanme, devolver mi dinero, mi dinero, quiero mi
            dinero, llevo esperando, llevo días, llevo horas, llevo semanas, hace días que, hace semanas que,
            me colgaron, me cuelgan, gracias por nada, qué vergüenza, hasta cuándo, para cuándo, cómo es
            posible, es posible que no, mal servicio, pésimo servicio, pésima atención, mala atención, falta
            de respeto, me doy de baja, no vuelvo a, nunca vuelvo, sigue sin funcionar, siguen sin responder,
            siguen sin dar, sin dar solución, nadie da la cara, nadie me ayuda, nadie sabe, no me ayudan, no
            me atienden, no atienden, no dan solución, no me solucionan, no me devuelven, no devuelven, no
            quieren devolver, se niegan a, me niegan, no enciende, no arranca, no conecta, se cierra sola, se
            cae, se cuelga, se traba, se corta, error al, me da error, pantalla negra, llegó roto, llegó rota,
            llegó dañado, llegó incompleto, producto equivocado, talla equivocada, pedido equivocado, faltan
            productos, falta un producto, dice entregado, marcado como entregado, nunca vino, nunca apareció,
            no vino el, no apareció, no se presentó, cambian la fecha, cambio de fecha, cita cancelada, pedido
            cancelado, me cancelaron, cobro indebido, cobros indebidos, cargo no reconocido, cargos no
            reconocidos, doble cobro, me cobran de más, sin avisar, sin previo aviso, sin autorización, sin mi
            permiso, sin motivo, me cortaron, me han cortado, desde hace días, desde hace semanas, desde hace
            meses, desde hace horas, más de una hora, más de un mes, más de una semana, todo el día esperando,
            horas esperando, días esperando, semanas esperando, cuánto más, cuánto tiempo más, cuándo me van
            a, dónde está mi pedido, dónde está mi paquete, dónde está mi dinero, qué pasa con, qué está
            pasando, por qué tardan, por qué no responden, por qué no funciona, por qué me cobran, exijo,
            quiero una solución, quiero que me devuelvan, pongan remedio, hagan algo, hagan su trabajo, dejen
            de, basta ya, ya basta, ya está bien de, cansado de, cansada de, harto de, harta de, cliente desde
            hace, perder un cliente, un cliente menos, me cambio de, me voy a cambiar, me cambio a, no
            recomiendo, no lo recomiendo, no se lo recomiendo, no compren, no contraten, cuidado con, eviten,
            pérdida de tiempo, pérdida de dinero, tirar el dinero, cero estrellas, una estrella, cada vez
            peor, de mal en peor, antes era mejor, me han mentido, me mintieron, me engañaron, publicidad
            engañosa, tomando el pelo, toman el pelo, una vergüenza""",
        1.5: """
            otra, sigue, siguen, nunca, retraso*, retrasado, cancelado, cancelada, cancelaron, perdieron mi,
            maleta, equipaje, reembolso, devolución, devolver, reembols*, compensación, garantía, roto, rota,
            defectuoso, avería, error, fallo, falla, problema*, incidencia, caída, caído, se cayó, sin
            internet, sin luz, sin agua, sin servicio, sin señal, sin línea, horas, minutos, días, semanas,
            meses, por qué no, por qué me, dónde está mi, cuándo van, cuándo piensan, prometieron, dijeron, me
            dijeron, solución, solucionen, solucionar, arreglen, respondan, contesten, atención al cliente,
            servicio al cliente, reclamación, queja, denuncia*, cobro, factura, cargo, técnico, no me, no nos,
            no se puede, esperando, colas, fila, lento, tarde, lentísimo, fallando, averiado, bloqueado,
            bloqueada, contraseña, dañado, dañada, rayado, manchado, caducado, vencido, sucio, frío, crudo,
            incompleto, equivocado, equivocada, incorrecto, incorrecta, duplicado, repetido, varias veces, mil
            veces, tres veces, dos veces, constantemente, siempre lo, todavía, aún, ni siquiera, ni una,
            excusas, mentiras, incumplen, incumplimiento, promesa*, prometido, cancelación, espera, demora*,
            tardanza, tardan, cola, sin respuesta alguna, ignoran, ignorado, pasotas, robot, contestador,
            grabación, colgaron, reclamo, reclamé, reclamaciones, indemnización, compensen, reparación,
            reparen, cambio de producto""",
    },
    "hint": {
        1: """
            pedido, paquete, envío, entrega, cuenta, app, web, teléfono, llamar, llamé, llamada, correo,
            tienda, cliente, clientes, ustedes, vosotros, vuestra, su empresa, servicio, ayuda, desde, ayer,
            sin, no, compré, compra, pagué, pago, tarjeta, precio, contrato, tarifa, plan, línea, móvil,
            celular, router, banco, sucursal, vuelo, hotel, mesa, restaurante, repartidor, mensajero, envíos,
            seguimiento, número, chat, dm, mensaje""",
    },
    "calm": {
        3: """
            sin problema, sin problemas, ningún problema, no hay problema, todo bien, todo en orden,
            solucionado, arreglado, ya funciona, ya está, gracias por la ayuda, gracias por responder, gracias
            por su respuesta, muchas gracias por, buen servicio, gran servicio, excelente servicio, excelente
            atención, buena atención, llegó rápido, envío rápido, muy rápido, todo perfecto, quedó perfecto,
            muy contento con, muy contenta con, ya me llegó, ya lo solucionaron, gracias por solucionar,
            gracias por la rapidez, gracias por todo""",
        1.3: """
            gracias, muchas gracias, tienen, tenéis, venden, puedo comprar, cómo puedo, dónde puedo, cuánto
            cuesta, cuándo sale, hay alguna, es posible, quisiera, me gustaría, busco, una pregunta, ok, vale,
            sí, enviado, perfecto, sorteo, concurso, noticia, noticias, vídeo, rt, vía""",
        1: """
            hola, por favor, buenos días, mañana, fin de semana, feliz, película, canción, foto, partido, gol""",
    },
    "thanks": {
        3: """
            gracias, muchas gracias, mil gracias, muy agradecido, muy agradecida, os agradezco, les agradezco,
            se agradece""",
        -4: """
            gracias por nada, no gracias, gracias de antemano, de antemano gracias""",
    },
    "person": {
        3: """
            hablar con una persona, hablar con alguien, hablar con un agente, hablar con un humano, persona
            real, un humano, que alguien me llame, me pueden llamar, llámenme, hablar con el encargado, hablar
            con un supervisor, hablar con el responsable""",
    },
    "buying": {
        3: """
            quiero comprar, quisiera comprar, me gustaría comprar, dónde puedo comprar, dónde comprar, cuánto
            cuesta, qué precio tiene, cuánto vale, hay stock, en stock, hacen envíos, quiero contratar,
            quisiera contratar, reservar""",
        -3: """
            no comprar, no compren, nunca compren, mi dinero""",
    },
    "danger": {
        3: """
            se incendió, en llamas, fuego, incendio, explotó, explosión, humo, chispas, descarga eléctrica,
            electrocut*, se derritió, huele a quemado, fuga de gas, quemadura, me corté, vidrio en, plástico
            en, metal en, intoxicación, reacción alérgica, herido, herida, hospital, frenos, moho, gusanos""",
        -3: """
            fuegos artificiales, juego fuego""",
    },
    "legal": {
        3: """
            abogado*, demanda, demandar, denuncia*, tribunal*, juzgado, consumo, facua, ocu, profeco, defensa
            del consumidor, protección de datos, ilegal, hoja de reclamaciones, acciones legales""",
    },
    "press": {
        3: """
            soy periodista, como periodista, gabinete de prensa, para un artículo, para un reportaje,
            solicitud de prensa, contacto de prensa, podemos usar tu, podemos usar su""",
    },
    "vulnerable": {
        3: """
            anciano, anciana, mi abuela, mi abuelo, discapacidad, discapacitado, silla de ruedas, ciego,
            ciega, sordo, sorda, embarazada, recién nacido, oxígeno, insulina, marcapasos, diálisis,
            quimioterapia, cáncer, alzheimer, demencia, falleció, fallecido, emergencias""",
        -3: """
            a ciegas""",
    },
    "self-harm": {
        3: """
            suicid*, matarme, quitarme la vida, quiero morir, quiero morirme, no quiero vivir, acabar con mi
            vida, cortarme las venas""",
        -3: """
            morirme de risa, matarme de risa""",
    },
    "spam": {
        3: """
            mi canal, suscríbete, suscríbanse, sígueme, síganme, visita mi, visiten mi, haz clic, clic aquí,
            gana dinero, ganar dinero, dinero fácil, desde casa, trabaja desde casa, sorteo, bitcoin, cripto*,
            inversión, invierte, seguidores gratis, código de descuento, cupón, whatsapp me, escríbeme al
            whatsapp, link en mi bio, casino, apuestas, bajar de peso""",
        1: """
            canal, vídeo, video, gratis, oferta, descuento, compra, vende, vendo, amigos, comparte, apoya,
            link, enlace""",
    },
    "expected": {
        3: """
            funciona, funcionan, llegado, llega, llegó, recibido, recibí, entregado, responden, responde,
            respondieron, contestan, contesta, respuesta, solución, solucionan, solucionado, resuelto,
            resuelven, ayuda, ayudan, ayudaron, explicación, disculpa, carga, abre, conecta, enciende,
            arranca, señal, internet, luz, agua, cobertura, servicio, reembolso, devuelven, devuelto,
            atienden, atendido, información, avisan, avisaron, cumplen, cumplieron, disponible, deja entrar,
            deja pagar, deja hacer, permite""",
        1: """
            encuentro, puedo, ver, usar, entrar, pagar, comprar, cancelar, cambiar, hablar, contento,
            contenta, satisfecho, satisfecha, normal, justo""",
    },
}

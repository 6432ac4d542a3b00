"""Portuguese, of both sides of the ocean; see en.py for how to read these lists. All text is folded: `não` is `nao`."""

from __future__ import annotations

WORDS: dict[str, dict[float, str]] = {
    "good": {
        3: """
            excelente*, ótimo, ótima, fantástico, fantástica, maravilhoso, maravilhosa, perfeito, perfeita,
            incrível, sensacional, o melhor, a melhor, os melhores, adorei, amei, muito bom, muito boa,
            recomendo, parabéns, muito obrigado, muito obrigada, ❤, 😍, 🥰, 👏, 🎉""",
        2: """
            bom, boa, bem, melhor, feliz, felizes, contente, satisfeito, satisfeita, simpático, simpática,
            atencioso, educado, profissional*, rápido, rápida, útil, agradeço, obrigado, obrigada, lindo,
            linda, bonito, bonita, gostoso, delícia, alegria, amo, adoro, top, show, legal, massa, fofo, 👍, 😊,
            😀, 😃, 😄, 🙌, 💕""",
        1: """
            fácil, barato, grátis, ganhar, ganhou, sorte, espero, haha*, kkk*, rsrs*, divertido, novo, nova,
            😂, 🙂, 😉""",
    },
    "bad": {
        3: """
            péssimo, péssima, horrível, horríveis, terrível, nojo, nojento, vergonha, vergonhoso, inaceitável,
            lamentável, absurdo, ladrões, roubo, roubando, golpe, fraude, mentira*, mentirosos, inútil, lixo,
            merda, bosta, porra, caralho, puta, ódio, odeio, pior, o pior, a pior, incompetente*,
            incompetência, desastre, palhaçada, piada, decepcion*, desrespeito, descaso, cansado de, cansada
            de, nunca mais, abuso, ridículo, ridícula, enganação, enganado, 😡, 🤬, 😠, 👎, 💩, péssimos, péssimas,
            deplorável, revoltante, revoltado, revoltada, indignado, indignada, furioso, furiosa, golpistas,
            incompetentes, porcaria, inadmissível, intolerável""",
        2: """
            ruim, mau, má, mal, chateado, chateada, irritado, irritante, raiva, bravo, triste, infelizmente,
            quebrado, quebrada, avaria, avariado, reclamação, reclamar, queixa, problema*, erro*, falha*,
            caro, cara, lento, lenta, sujo, perdido, perdida, atraso*, atrasado, atrasada, cancelado,
            cancelada, ignoram, grosso, mal educado, injusto, danificado, defeito, defeituoso, impossível,
            medo, morto, morte, crise, difícil, 😤, 😒, 😞, 😢, 😭, 😩, 🙄, 💔, decepcionado, decepcionada,
            desiludido, desiludida, frustrado, frustrada, frustrante, insatisfeito, insatisfeita, irritada,
            grosseiro, arrogante, negligência, enganoso, caríssimo, medíocre""",
        1: """
            não, sem, nada, ninguém, nunca, frio, tarde, espera, esperando, dúvida, falta, só, 😐, 😕, 🙁""",
    },
    "not": {
        1: """
            não, nem, nunca, jamais, sem, nada, ninguém, nenhum, nenhuma""",
    },
    "very": {
        1.4: """
            muito, tão, super, demais, totalmente, realmente, absolutamente, bem""",
        0.6: """
            um pouco, pouco, meio""",
    },
    "turn": {
        1: """
            mas, porém, contudo, entretanto, no entanto""",
    },
    "complaint": {
        3: """
            ainda não, até agora nada, até agora não, continua sem, continuo sem, continuo à espera, continuo
            esperando, outra vez, mais uma vez, de novo, segunda vez, terceira vez, toda vez que, sempre a
            mesma, nunca chegou, não chegou, não chega, não recebi, não foi entregue, ninguém responde,
            ninguém atende, não respondem, não atendem, não responde, sem resposta, sem solução, não resolvem,
            não resolve, não funciona, não funcionam, parou de funcionar, não consigo, não abre, não carrega,
            não entra, cobraram duas vezes, cobrança indevida, fui cobrado, fui cobrada, quero meu dinheiro,
            meu dinheiro, dinheiro de volta, o meu dinheiro, estou esperando, estou à espera, há dias, há
            horas, há semanas, faz dias, faz semanas, desligaram na minha, obrigado por nada, que vergonha,
            até quando, cadê meu, cadê minha, cadê o, como é possível, mau atendimento, péssimo atendimento,
            mau serviço, péssimo serviço, falta de respeito, vou cancelar, quero cancelar, continua sem
            funcionar, ainda não chegou, ainda não recebi, ainda não responderam, ninguém ajuda, ninguém sabe,
            ninguém resolve, não me atendem, não dão solução, não me devolvem, não devolvem, recusam se a, se
            recusam a, recusam, não liga, não conecta, fica caindo, cai toda hora, trava, travando, dá erro,
            deu erro, só dá erro, tela preta, chegou quebrado, chegou quebrada, chegou danificado, chegou
            errado, produto errado, tamanho errado, pedido errado, veio errado, veio faltando, está faltando,
            consta como entregue, diz que foi entregue, nunca veio, não apareceu, não veio, não compareceu,
            pedido cancelado, cancelaram meu, cancelaram o meu, cobranças indevidas, cobrado duas vezes,
            cobraram a mais, sem avisar, sem aviso, sem autorização, sem minha autorização, sem motivo,
            cortaram minha, cortaram a minha, há meses, mais de uma hora, mais de um mês, mais de uma semana,
            dia inteiro esperando, horas à espera, horas esperando, dias esperando, quanto tempo mais, quando
            é que vão, cadê o meu, onde está a minha, o que está acontecendo, o que se passa, por que não
            respondem, por que não funciona, porque não respondem, exijo, quero o meu dinheiro, quero uma
            solução, façam alguma coisa, façam o vosso trabalho, façam seu trabalho, parem de, chega de, já
            chega, cansado de, cansada de, farto de, farta de, cliente há, perder um cliente, um cliente a
            menos, vou mudar de, vou trocar de, não recomendo, não comprem, não contratem, cuidado com,
            evitem, fujam, perda de tempo, perda de dinheiro, zero estrelas, uma estrela, cada vez pior, de
            mal a pior, mentiram, fui enganado, fui enganada, propaganda enganosa, publicidade enganosa,
            descaso""",
        1.5: """
            nunca, novamente, atraso*, atrasado, cancelado, cancelada, cancelaram, perderam minha, mala,
            bagagem, reembolso, estorno, devolução, devolver, indenização, garantia, quebrado, defeito,
            avaria, erro, falha, problema*, caiu, fora do ar, sem internet, sem luz, sem água, sem sinal, sem
            rede, horas, minutos, dias, semanas, meses, por que não, porque não, onde está o meu, onde está
            meu, quando vão, prometeram, disseram, me disseram, solução, resolvam, resolver, arrumem,
            respondam, atendimento, apoio ao cliente, sac, reclamação, queixa, procon, cobrança, fatura, taxa,
            técnico, encomenda, entrega, esperando, fila, lento, atrasada, lentidão, falhando, avariado,
            bloqueado, bloqueada, senha, danificado, danificada, riscado, rasgado, vencido, estragado, sujo,
            frio, cru, incompleto, errado, errada, duplicado, várias vezes, mil vezes, três vezes, duas vezes,
            toda hora, o tempo todo, constantemente, nem sequer, nem uma, desculpas esfarrapadas, mentira,
            mentiras, descumprem, promessa, cancelamento, espera, demora*, ignoram, ignorado, robô, gravação,
            desligaram, reclamei, reclamações, indemnização, conserto, reparação, troca""",
    },
    "hint": {
        1: """
            pedido, pacote, conta, app, aplicativo, site, telefone, liguei, ligação, email, loja, cliente,
            clientes, vocês, sua empresa, serviço, ajuda, desde, ontem, sem, não, comprei, compra, paguei,
            pagamento, cartão, preço, contrato, tarifa, plano, linha, telemóvel, celular, roteador, banco,
            agência, voo, hotel, mesa, restaurante, entregador, carteiro, rastreio, número, chat, dm, mensagem""",
    },
    "calm": {
        3: """
            sem problema, sem problemas, nenhum problema, não tem problema, tudo bem, tudo certo, resolvido,
            já funciona, voltou a funcionar, obrigado pela ajuda, obrigada pela ajuda, obrigado pela resposta,
            obrigada pela resposta, bom serviço, ótimo serviço, excelente serviço, ótimo atendimento,
            excelente atendimento, bom atendimento, chegou rápido, entrega rápida, muito rápido, tudo
            perfeito, muito satisfeito, muito satisfeita, já chegou, já resolveram, obrigado por resolver,
            obrigada por resolver, obrigado por tudo, obrigada por tudo""",
        1.3: """
            obrigado, obrigada, vocês têm, vocês vendem, tem como, posso comprar, como faço, onde posso, onde
            encontro, quanto custa, quando sai, é possível, gostaria, queria, procuro, uma dúvida, uma
            pergunta, ok, sim, enviado, certo, sorteio, promoção, notícia, notícias, vídeo, rt, via""",
        1: """
            oi, olá, por favor, bom dia, boa tarde, boa noite, amanhã, fim de semana, filme, música, foto,
            jogo, gol, golo""",
    },
    "thanks": {
        3: """
            obrigado, obrigada, muito obrigado, muito obrigada, valeu, agradeço, agradecido, agradecida""",
        -4: """
            obrigado por nada, obrigada por nada, não obrigado, não obrigada, desde já agradeço, agradeço
            desde já, desde já obrigado""",
    },
    "person": {
        3: """
            falar com uma pessoa, falar com alguém, falar com um atendente, falar com um humano, atendente
            humano, pessoa de verdade, me liguem, podem me ligar, ligue para mim, liguem me, falar com o
            gerente, falar com um responsável, falar com o supervisor""",
    },
    "buying": {
        3: """
            quero comprar, queria comprar, gostaria de comprar, onde posso comprar, onde comprar, quanto
            custa, qual o preço, qual é o preço, qual o valor, tem em estoque, em stock, vocês entregam, fazem
            entregas, quero contratar, quero assinar, encomendar""",
        -3: """
            não comprem, nunca comprem, não comprar, dinheiro de volta""",
    },
    "danger": {
        3: """
            pegou fogo, em chamas, incêndio, explodiu, explosão, fumaça, fumo, faíscas, choque elétrico,
            eletrocut*, derreteu, cheiro de queimado, fuga de gás, vazamento de gás, queimadura, queimou,
            cortei me, vidro no, vidro na, plástico no, metal no, intoxicação, reação alérgica, ferido,
            ferida, hospital, freios, travões, mofo, bolor, larvas, salmonela""",
        -3: """
            fogo de artifício, fogos de artifício""",
    },
    "legal": {
        3: """
            advogado*, advogada*, processo judicial, processar, tribunal, justiça, na justiça, procon, reclame
            aqui, livro de reclamações, deco, proteste, anatel, anacom, lgpd, rgpd, ilegal, direitos do
            consumidor, defesa do consumidor""",
    },
    "press": {
        3: """
            sou jornalista, como jornalista, assessoria de imprensa, contato de imprensa, contacto de
            imprensa, para uma matéria, para uma reportagem, para um artigo, podemos usar sua, podemos usar a
            sua""",
    },
    "vulnerable": {
        3: """
            idoso, idosa, minha avó, meu avô, a minha avó, o meu avô, deficiente, deficiência, cadeira de
            rodas, cego, cega, surdo, surda, grávida, recém nascido, oxigênio, oxigénio, insulina, marcapasso,
            pacemaker, diálise, hemodiálise, quimioterapia, câncer, cancro, alzheimer, demência, faleceu,
            falecido, emergência""",
        -3: """
            às cegas""",
    },
    "self-harm": {
        3: """
            suicíd*, suicid*, me matar, matar me, tirar a minha vida, quero morrer, não quero mais viver,
            acabar com a minha vida, me cortar""",
        -3: """
            morrer de rir, me matar de rir""",
    },
    "spam": {
        3: """
            meu canal, o meu canal, inscreva se, se inscreve, se inscrevam, inscrevam se, subscrevam, me
            segue, me sigam, sigam me, segue de volta, visite meu, visitem o meu, clique aqui, ganhe dinheiro,
            ganhar dinheiro, dinheiro fácil, renda extra, em casa, trabalhe em casa, sorteio, bitcoin,
            cripto*, investimento, invista, seguidores grátis, código de desconto, cupom, chama no whatsapp,
            chame no whats, link na bio, cassino, casino, apostas, emagrecer""",
        1: """
            canal, vídeo, grátis, oferta, desconto, compre, vendo, amigos, compartilhe, partilhem, apoie, link""",
    },
    "expected": {
        3: """
            funciona, funcionam, chegou, chega, recebi, recebido, entregue, entregaram, responde, respondem,
            responderam, atendem, atende, resposta, retorno, solução, resolvem, resolveram, resolvido, ajuda,
            ajudam, explicação, carrega, abre, conecta, liga, sinal, internet, luz, água, rede, reembolso,
            devolvem, devolveram, informação, informações, avisaram, cumprem, disponível, deixa entrar, deixa
            pagar, permite""",
        1: """
            consigo, encontro, ver, usar, entrar, pagar, comprar, cancelar, falar, satisfeito, satisfeita,
            normal, justo""",
    },
}

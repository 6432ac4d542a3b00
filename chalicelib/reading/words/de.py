"""German; see en.py for how to read these lists. All text is folded: `über` is found as `uber`, `weiß` as `weiss`."""

from __future__ import annotations

WORDS: dict[str, dict[float, str]] = {
    "good": {
        3: """
            super, großartig, hervorragend, fantastisch, wunderbar, perfekt, ausgezeichnet, spitze, genial,
            begeistert, traumhaft, bester service, der beste, die beste, das beste, liebe es, ich liebe, sehr
            zufrieden, rundum zufrieden, weiter so, top service, weiterempfehl*, empfehlenswert, vielen dank,
            herzlichen dank, ❤, 😍, 🥰, 👏, 🎉""",
        2: """
            gut, gute, guter, gutes, guten, besser, schön, schöne, schöner, schönes, schönen, freundlich*,
            nett, nette, netter, netten, hilfsbereit*, kompetent*, zufrieden, glücklich, freue, freuen, freut,
            lob, lobe, loben, angenehm*, bequem*, entspannt*, zuverlässig*, pünktlich*, lieb, lecker, cool,
            geil, top, danke, dank, dankbar, bravo, gelungen, erfreulich*, hilfreich, lieblings*, glückwunsch,
            👍, 😊, 😀, 😃, 😄, 🙌, 💕""",
        1: """
            schnell, schneller, günstig*, sauber*, erfolg*, gewinn*, interessant, spannend, kostenlos, gratis,
            haha*, lustig, witzig, lol, hoffe, hoffentlich, verbesser*, modern*, 😂, 🙂, 😉""",
    },
    "bad": {
        3: """
            schlecht*, schlimm*, schrecklich*, furchtbar*, katastroph*, miserabel, miserable*, unverschämt*,
            frechheit, unfassbar, unglaublich, lächerlich, peinlich*, scheiß*, scheisse, kacke, mist, dreck,
            beschissen*, zum kotzen, kotzt, kotzen, hasse, hass, betrug, betrüger*, abzocke, abzocker,
            verarsch*, verarscht, arsch*, saftladen, saufrech, unzumutbar*, untragbar, inakzeptabel, nicht
            akzeptabel, unmöglich, skandal*, schande, chaos, chaotisch*, desaster, albtraum, alptraum,
            enttäusch*, entsetz*, wütend, wut, sauer, stinksauer, genervt, nervt, nervig*, nerven, ätzend,
            zumutung, unfähig*, inkompetent*, nie wieder, reicht jetzt, es reicht, mir reicht, schnauze voll,
            dreist*, armutszeugnis, versagen, versagt, versager, wtf, idiot*, dumm, blöd*, 😡, 🤬, 😠, 👎, 💩,
            bahnstreik, lokführerstreik, warnstreik, megastreik, mega streik, bahnchaos, zugausfall,
            zugausfälle, zugverspätung*, verdammt*, verbrecher, assi, asozial*, böse, übel, grausam, schikan*,
            schlechter, desaströs, geht gar nicht, zum heulen, zum schreien, krank, unverschämtheit, sauerei,
            schweinerei, verschwendung, bankrott, murks, pfusch, blamage, farce, lachnummer, witz, kotz*,
            hass*, drecks*, dämlich*, bekloppt*, bescheuert*, gaga, irre, irrsinn, unfassbar*, unterirdisch,
            grottenschlecht, grottig, mies, miese, mieser, mieses, lausig*, erbärmlich, jämmerlich, armselig,
            widerlich, ekelhaft, abartig, pervers, unfassbar schlecht, stümper*, stümperhaft, dilettant*,
            amateurhaft, drecksladen, sauladen, scheißladen, betrüger, lügner, halsabschneider, gauner,
            ganoven, wucherer, unseriös, dubios""",
        2: """
            ärger*, ärgerlich, verärgert, beschwer*, beschwerde, leider, traurig, problem*, panne, pannen,
            kaputt*, defekt*, ausgefallen, ausfall, ausfälle, verspätung*, verspätet, zu spät, unpünktlich*,
            unfreundlich*, unhöflich*, unzuverlässig*, unzufrieden, teuer, überteuert, teurer, wucher,
            verloren, vergessen, falsch*, fehler, fehlt, fehlend*, mangel*, mangelhaft, schmutzig, dreckig,
            stinkt, gestank, überfüllt, voll, gedränge, verpasst, gestrichen, entfällt, entfallen, fällt aus,
            fallen aus, hölle, wahnsinn, krass, absurd, sinnlos, unnötig, unsinn, blödsinn, quatsch,
            ahnungslos, planlos, willkür, ignorier*, ignoriert, abgewiesen, verweigert, belästig*, beleidig*,
            bedroht, schwarzfahr*, strafe, bußgeld, mahnung, inkasso, kündig*, zusammenbruch, krise, verlust,
            schulden, teures, schäm*, frust*, 😤, 😒, 😞, 😢, 😭, 😩, 😫, 🙄, 😑, 💔, streik*, ausstand, arbeitskampf,
            störung*, signalstörung, weichenstörung, stellwerksstörung, oberleitungsstörung,
            oberleitungsschaden, bahnübergangsstörung, betriebsstörung, schienenersatzverkehr, notarzteinsatz,
            personenunfall, gesperrt, sperrung, vollsperrung, umgeleitet, eingestellt, lahmgelegt, lahm,
            belästigung, belästigt, überfallen, angegriffen, attackiert, schlägerei, taschendiebe, diebe,
            diebstahl, gestohlen, geklaut, gesprengt, beschädigt, beschmiert, entgleist, entgleisung,
            zugunglück, preiserhöhung, beschwerden, betrunken*, besoffen*, verletzte, tote, tödlich, getötet,
            funkloch, funklöcher, bahnlärm, lärm, leiden, leidet, schuld, schlechte laune, wütend*, nervös,
            gestresst, stress, ratlos, langsamste, wahnwitz, ärgern, ärgert, kein anschluss, kein halt, nicht
            gehalten, rausgeworfen, rausgeschmissen, vertrieben, gequetscht, stickig, hitze, sauna, schwitzen,
            unangenehm, eklig, ekel*, schmutz, müll, pleite, minus, rückgang, verluste, rote zahlen, sparkurs,
            stellenabbau, einsparung*, gestrichene, streicht, streichen, schließ*, abbau, drohen, droht,
            warnung, warnt, fordert, beklag*, protest*, unbrauchbar, nutzlos, wertlos, sinnfrei, lieblos,
            unhygienisch, unfair, ungerecht, respektlos, herablassend, arrogant, patzig, pampig, gleichgültig,
            inkompetenz, überfordert, chaosladen, frustriert, frustrierend, verzweifelt, enttäuschend, schade,
            bedauerlich, ernüchternd""",
        1: """
            nicht, kein, keine, keinen, gestört, warten, warte, gewartet, wartezeit*, lange, langsam, kalt,
            eng, stau, schwierig*, hart, angst, unfall, unglück, verletzt, verspät*, müde, behinder*,
            einschränkung*, kritik, kritisier*, vorwurf, vorwürfe, klage, klagen, laut, überfall, gewalt,
            opfer, kompliziert, 😐, 😕, 🙁, ☹""",
    },
    "not": {
        1: """
            nicht, kein, keine, keinen, keiner, keinem, nie, niemals, ohne, kaum, weder, nix, nichts, niemand,
            nimmer""",
    },
    "very": {
        1.4: """
            sehr, so, echt, wirklich, total, absolut, völlig, extrem, richtig, mega, ganz, viel zu, zu""",
        0.6: """
            etwas, ein bisschen, ein wenig, ziemlich, eher""",
    },
    "turn": {
        1: """
            aber, jedoch, allerdings, trotzdem, dennoch""",
    },
    "complaint": {
        3: """
            immer noch nicht, immer noch kein, immer noch keine, immer noch nichts, noch immer nicht, noch
            immer keine, noch immer kein, noch immer nichts, schon wieder, wieder mal, wieder einmal, mal
            wieder, wieder nicht, jedes mal, jeden tag, zum zweiten mal, zum dritten mal, zum x, nie
            angekommen, nicht angekommen, nie erhalten, nicht erhalten, nicht gekommen, kam nie, kommt nicht,
            kommt nie, kam nicht, nicht geliefert, keine antwort, keine rückmeldung, keine reaktion, keiner
            antwortet, niemand antwortet, keine information*, keine durchsage*, keine ansage*, keine hilfe,
            keine entschuldigung, niemand hilft, keiner hilft, keiner weiß, niemand weiß, funktioniert nicht,
            funktionieren nicht, geht nicht, gehen nicht, geht gar nichts, geht nix, geht nichts, ging nicht,
            funktioniert nichts, klappt nicht, klappt nie, warteschleife, warte seit, warten seit, warte
            schon, seit stunden, seit wochen, seit tagen, seit monaten, seit einer stunde, stunden warten,
            geld zurück, mein geld, doppelt abgebucht, zu viel abgebucht, zu viel berechnet, falsch berechnet,
            was soll das, was soll der, wie kann das sein, kann doch nicht, das kann nicht, geht gar nicht,
            das geht so nicht, nicht in der lage, ihr habt, ihr seid, könnt ihr nicht, schafft ihr, bekommt
            ihr, kriegt ihr, nicht mal, nicht einmal, danke für nichts, danke für die verspätung, danke dass
            ihr, dank euch, wegen euch, selber schuld, kein wunder, typisch bahn, wollt ihr mich, euer ernst,
            ihr ernst, dein ernst, nicht euer ernst, mehr verspätung, minuten verspätung, min verspätung,
            stunden verspätung, stunde verspätung, anschluss verpasst, zug verpasst, zug fällt aus, fällt aus,
            fallen aus, ausgefallen, klimaanlage, heizung, wieso geht, warum geht, toilette*, defekt*, geht
            immer noch, funktioniert immer noch nicht, lädt nicht, startet nicht, öffnet nicht, reagiert
            nicht, stürzt ab, stürzt ständig, bricht ab, bricht ständig, ständig abbrüche, fliege raus, komme
            nicht rein, komme nicht durch, kein durchkommen, niemand erreichbar, niemand geht ran, keiner geht
            ran, geht keiner ran, aufgelegt, einfach aufgelegt, aus der leitung, weiterverbunden, abgewimmelt,
            vertröstet, hingehalten, im kreis, standardantwort, textbausteine, falsche auskunft, falsche
            auskünfte, falsch geliefert, falsche lieferung, falsche ware, falscher artikel, falsche größe,
            fehlt die hälfte, unvollständig, beschädigt, zerbrochen, zerkratzt, kaputt angekommen, als
            zugestellt, angeblich zugestellt, nicht zugestellt, nicht geklingelt, beim nachbarn, vor die tür,
            paket verschwunden, sendung verloren, termin nicht eingehalten, techniker kam nicht, monteur kam
            nicht, versetzt, umsonst gewartet, extra frei genommen, urlaub genommen, ohne ankündigung, ohne
            vorwarnung, ohne grund, ohne begründung, ohne erklärung, ohne meine zustimmung, ungefragt,
            untergeschoben, trotz kündigung, trotzdem abgebucht, zu unrecht, unberechtigt, unrechtmäßig,
            versteckte kosten, kostenfalle, abofalle, preis erhöht, teurer geworden, geld weg, geld abgebucht,
            erstattung abgelehnt, weigert sich, weigern sich, keine erstattung, keine kulanz, bis heute nicht,
            bis heute keine, bis heute kein, seit ewigkeiten, seit über, seit mehr als, seit letzter woche,
            seit gestern, seit heute morgen, den ganzen tag, wie lange noch, wie oft noch, wie lange soll,
            wann bekomme ich, wann kommt mein, wann kommt meine, wo bleibt mein, wo bleibt meine, was ist los
            bei, was ist da los, was ist bei euch, was läuft da, warum funktioniert, warum dauert, warum
            antwortet, warum meldet, warum wird mir, wieso funktioniert, wieso dauert, wieso wird mir, wie
            kann es sein, kann es sein dass, kann doch nicht wahr sein, darf doch nicht wahr sein, das darf
            nicht, nicht wahr sein, nicht hinnehmbar, nicht normal, nicht nachvollziehbar, nicht zumutbar,
            unter aller sau, unter aller kanone, das letzte, ist das allerletzte, das allerletzte, hört auf,
            kümmert euch, kümmern sie sich, macht euren job, macht eure arbeit, tut endlich, bringt das in
            ordnung, bitte dringend, bitte endlich, endlich mal, nie wieder bei, nie wieder zu, nie mehr,
            werde wechseln, wechsle den anbieter, anbieter wechseln, kündige, ich kündige, hab gekündigt,
            kunde verloren, einen kunden weniger, langjähriger kunde, kunde seit, finger weg, vorsicht vor,
            nicht zu empfehlen, nicht empfehlenswert, kann ich nicht empfehlen, keine sterne, null sterne, ein
            stern, früher besser, war mal besser, immer schlechter, wird immer schlechter, erwarte eine, ich
            erwarte, ich fordere, ich verlange, lasse mir nicht gefallen, zeitverschwendung,
            geldverschwendung, verschwendete zeit""",
        1.5: """
            wieder, erneut, immer, ständig, dauernd, nie, noch nicht, bisher nicht, verspätung*, verspätet, zu
            spät, später, ausfall, ausfälle, störung*, signalstörung, weichenstörung, kaputt, umsonst,
            vergeblich, steht, stehen, stehe, gestrandet, festsitz*, sitze fest, warten, warte, wartet,
            gewartet, stunden, stunde, minuten, wochen, monate, erstattung*, erstatten, rückerstattung,
            entschädigung*, schadensersatz, reklamation*, reklamier*, beschwer*, beschwerde*, kundenservice,
            kundendienst, hotline, warum, wieso, weshalb, wo bleibt, wo ist mein, wo ist meine, wann kommt,
            wann endlich, endlich, eigentlich, angeblich, versprochen, zugesagt, hieß es, sollte, müsste,
            bitte um, fehlermeldung, fehler, abgestürzt, hängt, kein netz, kein internet, kein wlan, kein
            strom, kein licht, kein platz, keine sitzplätze, überfüllt*, reservierung, verweigert, abgelehnt,
            gekündigt, abgebucht, rechnung, gebühr*, preiserhöhung, preise, teuer, teurer, personal,
            mitarbeiter, schaffner, unfreundlich*, statt, trotz, obwohl, nur, schlecht*, leider, nervt,
            genervt, unfähig*, mist, scheiß*, danke bahn, dankebahn, liebe bahn, liebe db, liebes team, hallo
            db, na super, na toll, super bahn, toll bahn, bravo bahn, sänk ju, senk ju, thank you for
            travelling, streik*, bahnstreik, zugausfall, zugausfälle, zugverspätung*, ersatzverkehr,
            schienenersatzverkehr, gesperrt, sperrung, entfällt, bahnübergangsstörung, betriebsstörung,
            umgeleitet, wlan, sitzplatz, sitzplätze, stehplatz, abteil, wagen fehlt, wagenreihung, umgekehrter
            wagenreihung, anschlusszug, verpasst, verpasse, verpassen, zu wenig, zu voll, zu teuer, zu eng, zu
            kalt, zu heiß, zu laut, nicht möglich, kann man nicht, könnt ihr, könntet ihr, macht mal, tut was,
            unternehmt, bescheid, ansage, ansagen, durchsage, durchsagen, lautsprecher, anzeige, anzeigetafel,
            aufzug, rolltreppe, gepäck, fahrplan, takt, pendler, jeden morgen, jedes jahr, seit jahren, schon
            seit, störungen, aussetzer, abbruch, abbrüche, absturz, langsam, ruckelt, hängt sich auf, konto
            gesperrt, passwort, fehlercode, reparatur, garantie, umtausch, rücksendung, retoure,
            zurückschicken, zurückgeschickt, ersatzteil, mangelhaft, minderwertig, schrott, verdorben,
            abgelaufen, schimmel, kalt, roh, versalzen, ungenießbar, haar im, dreckig, unsauber, verdreckt,
            personal überfordert, überfordert, unterbesetzt, schlange, warteschlange, wartezeit*, warteliste,
            vergessen worden, übersehen, verschlampt, vertauscht, verwechselt, doppelt, zweimal, dreimal,
            mehrfach, mehrmals, x mal, wiederholt, noch immer, immer noch, nach wie vor, weiterhin, seither,
            stundenlang, tagelang, wochenlang, monatelang, ewig, längst, überfällig, unbearbeitet,
            unbeantwortet, ignoriert, ausrede, ausreden, lüge, lügen, gelogen, belogen, getäuscht,
            irreführend, versprechen, zugesichert, vereinbart, gebrochen, nicht eingehalten, gescheitert,
            scheitert, mahnung, inkasso, abzocke, gebühren, mehrkosten, nachzahlung, überhöht, gutschein
            nicht, rabatt nicht""",
    },
    "hint": {
        1: """
            seit, gestern, bestellt, bestellung, lieferung, paket, app, website, online, ticket, fahrkarte*,
            automat*, zug, züge, ice, gleis, bahnhof, anschluss, fahrt, meinen, ihr, euch, eure, aber, und
            jetzt, jetzt, konto, kunde, kunden, kundin, service, support, filiale, laden, markt, kasse,
            vertrag, tarif, anbieter, handy, router, gerät, lieferdienst, bote, fahrer, dhl, hermes, termin,
            techniker, monteur, mail, email, anruf, angerufen, telefon, chat, nummer, update, login, passwort,
            bezahlt, gekauft, geld, preis, kosten, rechnung""",
    },
    "calm": {
        3: """
            kein problem, keine probleme, alles gut, alles klar, hat sich erledigt, erledigt, geklärt, wieder
            da, funktioniert wieder, geht wieder, läuft wieder, gelöst, behoben, schönen tag, gute fahrt, gute
            reise, freue mich, freuen uns, gern geschehen, danke für die schnelle, danke für die info*, danke
            für die antwort, danke für die hilfe, super service, toller service, sehr guter service, schnelle
            lieferung, schnelle antwort, schnelle hilfe, hat geklappt, hat funktioniert, klappt super, läuft
            super, bin begeistert, immer zufrieden, bestens, macht weiter so, danke an, danke euch, danke für
            eure, danke für ihre, danke für den, großes dankeschön""",
        1.3: """
            danke, dankeschön, vielen dank, thx, merci, gibt es, kann ich, kann man, könnte ich, wie kann ich,
            wo kann ich, wo finde ich, wie lange, was kostet, wie viel kostet, ist es möglich, möchte, würde
            gern*, suche, hätte gern*, frage, ok, okay, ja, gern, gerne, sagte, teilte mit, mitteilte, plant,
            planen, investier*, meldet, berichtet, staatsanwalt*, unternehmen, konzern, vorstand,
            aufsichtsrat, gewerkschaft*, evg, verhandlung*, bund, land, stadt, region*, prozent, millionen,
            euro, millarden, milliarden, dpa, sprecher, minister*, politik*, cdu, spd, angebot, bietet,
            zimmer, wohnung, gewinnspiel, ausbildung, bewerb*, stelle, job, jobs, video, foto, bild, artikel,
            nachrichten, news, rt, habt ihr, haben sie, verkauft ihr, liefert ihr, bietet ihr, gibt es bei
            euch, gibts, wann öffnet, wann habt ihr, habt ihr offen, öffnungszeiten, weiß jemand, kennt
            jemand, könnt ihr mir sagen, können sie mir sagen, könnten sie, wäre es möglich, würde gerne, ich
            würde gern*, interessiere mich, welche, welcher, welches, empfehlt ihr, tipp, tipps, frage an,
            eine frage, kurze frage, nur eine frage""",
        1: """
            hallo, hi, bitte, vielleicht, film, buch, musik, geschichte, veranstaltung, konzert, fußball,
            verein, museum, hotel, urlaub, reise, wetter, schule, baustelle, neubau, ausbau, projekt""",
    },
    "thanks": {
        3: """
            danke, dankeschön, vielen dank, herzlichen dank, tausend dank, besten dank, lieben dank, merci,
            großes lob, ein lob, dickes lob, dankbar""",
        -4: """
            danke für nichts, nein danke, danke für die verspätung, danke bahn, dankebahn, im voraus, vielen
            dank im voraus, danke im voraus""",
    },
    "person": {
        3: """
            mit einem menschen, mit einem mitarbeiter, mit jemandem sprechen, echten menschen, richtigen
            menschen, rufen sie mich, ruft mich an, rückruf, bitte um rückruf, zurückrufen, ansprechpartner,
            vorgesetzt*, geschäftsführer sprechen, persönlich sprechen""",
    },
    "buying": {
        3: """
            möchte kaufen, will kaufen, würde gern kaufen, gerne bestellen, möchte bestellen, will bestellen,
            wo kann ich kaufen, wo bekomme ich, was kostet, wie viel kostet, wieviel kostet, noch lieferbar,
            wieder lieferbar, auf lager, verfügbar ab, zu euch wechseln, zu ihnen wechseln, vertrag
            abschließen, angebot machen, vorbestell*""",
        -3: """
            nie wieder kaufen, nicht kaufen, nicht mehr kaufen, geld zurück""",
    },
    "danger": {
        3: """
            brennt, in flammen, feuer gefangen, stromschlag, explodiert, explosion, rauch, qualmt, qualm,
            funken, geschmolzen, verschmort, riecht verbrannt, gasgeruch, gasleck, kohlenmonoxid, verbrannt,
            geschnitten, glassplitter, scherben in, metall in, plastik in, lebensmittelvergiftung, allergische
            reaktion, verletzt, im krankenhaus, bremsen versag*, schimmel, verschimmelt, maden, salmonellen,
            rückruf des produkts""",
        -3: """
            brennt durch, brennende frage, feuer und flamme, feuerwerk""",
    },
    "legal": {
        3: """
            anwalt, anwalts, rechtsanwalt, anwältin, verklag*, klage einreichen, klage erheben, vor gericht,
            rechtliche schritte, gerichtlich, verbraucherzentrale, verbraucherschutz*, schlichtungsstelle,
            bundesnetzagentur, datenschutz*, dsgvo, vertragsbruch, illegal, rechtswidrig, anzeige erstatten,
            strafanzeige, abmahnung, sammelklage, gewährleistung, widerrufsrecht""",
    },
    "press": {
        3: """
            ich bin journalist*, als journalist*, presseanfrage, pressestelle, pressekontakt, medienanfrage,
            redaktion sucht, für einen artikel, für einen beitrag, für unsere sendung, dürfen wir ihr, dürfen
            wir das bild, dürfen wir das foto, um stellungnahme""",
    },
    "vulnerable": {
        3: """
            rollstuhl*, behindert, schwerbehindert*, behinderung, gehbehindert*, blind, gehörlos, demenz,
            pflegebedürftig*, pflegeheim, sauerstoffgerät, hausnotruf, notruf, herzschrittmacher, insulin,
            dialyse, chemotherapie, krebskrank*, schwanger*, hochschwanger, neugeboren*, frühchen, rentner,
            rentnerin, alte dame, verstorben*, gestorben, trauerfall, depression*, 80 jährig*, 85 jährig*, 90
            jährig*""",
        -3: """
            blindes vertrauen, blind vertrauen""",
    },
    "self-harm": {
        3: """
            umbringen, mich umbringen, bring mich um, selbstmord, suizid, suizidal, nicht mehr leben, will
            sterben, möchte sterben, mein leben beenden, mir das leben nehmen, ritze mich, selbst verletz*,
            keinen ausweg mehr""",
        -3: """
            bringt mich um den verstand, könnte mich totlachen""",
    },
    "spam": {
        3: """
            mein kanal, meinen kanal, meinem kanal, abonniert mich, abonniere, abonnieren, abo dalassen, lasst
            ein abo, folgt mir, folge mir, schaut vorbei, schau vorbei, besucht meine, besucht unsere, besuche
            meine, link in bio, klick hier, klicke hier, jetzt klicken, geld verdienen, nebenverdienst, von
            zuhause arbeiten, schnelles geld, gewinnspiel, gewinne jetzt, jetzt gewinnen, gutschein*,
            rabattcode, gratis iphone, krypto, bitcoin, investieren sie, kredit ohne, sofortkredit, casino,
            wetten, abnehmen, kilo abnehmen, partnersuche, singlebörse, sexkontakte, schreib mir auf whatsapp,
            nur heute, jetzt anmelden, jetzt bestellen""",
        1: """
            kanal, video, link, shop, kaufen, verkaufe, angebot, rabatt, günstig, kostenlos, gratis, leute,
            bitte, abo, teilen, liken, unterstützen""",
    },
    "expected": {
        3: """
            angekommen, geliefert, erhalten, bekommen, gekommen, verschickt, versendet, zugestellt,
            erreichbar, erreicht, beantwortet, geantwortet, gemeldet, zurückgerufen, antwort, rückmeldung,
            reaktion, lösung, hilfe, geholfen, hilft, erklärung, entschuldigung, information*, infos,
            auskunft, empfang, netz, internet, wlan, strom, wasser, heizung, signal, verbindung, gutschrift,
            erstattung, rückerstattung, ersatz, repariert, behoben, gelöst, bearbeitet, gutgeschrieben,
            erstattet, überwiesen, funktioniert, geladen, verfügbar, zuständig, möglich, benutzbar, lesbar,
            essbar, genießbar""",
        1: """
            gefunden, finden, sehen, nutzen, benutzen, öffnen, einloggen, anmelden, bezahlen, bestellen,
            buchen, kündigen, stornieren, verstanden, verstehen, zufrieden, glücklich""",
    },
}

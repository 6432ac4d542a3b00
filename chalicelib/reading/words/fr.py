"""French; see en.py for how to read these lists. All text is folded: `dû` is found as `du`."""

from __future__ import annotations

WORDS: dict[str, dict[float, str]] = {
    "good": {
        3: """
            excellent*, génial*, fantastique, formidable, merveilleux, merveilleuse, parfait*, incroyable, le
            meilleur, la meilleure, les meilleurs, j'adore, adoré, super service, magnifique, au top, je
            recommande, mille mercis, merci beaucoup, un grand merci, ❤, 😍, 🥰, 👏, 🎉""",
        2: """
            bon, bonne, bien, mieux, meilleur, heureux, heureuse, content, contente, ravi, ravie, aimable,
            gentil, gentille, sympa, efficace, professionnel*, rapide, utile, merci, bravo, félicitations,
            joli, jolie, beau, belle, satisfait, satisfaite, plaisir, top, cool, adore, aime, super, 👍, 😊, 😀,
            😃, 😄, 🙌, 💕""",
        1: """
            facile, gratuit, gagner, gagne, espère, espérons, mdr, lol, drôle, nouveau, nouvelle, pas mal, pas
            de souci, 😂, 🙂, 😉""",
    },
    "bad": {
        3: """
            horrible, terrible*, affreux, affreuse, épouvantable, catastroph*, lamentable, honte, honteux,
            honteuse, scandaleux, scandaleuse, inadmissible, inacceptable, intolérable, voleurs, arnaque*,
            arnaqueurs, escroc*, escroquerie, mensonge*, menteurs, nul, nulle, nuls, merde, merdique, putain,
            chier, déteste, pire, le pire, incompétent*, incapables, désastre, foutage de gueule, foutez de,
            moquez de, déçu, déçue, décevant*, déception, ras le bol, marre, plus jamais, jamais plus,
            ridicule, minable, pitoyable, abusé, abus, 😡, 🤬, 😠, 👎, 💩, déplorable*, inadmissible*,
            inacceptable*, lamentable*, pitoyable*, minable*, catastrophique*, médiocre*, exécrable*,
            dégueulasse, dégoûtant, écœurant, écœuré, écœurée, furieuse, énervée, outré, outrée, escrocs,
            incompétents, incompétence, foutoir, bordel, pourri, pourrie, daube""",
        2: """
            mauvais, mauvaise, mal, énervé, énervant, en colère, furieux, triste, dommage, malheureusement,
            cassé, cassée, panne, en panne, plainte, réclamation, réclamer, problème*, erreur*, bug*, beug*,
            cher, chère, lent, lente, sale, perdu, perdue, retard*, annulé, annulée, ignorés, impoli, malpoli,
            injuste, abîmé, défectueux, impossible, peur, mort, morts, crise, galère, inquiet, 😤, 😒, 😞, 😢, 😭,
            😩, 🙄, 💔, décevant, décevante, frustré, frustrée, frustrant, agacé, agacée, agaçant, pénible,
            désagréable, méprisant, hautain, négligence, négligé, trop cher, hors de prix, inutile,
            inefficace, insupportable""",
        1: """
            pas, rien, personne, jamais, difficile, froid, tard, attente, attend, attends, doute, fatigué,
            manque, 😐, 😕, 🙁""",
    },
    "not": {
        1: """
            pas, ne, ni, jamais, sans, rien, aucun, aucune, plus""",
    },
    "very": {
        1.4: """
            très, trop, tellement, super, vraiment, totalement, absolument, extrêmement, si""",
        0.6: """
            un peu, assez, plutôt""",
    },
    "turn": {
        1: """
            mais, cependant, pourtant, toutefois, par contre""",
    },
    "complaint": {
        3: """
            toujours pas, toujours rien, toujours aucun, toujours aucune, encore une fois, une fois de plus,
            encore en panne, deuxième fois, troisième fois, 2ème fois, 3ème fois, à chaque fois, chaque fois
            que, jamais arrivé, jamais reçu, pas reçu, pas arrivé, n'est pas arrivé, n'ai pas reçu, n'a pas
            été, pas livré, aucune réponse, sans réponse, pas de réponse, personne ne répond, ne répond pas,
            ne répondez pas, ne répondent pas, aucune nouvelle, pas de nouvelles, ne marche pas, ne marche
            plus, ne fonctionne pas, ne fonctionne plus, marche pas, fonctionne pas, impossible de, je
            n'arrive pas, n'arrive pas à, débité deux fois, facturé deux fois, prélevé deux fois, remboursez
            moi, mon argent, rendez moi, j'attends depuis, attends depuis, depuis des heures, depuis des
            jours, depuis des semaines, depuis plus de, ça fait des, raccroché au nez, merci pour rien, quelle
            honte, c'est quoi ce, comment ça se fait, c'est normal que, vous vous foutez, service client est,
            manque de respect, je résilie, je change d'opérateur, toujours en panne, n'arrive toujours pas, ça
            ne marche, ça marche pas, ça fonctionne pas, plante tout le temps, n'arrête pas de planter, plus
            rien ne, impossible d'avoir, impossible d'accéder, impossible de joindre, impossible de se
            connecter, injoignable, personne au téléphone, personne ne sait, personne ne m'aide, on me balade,
            me balade, on me renvoie, on se fout de, foutage de gueule, se moquer de, vous vous moquez, on se
            moque, raccroché, me raccroche, mis en attente, réponse automatique, copier coller, arrivé cassé,
            arrivée cassée, colis abîmé, colis ouvert, colis perdu, mauvais produit, mauvaise taille, mauvais
            article, erreur de commande, commande incomplète, il manque, noté livré, indiqué livré, jamais
            venu, jamais passé, jamais rappelé, jamais répondu, livreur n'est pas, n'est pas venu, n'est pas
            passé, rendez vous annulé, rdv annulé, commande annulée, annulé ma, annulé mon, prélevé sans,
            débité sans, facturé sans, sans mon accord, sans prévenir, sans explication, sans raison, sans
            autorisation, frais cachés, abusif, abusive, arnaque*, trop perçu, refus de, refusez de, refuse
            de, refusent de, refusé de, depuis un mois, depuis une semaine, depuis deux, depuis trois, depuis
            2, depuis 3, depuis hier, depuis ce matin, plus d'une heure, plus d'un mois, une heure d'attente,
            des heures d'attente, combien de temps encore, jusqu'à quand, quand comptez vous, quand est ce que
            vous, quand aurai je, où en est, où est passé, que se passe t, qu'est ce qui se passe, c'est quoi
            ce service, pourquoi ça, pourquoi vous ne, pourquoi mon, pourquoi ma, pourquoi je ne, pourquoi est
            ce que, j'exige, je demande le remboursement, je veux être remboursé, veuillez me rembourser,
            faites quelque chose, faites votre travail, arrêtez de, ça suffit, marre de, ras le bol, y en a
            marre, j'en ai marre, cliente depuis, client depuis, vous perdez un, perdre un client, un client
            de moins, je vais changer, je change de, je pars chez, je vais aller chez, je ne recommande pas,
            ne recommande pas, à éviter, à fuir, fuyez, évitez, perte de temps, perte d'argent, zéro étoile,
            une étoile, de pire en pire, c'était mieux avant, mensonge*, on m'a menti, publicité mensongère,
            promesse non tenue""",
        1.5: """
            toujours, encore, jamais, retard*, annulé, annulée, perdu mon, perdu ma, bagage*, valise,
            remboursement, rembourser, remboursé, dédommagement, indemnisation, garantie, cassé, défectueux,
            panne, erreur, bug, problème*, coupure, coupé, plus internet, pas internet, plus de réseau, pas de
            réseau, aucun réseau, plus de connexion, heures, minutes, jours, semaines, mois, pourquoi, où est
            mon, où est ma, quand est ce que, quand allez vous, promis, on m'a dit, vous m'avez dit, solution,
            réparer, réglez, répondez, service client, sav, réclamation, plainte, facture, prélèvement, frais,
            technicien, colis, livraison, livreur, en attente, attente, file, lent, en retard, lenteur, ramer,
            rame, buggé, bugué, bugs, plantage, plante, bloqué, bloquée, mot de passe, abîmé, abîmée, rayé,
            déchiré, périmé, sale, froid, cru, incomplet, incomplète, erroné, double, deux fois, trois fois,
            plusieurs fois, dix fois, sans cesse, constamment, tout le temps, à chaque, même pas, excuses
            bidon, promesses, délai, délais, délai dépassé, rupture, indisponible, refusé, refus, litige,
            réclamations, relance, relancé, relances, mécontent, mécontente, insatisfait, insatisfaite,
            échange, retour, renvoyer, renvoyé, réparation, standard, robot, répondeur""",
    },
    "hint": {
        1: """
            commande, compte, appli, site, téléphone, appelé, appel, mail, magasin, client, clients, vous,
            votre, vos, service, aide, aidez, depuis, hier, sans, pas, acheté, payé, carte, prix, contrat,
            forfait, ligne, box, mobile, portable, banque, agence, vol, train, hôtel, restaurant, table,
            chauffeur, transporteur, suivi, numéro, message, dm, chat, commandé, reçu""",
    },
    "calm": {
        3: """
            pas de problème, aucun problème, pas de souci, aucun souci, tout va bien, c'est bon, c'est réglé,
            résolu, ça marche, remarche, merci pour votre réponse, merci pour votre aide, merci de votre
            réponse, merci pour l'info, bon service, excellent service, service parfait, super service,
            livraison rapide, réponse rapide, très rapide, au top, tout est parfait, bien arrivé, bien reçu,
            c'est résolu, problème résolu, merci pour la rapidité, merci pour tout, merci à vous, merci à
            toute""",
        1.3: """
            merci, merci beaucoup, avez vous, vendez vous, est ce possible, puis je, peut on, comment faire,
            où trouver, combien coûte, quand sort, je voudrais, j'aimerais, je cherche, une question, ok, oui,
            d'accord, envoyé, parfait, concours, jeu concours, actu, actualité, vidéo, rt, via""",
        1: """
            bonjour, bonsoir, salut, svp, s'il vous plaît, bonne journée, demain, week end, film, chanson,
            photo, match, but""",
    },
    "thanks": {
        3: """
            merci, merci beaucoup, mille mercis, un grand merci, remercie, reconnaissant*""",
        -4: """
            merci pour rien, non merci, merci d'avance, d'avance merci""",
    },
    "person": {
        3: """
            parler à quelqu'un, parler à un humain, parler à une personne, parler à un conseiller, vraie
            personne, un être humain, être rappelé, rappelez moi, m'appeler, parler à un responsable, un
            responsable""",
    },
    "buying": {
        3: """
            je veux acheter, je voudrais acheter, j'aimerais acheter, où acheter, où puis je acheter, combien
            coûte, quel prix, quel est le prix, c'est combien, en stock, livrez vous, souscrire, je voudrais
            commander, réserver""",
        -3: """
            n'achetez pas, n'achetez jamais, plus acheter, mon argent""",
    },
    "danger": {
        3: """
            pris feu, en feu, prend feu, incendie, flammes, explosé, explosion, fumée, étincelles, décharge
            électrique, électrocut*, fondu, odeur de brûlé, fuite de gaz, monoxyde, brûlure, brûlé, coupé la
            main, verre dans, plastique dans, métal dans, intoxication, réaction allergique, blessé, blessée,
            hôpital, freins, moisi, asticots, salmonelle""",
        -3: """
            feu d'artifice, mis le feu, feu vert""",
    },
    "legal": {
        3: """
            avocat*, tribunal*, porter plainte, porte plainte, justice, en justice, mise en demeure,
            médiateur, dgccrf, ufc que choisir, 60 millions de consommateurs, cnil, rgpd, illégal*, droits du
            consommateur, action collective""",
    },
    "press": {
        3: """
            je suis journaliste, en tant que journaliste, service de presse, contact presse, demande presse,
            pour un article, pour un reportage, pour notre émission, pouvons nous utiliser votre""",
    },
    "vulnerable": {
        3: """
            personne âgée, personnes âgées, ma grand mère, mon grand père, handicap*, fauteuil roulant,
            aveugle, sourd, sourde, enceinte, nouveau né, oxygène, insuline, pacemaker, dialyse, chimio*,
            cancer, alzheimer, démence, décédé, décédée, décès, numéro d'urgence, téléalarme""",
        -3: """
            à l'aveugle""",
    },
    "self-harm": {
        3: """
            suicid*, me tuer, mettre fin à mes jours, envie de mourir, je veux mourir, plus envie de vivre, me
            faire du mal, m'ouvrir les veines""",
        -3: """
            mourir de rire""",
    },
    "spam": {
        3: """
            ma chaîne, abonnez vous, abonne toi, abonnez, suivez moi, suis moi, visitez mon, cliquez ici,
            clique ici, gagner de l'argent, gagnez de l'argent, argent facile, à domicile, travail à domicile,
            concours, bitcoin, crypto*, investissement, investissez, followers gratuits, code promo, bon
            d'achat, contactez moi sur whatsapp, lien en bio, casino, paris sportifs, perdre du poids""",
        1: """
            chaîne, vidéo, gratuit, offre, promo, réduction, achetez, vends, amis, partagez, soutenez, lien""",
    },
    "expected": {
        3: """
            reçu, arrivé, livré, répondu, réponse, réponses, rappelé, remboursé, remboursement, solution,
            aide, explication, excuses, excuse, nouvelle, nouvelles, information, informations, réseau,
            internet, connexion, électricité, eau, chauffage, signal, résolu, réparé, traité, expédié, envoyé,
            prévenu, fonctionné, marché, disponible, joignable, geste commercial, dédommagement, suivi""",
        1: """
            trouvé, accès, compris, content, contente, satisfait, satisfaite, normal, possible, acceptable,
            professionnel, sérieux""",
    },
}

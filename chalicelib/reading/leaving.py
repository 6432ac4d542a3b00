"""Who thanks and goes: words by which a customer announces leaving, in all our languages at once.

No fact that rules ask for: it is looked for only where somebody thanks, to tell whether that settles anything. A short
"Danke, dann kündige ich" is sure of no language, so the lists are one. Written by hand, as those of `words`.
"""

from __future__ import annotations

from functools import cache

from chalicelib.reading.lexicon import Lexicon

LEAVES, STAYS = "leaves", "stays"
# What hides a shorter phrase of the other list: who "was going to cancel" does not any more.
_STAYS = """
    not cancelling, not canceling, won't be cancelling, won't be canceling, won't cancel, will not cancel, not
    going to cancel, not gonna cancel, no need to cancel, don't need to cancel, don't have to cancel, don't want
    to cancel, was going to cancel, was gonna cancel, was about to cancel, i wanted to cancel, nearly cancelled
    my, almost cancelled my,
    before i cancel my, didn't cancel my, not leaving you, won't be leaving, not going elsewhere, won't go
    elsewhere, no need to go elsewhere, not switching, won't be switching, was going to leave you, i'll leave
    you a, will leave you a,
    don't close my account, not closing my account, leaving you a, leaving you some, leaving you alone,
    nicht kündigen, kündige nicht, kündige ich nicht, doch nicht gekündigt, wollte kündigen, wollte schon
    kündigen, wechsle nicht, nicht wechseln, wollte wechseln, wollte schon wechseln,
    no voy a cancelar, no cancelo, no cancelaré, no me doy de baja, no me daré de baja, iba a cancelar, iba a
    darme de baja, pensaba cancelar, quería cancelar, no me cambio,
    ne résilie pas, ne vais pas résilier, ne pas résilier, voulais résilier, allais résilier, plus besoin de
    résilier, ne vais pas annuler,
    não vou cancelar, não quero cancelar, não cancelo, ia cancelar, queria cancelar, pensava em cancelar, não
    vou mudar de
"""
_LEAVES = """
    i'm cancelling, i'm canceling, i am cancelling, i am canceling, we're cancelling, we're canceling, we are
    cancelling,
    we are canceling, be cancelling, be canceling, i'll cancel, i will cancel, we'll cancel, we will cancel,
    i'll just cancel, probably cancel my, going to cancel, gonna cancel, have to cancel my, want to cancel,
    wanna cancel, like to cancel, please cancel my, please cancel our, cancelling my, canceling my, cancelling
    our,
    canceling our, cancel my account, cancel my contract, cancel my subscription, cancel my membership, cancel
    my service,
    cancel my plan, cancel our contract, cancel our account, cancel everything, i've cancelled, i've canceled, i
    have cancelled, i have canceled, cancelled my account, cancelled my contract, cancelled my subscription,
    cancelled my membership, canceled my account, canceled my contract, canceled my subscription, canceled my
    membership, terminate my contract, terminating my contract, ending my contract, end my contract, leaving
    you, i'll leave you, i will leave you,
    i'm leaving for, we're leaving for, leaving for good, leaving for another, taking my business, take my
    business, taking our business, take our business, taking my custom, take my custom, going elsewhere, go
    elsewhere, gone elsewhere, went elsewhere, shop elsewhere, shopping elsewhere, buy elsewhere, look
    elsewhere, looking elsewhere, move elsewhere, moving elsewhere, moved elsewhere, switch provider*, switching
    provider*, switched provider*, change provider*, changing provider*, changed provider*, switching supplier*,
    switch supplier*, changing supplier*, switch to another, switching to another, switched to another, moving
    to another, moved to another, had to switch to, have to switch to, to a competitor, to your competitor*,
    with a competitor, with your competitor*, to the competition, close my account, closing my account, closed
    my account, close our account, closing our account, delete my account, deleting my account, deleted my
    account, unsubscribed, unsubscribing, unsubscribe me, lost a customer, lost another customer, lost a loyal,
    lost a good customer, lost one customer, lost 2 customers, lost two customers, lost my business, lost our
    business, lost my custom, lost me as, lose a customer, losing a customer, lose me as, losing me as, no
    longer a customer, no longer be a customer, not be a customer, ex customer, former customer, never again,
    never coming back, won't be back, won't be coming back, will not be back, not coming back, not be coming
    back, not renewing, not be renewing, won't renew, will not renew, not going to renew, not renew my, done
    with you, done with your company, over with you, never buy from,
    never buying from, never order from, never ordering from, porting my number, port my number, pac code,
    kündige, ich kündigen, werde kündigen, dann kündigen wir, wir kündigen, habe gekündigt, hab gekündigt, haben
    gekündigt,
    schon gekündigt, bereits gekündigt, ist gekündigt, vertrag gekündigt, meine kündigung, unsere kündigung,
    kündigung ist raus, kündigung folgt, kündigung kommt, kündigung geht, vertrag kündigen, vertrag beenden,
    vertrag auflösen, wechsle ich, wechsele ich, ich wechsle, ich wechsele, werde wechseln, werde ich wechseln,
    wechsle den anbieter, wechsle zu,
    anbieter wechseln, anbieterwechsel, zur konkurrenz, zu einem anderen anbieter, zum anderen anbieter, konto
    löschen, konto auflösen, konto schließen, nie wieder, nie mehr bei euch, kein kunde mehr, keine kundin mehr,
    nicht mehr kunde, nicht mehr kundin, kunden verloren, kundin verloren, kunde verloren, längste zeit kunde,
    längste zeit kundin, woanders kaufen,
    kaufe woanders, gehe woanders, woanders hin, woanders bestellen, bestelle woanders, nicht verlängern,
    verlängere nicht,
    voy a cancelar, voy a darme de baja, me doy de baja, me daré de baja, darme de baja, dar de baja mi, doy de
    baja, cancelo mi, cancelaré, quiero cancelar, he cancelado mi, cancelé mi, cancelar mi cuenta, cancelar mi
    contrato, cancelar el contrato, cancelar mi suscripción, me voy a otra, me cambio a, me cambio de, me
    cambiaré, cambiar de compañía, cambio de compañía, cambiaré de, cambiar de operador, me paso a, a la
    competencia, nunca más, perdieron un cliente, perdieron a un cliente, perdieron una cliente, han perdido un
    cliente, han perdido una cliente, perdido a un cliente, perdisteis un cliente, un cliente menos, cerrar mi
    cuenta, cierro mi cuenta, no renovaré, no voy a renovar, dejo de ser cliente, dejaré de ser cliente, ya no
    soy cliente,
    je résilie, vais résilier, résilierai, résilier mon, résilie mon, résilier mes, ai résilié, ma résiliation,
    veux résilier, vais annuler mon, annuler mon abonnement, annuler mon contrat, annule mon abonnement, annule
    mon contrat,
    changer d'opérateur, change d'opérateur, changerai d'opérateur, changer de fournisseur, change de
    fournisseur, voir ailleurs, aller ailleurs, vais ailleurs, pars ailleurs, irai ailleurs, à la concurrence,
    chez la concurrence, chez un concurrent, chez vos concurrents, plus jamais, perdu un client, perdu une
    cliente, perdez un client, perdez une cliente,
    un client de moins, une cliente de moins, un client en moins, fermer mon compte, clôturer mon compte, ferme
    mon compte,
    clôture mon compte, supprimer mon compte, suis plus client, suis plus cliente, serai plus client, plus votre
    client,
    plus votre cliente, me désabonne, me désabonner, me désinscris, renouvellerai pas, renouvelle pas, je vous
    quitte, vous quitter,
    vou cancelar, quero cancelar, cancelo o, cancelo a, cancelarei, cancelei meu, cancelei minha, cancelei o
    meu, cancelei a minha, cancelar minha conta, cancelar a minha conta, cancelar meu plano, cancelar meu
    contrato, cancelar o contrato,
    cancelar o meu contrato, rescindir, vou mudar de, vou mudar para, mudar de operadora, mudei de operadora,
    trocar de operadora, vou trocar de, a concorrência, pra concorrência, na concorrência, perderam um cliente,
    perderam uma cliente,
    perdeu um cliente, perdeu uma cliente, um cliente a menos, uma cliente a menos, encerrar minha conta,
    encerrar a minha conta, fechar minha conta, fechar a minha conta, não vou renovar, não renovo, deixo de ser
    cliente, deixei de ser cliente, não sou mais cliente, já não sou cliente
"""


def leaves(stream: str) -> bool:
    """Whether a text announces that its author goes; `stream` is its folded words (chalicelib/words.py)."""
    return any(LEAVES in hit.entry.weights for hit in _lexicon().hits(stream.partition("\n")[0]))


@cache
def _lexicon() -> Lexicon:
    """Made when somebody first thanks; 6 ms."""
    return Lexicon({STAYS: {1.0: _STAYS}, LEAVES: {1.0: _LEAVES}})

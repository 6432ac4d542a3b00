"""Which words of a post may tell what it is about."""

from __future__ import annotations

from functools import cache
from itertools import islice

from chalicelib.model import Post
from chalicelib.words import LINK, bare_words, stream

MOST_WORDS = 24  # of one post
SHORTEST, LONGEST = 3, 30
# What every text is full of, in the languages that are heard: it tells nothing about what is wrong.
COMMON = """
about after again all also always and any are because been before being but can can't cannot could did didn't does
doesn't doing don't down during each even ever every everyone for from get getting give going gone got had has have
haven't having her here him his how i'm into isn't it's its just keep know let like made make many may maybe more most
much must need never new not now off once one only other our out over own people please really said same say see she
should since some someone something still such take than that that's the their them then there these they thing things
think this those though three through time today too two under until very want wants was wasn't way well went were
what when where which while who whole whose why will with won't would yes yet you your yours aber alle als also auch
auf aus bei bin bis bist das dass dein dem den der des die dies diese dieser doch dort durch ein eine einem einen
einer eines euch euer für haben hat hatte heute hier ich ihr ihre immer ist jetzt kann kein keine mal man mehr mein
meine mich mir mit nach nicht noch nur oder ohne schon sehr sein seine seit sich sie sind über und uns unser unter
viel vom von vor war warum was weil wenn wer werden wie wieder wir wird wurde zum zur avec aussi autre bien car ce
cela ces cet cette chez comme dans depuis des donc elle elles encore est être eux fait faire ici ils jamais les leur
lui mais même mes moi mon nos notre nous ont par pas plus pour pourquoi quand que quel quelle qui quoi sans ses son
sont sur tous tout toute toutes très une vos votre vous algo antes así aún bien cada como con contra cosa cual cuando
del desde donde ella ellos entre era esa ese eso esta está estaba este esto fue hace hacer han hasta hay hoy las les
los más mis mismo muy nada nos nosotros otra otro para pero poco por porque qué que quien sea ser sin sobre son sus
también tan tiene todo todos tus una uno unos usted ainda aqui até bem cada com como das dela dele depois dos ela elas
ele eles essa esse esta está este eu foi isso isto mais mas mesmo meu minha muito não nas nem nos nós nossa nosso
nunca para pela pelo por porque quando que quem são sem ser seu sim sobre sua também tem ter tudo uma umas uns você
vocês
"""


def telling_words(post: Post) -> tuple[str, ...]:
    """The words of a post that may tell what it is about, each once: no handle, link, number or what all texts hold."""
    words = (word for word in bare_words(stream(post.text or "")) if LINK not in word)
    telling = (word for word in words if word not in _common() and _tells(word))
    return tuple(islice(dict.fromkeys(telling), MOST_WORDS))


def _tells(word: str) -> bool:
    return SHORTEST <= len(word) <= LONGEST and not any(letter.isdigit() for letter in word)


@cache
def _common() -> frozenset[str]:
    return frozenset(bare_words(stream(COMMON)))

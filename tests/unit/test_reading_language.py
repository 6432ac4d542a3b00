"""Which language a text is in: what the platform says stands, else the words tell, and not sure is unknown."""

from __future__ import annotations

import pytest

from chalicelib.model import Context, Post, Value
from chalicelib.reading import read


def language(text: str, tag: str | None = None) -> Value | None:
    return read(Post("x:1", "x", text=text, language=tag), Context()).values.get("language")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Wo bleibt eigentlich meine Lieferung, ich warte schon lange", "de"),
        ("Where on earth is the parcel that I ordered last week", "en"),
        ("Je voudrais savoir quand mon colis va arriver chez moi", "fr"),
        ("¿Cuándo va a llegar mi pedido? Llevo una semana esperando", "es"),
        ("Quando é que chega a minha encomenda, estou à espera há dias", "pt"),
        ("Где моя посылка, я жду уже две недели", "ru"),
    ],
)
def test_the_words_tell_the_language(text: str, code: str) -> None:
    assert language(f"@acme https://x.example/die-der-das {text} #shop") == (code,)


def test_what_the_platform_says_stands() -> None:
    assert language("Guten Morgen, wie geht es euch allen heute", "en-AU") == ("en-au", "en")


def test_a_platform_that_does_not_know_says_nothing() -> None:
    assert language("Guten Morgen, wie geht es euch allen heute", "und") == ("de",)


def test_standards_of_one_language_are_told_together() -> None:
    told = language("Gdje je moja narudžba, čekam već dvije sedmice i niko ne odgovara")

    assert isinstance(told, tuple) and sorted(told) == ["bs", "hr", "sh", "sr"]


@pytest.mark.parametrize("text", ["", "👍", "@acme https://x.example", "123 456"])
def test_a_text_without_words_has_no_language(text: str) -> None:
    assert language(text) is None

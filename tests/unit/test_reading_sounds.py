"""How a post sounds: what our word lists make of it, and the words that made it. All texts here are ours."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.model import Context, Facts, Kind, Post
from chalicelib.reading import read
from chalicelib.reading.lexicon import LANGUAGES, lexicon
from chalicelib.reading.signals import FLAGS
from chalicelib.rulebook.vocabulary import HEARD


def heard(text: str, language: str | None = "en") -> Facts:
    return read(Post("x:1", "x", kind=Kind.MENTION, text=text, language=language), Context())


@pytest.mark.parametrize(
    ("text", "language", "sign"),
    [
        ("Lovely people, quick answer, great shop", "en", 1),
        ("The worst shop I know", "en", -1),
        ("not good", "en", -1),
        ("nice idea but horrible service", "en", -1),
        ("😡😡", "en", -1),
        ("der Service war hervorragend", "de", 1),
        ("was für eine Frechheit", "de", -1),
        ("pésimo servicio", "es", -1),
        ("service excellent, merci beaucoup", "fr", 1),
        ("que vergonha de atendimento", "pt", -1),
    ],
)
def test_a_text_sounds_as_people_hear_it(text: str, language: str, sign: int) -> None:
    assert heard(text, language).values["sentiment"] * sign > 0.2  # type: ignore[operator]


def test_what_is_neither_good_nor_bad_sounds_neutral() -> None:
    assert heard("The shop is in the main street").values["sentiment"] == 0


def test_exclamation_marks_and_strong_words_make_it_more_of_what_it_is() -> None:
    calm, loud = heard("It is good").values["sentiment"], heard("It is really good!!!").values["sentiment"]

    assert loud > calm  # type: ignore[operator]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Third time I call, still waiting for my refund, and nobody answers", "en"),
        ("Your technician never came. Second time. Unacceptable!", "en"),
        ("Seit drei Wochen warte ich, immer noch keine Antwort. Frechheit!", "de"),
        ("Llevo días esperando y nadie responde, pésimo servicio", "es"),
        ("Toujours pas de réponse depuis des semaines, inadmissible", "fr"),
        ("Não recebi minha encomenda e ninguém responde. Péssimo atendimento", "pt"),
    ],
)
def test_an_expectation_broken_is_a_complaint(text: str, language: str) -> None:
    assert heard(text, language).values["complains"] is True


@pytest.mark.parametrize(
    "text",
    ["Thank you so much for your quick help!", "Do you have this in green?", "No problem at all, it works now, thanks",
     "Lunch was lovely today"],
)  # fmt: skip
def test_thanks_and_plain_questions_are_no_complaint(text: str) -> None:
    assert heard(text).values["complains"] is False


def test_between_yes_and_no_a_complaint_is_unknown_and_its_strength_is_told() -> None:
    values = heard("I was told it comes on Monday, hm").values

    assert "complains" not in values
    assert 0.5 <= values["complaint"] < 0.85  # type: ignore[operator]


def test_the_words_that_made_it_are_told() -> None:
    told = heard("Still waiting for my refund, the worst shop").because

    assert {"still waiting for", "my refund", "worst"} <= set(told["complains"])
    assert told["sentiment"][-1] == "worst"


def test_the_longest_phrase_wins() -> None:
    assert heard("Thanks for nothing").values["thanks"] is False
    assert heard("Thanks for the help").values["thanks"] is True


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("Can I speak to a real person please", "asks for a person"),
        ("Where can I buy the blue one?", "wants to buy"),
        ("The charger caught fire", "reports danger"),
        ("My lawyer will write to you", "mentions the law"),
        ("I'm a journalist, writing an article about you", "is from the press"),
        ("My mother is 85, in a wheelchair, and the lift is out", "vulnerable person"),
        ("I do not want to live any more, I don't want to live", "self-harm"),
        ("Check out my channel and subscribe!", "looks like spam"),
    ],
)
def test_a_signal_is_heard_and_is_not_there_without_its_words(text: str, fact: str) -> None:
    assert heard(text).values[fact] is True
    assert heard(text).because[fact]
    assert heard("The shop is in the main street").values[fact] is False


def test_of_a_language_without_lists_nothing_is_said_about_how_it_sounds() -> None:
    values = heard("Tämä on huono", "fi").values

    assert set(values) & {*FLAGS.values(), "sentiment", "complains", "complaint"} == set()
    assert values["personal number"] is False


def test_what_is_known_beside_the_post_stands_instead_of_what_its_words_say() -> None:
    context = Context(sentiment=0.9, sounds={"complains": 0}, unheard=frozenset({"complaint"}))
    values = read(Post("x:1", "x", text="worst shop, still waiting", language="en"), context).values

    assert (values["sentiment"], values["complains"], "complaint" in values) == (0.9, 0, False)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_list_and_every_word_can_be_found(language: str) -> None:
    entries = lexicon(language).entries
    names = {name for entry in entries for name in entry.weights}

    assert names == {name for entry in lexicon("en").entries for name in entry.weights}
    assert all(entry.word for entry in entries)


def test_every_fact_that_rules_may_ask_for_is_heard_of_a_loud_text() -> None:
    assert set(HEARD) <= set(heard("still waiting, worst shop, refund, never again, still no answer").values)


@settings(max_examples=60)
@given(st.text(max_size=300))
def test_no_text_breaks_the_ear(text: str) -> None:
    values = heard(text, None).values

    assert -1 <= values.get("sentiment", 0) <= 1  # type: ignore[operator]
    assert 0 <= values.get("complaint", 0) <= 1  # type: ignore[operator]


@pytest.mark.parametrize(
    "text",
    ["The heating does not start", "My order hasn't shipped", "Nobody explained, no reply either", "I can't log in"],
)  # fmt: skip
def test_what_is_expected_and_does_not_come_is_a_complaint(text: str) -> None:
    told = heard(text)

    assert told.values["complaint"] >= 0.5  # type: ignore[operator]
    assert told.because["complaint"]


@pytest.mark.parametrize(
    "text",
    ["How long does it take to get to Geelong?", "My order shipped today", "Can I pick it up in the shop?",
     "Could you tell me what the blue one costs, please?"],
)  # fmt: skip
def test_what_is_expected_and_comes_is_none(text: str) -> None:
    assert heard(text).values["complaint"] < 0.5  # type: ignore[operator]


def test_a_complaint_that_speaks_of_vouchers_is_no_spam() -> None:
    assert (
        heard("You charged me twice, still no reply, and now you offer a voucher?").values["looks like spam"] is False
    )


def test_many_words_of_trade_make_no_complaint() -> None:
    text = "Flight, gate, seat, bag, ticket, lounge, crew, pilot, platform, train, hotel, room, table, meal"

    assert heard(text).values["complaint"] < 0.6  # type: ignore[operator]
    assert "hint" not in heard(text).because


def test_time_money_and_hashtags_count_and_are_told() -> None:
    because = heard("Waiting 3 weeks for my £40 #acmefails").because["complains"]

    assert {"3 weeks", "£ 40", "#acmefails"} <= set(because)

"""Folding and words: rules-format 4 to 6."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.rulebook.search import Search
from chalicelib.words import fold, phrase, stream


def found(word: str, text: str) -> bool:
    return word in Search([word])(stream(text))


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("refund", "RÉFUND me!"),
        ("refund", "réfund"),  # the accent as a mark of its own
        ("don't", "I DON’T care"),
        ("strasse", "Straße"),
        ("istanbul", "İSTANBUL"),
        ("refund", "ｒｅｆｕｎｄ"),
        ("refund", "re\u200bfund"),
        ("money back", "money,\n back"),
        ("money back", "Money... BACK!"),
        ("double charg*", "double - charging"),
        ("charg* twice", "charged twice"),
        ("acme", "Acme's router"),
        ("internet", "plus d'internet"),
        ("😡", "Nooo😡😡"),
        ("👍", "👍🏽"),
        ("❤", "❤️"),
        ("fail", "#fail"),
        ("fail", "what a #FAIL."),
        ("#fail", "#Fail"),
        ("epic #fail", "epic #fail"),
        ("epic fail", "epic #fail"),
        ("@acme", "hey @Acme, hello"),
        ("着火", "路由器着火了"),
        ("acme着火", "acme着火了"),
        ("คืนเงิน", "ขอคืนเงินด้วย"),
        ("शिकायत", "मेरी शिकायत"),
        ("50%", "50 % off"),
    ],
)
def test_a_word_is_found_however_it_is_written(word: str, text: str) -> None:
    assert found(word, text)


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("refund", "refunds"),
        ("fund", "refund"),
        ("charg*", "discharge"),
        ("money back", "back money"),
        ("money back", "money is back"),
        ("charg* twice", "charged me twice"),
        ("#fail", "fail"),
        ("#fail", "#failure"),
        ("acme", "@acme"),
        ("acme", "@acme.social"),
        ("acme", "https://acme.example/acme"),
        ("acme", "see www.acme.example"),
        ("acme", "see acme.com"),
        ("acme", "mail bo@acme.example"),
        ("着火", "@着火"),
        ("won", "I won't"),
        ("money back", "money https://x.example back"),
    ],
)
def test_a_word_is_not_found_inside_another(word: str, text: str) -> None:
    assert not found(word, text)


@pytest.mark.parametrize("word", ["", "!!!", "*", "https://acme.example", "acme.com", "—"])
def test_what_no_text_can_hold_is_no_phrase(word: str) -> None:
    assert phrase(word) == ""


@given(st.text(max_size=80))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=80))
def test_every_word_of_a_text_is_found_in_it(text: str) -> None:
    words = [word for word in stream(text).partition("\n")[0].split() if phrase(word)]

    assert set(Search(words)(stream(text))) == set(words)


@pytest.mark.parametrize("part", ["a.", "@a.", "a'", "a@", "www.", "#", "aa-", "?", "é", "着", "http://"])
def test_a_long_text_of_any_shape_is_read_in_time(part: str) -> None:
    started = time.perf_counter()
    stream(part * 20_000)

    assert time.perf_counter() - started < 0.5

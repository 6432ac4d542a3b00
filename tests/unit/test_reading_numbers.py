"""Numbers that must not be public: seen by form and checksum, never told, and masked."""

from __future__ import annotations

import pytest

from chalicelib.model import Context, Post
from chalicelib.reading import read
from chalicelib.reading.numbers import masked, personal_numbers

CARD, IBAN, PHONE = "4111 1111 1111 1111", "DE89 3704 0044 0532 0130 00", "+61 412 345 678"


@pytest.mark.parametrize(
    ("text", "sorts"),
    [
        (f"My card is {CARD}.", ("card number",)),
        (f"to {IBAN} please", ("bank account",)),
        ("to de89370400440532013000", ("bank account",)),
        (f"call me: {PHONE}", ("telephone number",)),
        (f"{CARD}, {PHONE}", ("card number", "telephone number")),
    ],
)
def test_a_personal_number_is_seen(text: str, sorts: tuple[str, ...]) -> None:
    assert personal_numbers(text) == sorts


@pytest.mark.parametrize(
    "text",
    ["order 4111 1111 1111 1112", "DE88 3704 0044 0532 0130 00", "2026-11-22 14:05", "tracking 00112233", "£1,200.00",
     "https://x.example/4111111111111111", "0000 0000 0000 0000", "", "flight 1234 at 10:30"],
)  # fmt: skip
def test_other_numbers_are_none(text: str) -> None:
    assert personal_numbers(text) == ()


def test_what_is_masked_holds_no_number_and_all_else() -> None:
    assert masked(f"card {CARD}, bank {IBAN}, call {PHONE} today") == "card •••, bank •••, call ••• today"


def test_a_rule_is_told_the_sort_and_never_the_number() -> None:
    facts = read(Post("x:1", "x", text=f"{CARD} again", language="en"), Context())

    assert facts.values["personal number"] is True
    assert facts.because["personal number"] == ("card number",)

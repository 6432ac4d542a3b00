"""The verdict on a CRM's answer, and how long it is left alone."""

from __future__ import annotations

import pytest

from chalicelib.errors import Conflict, Denied, Refused, Unavailable
from chalicelib.verdict import Answer, retry_after, verdict
from tests.contracts.crm_samples import NOON


def answer(status: int, body: bytes = b"") -> Answer:
    return Answer(status, {}, body)


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_success_has_no_error(status: int) -> None:
    assert verdict("crm", answer(status)) is None


@pytest.mark.parametrize("status", [301, 302, 401, 403, 408, 425, 429, 500, 502, 503, 504])
def test_time_or_an_administrator_can_help_so_it_stays_owed(status: int) -> None:
    assert type(verdict("crm", answer(status))) is (Denied if status == 401 else Unavailable)


@pytest.mark.parametrize("status", [400, 404, 405, 410, 413, 415, 417, 422])
def test_the_same_again_would_be_refused_again(status: int) -> None:
    assert type(verdict("crm", answer(status))) is Refused


@pytest.mark.parametrize("status", [409, 412])
def test_a_conflict_asks_for_a_look_up(status: int) -> None:
    assert type(verdict("crm", answer(status))) is Conflict


@pytest.mark.parametrize("status", [403, 409, 412, 429, 500])
def test_what_is_logged_of_an_answer_holds_none_of_its_words(status: int) -> None:
    quoting = Answer(status, {}, b"the description 'my router is burning' is too long")

    error = verdict("crm", quoting)

    assert "burning" not in str(error)
    assert str(error)


def test_a_refusal_holds_the_crms_words_on_one_line_and_no_more_than_fits() -> None:
    error = verdict("crm", answer(422, b"Titel\x00 fehlt\n" + b"!" * 9000))

    assert str(error).startswith("Titel fehlt !")
    assert len(str(error)) == 500
    assert str(verdict("crm", answer(400))) == "crm answered 400 without a word"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("7", 7.0),
        ("0", 0.0),
        ("99999999", 3600.0),
        ("Wed, 04 Mar 2026 12:00:30 GMT", 30.0),
        ("Wed, 04 Mar 2026 11:00:00 GMT", 0.0),
        ("-5", None),
        ("soon", None),
        ("", None),
        ("Wed, 99 Mar 2026 12:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after(value, NOON) == seconds


@pytest.mark.parametrize("headers", [{}, {"retry-after": "0"}])
def test_too_many_requests_means_a_second_at_least(headers: dict[str, str]) -> None:
    error = verdict("crm", Answer(429, headers, b""))

    assert isinstance(error, Unavailable)
    assert error.retry_after == 1.0

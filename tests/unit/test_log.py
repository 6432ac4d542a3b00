"""What a line of the log looks like, and that it comes once."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from chalicelib.log import Lines, Log

SERVICE = "a made-up service"


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What stands on standard output."""
    logger, out = logging.getLogger(SERVICE), io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(Lines())
    logger.handlers = [handler]
    yield out
    logger.handlers.clear()
    Log(SERVICE).belongs_to(None)


def test_an_event_is_one_line_of_json_with_its_fields(lines: io.StringIO) -> None:
    Log(SERVICE, "INFO").warning(
        "post.waits", post_id="x:1", rule=None, why="a line\nbreak", kinds={"like": 1}, size=timedelta(1)
    )

    (line,) = lines.getvalue().splitlines()
    told = json.loads(line)
    assert datetime.fromisoformat(told.pop("timestamp")).tzinfo is not None
    assert told == {
        "level": "WARNING",
        "message": "post.waits",
        "post_id": "x:1",
        "why": "a line\nbreak",
        "kinds": {"like": 1},
        "size": "1 day, 0:00:00",
    }


def test_what_goes_wrong_names_its_invocation_from_wherever_it_is_told(lines: io.StringIO) -> None:
    Log(SERVICE, "INFO").belongs_to("call-1")
    Log(SERVICE).info("done", post_id="x:1")
    Log(SERVICE).warning("waits")

    done, waits = map(json.loads, lines.getvalue().splitlines())
    assert (done.get("function_request_id"), waits["function_request_id"]) == (None, "call-1")


def test_a_line_of_what_every_post_goes_through_stays_short_since_it_is_paid_for(lines: io.StringIO) -> None:
    fields = {"post_id": "forum:1", "decision": "ignore", "rule": None, "guard": None, "case_id": None}
    Log(SERVICE, "INFO").info("post.triaged", **fields, rulebook="968ebaab63f5")

    assert len(lines.getvalue()) <= 150


def test_what_is_below_the_level_is_not_told(lines: io.StringIO) -> None:
    log = Log(SERVICE, "ERROR")
    log.info("quiet")
    log.warning("quiet")
    log.error("loud")

    assert [json.loads(line)["message"] for line in lines.getvalue().splitlines()] == ["loud"]


def test_the_handler_that_lambda_puts_on_the_root_does_not_write_it_again(capsys: pytest.CaptureFixture[str]) -> None:
    lambdas, root, ours = logging.StreamHandler(io.StringIO()), logging.getLogger(), logging.getLogger("on Lambda")
    root.addHandler(lambdas)
    try:
        for _ in range(3):
            Log(ours.name, "INFO")
        Log(ours.name).info("once")
        root.warning("of another")
    finally:
        root.removeHandler(lambdas)
        ours.handlers.clear()

    assert lambdas.stream.getvalue() == "of another\n"
    assert capsys.readouterr().out.count("once") == 1
    assert len(lambdas.filters) == 1


def test_a_second_log_of_a_service_writes_nothing_twice(lines: io.StringIO) -> None:
    Log(SERVICE, "INFO")
    Log(SERVICE).info("once")

    assert lines.getvalue().count("once") == 1

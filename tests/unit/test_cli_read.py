"""`earshot read`: posts on standard output, and what was skipped where somebody asks."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chalicelib.cli.main import main

FOLLOWED = {"type": "follow"}
WRITTEN = {"type": "message", "source": {"userId": "u"}, "message": {"id": "1", "type": "text", "text": "Grüße"}}
BROKEN = {"type": "unsend"}


def body(folder: Path, *events: object) -> str:
    file = folder / "body.json"
    file.write_text(json.dumps({"destination": "U1", "events": events}))
    return str(file)


def test_posts_come_one_a_line_and_what_was_skipped_only_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = body(tmp_path, FOLLOWED, WRITTEN, FOLLOWED)

    assert main(["read", "line", file]) == 0
    quiet = capsys.readouterr()
    assert main(["read", "line", file, "--verbose"]) == 0
    loud = capsys.readouterr()

    assert json.loads(quiet.out)["text"] == "Grüße"
    assert (quiet.err, loud.err) == ("", "skipped: 2 follow\n")
    assert loud.out.count("\n") == quiet.out.count("\n") == 1


def test_a_delivery_as_one_object_holds_posts_skipped_and_problem(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", "line", body(tmp_path, FOLLOWED, BROKEN, WRITTEN), "--json"]) == 1

    told = json.loads(capsys.readouterr().out)
    assert [post["id"] for post in told["posts"]] == ["line:1"]
    assert told["skipped"] == {"follow": 1}
    assert told["problem"] == "line: body.events[1].unsend: messageId is missing"


def test_a_body_that_cannot_be_read_is_told_after_what_could(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["read", "line", body(tmp_path, BROKEN, WRITTEN)]) == 2

    told = capsys.readouterr()
    assert json.loads(told.out)["id"] == "line:1"
    assert told.err == "earshot read: line: body.events[0].unsend: messageId is missing\n"


def test_nothing_skipped_is_said_as_such(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["read", "line", body(tmp_path, WRITTEN), "--verbose"]) == 0

    assert capsys.readouterr().err == "skipped: nothing\n"

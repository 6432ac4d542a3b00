"""`earshot storm`: streams as people have them, and what it says of them."""

from __future__ import annotations

import gzip
import io
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from chalicelib.cli.main import main

RULES = """
format: triage/1
owner: {team: care, contact: "care@acme.example"}
timezone: UTC
rules:
  - id: wave
    name: A wave
    status: live
    review by: "2099-02-01"
    why: It has begun.
    when: {none: [{author is employee: yes}]}
    repeats: {count: different authors, at least: 4, within: 5 minutes, then quiet for: 1 hour, or times lately: 2}
    then: {escalate: {priority: urgent, team: care}}
    examples: [{post: "eh?", expect: match}, {post: {text: "hm", author is employee: yes}, expect: no match}]
  - id: trial
    name: Two say smoke
    status: shadow
    review by: "2099-02-01"
    why: It is tried.
    when: {all: [{text has any: ["smoke"]}]}
    repeats: {count: different authors, at least: 2, within: 5 minutes}
    then: {escalate: {priority: low, team: care}}
    examples: [{post: "smoke", expect: match}, {post: "no", expect: no match}]
"""
ONSET = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "wave.rules.yml").write_text(RULES, encoding="utf-8")
    return folder


def calm_and_wave() -> Iterator[datetime]:
    """A day with two posts an hour, and then six posts in three minutes."""
    yield from (ONSET - timedelta(minutes=30 * number + 17) for number in range(48))
    yield from (ONSET + timedelta(seconds=30 * number) for number in range(1, 7))


def written(folder: Path, *lines: str) -> str:
    file = folder / "stream"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return str(file)


def times(folder: Path) -> str:
    return written(folder, *(at.isoformat() for at in calm_and_wave()))


def storm(capsys: pytest.CaptureFixture[str], rules: Path, *words: str) -> tuple[int, dict[str, Any]]:
    code = main(["storm", "--rules", str(rules), "--json", *words])
    return code, json.loads(capsys.readouterr().out)


def test_the_delay_of_an_alert_counts_from_the_onset(capsys: Any, rules: Path, tmp_path: Path) -> None:
    code, told = storm(capsys, rules, times(tmp_path), "--onset", "2026-03-03T09:00")

    assert (code, told["posts"], told["false_alarms"]) == (0, 54, 0)
    assert told["onsets"] == [{"at": "2026-03-03T09:00:00Z", "delay_seconds": 150.0, "rule": "wave"}]
    (alert,) = told["alerts"]
    assert (alert["raised_at"], alert["count"], alert["needed"]) == ("2026-03-03T09:02:30Z", 5, 5)
    assert alert["all_clear_at"] == "2026-03-03T09:13:00Z"


def test_an_alert_about_no_onset_is_a_false_alarm(capsys: Any, rules: Path, tmp_path: Path) -> None:
    file = times(tmp_path)

    assert [storm(capsys, rules, file)[1][name] for name in ("false_alarms", "false_alarms_a_month")] == [1, 30.65]
    assert storm(capsys, rules, file)[0] == 1
    assert storm(capsys, rules, file, "--onset", "2026-03-03T10:00+01:00", "--lasts", "0.001")[0] == 1
    assert storm(capsys, rules, file, "--onset", "2026-03-03T10:00+01:00", "--lasts", "0.002")[0] == 0


def test_an_onset_that_no_alert_follows_is_missed(capsys: Any, rules: Path, tmp_path: Path) -> None:
    code, told = storm(capsys, rules, times(tmp_path), "--onset", "2026-03-03T09:00", "--onset", "2026-03-02T12:00Z")

    assert code == 1
    assert [onset["delay_seconds"] for onset in told["onsets"]] == [None, 150.0]
    main(["storm", "--rules", str(rules), times(tmp_path), "--onset", "2026-03-04T09:00"])
    assert "onset 2026-03-04 09:00: missed, no alert within 7 days" in capsys.readouterr().out


def test_posts_in_any_order_zone_and_form_are_one_stream(capsys: Any, rules: Path, tmp_path: Path) -> None:
    nobody = '{"id": "x:9", "platform": "x", "created_at": "2026-03-03T09:01:00Z"}'
    texts = [(ONSET + timedelta(hours=2, seconds=number)).strftime("%Y-%m-%d %H:%M:%S+0000") for number in range(2)]
    posts = [{"id": f"x:{n}", "platform": "x", "text": "smoke", "created_at": f"2026-03-03T13:0{n}:00+02:00",
              "author": {"handle": f"a{n}"}, "label": {}} for n in range(2)]  # fmt: skip
    lines = [nobody, *texts, *map(json.dumps, posts), *(at.isoformat() for at in calm_and_wave())]
    file = tmp_path / "stream.gz"
    file.write_bytes(gzip.compress("\n".join(reversed(lines)).encode()))

    _, told = storm(capsys, rules, str(file), "--onset", "2026-03-03T09:00")

    assert told["without_author"] == 1
    assert (told["posts"], told["to"], told["unraised"]) == (59, "2026-03-03T11:01:00Z", {"trial": 1})
    assert [alert["delay_seconds"] for alert in told["alerts"]] == [150.0]


def test_standard_input_is_read_too(capsys: Any, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "\ufeff" + "\r\n".join(at.isoformat() for at in calm_and_wave())
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines.encode())))

    assert storm(capsys, rules, "-")[1]["posts"] == 54


def test_lines_that_are_no_posts_are_told_with_their_numbers(capsys: Any, rules: Path, tmp_path: Path) -> None:
    bad = ("yesterday", "2026-02-30T09:00Z", "{", '{"id": "x:1", "platform": "x"}', "2026-03-03", "17:30")
    file = written(tmp_path, "2026-03-03T09:00Z", *bad, "", "2026-03-03T09:01Z")

    assert main(["storm", "--rules", str(rules), file]) == 2
    told = capsys.readouterr()
    neither = "a line is a post, as a JSON object, or a time like 2026-11-15T09:00:00Z; this one is neither"
    assert told.err.splitlines() == [
        f"{file}:2: {neither}",
        f"{file}:3: {neither}",
        f"{file}:4: this line is not JSON",
        f"{file}:5: created_at is missing: when it was said is not known, and it is not counted",
        f"{file}:6: {neither}",
        f"{file}:7: {neither}",
    ]
    assert "2 posts in 0.0 days" in told.out
    assert "6 lines could not be read." in told.out


@pytest.mark.parametrize("lines", [(), ("", " "), ("nothing",)])
def test_a_stream_without_posts_cannot_be_run(capsys: Any, rules: Path, tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert main(["storm", "--rules", str(rules), written(tmp_path, *lines)]) == 2
    assert "earshot storm: no post in" in capsys.readouterr().err


def test_a_gap_of_years_takes_no_time_and_ends_what_was_on(capsys: Any, rules: Path, tmp_path: Path) -> None:
    file = written(tmp_path, "1999-01-01T00:00Z", *(at.isoformat() for at in calm_and_wave()), "2060-12-31T23:59:59Z")

    _, told = storm(capsys, rules, file)

    assert [alert["all_clear_at"] for alert in told["alerts"]] == ["2026-03-03T09:13:00Z"]


def test_what_is_asked_wrongly_is_refused(capsys: Any, rules: Path, tmp_path: Path) -> None:
    file = times(tmp_path)
    for words, said in (
        (("--onset", "today"), "expected a time like 2026-11-15T09:00Z, not 'today'"),
        (("--lasts", "nan"), "expected a number of days, like 1 or 0.5, not 'nan'"),
    ):
        with pytest.raises(SystemExit):
            main(["storm", "--rules", str(rules), file, *words])
        assert said in capsys.readouterr().err
    assert main(["storm", "--rules", str(rules), "nowhere/stream"]) == 2
    assert main(["storm", "--rules", str(rules), file, "--html", "nowhere/page"]) == 2


def test_people_read_a_table_of_alerts_and_one_of_days(capsys: Any, rules: Path, tmp_path: Path) -> None:
    main(["storm", "--rules", str(rules), times(tmp_path), "--onset", "2026-03-03T09:00"])

    out = capsys.readouterr().out
    assert "onset 2026-03-03 09:00: first alert 2.5 min later, by wave" in out
    assert "2026-03-03 09:02  wave  everything      5       5              2026-03-03 09:13  2.5 min after onset" in out
    assert "2026-03-02     30\n2026-03-03     24       1" in out


def test_the_page_holds_plots_and_the_same_numbers(capsys: Any, rules: Path, tmp_path: Path) -> None:
    page = tmp_path / "page.html"

    main(["storm", "--rules", str(rules), times(tmp_path), "--onset", "2026-03-03T09:00", "--html", str(page)])

    html = page.read_text(encoding="utf-8")
    assert html.count("<svg") == 2
    assert "Around the onset of 2026-03-03 09:00 UTC" in html
    assert "<script" not in html
    assert "first alert 2.5 min later, by wave" in html


def test_years_are_told_by_month(capsys: Any, rules: Path, tmp_path: Path) -> None:
    main(["storm", "--rules", str(rules), written(tmp_path, "2024-01-31T00:00Z", "2026-03-01T00:00Z")])

    assert capsys.readouterr().out.endswith("month    posts  alerts\n2024-01      1\n2026-03      1\n")

"""A replay on the terminal and as JSON. Posts are shown to the person who asked; nothing of them is logged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from chalicelib.cli.cases import one_line
from chalicelib.cli.counted import counted
from chalicelib.cli.replayed import Replayed
from chalicelib.codec import to_json
from chalicelib.model import Decision, Outcome
from chalicelib.reading.numbers import masked
from chalicelib.rulebook.compare import Change, Shift
from chalicelib.rulebook.whynot import Reasoned

CHANGES_SHOWN, SAMPLES_SHOWN, LONGEST = 8, 3, 160
EDGES = {Shift.CAUGHT: "ignored before", Shift.MISSED: "ignored after", Shift.HANDS: "handled both times"}


def lines(replayed: Replayed) -> Iterator[str]:
    """What a person reads."""
    tally = replayed.tally
    yield replayed.headline
    yield from notes(replayed)
    yield f"before: {replayed.before}"
    yield f"after:  {replayed.after}"
    yield from _table("decisions", tally.before.outcomes, tally.after.outcomes, list(Outcome))
    yield from _table("rules that decide otherwise often", *_differing(tally.before.rules, tally.after.rules))
    yield from _table("shadow rules that would match", *_differing(tally.before.shadow, tally.after.shadow))
    yield from _table("work for teams", *_differing(tally.before.teams, tally.after.teams))
    for shift in Shift:
        yield from _shifted(replayed, shift)


def notes(replayed: Replayed) -> Iterator[str]:
    """What was left out, and what is no change."""
    tally = replayed.tally
    if replayed.stopped:
        yield "Stopped before the last post: this is what was seen until then."
    if tally.guarded:
        which = ", ".join(f"{name} {number:,}" for name, number in tally.guarded.most_common())
        yield f"{counted(tally.guarded.total(), 'post')} stopped by guards before the rules ({which})."
    if tally.erased:
        yield f"{counted(tally.erased, 'post')} not decided again: the text was erased."
    if replayed.bad:
        yield f"{counted(replayed.bad, 'line')} could not be read."
    if tally.renamed:
        yield f"{counted(tally.renamed, 'post')} ignored either way, by another rule: not counted as a change."
    if tally.aspects:
        which = ", ".join(f"another {name} {number:,}" for name, number in _aspects(tally.aspects))
        yield f"Among those that changed hands: {which}."
    if tally.unlisted:
        yield f"{counted(tally.unlisted, 'post')} changed in further ways: counted, not shown below."


def _aspects(counts: Counter[str]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def as_json(replayed: Replayed) -> dict[str, Any]:
    """What scripts read."""
    tally = replayed.tally
    return {
        "source": replayed.source,
        "before": replayed.before.rulebook.version,
        "after": replayed.after.rulebook.version,
        "stopped": replayed.stopped,
        "posts": tally.posts,
        "decided": tally.decided,
        "guarded": dict(tally.guarded),
        "erased": tally.erased,
        "bad_lines": replayed.bad,
        "changed": tally.changed,
        "changed_percent": round(tally.share, 3),
        "shifts": {shift.value: tally.shifts[shift] for shift in Shift},
        "aspects": dict(tally.aspects),
        "ignored_by_another_rule": tally.renamed,
        **{name: _both(replayed, name) for name in ("outcomes", "rules", "matched", "shadow", "teams", "priorities")},
        "changes": [_change(replayed, change) for shift in Shift for change, _ in tally.largest(shift)],
        "changes_not_listed": tally.unlisted,
    }


def verdict(decision: Decision) -> str:
    """A decision in few words."""
    if decision.outcome is Outcome.IGNORE:
        return f"ignore ({decision.rule or decision.reason})"
    priority = f", {decision.priority}" if decision.priority else ""
    return f"{decision.outcome} to {decision.team or 'nobody'}{priority} ({decision.rule})"


def gain(before: int, after: int) -> str:
    """`+3`, `-1`, or nothing."""
    return f"{after - before:+,}" if after != before else ""


def _table(title: str, before: Counter[str], after: Counter[str], names: list[Any]) -> Iterator[str]:
    if not names:
        return
    width = max(len(title), *(len(str(name)) for name in names))
    yield f"\n{title:<{width}}  {'before':>9}  {'after':>9}"
    for name in names:
        was, now = before[str(name)], after[str(name)]
        yield f"{name!s:<{width}}  {was:>9,}  {now:>9,}  {gain(was, now)}".rstrip()


def _differing(before: Counter[str], after: Counter[str]) -> tuple[Counter[str], Counter[str], list[str]]:
    return before, after, differing(before, after)


def differing(before: Counter[str], after: Counter[str]) -> list[str]:
    """The names whose counts differ, the largest difference first."""
    names = [name for name in before.keys() | after.keys() if before[name] != after[name]]
    return sorted(names, key=lambda name: (-abs(after[name] - before[name]), name))


def _shifted(replayed: Replayed, shift: Shift) -> Iterator[str]:
    changes = list(replayed.tally.largest(shift))
    if changes:
        yield f"\n{shift}: {replayed.tally.shifts[shift]:,} ({EDGES[shift]})"
    for change, posts in changes[:CHANGES_SHOWN]:
        yield f"  {called(change)}: {counted(posts.posts, 'post')}"
        for sample in replayed.samples[change][:SAMPLES_SHOWN]:
            yield from _sample(sample)
    if len(changes) > CHANGES_SHOWN:
        yield f"  ... and {counted(len(changes) - CHANGES_SHOWN, 'way')} more: --json and --html have them"


def called(change: Change) -> str:
    """From where to where."""
    way = change.before if change.before == change.after else f"{change.before} → {change.after}"
    return f"{way} ({', '.join(change.aspects)})" if change.aspects else way


def _sample(sample: Reasoned) -> Iterator[str]:
    post = sample.compared.post
    at = f"{post.at:%Y-%m-%d %H:%M}" if post.at else "no time"
    text = one_line(masked(post.text or "(no text)"))
    yield f'    {one_line(post.id)}  {at}  "{text if len(text) <= LONGEST else text[:LONGEST] + "..."}"'
    yield f"        {verdict(sample.compared.before)} → {verdict(sample.compared.after)}"
    yield f"        {one_line(sample.why)}"


def _both(replayed: Replayed, name: str) -> dict[str, dict[str, int]]:
    before, after = getattr(replayed.tally.before, name), getattr(replayed.tally.after, name)
    return {key: {"before": before[key], "after": after[key]} for key in sorted(before.keys() | after.keys())}


def _change(replayed: Replayed, change: Change) -> dict[str, Any]:
    samples = [
        {"post": to_json(each.compared.post), "why": each.why, "found": list(each.found)}
        for each in replayed.samples[change]
    ]
    posts = replayed.tally.changes[change].posts
    return {**to_json(change), "posts": posts, "samples": samples}

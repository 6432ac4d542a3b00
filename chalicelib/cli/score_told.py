"""An agreement with labels as lines, and as JSON."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chalicelib.cli.scored import Miss, Scored
from chalicelib.reading.numbers import masked
from chalicelib.rulebook.agreement import Agreement

LONGEST_TEXT = 160


def lines(scored: Scored) -> Iterator[str]:
    """What a person reads in a terminal: the classes, the confusion, the rules, the worst misses."""
    agreement = scored.agreement
    left = f"; {scored.left_out:,} lines without it are left out" if scored.left_out else ""
    yield f"{scored.name}: {agreement.posts:,} posts with {scored.label}{left}"
    yield ""
    yield from _classes(agreement)
    yield ""
    yield from _confusion(agreement)
    yield ""
    yield from _rules(scored)
    for kind in sorted(scored.worst):
        yield ""
        yield f"people say {kind[0]}, decided {kind[1]}: the surest of {agreement.pairs[kind]:,}"
        for miss in scored.worst[kind]:
            yield f"  {text(miss)}"
            yield f"      {miss.why}"


def text(miss: Miss) -> str:
    """The start of a post, on one line; cards, accounts and telephones hidden, for it is shown around."""
    shown = " ".join(masked(miss.labelled.post.text or "(no text)").split())
    shown = "".join(sign if sign.isprintable() else " " for sign in shown)
    return shown if len(shown) <= LONGEST_TEXT else shown[:LONGEST_TEXT] + " …"


def as_json(scored: Scored) -> dict[str, Any]:
    """What a script reads; of posts only the ids."""
    agreement = scored.agreement
    return {
        "file": scored.name,
        "label": scored.label,
        "positive": str(scored.positive),
        "posts": agreement.posts,
        "left_out": scored.left_out,
        "macro_f1": round(agreement.macro_f1, 4),
        "classes": {name: _shares(agreement, name) for name in agreement.classes},
        "confusion": [
            {"label": label, "decided": said, "posts": posts}
            for (label, said), posts in sorted(agreement.pairs.items())
        ],
        "rules": [{"rule": rule, "decided": decided, "right": right} for rule, right, decided in agreement.by_rule()],
        "worst": [
            {"post": miss.labelled.post.id, "label": miss.expected, "decided": miss.decided, "why": miss.why}
            for kind in sorted(scored.worst)
            for miss in scored.worst[kind]
        ],
    }


def _shares(agreement: Agreement, name: str) -> dict[str, Any]:
    measured = agreement.measured(name)
    return {
        "f1": round(measured.f1, 4),
        "precision": round(measured.precision, 4),
        "recall": round(measured.recall, 4),
        "labelled": measured.labelled,
        "decided": measured.decided,
    }


def _classes(agreement: Agreement) -> Iterator[str]:
    yield f"{'':<20}{'F1':>7}{'precision':>11}{'recall':>8}{'labelled':>10}{'decided':>9}"
    for name in agreement.classes:
        got = agreement.measured(name)
        shares = f"{got.f1:>7.3f}{got.precision:>11.3f}{got.recall:>8.3f}"
        yield f"{name:<20}{shares}{got.labelled:>10,}{got.decided:>9,}"
    yield f"{'macro-F1':<20}{agreement.macro_f1:>7.3f}"


def _confusion(agreement: Agreement) -> Iterator[str]:
    names = agreement.classes
    yield f"{'people say / decided':<22}" + "".join(f"{name:>20}" for name in names)
    for label in names:
        if agreement.measured(label).labelled:
            yield f"{label:<22}" + "".join(f"{agreement.pairs[label, said]:>20,}" for said in names)


def _rules(scored: Scored) -> Iterator[str]:
    yield f"{'rule':<28}{'decided':>8}{'right':>8}{'precision':>11}"
    for rule, right, decided in scored.agreement.by_rule():
        yield f"{rule:<28}{decided:>8,}{right:>8,}{right / decided:>11.2f}"

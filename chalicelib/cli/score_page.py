"""An agreement with labels as one page, made to be shown in a meeting."""

from __future__ import annotations

from typing import Any

from chalicelib.cli.pages import rendered
from chalicelib.cli.pages.plots import bars
from chalicelib.cli.score_told import text
from chalicelib.cli.scored import Miss, Scored
from chalicelib.rulebook.agreement import Measured

MOST_RULES = 25


def page(scored: Scored) -> str:
    """The page's HTML. Posts are strangers' texts: they are escaped, and nothing in them runs."""
    agreement = scored.agreement
    measured = [(name, agreement.measured(name)) for name in agreement.classes]
    rules = list(agreement.by_rule())[:MOST_RULES]
    return rendered(
        "score.html.j2",
        headline=f"{agreement.posts:,} posts of {scored.name}: how far the rules agree with people",
        label=scored.label,
        left_out=scored.left_out,
        macro=f"{agreement.macro_f1:.3f}",
        classes=[(name, *_shares(got), got.labelled, got.decided) for name, got in measured],
        confusion=[
            (label, [agreement.pairs[label, said] for said in agreement.classes])
            for label in agreement.classes
            if agreement.measured(label).labelled
        ],
        names=agreement.classes,
        plot=bars(
            "Posts of each class: how many people call so, how many were decided so; a table follows",
            list(agreement.classes),
            {"people": [got.labelled for _, got in measured], "rules": [got.decided for _, got in measured]},
        ),
        rules=[(scored.names[rule], rule, posts, right, f"{right / posts:.2f}") for rule, right, posts in rules],
        rule_plot=bars(
            "Decisions of each rule, and how many of them people agree with; a table follows",
            [rule for rule, _, _ in rules],
            {"decided": [decided for _, _, decided in rules], "right": [right for _, right, _ in rules]},
        ),
        worst=[
            (f"people say {label}, decided {said}", agreement.pairs[label, said], list(map(_shown, misses)))
            for (label, said), misses in sorted(scored.worst.items())
        ],
    )  # fmt: skip


def _shares(got: Measured) -> tuple[str, ...]:
    return tuple(f"{share:.3f}" for share in (got.f1, got.precision, got.recall))


def _shown(miss: Miss) -> dict[str, Any]:
    return {"text": _clean(text(miss)), "why": _clean(miss.why), "id": _clean(miss.labelled.post.id)}


def _clean(said: str) -> str:
    """Without lone halves of surrogate pairs, which HTML cannot hold."""
    return said.encode("utf-8", "replace").decode()

"""A storm as one page, made to be shown in a meeting."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from markupsafe import Markup

from chalicelib.cli.pages import rendered
from chalicelib.cli.pages.plots import bars
from chalicelib.cli.storm_told import headline, notes, periods, rows, verdicts
from chalicelib.cli.stormed import NEAR, STEP, Storm

MOST_ALERTS = 200
MOST_ONSETS = 20


def page(storm: Storm) -> str:
    """The page's HTML."""
    unit, found = periods(storm)
    alerts = rows(storm)
    return rendered(
        "storm.html.j2",
        headline=headline(storm),
        notes=list(notes(storm)),
        verdicts=list(verdicts(storm)),
        alerts=alerts[:MOST_ALERTS],
        left=max(0, len(alerts) - MOST_ALERTS),
        unit=unit,
        plot=_plot(unit, found),
        periods=found,
        onsets=[(f"{onset:%Y-%m-%d %H:%M}", _around(storm, onset)) for onset in storm.onsets[:MOST_ONSETS]],
    )


def _plot(unit: str, found: Sequence[tuple[str, int, int]]) -> Markup:
    calm = [0 if alerts else posts for _, posts, alerts in found]
    alarmed = [posts if alerts else 0 for _, posts, alerts in found]
    title = f"Posts {unit} by {unit}, those with an alert apart; a table follows"
    return bars(title, [name for name, _, _ in found], {"without": calm, "with": alarmed})


def _around(storm: Storm, onset: datetime) -> Markup:
    """Posts in ten minutes each, from three hours before to three hours after; from the first alert on apart."""
    first = storm.first(onset)
    steps = range(-(NEAR // STEP), NEAR // STEP)
    posts = [storm.near[onset, step] for step in steps]
    told = [first is not None and onset + (step + 1) * STEP > first.raised_at for step in steps]
    labels = [f"{onset + step * STEP:%H:%M}" for step in steps]
    before = [0 if alarmed else number for number, alarmed in zip(posts, told, strict=True)]
    after = [number if alarmed else 0 for number, alarmed in zip(posts, told, strict=True)]
    return bars(
        "Posts in ten minutes each, before and after the first alert", labels, {"before": before, "after": after}
    )

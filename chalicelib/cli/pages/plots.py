"""Plots as plain SVG: drawn by pygal, stripped of its scripts, styles and links; the page's own style colours them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from xml.etree import ElementTree

import pygal
from markupsafe import Markup

DROPPED = frozenset({"script", "style", "defs", "desc", "title"})
MOST_LABELS = 12
SHORT = 10  # of a label, like 2026-11-15: so many stand beside one another in full


def bars(title: str, labels: Sequence[str], series: Mapping[str, Sequence[int]]) -> Markup:
    """One group of bars for each label. `title` is what a screen reader says; a table should hold the numbers."""
    chart = pygal.Bar(
        js=[], css=[], width=960, height=300, show_legend=False, margin=8, spacing=6, no_prefix=True,
        truncate_label=-1 if all(len(label) <= SHORT for label in labels) else None,
        x_labels_major_every=-(-len(labels) // MOST_LABELS) or 1, show_minor_x_labels=False,
        order_min=0, min_scale=2, max_scale=5, range=(0, max(1, *(n for each in series.values() for n in each), 1)),
        value_formatter=lambda number: f"{number:,.0f}",
    )  # fmt: skip
    chart.x_labels = list(labels)
    for name, numbers in series.items():
        chart.add(name, list(numbers))
    return Markup(_plain(chart.render_tree(), title))  # noqa: S704  # every text in it was written by ElementTree


def _plain(root: ElementTree.Element, title: str) -> str:
    for parent in list(root.iter()):
        for child in list(parent):
            if child.tag in DROPPED or not isinstance(child.tag, str):  # a comment's tag is a function
                parent.remove(child)
    root.attrib = {"viewBox": root.attrib["viewBox"], "class": "plot", "role": "img", "aria-label": title}
    return ElementTree.tostring(root, encoding="unicode")

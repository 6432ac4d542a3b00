"""What a rule says of its windows that crossed: what happened, and whom it wants to know of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from chalicelib.model import Author, Crossing, Post
from chalicelib.rulebook.calendars import Calendar
from chalicelib.rulebook.choose import lateness, rendered
from chalicelib.rulebook.clock import due
from chalicelib.rulebook.rule import PERSONS, Rule
from chalicelib.rulebook.windowing import Crossed, terms_of

EVERYBODY = Author(name="several people")
# Of a conversation the name alone leads to whoever began it.
UNTOLD = (*PERSONS, "conversation")


def crossings(
    rule: Rule, crossed: Sequence[Crossed], post: Post, topics: Sequence[str], hours: Calendar
) -> Iterator[Crossing]:
    """Of each window that crossed, what is told, and to whom; `hours` are the rule's business hours."""
    if rule.repeats is None or not rule.raises_alerts:
        return
    then, terms = rule.then, terms_of(rule.repeats)
    for values, sighting, counted in crossed:
        if counted.crossed is None:
            continue
        about = {name: value for name, value in zip(rule.repeats.per, values, strict=True) if value}
        shown = (about["topic"],) if "topic" in about else tuple(topics)
        yield Crossing(
            sighting.window,
            counted.crossed.mark,
            rule.id,
            rule.name,
            {name: value for name, value in about.items() if name not in UNTOLD},
            rule.repeats.count,
            counted.count,
            counted.needed,
            terms.within,
            sighting.at,
            counted.crossed.before,
            counted.crossed.latest,
            counted.crossed.posts or (post.id,),
            then.priority,
            then.team,
            then.tell,
            rendered(then.subject or "{rule}", replace(post, author=EVERYBODY), rule, shown),
            then.record,
            due(sighting.at, then.first_reply, hours) if then.first_reply else None,
            lateness(then, sighting.at, hours),
            rule.owner,
        )

"""Why one rule matches a post or not; where not, the least change to the post that would do it, decided again."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

from chalicelib.cli.decide import shown
from chalicelib.cli.main import FINE, FOUND
from chalicelib.cli.traced import lines, summed_up
from chalicelib.codec import to_json
from chalicelib.errors import NotFound
from chalicelib.model import Context, Decision, Facts, LineAnswer, Outcome, Post, RuleTrace
from chalicelib.reading import read
from chalicelib.rulebook.book import GRACE, Rulebook
from chalicelib.rulebook.edit import Sample
from chalicelib.rulebook.forms import WrittenRule
from chalicelib.rulebook.guards import guard
from chalicelib.rulebook.leastchange import Change, LeastChange
from chalicelib.rulebook.loader import Source
from chalicelib.rulebook.rule import BLOCKS, Rule, Status
from chalicelib.rulebook.trace import failing, quoted
from chalicelib.rulebook.tryout import LONGEST


def tell(source: Source, rulebook: Rulebook, written: WrittenRule, post: Post, as_json: bool) -> int:
    """Print it; 1 where the rule did not match. Raises NotFound for one that is retired, or about silence."""
    rule, sample = written.rule, Sample(post, Context(now=datetime.now(UTC)))
    trace = rulebook.explain(read(sample.post, sample.context), rule.id)
    if trace is None:
        why = "waits for silence: no post matches it" if rule.unheard else "is retired; it is not tried any more"
        raise NotFound(f"rule '{rule.id}' {why}")
    change = None if _stopping(rule, trace) == [] else _change(source, written, sample)
    after = None if change is None else change.sample
    verdict = Verdict(rulebook, rule, trace, _decided(rulebook, after or sample))
    said = _said(verdict, change)
    if as_json:
        print(json.dumps({**to_json(trace), "change": _as_json(change, verdict.made), "said": said}))
    else:
        print("\n".join([*lines(trace), *said]))
    return FINE if trace.matched else FOUND


def _change(source: Source, written: WrittenRule, sample: Sample) -> Change | None:
    matching = [each.post.text for each in written.examples if each.expected and each.post.text]
    return LeastChange(source.book, written.rule, _facts, matching).find(sample)


def _facts(sample: Sample) -> Facts:
    return read(sample.post, sample.context)


def _decided(rulebook: Rulebook, sample: Sample) -> Decision:
    stopped = guard(sample.post)
    return stopped or rulebook.decide(_facts(sample), trace=False)


def _stopping(rule: Rule, trace: RuleTrace) -> list[LineAnswer]:
    return failing([line for line in trace.lines if line.block in BLOCKS], rule.then.outcome is Outcome.IGNORE)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule's trace, and what is decided in the end: of the changed post, where a change was found."""

    rulebook: Rulebook
    rule: Rule
    trace: RuleTrace
    made: Decision


def _said(verdict: Verdict, change: Change | None) -> list[str]:
    """What a person would say: what stood in the way, what would help, and what would come of it."""
    stopping = _stopping(verdict.rule, verdict.trace)
    if not stopping:
        return _remarks(verdict)
    said = ["In the way:", *(f"    {wanted}" for wanted in _in_the_way(stopping))]
    if change is None:
        return [*said, "No small change to the post was found that makes all of them say otherwise."]
    said.append(f"{_joined([edit.says for edit in change.edits])}: then it matches.")
    return [*said, *_changed(change), *_remarks(verdict)]


def _in_the_way(stopping: list[LineAnswer]) -> list[str]:
    some = [line.line for line in stopping if line.block == "any"]
    rest = [_wanted(line) for line in stopping if line.block != "any"]
    return [*rest, f"none of these said yes: {'; '.join(map(_short, some))}"] if some else rest


def _wanted(line: LineAnswer) -> str:
    found = f" (it found {quoted(line.found)})" if line.found else ""
    needed = "no" if line.block == "none" else "yes"
    return f"{_short(line.line)} must say {needed}; it said {line.answer.value}{found}"


def _short(line: str) -> str:
    return f"'{line}'" if len(line) <= LONGEST else f"'{line[: LONGEST - 3]}...'"


def _joined(says: list[str]) -> str:
    *most, last = says
    joined = f"{', '.join(most)} and {last}" if most else last
    return joined[:1].upper() + joined[1:]


def _changed(change: Change) -> list[str]:
    text = change.sample.post.text
    return [f'    the post is then: "{text}"'] if text and any('"' in edit.says for edit in change.edits) else []


def _remarks(verdict: Verdict) -> list[str]:
    """What else keeps the rule from deciding, once its lines match."""
    rule, made = verdict.rule, verdict.made
    if made.guard:
        return [f"But no rule is asked about this post: {made.guard}."]
    counted = [line for line in verdict.trace.lines if line.block not in BLOCKS]
    remarks = [f"One post is not enough: it asks for {line.line}." for line in counted]
    if rule.status is not Status.LIVE:
        return [*remarks, f"It is {rule.status.value}: it decides nothing."]
    if rule.then.at_most:
        remarks.append(f"It recommends at most {rule.then.at_most}.")
    if made.rule == rule.id:
        return remarks if verdict.trace.matched else [*remarks, f"Decided again: {summed_up(made)}"]
    return remarks if counted and rule.id not in made.matched else [*remarks, _lost(verdict)]


def _lost(verdict: Verdict) -> str:
    rule, made = verdict.rule, verdict.made
    if rule.id not in made.matched:
        until = date.fromisoformat(rule.review_by) + GRACE
        return f"It matches, but it was to be reviewed by {rule.review_by}: since {until} it only records."
    winner = next(each for each in verdict.rulebook.book.rules if each.id == made.rule)
    how = "overrides it" if rule.id in winner.overrides else "wins"
    return f"It matches, but '{winner.id}' {how}: {summed_up(made)}"


def _as_json(change: Change | None, made: Decision) -> dict[str, object] | None:
    if change is None:
        return None
    known = to_json(replace(change.sample.context, now=None))
    return {
        "edits": [edit.says for edit in change.edits],
        "post": to_json(change.sample.post),
        "known": {name: value for name, value in known.items() if value not in ([], {})},
        "decision": shown(made, trace=False),
    }

"""What is left of decisions, cases and what they owe once words are erased, and once their author is forgotten.

Called again on what they made, all of these change nothing: whoever died in between is followed by another.
"""

from __future__ import annotations

from dataclasses import replace

from chalicelib.model import Case, Decision, Delivery, Notice, NoticeKind, Recorded
from chalicelib.model.decision import FOUND
from chalicelib.model.notice import BECAUSE, CLOSES

GONE = ": found words that are erased"
ERASED = "erased"  # in place of what others said about it, which may quote it


def reason(said: str) -> str:
    """Why something was decided, without the words of the post that were found."""
    name, found, _ = said.partition(f'{FOUND}"')
    return f"{name}{GONE}" if found else said


def subject(why: str) -> str:
    """What a case is called that is nobody's any more: by the rule, as `why` begins with its name."""
    return reason(why).removesuffix(GONE)


def without_words(decision: Decision) -> Decision:
    """The decision with every line's answer, and without the words of the text that were found."""
    lines = tuple(
        replace(trace, lines=tuple(replace(line, found=()) for line in trace.lines)) for trace in decision.lines
    )
    return replace(decision, lines=lines, reason=reason(decision.reason))


def forgotten(recorded: Recorded) -> Recorded:
    """What was decided, by which rule and when, about a post of nobody."""
    decision = without_words(recorded.decision)
    if decision.subject is not None:  # it may name the author, in whatever words the rule has for that
        decision = replace(decision, subject=subject(decision.reason))
    return replace(recorded, post=recorded.post.without_person(), decision=decision, erased=True)


def wordless_case(case: Case, post_id: str) -> Case:
    """The case once a post was taken back: where that opened it, its words are in the reason."""
    if case.post_id != post_id:
        return case
    return replace(case, reason=reason(case.reason), subject=reason(case.subject))


def forgotten_case(case: Case) -> Case:
    """The case once its author is forgotten."""
    refused = ERASED if case.refused is not None else None
    called, why = subject(case.reason), reason(case.reason)
    return replace(case, author_key=None, conversation_id=None, subject=called, reason=why, refused=refused)


def forgotten_delivery(delivery: Delivery, before: Case) -> Delivery:
    """What a case owes or has owed, once its author is forgotten; what the CRM said of it goes too."""
    heading = subject(before.reason) if delivery.heading == before.subject else delivery.heading
    return replace(delivery, heading=heading, words=ERASED if delivery.words is not None else None)


def retold(notice: Notice, after: Case) -> Notice:
    """What people were told of a case, as they would be by what is left of it."""
    _, by, who = notice.title.rpartition(" (by ")
    who = who if by and notice.kind in CLOSES else ""
    lines = tuple(f"{BECAUSE}{after.reason}" if line.startswith(BECAUSE) else line for line in notice.lines)
    link = notice.link if after.author_key is not None else None
    return replace(notice, title=f"{after.subject}{by if who else ''}{who}", lines=lines, link=link)


def regathered(digest: Notice, before: Case, after: Case) -> Notice:
    """A notice that gathers others, where some of these are of a case that is called something else now."""
    return replace(digest, lines=tuple(_renamed(line, before.subject, after.subject) for line in digest.lines))


def _renamed(line: str, before: str, after: str) -> str:
    """Lines are `Mon 09:00 UTC  alert: subject`; of one that was taken up, who did follows."""
    for kind in NoticeKind:
        when, is_of, rest = line.partition(f"  {kind.value}: {before}")
        if is_of and (not rest or rest.startswith(" (by ")):
            return f"{when}  {kind.value}: {after}{rest}"
    return line

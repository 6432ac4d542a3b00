"""Where each item lives in the one table. Ids come from strangers and keys have limits: what does not fit is hashed.

Limits: partition key 2048 bytes, sort key 1024 bytes
(https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html).
"""

from __future__ import annotations

import hashlib
from datetime import date

PARTITION_BYTES = 2048
SORT_BYTES = 1024
OWING_PARTITIONS = 8
USUAL_PARTITIONS = 8
GROWTH_PARTITIONS = 8
POST = "POST#"
DELIVERY = "DELIVERY#"
EVENT = "EVENT#"
HEARD = "HEARD#"
VERSION = "V#"
RULEBOOKS = "RULEBOOKS"
RULEBOOK = "VERSION#"
MOVE = "MOVE#"
DECLINED = "DECLINED#"
PART = "PART#"

ERASURES = "ERASURES"
SILENCES = "SILENCES"
HOLDING = "HOLDING"
TELLING = "TO#"
# Partitions of the sparse index `owing` beside those of cases: what people are owed now, and what once more later.
PEOPLE = "people"
AGAIN = "again"

Key = tuple[str, str]

POINTER: Key = (RULEBOOKS, "POINTER")


def digest(text: str) -> str:
    """The SHA-256 of any text, lone surrogates included, as 64 hex digits."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def head(post_id: str) -> Key:
    """What is known of all versions of a post together."""
    return _partition("POST", post_id), "HEAD"


def version(post_id: str, name: str) -> Key:
    """One version's decision."""
    return _partition("POST", post_id), _sort(VERSION, name)


def author(author_key: str) -> Key:
    """What an author's record remembers."""
    return _partition("AUTHOR", author_key), "STATE"


def forgotten(author_key: str) -> Key:
    """That an author asked to be forgotten; whose it is tells only who knows the author already."""
    return _partition("FORGOTTEN", digest(f"forgotten\x1f{author_key}")), "ASKED"


def case(case_id: str) -> Key:
    """One case."""
    return _partition("CASE", case_id), "CASE"


def delivery(case_id: str, sequence: str) -> Key:
    """One effect owed, sorted by its sequence within the case."""
    return _partition("CASE", case_id), _sort(DELIVERY, sequence)


def heeded(case_id: str, crm: str, event_id: str) -> Key:
    """That something which people did with a case in a CRM was heeded."""
    return _partition("CASE", case_id), _sort(EVENT, f"{crm}#{event_id}")


def reference(crm: str, ref: str) -> Key:
    """Which case a CRM's record is."""
    return _partition("RECORD", f"{crm}#{ref}"), "CASE"


def asked(crm: str) -> Key:
    """How far a CRM without webhooks was asked what people did there."""
    return _partition("CRM", crm), "ASKED"


def window(name: str) -> Key:
    """One window of a rule's `repeats`."""
    return _partition("WINDOW", name), "STATE"


def counting(group: str) -> Key:
    """Since when a rule's posts are counted for what is usual."""
    return _partition("WINDOW", group), "SINCE"


def usual(name: str, hour: int) -> list[Key]:
    """The posts of a window in one hour, in as many partitions as functions may write to at once."""
    return [(_partition("USUAL", f"{name}#{shard}"), f"HOUR#{hour}") for shard in range(USUAL_PARTITIONS)]


def alert(name: str) -> Key:
    """One alert."""
    return _partition("ALERT", name), "ALERT"


def growth(alert_id: str, part: str) -> Key:
    """What one process saw of an alert's growth; `part` is the process's name for it, in hex digits."""
    return growths(alert_id)[int(part[:8], 16) % GROWTH_PARTITIONS], f"PART#{part}"


def growths(alert_id: str) -> list[str]:
    """All partitions in which an alert's growth lies: as many as functions may write to at once."""
    return [_partition("GROWTH", f"{alert_id}#{shard}") for shard in range(GROWTH_PARTITIONS)]


def lease(name: str) -> Key:
    """How far one subscription at a hub reaches."""
    return _partition("LEASE", name), "LEASE"


def underway(message: str) -> Key:
    """At which of its receives a message was begun and not answered for."""
    return _partition("MESSAGE", message), "UNDERWAY"


def hearing(platform: str, day: date) -> Key:
    """What a platform told on one day."""
    return _partition("PLATFORM", platform), f"{HEARD}{day:%Y-%m-%d}"


def erasure(code: str) -> Key:
    """One person's wish to be forgotten."""
    return ERASURES, _sort("", code)


def notice(key: str) -> Key:
    """What people are told once a channel."""
    return _partition("NOTICE", key), "NOTICE"


def telling(key: str, channel: str) -> Key:
    """What one channel has of a notice."""
    return _partition("NOTICE", key), _sort(TELLING, channel)


def held(channel: str) -> str:
    """The partition of the sparse index `owing` in which a channel's notices wait for the end of quiet hours."""
    return _partition("held", channel)


def holding(channel: str) -> Key:
    """That something is held in a channel."""
    return HOLDING, _sort("", channel)


def matter(about: str) -> Key:
    """What was asked about something."""
    return _partition("ABOUT", about), "FIRST"


def acknowledged(about: str) -> Key:
    """Who has taken up what notices are about."""
    return _partition("ABOUT", about), "ACKNOWLEDGED"


def silence(name: str) -> Key:
    """One silence."""
    return SILENCES, _sort("", name)


def owes(case_id: str) -> str:
    """The partition of the sparse index `owing` in which this case's deliveries are found while they are owed."""
    return f"crm#{int(digest(case_id)[:8], 16) % OWING_PARTITIONS}"


def clock(case_id: str) -> str:
    """The partition of the sparse index `owing` in which a case is found while its clock runs."""
    return f"clock#{int(digest(case_id)[:8], 16) % OWING_PARTITIONS}"


def clocks() -> list[str]:
    """All partitions of clocks that run."""
    return [f"clock#{number}" for number in range(OWING_PARTITIONS)]


def owing() -> list[str]:
    """All partitions of the sparse index `owing` of what cases owe to the CRM."""
    return [f"crm#{number}" for number in range(OWING_PARTITIONS)]


def rulebook(version: str) -> Key:
    """The head of a published version."""
    return RULEBOOKS, _sort(RULEBOOK, version)


def rulebook_parts(version: str) -> str:
    """The partition in which a version's bundle lies."""
    return _partition("RULEBOOK", version)


def rulebook_part(version: str, number: int) -> Key:
    """One part of a version's bundle."""
    return rulebook_parts(version), f"{PART}{number:04}"


def move(revision: int) -> Key:
    """One move of the pointer to the live version, sorted by its number."""
    return RULEBOOKS, f"{MOVE}{revision:08}"


def declined(revision: int, version: str) -> Key:
    """What a running function could not take after a move."""
    return RULEBOOKS, _sort(f"{DECLINED}{revision:08}#", version)


def _partition(sort_of: str, name: str) -> str:
    # `~` keeps the hashed apart from the plain: no id can be chosen so as to meet another's hash.
    return f"{sort_of}#{name}" if _fits(name, PARTITION_BYTES - 16) else f"{sort_of}~{digest(name)}"


def _sort(prefix: str, name: str) -> str:
    if _fits(name, SORT_BYTES - 16):
        return prefix + name
    # The beginning is kept, so that what was in order stays in order.
    beginning = name.encode("utf-8", "replace")[:512].decode("utf-8", "ignore")
    return f"{prefix}{beginning}~{digest(name)}"


def _fits(name: str, limit: int) -> bool:
    try:
        return len(name.encode()) <= limit
    except UnicodeEncodeError:  # a lone surrogate, which no key may hold
        return False

"""Who an author is among the CRM's customers: looked up when a case is opened, as far as the platform's terms allow."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.errors import Refused, Unavailable
from chalicelib.log import Log
from chalicelib.model import Link, Profile
from chalicelib.ports.clock import Clock
from chalicelib.ports.crm import Crm, Identities

FOUND_FOR = timedelta(days=30)
NOT_FOUND_FOR = timedelta(days=1)
# Where authors are looked up only when the company has set that it may (`customers`), having asked them or its lawyers.
ASK_FIRST: Mapping[str, str] = {
    # An express opt-in before a name of theirs is matched with a customer's record.
    "x": "https://developer.x.com/en/developer-terms/more-on-restricted-use-cases",
    # It passes on posts from X, among others, and does not say so in the platform's name.
    "youscan": "https://developer.x.com/en/developer-terms/more-on-restricted-use-cases",
    # Consent before a member's profile data are stored.
    "linkedin": "https://learn.microsoft.com/en-us/linkedin/marketing/data-storage-requirements",
}


def may_look_up(platform: str, set_by_company: bool | None) -> bool:
    """Whether authors of this platform may be looked up among customers without asking each of them."""
    return platform not in ASK_FIRST if set_by_company is None else set_by_company


@dataclass(frozen=True, slots=True)
class Registry:
    """What is known of authors as customers; `permits` says of which platforms' authors it may be asked."""

    identities: Identities
    clock: Clock
    permits: Callable[[str], bool]
    log: Log

    def customer(self, crm: Crm, author_key: str | None, known: Link | None, profile: Profile | None) -> str | None:
        """The CRM's record of an author, looked up unless it is known already. Raises Unavailable (the table).

        That the CRM cannot be searched holds up no case: it is opened without a customer, and the next one asks again.
        """
        now = self.clock()
        if known is not None and known.stands(crm.name, now):
            return known.customer
        if profile is None or author_key is None or not self.permits(profile.platform):
            return None
        try:
            found = crm.customers(profile)
        except (Unavailable, Refused) as trouble:
            self.log.warning("customer.unsearched", crm=crm.name, why=type(trouble).__name__)
            return None
        records = sorted({one.ref for one in found})
        # Two who might be it are nobody: a wrong name on a case is worse than none.
        link = Link(crm.name, now, until=now + NOT_FOUND_FOR)
        if len(records) == 1:
            evidence = "; ".join(sorted({one.evidence for one in found}))
            link = Link(crm.name, now, records[0], evidence, now + FOUND_FOR)
        # Not noted where somebody linked or revoked meanwhile, or the author was forgotten: then it is not used either.
        return link.customer if self.identities.note_link(author_key, known, link) else None

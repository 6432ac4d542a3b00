"""By what a company's records tell whose profile is whose."""

from __future__ import annotations

from chalicelib.model import Profile


def handles(profile: Profile) -> list[str]:
    """`platform:handle` and `platform:id`, as far as they are known: what a record's field for profiles may hold."""
    known = {name.strip().lstrip("@") for name in (profile.author.handle, profile.author.id) if name}
    return [f"{profile.platform}:{name}" for name in sorted(known - {""})]

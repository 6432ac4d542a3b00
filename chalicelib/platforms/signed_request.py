"""Meta's signed request, by which it passes on that a person wants their data deleted.

https://developers.facebook.com/docs/development/create-an-app/app-dashboard/data-deletion-callback
"""

from __future__ import annotations

import base64
from urllib.parse import parse_qs

from chalicelib.errors import BadPayload
from chalicelib.platforms.document import document
from chalicelib.platforms.foreign import Foreign
from chalicelib.ports.platform import WebhookRequest
from chalicelib.signature import Scheme

FIELD, MOST_FIELDS = "signed_request", 10
SIGNED = Scheme(header=FIELD, encoding="base64")  # over the payload's text, not over what it says


def signed_request(request: WebhookRequest, secrets: tuple[str, ...]) -> Foreign | None:
    """What a form's signed request says; None where it is not signed with one of the secrets."""
    signature, dot, payload = _field(request.body).partition(".")
    given = signature.replace("-", "+").replace("_", "/") + "=" * (-len(signature) % 4)
    if not dot or not SIGNED.holds({FIELD: given}, payload.encode("latin-1", "replace"), request.received_at, secrets):
        return None
    try:
        said = document(base64.b64decode(payload + "=" * (-len(payload) % 4), altchars=b"-_", validate=True))
    except (ValueError, BadPayload):
        return None
    return said if said.value.get("algorithm") == "HMAC-SHA256" else None


def _field(body: bytes) -> str:
    """The form's field; nothing where there is no form or no such field."""
    try:
        found = parse_qs(body.decode("ascii"), max_num_fields=MOST_FIELDS).get(FIELD, [])
    except ValueError:
        return ""
    return found[0] if len(found) == 1 else ""

"""Senders that sign nothing: whoever knows the secret in the address we gave is believed.

`https://earshot:<secret>@host/...` makes the sender put it into `Authorization: Basic`
(https://www.rfc-editor.org/rfc/rfc7617); one that cannot do so is given `...?secret=<secret>`.
"""

from __future__ import annotations

import base64
import hmac

from chalicelib.platforms.base import BasePlatform
from chalicelib.ports.platform import WebhookRequest
from chalicelib.signature import Scheme, plain_key

USER = b"earshot"
PARAMETER = "secret"


def basic_key(secret: str) -> bytes:
    """What stands in `Authorization` for a secret; nothing for an empty one."""
    password = plain_key(secret)
    return b"Basic " + base64.b64encode(USER + b":" + password) if password else b""


BASIC = Scheme(header="authorization", digest=None, key=basic_key)


class SharedSecretPlatform(BasePlatform):
    """No byte of the body is signed. The query is read second: addresses end up in logs more easily than headers."""

    scheme = BASIC

    def is_trusted(self, request: WebhookRequest) -> bool:
        """Whether it comes with one of the secrets, in either place."""
        return knows_secret(request, self.settings.secrets)


def knows_secret(request: WebhookRequest, secrets: tuple[str, ...]) -> bool:
    """Whether a request carries one of these secrets; compared in constant time, an empty one is none."""
    given = request.query.get(PARAMETER, "").encode("utf-8", "surrogatepass")
    in_header = BASIC.holds(request.headers, request.body, request.received_at, secrets)
    in_query = any([hmac.compare_digest(key, given) for key in map(plain_key, secrets) if key])
    return in_header or in_query

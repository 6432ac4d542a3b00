"""Reddit's API for an app of our own. https://www.reddit.com/dev/api/"""

from __future__ import annotations

import base64
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

from chalicelib.errors import BadPayload, Unavailable
from chalicelib.platforms.document import document
from infra.bridges.reddit_things import Thing, things

API, LOGIN = "https://oauth.reddit.com", "https://www.reddit.com/api/v1/access_token"
TIMEOUT = 30  # seconds


class Reddit:
    """Reddit's API for an app of our own. Every call raises Unavailable."""

    def __init__(self, app: tuple[str, str], agent: str, api: str = API, login: str = LOGIN) -> None:
        self._app, self._agent, self._api, self._login = app, agent, api, login
        self._token: str | None = None

    def listing(self, path: str, **query: Any) -> tuple[list[Thing], str | None]:
        """The things of one page, and what asks for the next."""
        try:
            page = document(self._get(f"{self._api}{path}?{urlencode({**query, 'raw_json': 1})}"))
            return things(page), page.at("data").text("after")
        except BadPayload as error:
            raise Unavailable(f"Reddit's answer cannot be read: {error}") from None

    def _get(self, url: str) -> bytes:
        self._token = self._token or self._log_in()
        try:
            return self._call(Request(url, headers={"authorization": f"Bearer {self._token}"}))  # noqa: S310
        except Unavailable:
            self._token = None  # it may have been that: they last a day
            raise

    def _log_in(self) -> str:
        basic = base64.b64encode(":".join(self._app).encode()).decode()
        body = urlencode({"grant_type": "client_credentials"}).encode()
        request = Request(self._login, body, {"authorization": f"Basic {basic}"})  # noqa: S310 - our own address
        return document(self._call(request)).need_text("access_token")

    def _call(self, request: Request) -> bytes:
        request.add_header("user-agent", self._agent)
        try:
            with urlopen(request, timeout=TIMEOUT) as answer:  # noqa: S310 - our own addresses
                content: bytes = answer.read()
                return content
        except HTTPError as error:
            with error:
                raise Unavailable(f"Reddit answers {error.code}", _seconds(error.headers.get("retry-after"))) from None
        except OSError as error:
            raise Unavailable(f"Reddit does not answer ({type(error).__name__})") from None


def _seconds(header: str | None) -> float | None:
    return float(header) if header and header.isascii() and header.isdigit() else None

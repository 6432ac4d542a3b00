"""Calls of Odoo's models: by JSON-RPC up to 18 (removed in 22), by JSON-2 from 19.

https://www.odoo.com/documentation/18.0/developer/reference/external_api.html
https://www.odoo.com/documentation/19.0/developer/reference/external_api.html
JSON-RPC answers 200 whatever happens; the error lies in the body, and a wrong key is no error but the answer `false`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from chalicelib.crm.rest import JsonRest
from chalicelib.errors import EarshotError, Refused, Unavailable
from chalicelib.plain import one_line
from chalicelib.transport import Transport

# What a person must put right in the record itself; all else may pass, or is an administrator's.
FINAL = ("odoo.exceptions.ValidationError", "odoo.exceptions.UserError", "odoo.exceptions.MissingError")
NO_SUCH_MODEL = re.compile(r"Object \S+ doesn't exist")  # a UserError, by JSON-RPC; its app is not installed
DENIED = "odoo.exceptions.AccessDenied"
WRONG_KEY = "does not accept our user and key: correct them"
NOT_FOUND = "builtins.ValueError"
JSON2_SINCE = 19


class MissingId(EarshotError):
    """No record has this external id."""


class OdooRpc:
    """One database of one server. Raises Refused only for what a changing call was told for good."""

    def __init__(self, settings: Mapping[str, str], transport: Transport) -> None:
        self._settings = settings
        self._transport = transport
        self._is_json2 = settings["api"] == "json2"
        self._rest = JsonRest(transport, "crms.odoo.url", settings["url"], self._headers)
        self._user = 0
        self._release = JSON2_SINCE if self._is_json2 else 0

    def call(self, model: str, method: str, ids: Sequence[int] = (), **named: Any) -> Any:
        """What the method returns. Raises MissingId, Refused, Unavailable."""
        if self._is_json2:
            return self._by_json2(model, method, {"ids": list(ids), **named} if ids else named)
        login = [self._settings["database"], self._who(), self._settings["api_key"]]
        return self._by_rpc("object", "execute_kw", [*login, model, method, [list(ids)] if ids else [], named])

    def release(self) -> int:
        """The server's, like 18; who speaks JSON-2 is of 19 at least. Raises Unavailable."""
        if not self._release:
            version = self._by_rpc("common", "version", [])
            self._release = int(version["server_version_info"][0])
        return self._release

    def _headers(self) -> Mapping[str, str]:
        if not self._is_json2:
            return {}
        key, database = self._settings["api_key"], self._settings["database"]
        return {"authorization": f"bearer {key}", "x-odoo-database": database}

    def _who(self) -> int:
        if not self._user:
            login = [self._settings["database"], self._settings["user"], self._settings["api_key"], {}]
            user = self._by_rpc("common", "authenticate", login)
            if not user:
                raise self._transport.deny(WRONG_KEY)
            self._user = int(user)
        return self._user

    def _by_rpc(self, service: str, method: str, args: Sequence[Any]) -> Any:
        params = {"service": service, "method": method, "args": args}
        body = {"jsonrpc": "2.0", "method": "call", "params": params, "id": 1}
        data = self._rest.read(self._rest.send("POST", "/jsonrpc", body))
        if "error" in data:
            error = data["error"].get("data", {})
            raise self._meant(str(error.get("name")), str(error.get("message")))
        if "result" not in data:
            raise Unavailable("odoo answered something that is not JSON-RPC: correct the url")
        return data["result"]

    def _by_json2(self, model: str, method: str, named: Mapping[str, Any]) -> Any:
        answer = self._rest.send("POST", f"/json/2/{model}/{method}", named, taken=(403, 404, 422, 500))
        data = self._rest.read(answer, object)
        if answer.status == 200:
            return data
        error = data if isinstance(data, dict) else {}
        raise self._meant(str(error.get("name")), str(error.get("message")))

    def _meant(self, name: str, words: str) -> EarshotError:
        if name == NOT_FOUND and "External ID not found" in words:
            return MissingId("no such external id")
        if name in FINAL and not NO_SUCH_MODEL.fullmatch(words):
            return Refused(one_line(words, 500))
        if name == DENIED:  # the key was revoked since it was last accepted
            self._user = 0
            return self._transport.deny(WRONG_KEY)
        return Unavailable(f"odoo could not do it ({one_line(name, 80)})", words=one_line(words, 500))

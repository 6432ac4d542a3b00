"""An Atom feed of YouTube to the same kind of value that JSON bodies become. https://www.rfc-editor.org/rfc/rfc4287"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from chalicelib.errors import BadPayload
from chalicelib.platforms.foreign import Foreign

ATOM = "{http://www.w3.org/2005/Atom}"
YT = "{http://www.youtube.com/xml/schemas/2015}"
AT = "{http://purl.org/atompub/tombstones/1.0}"


def feed(body: bytes) -> Foreign:
    """`{"events": [...]}`, entries and tombstones in their order. Raises BadPayload, whatever the bytes are.

    An entry has id, video, channel, title, link, name, uri, published and updated; a tombstone has id, when, name, uri.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise BadPayload("body: a feed declares no document type and no entities") from None
    except (ParseError, ValueError, LookupError):  # an encoding that is none is a LookupError
        raise BadPayload("body: expected XML") from None
    if root.tag != f"{ATOM}feed":
        raise BadPayload("body: expected an Atom feed")
    return Foreign({"events": list(_events(root))})


def _events(root: Element) -> Iterator[dict[str, Any]]:
    for element in root:
        if element.tag == f"{ATOM}entry":
            yield {"type": "entry", **_entry(element)}
        elif element.tag == f"{AT}deleted-entry":
            yield {"type": "deleted-entry", **_tombstone(element)}


def _entry(entry: Element) -> dict[str, str | None]:
    places = {
        "id": f"{ATOM}id",
        "video": f"{YT}videoId",
        "channel": f"{YT}channelId",
        "title": f"{ATOM}title",
        "name": f"{ATOM}author/{ATOM}name",
        "uri": f"{ATOM}author/{ATOM}uri",
        "published": f"{ATOM}published",
        "updated": f"{ATOM}updated",
    }
    link = entry.find(f"{ATOM}link[@rel='alternate']")
    said = {name: entry.findtext(place) for name, place in places.items()}
    return {**said, "link": None if link is None else link.get("href")}


def _tombstone(deleted: Element) -> dict[str, str | None]:
    name, uri = deleted.findtext(f"{AT}by/{ATOM}name"), deleted.findtext(f"{AT}by/{ATOM}uri")
    # The channel that took it down is written in either namespace.
    name = name or deleted.findtext(f"{AT}by/{AT}name")
    uri = uri or deleted.findtext(f"{AT}by/{AT}uri")
    return {"id": deleted.get("ref"), "when": deleted.get("when"), "name": name, "uri": uri}

"""A feed as Atom (RFC 4287), as iCalendar (RFC 5545, 7986) and as JSON Feed 1.1.

The same entries give the same bytes, so that nobody fetches twice what has not changed.
"""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from xml.etree import ElementTree as ET

from icalendar import Calendar, Event

from gateway.language import Language
from gateway.web.feeds import Entry, Feed

FRESH_FOR: Final = timedelta(hours=1)
"""How often calendars are asked to look again."""
ATOM: Final = "http://www.w3.org/2005/Atom"
_XML: Final = "http://www.w3.org/XML/1998/namespace"
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, whatever it is written as."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    media_type: str
    write: Callable[[Feed], bytes]


def atom(feed: Feed) -> bytes:
    root = ET.Element(_a("feed"), {f"{{{_XML}}}lang": str(feed.language)})
    _text(root, "id", feed.id.urn)
    _text(root, "title", feed.title)
    _text(root, "subtitle", feed.about)
    _text(root, "updated", _moment(feed.changed_at))
    _text(ET.SubElement(root, _a("author")), "name", feed.publisher)
    _link(root, "self", feed.address("atom"), "application/atom+xml")
    _link(root, "alternate", feed.page(feed.below), "text/html", feed.language)
    other = Language.DANISH if feed.language is Language.ENGLISH else Language.ENGLISH
    _link(root, "alternate", feed.address("atom", other), "application/atom+xml", other)
    for entry in feed.entries:
        _atom_entry(root, feed, entry)
    ET.register_namespace("", ATOM)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _atom_entry(root: ET.Element, feed: Feed, entry: Entry) -> None:
    element = ET.SubElement(root, _a("entry"))
    _text(element, "id", entry.id.urn)
    _text(element, "title", entry.title)
    _text(element, "published", _moment(entry.published_at))
    _text(element, "updated", _moment(entry.changed_at))
    _link(element, "alternate", feed.page(entry.below), "text/html", feed.language)
    ET.SubElement(element, _a("category"), {"term": _clean(entry.category)})
    _text(element, "summary", entry.summary)
    _text(element, "content", entry.text)


def calendar(feed: Feed) -> bytes:
    """The last day of each entry that has one, as a day of its own."""
    made = Calendar()
    made.add("prodid", f"-//Julelys//Julelys//{feed.language.upper()}")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("uid", str(feed.id))
    made.add("name", feed.title)
    made.add("x-wr-calname", feed.title)
    made.add("description", feed.about)
    made.add("url", feed.page(feed.below))
    made.add("last-modified", feed.changed_at.astimezone(UTC))
    made.add("refresh-interval", FRESH_FOR, {"VALUE": "DURATION"})
    for entry in feed.entries:
        if entry.last_day is not None:
            made.add_component(_event(feed, entry))
    return bytes(made.to_ical())


def _event(feed: Feed, entry: Entry) -> Event:
    made = Event()
    made.add("uid", f"{entry.id}@julelys")
    made.add("dtstamp", entry.changed_at.astimezone(UTC))
    made.add("last-modified", entry.changed_at.astimezone(UTC))
    made.add("created", entry.published_at.astimezone(UTC))
    made.add("dtstart", entry.last_day)
    made.add("summary", entry.title)
    made.add("description", f"{entry.summary}\n\n{entry.text}")
    made.add("url", feed.page(entry.below))
    made.add("categories", [entry.category])
    made.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    # A day on which one may answer takes no time from anybody's day.
    made.add("transp", "TRANSPARENT")
    return made


def json_feed(feed: Feed) -> bytes:
    look = feed.organisation.look
    icon = {"icon": feed.page("/logo.svg")} if look is not None and look.logo is not None else {}
    told: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.about,
        "home_page_url": feed.page(feed.below),
        "feed_url": feed.address("json"),
        "language": str(feed.language),
        **icon,
        "authors": [{"name": feed.publisher, "url": feed.organisation.contact.website}],
        "items": [_item(feed, each) for each in feed.entries],
    }
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()


def _item(feed: Feed, entry: Entry) -> dict[str, object]:
    """`_julelys` is an extension, as the format allows: what a list may be sorted by."""
    last_day = None if entry.last_day is None else entry.last_day.isoformat()
    return {
        "id": entry.id.urn,
        "url": feed.page(entry.below),
        "title": entry.title,
        "summary": entry.summary,
        "content_text": entry.text,
        "date_published": _moment(entry.published_at),
        "date_modified": _moment(entry.changed_at),
        "tags": [entry.category],
        "language": str(feed.language),
        "_julelys": {"last_day": last_day, "is_open": entry.is_open},
    }


FORMATS: Final[Mapping[str, Format]] = {
    "atom": Format(media_type="application/atom+xml; charset=utf-8", write=atom),
    "ics": Format(media_type="text/calendar; charset=utf-8", write=calendar),
    "json": Format(media_type="application/feed+json; charset=utf-8", write=json_feed),
}


def _a(name: str) -> str:
    return f"{{{ATOM}}}{name}"


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, _a(name)).text = _clean(text)


def _link(
    parent: ET.Element, rel: str, href: str, kind: str, language: Language | None = None
) -> None:
    given = {"rel": rel, "type": kind, "href": href}
    ET.SubElement(parent, _a("link"), given | ({"hreflang": str(language)} if language else {}))


def _clean(text: str) -> str:
    return _NOT_XML.sub("", text)


def _moment(moment: datetime) -> str:
    """RFC 3339, in UTC and whole seconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")

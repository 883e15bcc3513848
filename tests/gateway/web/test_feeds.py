"""What other sites and programs fetch: whole by each format's own rules, and not fetched twice."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx
import jsonschema_rs
import pytest
import xmlschema
from defusedxml.ElementTree import fromstring
from icalendar import Calendar

from gateway.language import Language
from gateway.web.feed_formats import ATOM, FORMATS, atom, calendar, json_feed
from gateway.web.feeds import Entry, Feed
from services.catalogue.organisation import Organisation
from tests.gateway.running import START, System, code
from tests.shipped import HJORRING

HERE: Final = Path(__file__).parent
NAMES: Final = {"a": ATOM}
SITE: Final = "https://selvbetjening.example"
DAY: Final = datetime(2026, 12, 1, 8, 30, tzinfo=UTC)
NEWS: Final = Entry(
    id=UUID(int=7),
    title="Støj & <larm>, »stilhed«, \x00\x0b🦌",
    below="/hearings/7",
    summary="Svar senest tirsdag.",
    text="Linje 1\r\n\r\nLinje 2, med komma; semikolon\\ og meget mere, så linjen må brydes. " * 3,
    category="Lokalplan",
    published_at=DAY,
    changed_at=DAY + timedelta(hours=1, microseconds=5),
    last_day=date(2026, 12, 24),
)
OFF: Final = Entry(
    id=UUID(int=8),
    title="Aflyst",
    below="/hearings/8",
    summary="Høringen er aflyst.",
    text="Planen er trukket tilbage.",
    category="Lokalplan",
    published_at=DAY,
    changed_at=DAY,
    last_day=date(2026, 12, 28),
    is_open=False,
    is_cancelled=True,
)


@pytest.fixture(scope="module")
def grammar() -> xmlschema.XMLSchema11:
    return xmlschema.XMLSchema11(HERE / "atom.xsd")


@pytest.fixture(scope="module")
def json_grammar() -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        json.loads((HERE / "json-feed.schema.json").read_text(encoding="utf-8")),
        validate_formats=True,
    )


@cache
def hjorring() -> Organisation:
    return HJORRING


def feed_of(*entries: Entry, language: Language = Language.DANISH) -> Feed:
    return Feed(
        name="hearings",
        title="Høringer",
        about="Hvad der er i høring.",
        below="/hearings",
        site=SITE,
        organisation=hjorring(),
        language=language,
        entries=entries,
    )


def test_atom_is_as_the_rfc_has_it_whatever_stands_in_it(grammar: xmlschema.XMLSchema11) -> None:
    for feed in (feed_of(NEWS, OFF), feed_of(), feed_of(NEWS, language=Language.ENGLISH)):
        grammar.validate(atom(feed).decode())
    read = fromstring(atom(feed_of(NEWS)))
    assert read.findtext("a:entry/a:title", namespaces=NAMES) == "Støj & <larm>, »stilhed«, 🦌"
    assert read.findtext("a:updated", namespaces=NAMES) == "2026-12-01T09:30:00Z"
    assert read.findtext("a:entry/a:id", namespaces=NAMES) == NEWS.id.urn
    link = read.find("a:entry/a:link", NAMES)
    assert link is not None
    assert link.get("href") == f"{SITE}/hjorring/hearings/7"


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<updated>2026-12-01T09:30:00Z</updated>", ""),
        ("T09:30:00Z</updated>", "T09:30:00</updated>"),
        ('rel="self"', 'rel="alternate"'),
        ("<name>Hjørring Kommune</name>", ""),
        (f"<id>{NEWS.id.urn}</id>", "<id>7</id>"),
        ("<title>Aflyst</title>", "<title>Aflyst</title><title>Aflyst</title>"),
        (OFF.id.urn, NEWS.id.urn),
    ],
)
def test_the_grammar_tells_what_is_wrong(
    grammar: xmlschema.XMLSchema11, right: str, wrong: str
) -> None:
    written = atom(feed_of(NEWS, OFF)).decode()
    assert right in written
    assert not grammar.is_valid(written.replace(right, wrong))


def test_json_feed_is_as_it_is_specified(
    json_grammar: jsonschema_rs.Draft202012Validator,
) -> None:
    told = json.loads(json_feed(feed_of(NEWS, OFF)))
    json_grammar.validate(told)
    assert told["items"][0]["content_text"] == NEWS.text
    assert told["items"][0]["_julelys"] == {"last_day": "2026-12-24", "is_open": True}
    for left_out in ("id", "content_text"):
        spoilt = {**told, "items": [{**told["items"][0]}]}
        del spoilt["items"][0][left_out]
        assert not json_grammar.is_valid(spoilt)


def test_a_calendar_has_a_day_for_each_and_takes_nobodys_time() -> None:
    written = calendar(feed_of(NEWS, OFF))
    assert all(len(line) <= 75 for line in written.split(b"\r\n"))
    read = Calendar.from_ical(written)
    assert read["METHOD"] == "PUBLISH"
    assert read["X-WR-CALNAME"] == "Høringer"
    first, second = read.walk("VEVENT")
    assert first["UID"] == f"{NEWS.id}@julelys"
    assert first["DTSTART"].to_ical() == b"20261224"
    assert (first["TRANSP"], first["URL"]) == ("TRANSPARENT", f"{SITE}/hjorring/hearings/7")
    assert "semikolon\\ og" in str(first["DESCRIPTION"])
    assert (first["STATUS"], second["STATUS"]) == ("CONFIRMED", "CANCELLED")


@pytest.mark.parametrize("ending", sorted(FORMATS))
def test_the_same_entries_are_the_same_bytes(ending: str) -> None:
    write = FORMATS[ending].write
    assert write(feed_of(NEWS, OFF)) == write(feed_of(NEWS, OFF))
    assert write(feed_of(NEWS, OFF)) != write(feed_of(NEWS, OFF, language=Language.ENGLISH))


def ask(
    system: System, name: str, language: str = "da", method: str = "GET", **headers: str
) -> httpx.Response:
    given: Mapping[str, str] = {key.replace("_", "-"): value for key, value in headers.items()}
    address = f"{system.address}/hjorring/feeds/{language}/{name}"
    return httpx.request(method, address, headers=given)


def test_a_hearing_is_in_every_format_as_soon_as_it_is_published(
    system: System,
    grammar: xmlschema.XMLSchema11,
    json_grammar: jsonschema_rs.Draft202012Validator,
) -> None:
    hearing = system.post("karen", "/hearings", body_of("Lokalplan for en rensdyrfold"))
    position = hearing.headers["Julelys-Position"]
    found = hearing.json()["hearing"]
    for name, media_type in (
        ("hearings.atom", "application/atom+xml; charset=utf-8"),
        ("hearings.ics", "text/calendar; charset=utf-8"),
        ("hearings.json", "application/feed+json; charset=utf-8"),
    ):
        answer = ask(system, f"{name}?position={position}")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == media_type
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
        assert "Set-Cookie" not in answer.headers
        assert found in answer.text
    grammar.validate(ask(system, "hearings.atom").text)
    grammar.validate(ask(system, "services.atom", "en").text)
    for name in ("hearings.json", "services.json"):
        json_grammar.validate(ask(system, name).json())


def body_of(title: str) -> dict[str, object]:
    closes_at = (START + timedelta(weeks=5)).isoformat()
    about = "Fold til ni rensdyr."
    return {
        "kind": "local-plan",
        "title": title,
        "description": about,
        "team": "byggeri-natur",
        "closes_at": closes_at,
    }


def test_what_one_has_is_not_sent_again(system: System) -> None:
    first = ask(system, "services.atom")
    tag, changed = first.headers["ETag"], first.headers["Last-Modified"]
    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert first.headers["Vary"] == "Accept-Encoding"
    earlier = (parsedate_to_datetime(changed) - timedelta(days=1)).strftime(
        "%a, %d %b %Y %H:%M:%S GMT"
    )
    for known in (
        {"If_None_Match": tag},
        {"If_None_Match": f'"other", W/{tag}'},
        {"If_Modified_Since": changed},
    ):
        again = ask(system, "services.atom", **known)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["ETag"] == tag
    for unknown in (
        {"If_None_Match": '"other"'},
        {"If_Modified_Since": earlier},
        {"If_Modified_Since": "yesterday"},
        # The tag says more than the date, and goes first.
        {"If_None_Match": '"other"', "If_Modified_Since": changed},
    ):
        assert ask(system, "services.atom", **unknown).status_code == 200
    assert ask(system, "services.atom", "en").headers["ETag"] != tag
    asked = ask(system, "services.atom", method="HEAD")
    assert (asked.content, asked.headers["ETag"]) == (b"", tag)


def test_a_script_of_another_site_may_ask_and_only_ask(system: System) -> None:
    before = ask(system, "hearings.json", method="OPTIONS", Origin="https://else.example")
    assert before.status_code == 204
    assert before.headers["Access-Control-Allow-Methods"] == "GET, HEAD"
    assert "If-None-Match" in before.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in before.headers
    # What is not public stays within our own pages.
    other = httpx.get(f"{system.address}/hjorring", headers={"Origin": "https://else.example"})
    assert "Access-Control-Allow-Origin" not in other.headers


@pytest.mark.parametrize(
    "below", ["da/services.ics", "da/hearings.rss", "da/hearings", "de/hearings.atom"]
)
def test_there_is_no_such_feed(system: System, below: str) -> None:
    answer = httpx.get(f"{system.address}/hjorring/feeds/{below}")
    assert (answer.status_code, code(answer)) == (404, "route-not-found")


def test_only_sites_that_are_named_may_frame_a_list_and_only_a_list(system: System) -> None:
    def policy(path: str) -> str:
        answer = httpx.get(system.address + path)
        assert answer.status_code == 200
        return str(answer.headers["Content-Security-Policy"])

    assert policy("/hjorring/embed/da/hearings").endswith(
        "frame-ancestors https://hjorring.example"
    )
    assert policy("/vejle/embed/da/services").endswith("frame-ancestors 'none'")
    assert policy("/hjorring/hearings").endswith("frame-ancestors 'none'")
    listed = httpx.get(f"{system.address}/hjorring/embed/en/services")
    assert "<script" not in listed.text
    assert listed.headers["Cache-Control"] == "public, max-age=300"
    assert 'lang="en"' in listed.text


def test_every_page_tells_where_the_feeds_are(system: System) -> None:
    page = httpx.get(f"{system.address}/hjorring/hearings").text
    for name, kind in (
        ("hearings.atom", "application/atom+xml"),
        ("hearings.ics", "text/calendar"),
    ):
        assert f'rel="alternate" type="{kind}" href="/hjorring/feeds/da/{name}"' in page

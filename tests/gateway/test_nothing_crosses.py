"""Two organisations under load together: no row, file, hit or event crosses, and no id opens."""

import asyncio
import mailbox
from collections.abc import Iterator, Sequence
from email import policy
from email.parser import BytesParser
from functools import partial
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from psycopg.sql import SQL, Identifier

from services.database import Row, connect
from services.feed.kafka_feed import KafkaFeed
from services.preparing import prepare
from services.privacy.opening import reading_connection
from services.privacy.person_keys import PersonKeys
from services.relay.configuring import kafka_settings
from tests.broker import Broker
from tests.gateway.cities import HJORRING, VEJLE, Side, city, is_ready
from tests.gateway.crossing import ANONYMOUS, COMMON, Talk, key, under_load
from tests.gateway.routes import APP
from tests.gateway.running import wait_until
from tests.gateway.simulating import Ledger
from tests.keys import RING
from tests.postgres import own_database

PATIENCE_SECONDS = 180.0
SIDES = ((HJORRING, VEJLE), (VEJLE, HJORRING))
NOWHERE = str(UUID(int=0xDEAD))

NOT_AT_HOME = {
    "/cases/{case_id}/meeting.ics",
    "/cases/{case_id}/decision/{decision_id}/draft.pdf",
    "/cases/{case_id}/decision/{decision_id}/letter.pdf",
    "/journal/{case_id}/choice",
    "/journal/hearings/{hearing_id}/choice",
    "/journal/tenders/{tender_id}/choice",
    "/post/{case_id}/letters/{notification}",
    "/hearings/{hearing_id}/documents/{document_id}",
    "/tenders/{tender_id}",
    "/tenders/{tender_id}/documents/{document_id}",
    "/tenders/{tender_id}/ocds",
    "/tenders/{tender_id}/participation/{document_id}",
    "/tenders/{tender_id}/evaluation",
    "/tenders/{tender_id}/post/{notification}/letter.pdf",
    "/tenders/{tender_id}/protocol.pdf",
    "/tenders/{tender_id}/bids/{bid_id}/documents/{document_id}",
    "/bidding/{tender_id}",
    "/bidding/{tender_id}/award-letter.pdf",
    "/committees/{tender_id}/trial",
    "/me/sessions",
}
"""What these cases have none of: the id that is asked about is the case's or the hearing's.
The tender is a draft. Sessions are those of a cookie, which these people do not come with."""

TO_AN_ISSUER = "{issuer}"
"""On the way to an issuer and back nobody is known yet, and nothing is anybody's."""

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module")
def talks(
    postgres: str, tansu_broker: Broker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Sequence[Talk]]:
    """Both under load until everything is filed, spread and told."""
    folder = tmp_path_factory.mktemp("city")
    with own_database(postgres) as conninfo:
        for side, _ in SIDES:
            prepare(conninfo, side.name)
        with city(conninfo, folder, tansu_broker) as place:
            wait_until(lambda: is_ready(place), PATIENCE_SECONDS)
            found = [Talk(place, side, other) for side, other in SIDES]
            for talk in found:
                talk.begin()
            under_load(found)
            for talk in found:
                wait_until(partial(is_quiet, talk), PATIENCE_SECONDS)
            yield found


def is_quiet(talk: Talk) -> bool:
    with connect(talk.city.conninfo, talk.side.name) as db:
        ((waiting, told, spread, there),) = db.execute(
            """SELECT (SELECT count(*) FROM journal_entry WHERE NOT done),
                (SELECT count(*) FROM journal_entry),
                (SELECT coalesce(max(position), 0) FROM relay),
                (SELECT max(notification_id) FROM events)"""
        ).fetchall()
    return waiting == 0 and told != 0 and spread == there


def test_no_answer_and_no_stream_had_anything_of_the_others(talks: Sequence[Talk]) -> None:
    for talk in talks:
        assert talk.wrong == []
        assert talk.answers > 100
        streamed = "\n".join(talk.streamed)
        assert "data: " in streamed
        assert talk.side.strangers(streamed, [talk.other]) == []


def test_no_row_of_any_table_is_anothers(talks: Sequence[Talk]) -> None:
    for talk in talks:
        own, others = Found(talk, talk.side), Found(talk, talk.other)
        assert others.tables == {}
        # The search finds what is there.
        assert own.tables.keys() >= {"events", "document", "timeline_1", "caseload_1", "notes_1"}


class Found:
    """In which tables of a schema the marks of a side stand, with how many rows have them.

    By a connection with the keys of whose schema it is, which opens the words in every row; what
    another's key has sealed would not open, and fails here. Facts are sealed as bytes, and have
    their references and titles in the clear.
    """

    def __init__(self, talk: Talk, whose: Side) -> None:
        self._marks = [whose.word, f"{whose.prefix}-"]
        # What was searched for is kept, and is the searcher's own, whatever it was.
        self._searched = f"'q': '{whose.word}'"
        self.tables: dict[str, int] = {}
        name = talk.side.name
        with reading_connection(talk.city.conninfo, name, PersonKeys(name, RING)) as db:
            tables = db.execute(
                "SELECT table_name FROM information_schema.tables"
                " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
            ).fetchall()
            for (table,) in tables:
                found = db.execute(SQL("SELECT * FROM {}").format(Identifier(str(table))))
                rows = sum(self._is_marked(row) for row in found.fetchall())
                if rows:
                    self.tables[str(table)] = rows

    def _is_marked(self, row: Row) -> bool:
        told = repr(row).replace(self._searched, "")
        return any(mark in told for mark in self._marks)


def test_the_same_command_ids_and_documents_stand_in_both(talks: Sequence[Talk]) -> None:
    """Else nothing would have been proved of equal ids."""
    ids = []
    for talk in talks:
        with connect(talk.city.conninfo, talk.side.name) as db:
            commands = {row[0] for row in db.execute("SELECT command_id FROM command")}
            documents = {row[0] for row in db.execute("SELECT document_id FROM document")}
            hashes = {row[0] for row in db.execute("SELECT sha256 FROM document")}
        ids.append((commands, documents, hashes))
    (commands, documents, hashes), (theirs, their_documents, their_hashes) = ids
    assert key("response", "anna", 1) in commands & theirs
    assert len(documents & their_documents) > 10
    assert len(hashes & their_hashes) == 1


def test_no_file_is_anothers(talks: Sequence[Talk]) -> None:
    looked = 0
    for talk in talks:
        data = talk.city.config.data
        for path in data.rglob("*"):
            if path.is_file() and talk.side.name in str(path.relative_to(data)):
                content = path.read_bytes()
                assert talk.other.word.encode() not in content, path
                assert f"{talk.other.prefix}-".encode() not in content, path
                looked += 1
        assert any(_own(talk, path) for path in (data / "documents" / talk.side.name).rglob("*"))
    assert looked > 4


def _own(talk: Talk, path: Path) -> bool:
    return path.is_file() and talk.side.word.encode() in path.read_bytes()


def test_no_mail_is_anothers(talks: Sequence[Talk]) -> None:
    sent = dict.fromkeys((talk.side.name for talk in talks), 0)
    mails = mailbox.Maildir(talks[0].city.config.data / "mail", create=False)
    for name in mails.keys():  # noqa: SIM118  # a mailbox is no mapping
        mail = BytesParser(policy=policy.default).parsebytes(mails.get_bytes(name))
        text = f"{mail}\n" + "\n".join(
            str(part.get_content()) for part in mail.walk() if part.get_content_maintype() == "text"
        )
        (talk,) = (talk for talk in talks if f"@{talk.side.name}.example" in str(mail["From"]))
        assert talk.side.strangers(text, [talk.other]) == []
        sent[talk.side.name] += 1
    assert all(sent.values()), sent


def test_no_fact_is_spread_in_anothers_topic(talks: Sequence[Talk]) -> None:
    facts = {talk.side.name: _recorded(talk) for talk in talks}
    everybodys = frozenset().union(*facts.values())
    for talk in talks:
        own = facts[talk.side.name]
        # The broker is shared by all tests, and another city may have used the same topic before.
        assert asyncio.run(_spread(talk, own)) & everybodys == own


def _recorded(talk: Talk) -> frozenset[object]:
    with connect(talk.city.conninfo, talk.side.name) as db:
        return frozenset(row[0] for row in db.execute("SELECT event_id FROM events"))


async def _spread(talk: Talk, wanted: frozenset[object]) -> set[object]:
    """What lies in the organisation's topic, once all that is wanted does."""
    feed = KafkaFeed(kafka_settings(talk.city.config), talk.side.name, "crossing")
    found: set[object] = set()
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not wanted <= found:
                found |= {ref.event_id for ref in await feed.read()}
            found |= {ref.event_id for ref in await feed.read()}
    finally:
        await feed.close()
    return found


@pytest.mark.parametrize(
    "path",
    sorted(
        path
        for path, item in APP.openapi()["paths"].items()
        if "get" in item and "{" in path and TO_AN_ISSUER not in path
    ),
)
def test_what_is_one_organisations_is_nowhere_at_the_others(
    talks: Sequence[Talk], path: str
) -> None:
    """Just as if it had never been; a route with a new kind of id must say here what one is."""
    below = path.removeprefix("/api/v1/{organisation}")
    query = asked_of(path)
    for talk in talks:
        ids = ids_of(talk)
        own = below.format_map(ids) + query
        people = (*talk.side.staff, "anna")
        at_home = [seen(talk, talk.side, person, own) for person in people]
        assert below in NOT_AT_HOME or 200 in {status for status, _, _ in at_home}, at_home
        never = below.format_map(nobodys(ids)) + query
        for person in (*talk.other.staff, "anna", None):
            asked = seen(talk, talk.other, person, own)
            told = asked[2].replace(f'"q":"{talk.side.word}"', "")
            assert talk.other.strangers(told, [talk.side]) == []
            assert asked[:2] == seen(talk, talk.other, person, never)[:2]
            if own != below + query and "{service}" not in below:
                assert asked[0] in (401, 403, 404), asked


NEEDED = {"q": "havnen", "lot": "1", "month": "2026-11", "earlier": "1", "later": str(10**9)}


def asked_of(path: str) -> str:
    """What a route cannot do without in its query."""
    parameters = APP.openapi()["paths"][path]["get"].get("parameters", ())
    needed = [each["name"] for each in parameters if each["in"] == "query" and each["required"]]
    given = NEEDED | ({"later": "1"} if path.endswith("/changes") else {})
    return "?" + "&".join(f"{name}={given[name]}" for name in needed) if needed else ""


def ids_of(talk: Talk) -> dict[str, str]:
    """One of each kind that is this organisation's and no other's; services are named alike."""
    return {
        "case_id": talk.cases["anna"][0],
        "hearing_id": talk.hearing,
        "tender_id": talk.tender,
        "bid_id": NOWHERE,
        "document_id": talk.document,
        "notification": NOWHERE,
        "decision_id": NOWHERE,
        "team": talk.side.team,
        "person": f"staff:{talk.side.caseworker}",
        "filter": talk.side.word,
        "service": "hearing-response",
        "version": "1",
    }


def nobodys(ids: dict[str, str]) -> dict[str, str]:
    named = {"team": "nowhere", "person": "staff:nobody", "filter": "Nothing"}
    return {
        name: value if name in {"service", "version"} else named.get(name, str(UUID(int=0xFADE)))
        for name, value in ids.items()
    }


def seen(talk: Talk, side: Side, person: str | None, path: str) -> tuple[int, str, str]:
    """Status, code of the problem, and all that was answered; a stream's head only."""
    url, headers = talk.city.url(side, path), talk.city.headers(person)
    if path.endswith("/stream"):
        with httpx.stream("GET", url, headers=headers, timeout=30) as answer:
            if answer.is_success:
                return answer.status_code, "", ""
            answer.read()
            return answer.status_code, str(answer.json()["type"]), answer.text
    found = talk.city.client.get(url, headers=headers)
    is_problem = found.is_error
    return found.status_code, str(found.json()["type"]) if is_problem else "", found.text


def test_what_nobody_signed_lies_on_its_hearings_case_and_nowhere_else(
    talks: Sequence[Talk],
) -> None:
    """Journalised by the processes that file, by the rule of the service and without a party."""
    ours, theirs = talks
    (case,) = ours.cases[ANONYMOUS]
    numbers = {lies_on(ours, each) for each in (case, *ours.cases["anna"])}
    assert len(numbers) == 1
    assert None not in numbers
    query = {"organisation": ours.side.name}
    told = ours.city.client.get(f"{ours.city.records}/ledger.json", params=query).json()
    ledger: Ledger = told["municipalities"][ours.side.name]
    (hearings,) = (each for each in ledger["cases"] if each["number"] in numbers)
    responses = [each for each in hearings["documents"] if each["name"].startswith("Høringssvar: ")]
    assert len(responses) == len(set().union(*ours.cases.values()))
    people = (theirs.side.caseworker, theirs.side.auditor)
    for person in people:
        status, _, _ = seen(ours, theirs.side, person, f"/cases/{case}")
        assert status in (403, 404)
    refused = theirs.city.respond(theirs.side, None, theirs.hearing, COMMON, key("nobody"))
    assert refused.status_code == 401


def lies_on(talk: Talk, case: str) -> object:
    """The number of its case in the records system, once its submission is there."""
    told = talk.city.get(talk.side, talk.side.caseworker, f"/cases/{case}").json()["journal"]
    return told["number"] if told["state"] == "journalised" else None


def test_a_search_for_the_same_words_finds_ones_own_only(talks: Sequence[Talk]) -> None:
    for talk in talks:
        own = {case for cases in talk.cases.values() for case in cases}
        queue = f"/queues/{talk.side.team}?limit=200"
        rows = talk.city.get(talk.side, talk.side.caseworker, queue).json()["rows"]
        assert {row["case"] for row in rows} == own
        for words in (COMMON, talk.other.word, talk.other.prefix):
            answer = talk.city.get(talk.side, talk.side.caseworker, f"{queue}&q={words}")
            assert {row["case"] for row in answer.json()["rows"]} <= own

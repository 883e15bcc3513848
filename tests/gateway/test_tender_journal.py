"""What a team sees of its tenders' way to the records system, and does about it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest

from commands.journal import RecordJournalDifference
from events.ids import ActorId, EntryId
from events.journal import (
    DifferenceKind,
    EsdhCase,
    EsdhCaseChosen,
    JournalisingRetried,
    Matter,
    MatterKind,
)
from services.core import open_core
from services.database import connect
from services.esdh.memory import Fault
from services.esdh.port import CaseStatus
from services.ids import new_id
from services.journal import sync
from services.journal.intake import stream_of
from services.journal.planning import entries_of
from services.journal.ports import EntryState
from services.journal.postgres import PostgresJournal
from services.request import unattended
from services.streams import journal_stream
from tests.examples import building_case
from tests.files import PDF
from tests.gateway.running import System, code
from tests.gateway.tendering import Tendering, done, drafted
from tests.gateway.test_complaint_filed import Filing, nothing
from tests.keys import RING
from tests.shipped import HJORRING


@dataclass(frozen=True, slots=True)
class Records:
    """The sync on the log and the rows of the gateway, with a records system in memory."""

    filing: Filing
    conninfo: str

    def file(self, tender: Tendering, until: EntryState = EntryState.DONE) -> dict[str, str]:
        """File the tender's facts until all lie there, or one waits for a person as expected.

        The header is the one that has a view wait for it.
        """
        asyncio.run(self._file(matter_of(tender), until))
        return {"Julelys-Position": str(self.filing.core.store.safe_position())}

    def refuse_documents(self, *, is_on: bool) -> None:
        refused = {"file_document": Fault.REJECTED} if is_on else {}
        self.filing.esdh.fault = refused.get

    def last(self, tender: Tendering) -> tuple[object, str]:
        """What was last done about its journal, and by whom."""
        told = self.filing.core.store.read_recorded(journal_stream(matter_of(tender)))[-1]
        return told.event, str(told.envelope.actor)

    async def _file(self, matter: Matter, until: EntryState) -> None:
        stop = asyncio.Event()
        async with PostgresJournal(self.conninfo, "hjorring") as rows:
            facts = self.filing.core.store.read_recorded(stream_of(matter))
            await rows.take_in([each for fact in facts for each in entries_of(fact, HJORRING)])
            # As the feed does of a choice or of another attempt.
            await rows.wake([matter])
            office = self.filing.office(rows)
            working = asyncio.create_task(sync.work(office, new_id(), stop, nothing))
            for _ in range(1500):
                if self._is_there(matter, until):
                    break
                await asyncio.sleep(0.02)
            stop.set()
            await working
        assert self._is_there(matter, until)

    def _is_there(self, matter: Matter, until: EntryState) -> bool:
        """What comes after an entry that waits for a person waits, too."""
        states = self._states(matter)
        if until is EntryState.DONE:
            return states == {until}
        return until in states <= {EntryState.DONE, EntryState.WAITING, until}

    def _states(self, matter: Matter) -> set[EntryState]:
        asked = "SELECT state FROM journal_entry WHERE matter = %b"
        with connect(self.conninfo, "hjorring") as db:
            return {EntryState(str(state)) for (state,) in db.execute(asked, [matter.id])}


@pytest.fixture
def records(postgres: str, system: System) -> Iterator[Records]:
    assert system.config.database_url == postgres
    with connect(postgres, "hjorring") as db:
        # What other tests have left on its way would be filed here, too.
        db.execute("DELETE FROM journal_entry WHERE state <> 'done'")
    with open_core(postgres, HJORRING, RING) as core:
        yield Records(Filing(core), postgres)


def matter_of(tender: Tendering) -> Matter:
    return Matter(kind=MatterKind.TENDER, id=UUID(tender.tender))


def rows_of(
    tender: Tendering, seen: dict[str, str], person: str = "karen", state: str = ""
) -> list[dict[str, object]]:
    path = f"/journal?matter={tender.tender}" + (f"&state={state}" if state else "")
    rows: list[dict[str, object]] = done(tender.system.get(person, path, headers=seen)).json()[
        "rows"
    ]
    return rows


def standing(tender: Tendering) -> dict[str, object]:
    """How the team is told that it stands with the records system."""
    answer = done(tender.system.get("karen", f"/running-tenders/{tender.tender}"))
    told: dict[str, object] = answer.json()["journal"]
    return told


def with_its_case_closed(
    system: System, records: Records
) -> tuple[Tendering, dict[str, str], EsdhCase]:
    """A tender with material that came after somebody closed its case in the records system."""
    tender = drafted(system)
    records.file(tender)
    ((first, there),) = records.filing.esdh.ledger.cases.items()
    records.filing.esdh.ledger.set_status(first, CaseStatus.CLOSED)
    document = system.upload("karen", "tegning.pdf", PDF)
    tender.does("karen", "/material", {"documents": [document]})
    return tender, records.file(tender, EntryState.CHOICE), there.standing.esdh_case


def test_a_team_sees_what_its_tender_has_on_the_way(system: System, records: Records) -> None:
    tender = drafted(system)

    seen = records.file(tender)

    rows = rows_of(tender, seen)
    assert [(row["kind"], row["state"]) for row in rows] == [("case", "done"), ("document", "done")]
    assert {
        name: rows[1][name] for name in ("case", "hearing", "tender", "reference", "title")
    } == {
        "case": None,
        "hearing": None,
        "tender": tender.tender,
        "reference": None,
        "title": "Vintervedligehold",
    }
    ((there),) = records.filing.esdh.ledger.cases.values()
    assert there.standing.title == "Vintervedligehold"
    assert rows_of(tender, seen, "lis") == rows
    assert rows_of(tender, seen, "erik") == []
    everything = done(system.get("karen", "/journal?limit=200", headers=seen)).json()["rows"]
    assert tender.tender not in {row["tender"] for row in everything}


def test_what_was_refused_of_a_tender_is_tried_again(system: System, records: Records) -> None:
    tender = drafted(system)
    records.refuse_documents(is_on=True)
    seen = records.file(tender, EntryState.REFUSED)
    (row,) = rows_of(tender, seen, state="refused")
    assert (row["kind"], row["error"]) == ("document", "esdh-rejected")
    listed = done(system.get("karen", "/journal?state=refused&limit=200")).json()["rows"]
    assert row["entry"] in {each["entry"] for each in listed}
    assert standing(tender)["state"] == "refused"
    path, body = f"/journal/tenders/{tender.tender}/retry", {"entry": row["entry"]}
    assert code(system.post("erik", path, body)) == "not-allowed"

    answer = system.post("karen", path, body)

    assert (answer.status_code, answer.content) == (204, b"")
    retried = JournalisingRetried(matter=matter_of(tender), entry=EntryId(UUID(str(row["entry"]))))
    assert records.last(tender) == (retried, "staff:karen")
    # Of the tender itself it is told, as of a case: not of each paper that came later.
    assert standing(tender)["state"] == "journalised"
    again = system.post("karen", path, body)
    assert (again.status_code, code(again)) == (409, "journalising-not-refused")
    records.refuse_documents(is_on=False)
    assert {each["state"] for each in rows_of(tender, records.file(tender))} == {"done"}


def test_a_tender_whose_case_is_closed_goes_to_the_case_that_its_team_chooses(
    system: System, records: Records
) -> None:
    tender, seen, first = with_its_case_closed(system, records)
    assert "choice" in {each["state"] for each in rows_of(tender, seen)}
    below = f"/journal/tenders/{tender.tender}"
    choice = done(system.get("karen", f"{below}/choice"))
    assert choice.json()["reason"] == "closed"
    body = {"number": None}
    assert code(system.post("erik", f"{below}/choose-case", body)) == "not-allowed"
    stale = {"If-Match": '"1"'}
    refused = system.post("karen", f"{below}/choose-case", body, headers=stale)
    assert (refused.status_code, code(refused)) == (412, "version-stale")

    known = {"If-Match": choice.headers["ETag"]}
    answer = system.post("karen", f"{below}/choose-case", body, headers=known)

    assert answer.status_code == 204
    chosen = EsdhCaseChosen(matter=matter_of(tender), esdh_case=None)
    assert records.last(tender) == (chosen, "staff:karen")
    assert code(system.get("karen", f"{below}/choice")) == "choice-not-found"
    assert {each["state"] for each in rows_of(tender, records.file(tender))} == {"done"}
    ledger = records.filing.esdh.ledger
    _, second = ledger.cases
    assert [each.esdh_id for each in ledger.items] == [first.id, second]


@pytest.fixture(scope="module")
def others(whole_system: System) -> dict[str, str]:
    """What is no tender: its id answers by its own route only."""
    return {"hearing": whole_system.open_hearing(), "case": whole_system.case("anna")}


@pytest.mark.parametrize("kind", ["hearing", "case"])
def test_nothing_else_is_a_tender(system: System, others: dict[str, str], kind: str) -> None:
    assert asked(system, "karen", others[kind]) == [(404, "tender-not-found")] * 3


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        (None, (401, "login-required")),
        ("anna", (403, "not-allowed")),
        ("erik", (403, "not-allowed")),
        ("vera", (403, "wrong-organisation")),
        ("ulla", (403, "not-allowed")),
        ("rikke", (403, "not-allowed")),
    ],
)
def test_only_its_team_sees_to_a_tenders_journal(
    system: System, person: str | None, expected: tuple[int, str]
) -> None:
    tender = drafted(system).tender
    assert asked(system, person, tender) == [expected] * 3
    assert asked(system, "vera", tender, organisation="vejle") == [(404, "tender-not-found")] * 3


def asked(
    system: System, person: str | None, tender: str, organisation: str = "hjorring"
) -> list[tuple[int, str]]:
    """What each route about a tender's journal answers."""
    below = f"/journal/tenders/{tender}"
    answers: list[httpx.Response] = [
        system.get(person, f"{below}/choice", organisation=organisation),
        system.post(person, f"{below}/choose-case", {"number": None}, organisation=organisation),
        system.post(person, f"{below}/retry", {"entry": str(new_id())}, organisation=organisation),
    ]
    return [(answer.status_code, code(answer)) for answer in answers]


def page(system: System, person: str, below: str) -> httpx.Response:
    headers = {**system.headers(person), "Accept": "text/html", "Accept-Language": "en"}
    return system.client.get(f"{system.address}/hjorring{below}", headers=headers)


def sent(system: System, person: str, below: str, form: dict[str, str]) -> httpx.Response:
    """What a form of a page sends."""
    headers = {**system.headers(person), "Accept": "text/html", "Accept-Language": "en"}
    return system.client.post(f"{system.address}/hjorring{below}", data=form, headers=headers)


def test_the_tenders_page_tells_how_it_lies_there(system: System, records: Records) -> None:
    tender = drafted(system)
    below = f"/running-tenders/{tender.tender}"
    before = page(system, "karen", below).text
    assert standing(tender) == {"state": "on-its-way", "number": None}
    assert "There is no case there yet." in before
    assert "Nothing is to be filed yet." in before

    seen = records.file(tender)["Julelys-Position"]

    (there,) = records.filing.esdh.ledger.cases.values()
    number = there.standing.esdh_case.number
    assert standing(tender) == {"state": "journalised", "number": number}
    after = page(system, "karen", f"{below}?position={seen}").text
    assert f"The case there: {number}" in after
    assert after.count('<span class="badge badge-success">Filed</span>') == 2
    assert page(system, "erik", below).status_code == 403


def test_what_was_refused_is_tried_again_from_the_pages(system: System, records: Records) -> None:
    tender = drafted(system)
    records.refuse_documents(is_on=True)
    seen = records.file(tender, EntryState.REFUSED)
    (row,) = rows_of(tender, seen, state="refused")
    entry = {"entry": str(row["entry"])}
    journal = f"/journal?matter={tender.tender}&state=refused"
    shown = page(system, "karen", journal).text
    assert shown.count("Vintervedligehold</h2>") == 1
    whole = page(system, "karen", f"/journal?matter={tender.tender}").text
    assert whole.count("Vintervedligehold</h2>") == 2
    assert f'href="/hjorring/running-tenders/{tender.tender}"' in shown
    assert f'name="tender" value="{tender.tender}"' in shown
    below = f"/running-tenders/{tender.tender}"
    assert f'action="/hjorring{below}/retry"' in page(system, "karen", below).text

    for path, form in (
        ("/journal", {**entry, "case": "", "hearing": "", "tender": tender.tender}),
        (f"{below}/retry", entry),
    ):
        answer = sent(system, "karen", path, form)
        assert answer.status_code == 303, answer.text
        assert answer.headers["Location"].startswith(f"/hjorring{path.removesuffix('/retry')}?")
        again = sent(system, "karen", path, form)
        assert again.status_code == 409
        assert "Only what was refused is tried again" in again.text
        records.file(tender, EntryState.REFUSED)
    assert sent(system, "karen", "/journal", entry).status_code == 404


def test_the_case_of_a_tender_is_chosen_on_a_page(system: System, records: Records) -> None:
    tender, _, closed = with_its_case_closed(system, records)
    choosing = f"/journal/tenders/{tender.tender}"
    for below in (f"/running-tenders/{tender.tender}", f"/journal?matter={tender.tender}"):
        assert f'href="/hjorring{choosing}"' in page(system, "karen", below).text
    assert f'value="{closed.number}"' in page(system, "karen", choosing).text
    for other in (choosing.replace("tenders", "hearings"), choosing.replace("tenders", "cases")):
        assert page(system, "karen", other).status_code == 404
        assert sent(system, "karen", other, {"number": "new"}).status_code == 404
    assert sent(system, "erik", choosing, {"number": "new"}).status_code == 403

    assert sent(system, "karen", choosing, {"number": closed.number}).status_code == 303

    chosen = EsdhCaseChosen(matter=matter_of(tender), esdh_case=closed)
    assert records.last(tender) == (chosen, "staff:karen")


def test_the_tenders_page_tells_of_a_difference(system: System, records: Records) -> None:
    tender = drafted(system)
    below = f"/running-tenders/{tender.tender}"
    told = "differs from what we filed"
    assert told not in page(system, "karen", below).text
    found = RecordJournalDifference(
        matter=matter_of(tender),
        difference=DifferenceKind.MISSING_THERE,
        reference="JL-0123456789",
        esdh_case=building_case,
    )
    sync_of_hjorring = ActorId("system:esdh-sync")
    request = unattended(
        found, command_id=new_id(), organisation="hjorring", actor=sync_of_hjorring
    )
    records.filing.core.desk.hand_in(request).result(timeout=20)

    assert told in page(system, "karen", below).text

"""How far things are on their way to the records system, and what a caseworker does about it."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import pytest

from commands.journal import (
    JournalCommand,
    LinkEsdhCase,
    RecordJournalDifference,
    RecordJournalised,
    RecordJournalisingRefused,
    RequestEsdhCaseChoice,
)
from events.catalogue import WIRE_NAMES
from events.ids import ActorId, CaseId, EntryId
from events.journal import (
    ChoiceReason,
    DifferenceKind,
    EsdhCaseChosen,
    JournalisingRetried,
    LinkedBy,
    Matter,
    MatterKind,
)
from services.clock import COPENHAGEN
from services.desk import Desk
from services.eventstore.store import PostgresEventStore
from services.ids import new_id
from services.journal.ports import EntryKind, EntryState, NewEntry, Settle
from services.journal.postgres import PostgresJournal
from services.journal.references import reference_of
from services.request import unattended
from services.streams import case_stream, journal_stream
from tests.examples import building_candidate, building_case, carport_candidate, carport_case
from tests.gateway.running import START, System, code, fields
from tests.gateway.test_live import Listener
from tests.keys import RING

NUMBER = building_case.number


@dataclass(frozen=True, slots=True)
class Sync:
    """Tells what happened, as the process that files does."""

    system: System
    store: PostgresEventStore
    desk: Desk

    def tell(self, command: JournalCommand) -> dict[str, str]:
        """The header by which a view is asked to show it."""
        request = unattended(
            command,
            command_id=new_id(),
            organisation="hjorring",
            actor=ActorId("system:esdh-sync"),
        )
        answered = self.desk.hand_in(request).result(timeout=20)
        return {"Julelys-Position": str(answered.position)}

    def ask(self, matter: Matter, reason: ChoiceReason = ChoiceReason.SEVERAL) -> dict[str, str]:
        candidates = (building_candidate, carport_candidate)
        return self.tell(RequestEsdhCaseChoice(matter=matter, reason=reason, candidates=candidates))

    def link(self, matter: Matter) -> dict[str, str]:
        by = LinkedBy.CREATED
        return self.tell(LinkEsdhCase(matter=matter, esdh_case=building_case, by=by))

    def file(self, matter: Matter, version: int = 1) -> dict[str, str]:
        """The fact that is the case's event of that version."""
        fact = self.store.read_recorded(case_stream(CaseId(matter.id)))[version - 1]
        return self.tell(
            RecordJournalised(
                matter=matter,
                fact=WIRE_NAMES[type(fact.event)],
                about=fact.event_id,
                position=fact.position,
                esdh_case=building_case,
                receipts=("90",),
            )
        )

    def refuse(self, matter: Matter, entry: EntryId) -> dict[str, str]:
        fact = self.store.read_recorded(case_stream(CaseId(matter.id)))[0]
        return self.tell(
            RecordJournalisingRefused(
                matter=matter,
                entry=entry,
                position=fact.position,
                code="document-too-large",
                detail="Filen er for stor.",
            )
        )


@pytest.fixture(scope="module")
def desk_of_sync(whole_system: System, postgres: str) -> Iterator[Sync]:
    with PostgresEventStore(postgres, "hjorring", RING) as store:
        desk = Desk(store)
        desk.start()
        yield Sync(whole_system, store, desk)
        desk.stop()


@pytest.fixture
def sync(desk_of_sync: Sync, system: System) -> Sync:
    assert desk_of_sync.system is system
    return desk_of_sync


def matter_of(case: str) -> Matter:
    return Matter(kind=MatterKind.CASE, id=UUID(case))


def in_queue(system: System, journal: str, seen: dict[str, str]) -> dict[str, object]:
    """The rows of the queue so filtered, by case."""
    path = f"/queues/byggeri-natur?journal={journal}&limit=200"
    rows = system.get("karen", path, headers=seen).json()["rows"]
    return {row["case"]: row["journal"] for row in rows}


def test_a_choice_that_is_asked_is_found_in_the_queue_and_made(sync: Sync, system: System) -> None:
    case = system.case("anna")
    seen = sync.ask(matter_of(case))
    assert in_queue(system, "choice", seen)[case] == "choice"
    choice = system.get("karen", f"/journal/{case}/choice")
    assert choice.json() == {
        "reason": "several",
        "candidates": [
            {"number": NUMBER, "title": "Nørregade 1, byggesag", "status": "open"},
            {"number": carport_case.number, "title": "Nørregade 1, carport", "status": "open"},
        ],
    }

    answer = system.post("karen", f"/journal/{case}/choose-case", {"number": NUMBER})

    assert (answer.status_code, answer.content) == (204, b"")
    last = sync.store.read_recorded(journal_stream(matter_of(case)))[-1]
    assert last.event == EsdhCaseChosen(matter=matter_of(case), esdh_case=building_case)
    assert last.envelope.actor == "staff:karen"
    assert answer.headers["Julelys-Position"] == str(last.position)
    assert case not in in_queue(system, "choice", {"Julelys-Position": str(last.position)})
    entry = system.get("karen", f"/cases/{case}/timeline", after=answer).json()["entries"][-1]
    assert (entry["kind"], entry["by"]) == ("esdh-case-chosen", "Karen Kristensen")
    assert code(system.get("karen", f"/journal/{case}/choice")) == "choice-not-found"


def test_a_new_case_may_be_chosen(sync: Sync, system: System) -> None:
    case = system.case("anna")
    sync.ask(matter_of(case), ChoiceReason.CLOSED)
    answer = system.post("lis", f"/journal/{case}/choose-case", {"number": None})
    assert answer.status_code == 204
    last = sync.store.read_recorded(journal_stream(matter_of(case)))[-1]
    assert last.event == EsdhCaseChosen(matter=matter_of(case), esdh_case=None)


def test_a_choice_is_made_once_among_the_candidates_and_only_if_asked(
    sync: Sync, system: System
) -> None:
    case = system.case("anna")
    path = f"/journal/{case}/choose-case"
    unasked = system.post("karen", path, {"number": NUMBER})
    assert (unasked.status_code, code(unasked)) == (409, "esdh-choice-not-asked")
    sync.ask(matter_of(case))
    assert code(system.post("karen", path, {"number": "1"})) == "esdh-case-no-candidate"
    assert system.post("karen", path, {"number": NUMBER}).status_code == 204
    assert system.post("karen", path, {"number": NUMBER}).status_code == 204
    assert code(system.post("karen", path, {"number": None})) == "esdh-choice-made"


def test_a_choice_may_depend_on_what_was_seen_of_it(sync: Sync, system: System) -> None:
    case = system.case("anna")
    sync.ask(matter_of(case))
    seen = {"If-Match": system.get("karen", f"/journal/{case}/choice").headers["ETag"]}
    sync.refuse(matter_of(case), EntryId(new_id()))
    path = f"/journal/{case}/choose-case"
    stale = system.post("karen", path, {"number": NUMBER}, headers=seen)
    assert (stale.status_code, code(stale)) == (412, "version-stale")
    fresh = {"If-Match": system.get("karen", f"/journal/{case}/choice").headers["ETag"]}
    assert system.post("karen", path, {"number": NUMBER}, headers=fresh).status_code == 204


@pytest.mark.parametrize(
    ("person", "status", "expected"),
    [
        (None, 401, "login-required"),
        ("anna", 403, "not-allowed"),
        ("bo", 403, "not-allowed"),
        ("erik", 403, "not-allowed"),
        ("vera", 403, "wrong-organisation"),
        ("rikke", 403, "not-allowed"),
    ],
)
def test_only_its_team_chooses(
    sync: Sync, system: System, person: str | None, status: int, expected: str
) -> None:
    case = system.case("anna")
    sync.ask(matter_of(case))
    for answer in (
        system.get(person, f"/journal/{case}/choice"),
        system.post(person, f"/journal/{case}/choose-case", {"number": NUMBER}),
        system.post(person, f"/journal/{case}/retry", {"entry": str(new_id())}),
    ):
        assert (answer.status_code, code(answer)) == (status, expected)
    assert len(sync.store.read_recorded(journal_stream(matter_of(case)))) == 1


def test_what_was_refused_is_found_in_the_queue_and_tried_again(sync: Sync, system: System) -> None:
    case, entry = system.case("anna"), EntryId(new_id())
    seen = sync.refuse(matter_of(case), entry)
    assert in_queue(system, "refused", seen)[case] == "refused"
    told = system.get("karen", f"/cases/{case}/timeline", headers=seen).json()["entries"]
    assert told[0]["journal"] == {"state": "waits-for-caseworker", "number": None}
    assert "Filen er for stor. (document-too-large)" in told[-1]["text"]

    answer = system.post("karen", f"/journal/{case}/retry", {"entry": str(entry)})

    assert answer.status_code == 204
    last = sync.store.read_recorded(journal_stream(matter_of(case)))[-1]
    assert last.event == JournalisingRetried(matter=matter_of(case), entry=entry)
    assert last.envelope.actor == "staff:karen"
    told = system.get("karen", f"/cases/{case}/timeline", after=answer).json()["entries"]
    assert told[0]["journal"] == {"state": "on-its-way", "number": None}
    again = system.post("karen", f"/journal/{case}/retry", {"entry": str(entry)})
    assert (again.status_code, code(again)) == (409, "journalising-not-refused")


def test_a_difference_and_what_is_on_its_way_are_found_in_the_queue(
    sync: Sync, system: System
) -> None:
    differing, waiting = system.case("anna"), system.case("anna")
    seen = sync.tell(
        RecordJournalDifference(
            matter=matter_of(differing),
            difference=DifferenceKind.UNKNOWN_HERE,
            reference=reference_of(EntryId(new_id())),
            esdh_case=building_case,
        )
    )
    assert in_queue(system, "difference", seen)[differing] == "difference"
    on_its_way = in_queue(system, "on-its-way", seen)
    assert on_its_way[waiting] == "on-its-way"
    assert differing not in on_its_way


def test_the_party_sees_on_which_case_its_submission_lies(sync: Sync, system: System) -> None:
    case = system.case("anna")
    matter = matter_of(case)
    sync.link(matter)
    linked = system.get("anna", f"/cases/{case}", headers=sync.ask(matter)).json()
    assert linked["journal"] == {"state": "on-its-way", "number": NUMBER}
    sync.refuse(matter, EntryId(new_id()))
    sync.system.post("karen", f"/journal/{case}/choose-case", {"number": NUMBER})
    sync.link(matter)
    seen = sync.file(matter)

    told = system.get("anna", f"/cases/{case}/timeline", headers=seen).json()["entries"]

    assert told[0]["journal"] == {"state": "journalised", "number": NUMBER}
    of_journal = [entry["text"] for entry in told if "journal" in entry["text"].lower()]
    assert of_journal == [
        f"Journaliseres på sag {NUMBER}, som er oprettet til din henvendelse.",
        f"Journaliseres på sag {NUMBER}, som er oprettet til din henvendelse.",
        f"Din henvendelse er journaliseret på sag {NUMBER}.",
    ]
    (row,) = [
        row for row in system.get("anna", "/cases", headers=seen).json()["cases"]
        if row["case"] == case
    ]  # fmt: skip
    assert (row["journal"], row["esdh_number"]) == ("journalised", NUMBER)


def test_an_auditor_sees_who_chose_the_case_among_the_cases_events(
    sync: Sync, system: System
) -> None:
    case = system.case("anna")
    matter = matter_of(case)
    sync.ask(matter)
    answer = system.post("karen", f"/journal/{case}/choose-case", {"number": NUMBER})
    assert answer.status_code < 300, answer.text

    told = system.get("rikke", f"/audit/cases/{case}/events").json()["events"]

    assert [event["position"] for event in told] == sorted(e["position"] for e in told)
    (chosen,) = [e for e in told if e["name"] == "journal.esdh-case-chosen.v1"]
    assert chosen["envelope"]["actor"] == "staff:karen"
    assert told[0]["name"] == "case.opened.v1"


def test_what_the_authority_must_see_to_is_not_told_to_the_party(
    sync: Sync, system: System
) -> None:
    case = system.case("anna")
    seen = sync.refuse(matter_of(case), EntryId(new_id()))
    for person, state, mark in (
        ("anna", "on-its-way", "on-its-way"),
        ("karen", "refused", "waits-for-caseworker"),
    ):
        shown = system.get(person, f"/cases/{case}", headers=seen).json()
        assert shown["journal"] == {"state": state, "number": None}
        told = system.get(person, f"/cases/{case}/timeline", headers=seen).json()["entries"]
        assert told[0]["journal"] == {"state": mark, "number": None}
        assert ("journalising-refused" in {entry["kind"] for entry in told}) == (person == "karen")


def test_the_stream_tells_when_it_lies_there(sync: Sync, system: System) -> None:
    opened = system.respond("anna", system.open_hearing())
    case = opened.json()["case"]
    listener = Listener(system, "anna", case)
    known = len(system.get("anna", f"/cases/{case}/timeline", after=opened).json()["entries"])

    async def run() -> None:
        listening = asyncio.create_task(listener.listen(entries=known + 2))
        await asyncio.to_thread(sync.ask, matter_of(case))
        path, body = f"/journal/{case}/choose-case", {"number": NUMBER}
        await asyncio.to_thread(system.post, "karen", path, body)
        await asyncio.to_thread(sync.link, matter_of(case))
        await asyncio.to_thread(sync.file, matter_of(case))
        await listening

    asyncio.run(run())
    assert listener.texts[-2:] == [
        f"Journaliseres på sag {NUMBER}, som er oprettet til din henvendelse.",
        f"Din henvendelse er journaliseret på sag {NUMBER}.",
    ]


def test_filing_makes_no_form_stale(sync: Sync, system: System) -> None:
    opened = system.respond("anna", system.open_hearing())
    case = opened.json()["case"]
    before = system.get("karen", f"/cases/{case}", after=opened)
    sync.link(matter_of(case))
    after = system.get("karen", f"/cases/{case}", headers=sync.file(matter_of(case)))
    assert after.json()["journal"] == {"state": "journalised", "number": NUMBER}
    assert after.headers["ETag"] == before.headers["ETag"]
    seen = {"If-Match": before.headers["ETag"]}
    answer = system.post("karen", f"/cases/{case}/messages", {"text": "Hej"}, headers=seen)
    assert answer.status_code == 201


def test_a_hearing_is_journalised_on_the_case_that_its_team_chooses(
    sync: Sync, system: System
) -> None:
    hearing = system.open_hearing()
    matter = Matter(kind=MatterKind.HEARING, id=UUID(hearing))
    sync.ask(matter)
    assert system.get("karen", f"/journal/hearings/{hearing}/choice").json()["candidates"]
    path = f"/journal/hearings/{hearing}/choose-case"
    assert code(system.post("erik", path, {"number": NUMBER})) == "not-allowed"
    assert system.post("karen", path, {"number": NUMBER}).status_code == 204
    last = sync.store.read_recorded(journal_stream(matter))[-1]
    assert (last.event, last.envelope.actor) == (
        EsdhCaseChosen(matter=matter, esdh_case=building_case),
        "staff:karen",
    )
    entry = {"entry": str(new_id())}
    answer = system.post("karen", f"/journal/hearings/{hearing}/retry", entry)
    assert code(answer) == "journalising-not-refused"
    assert code(system.get("karen", f"/journal/{hearing}/choice")) == "case-not-found"


def new_entry(matter: Matter, position: int, part: int = 0) -> NewEntry:
    return NewEntry(
        entry=EntryId(new_id()),
        matter=matter,
        kind=EntryKind.DOCUMENT,
        event_id=new_id(),
        stream=case_stream(CaseId(matter.id)),
        version=1,
        position=position,
        recorded_at=START.astimezone(COPENHAGEN),
        part=part,
        parts=2,
    )


def written_down(postgres: str, *entries: NewEntry, settled: Settle | None = None) -> None:
    """As the sync keeps them; `settled` says what became of an entry, whatever its epoch."""

    async def run() -> None:
        async with PostgresJournal(postgres, "hjorring") as journal:
            await journal.take_in(entries)
            if settled is not None:
                claims = await journal.claim(new_id(), limit=1_000, lease_seconds=60)
                (epoch,) = [claim.epoch for claim in claims if claim.matter == settled.matter]
                assert await journal.change([replace(settled, epoch=epoch)]) == [True]
                await journal.release([(claim.matter, claim.epoch) for claim in claims])

    asyncio.run(run())


def test_a_team_sees_what_its_cases_and_hearings_have_on_the_way(
    sync: Sync, system: System, postgres: str
) -> None:
    case, hearing = system.case("anna"), system.open_hearing()
    of_hearing = Matter(kind=MatterKind.HEARING, id=UUID(hearing))
    first, second = new_entry(matter_of(case), 1), new_entry(matter_of(case), 1, 1)
    third = new_entry(of_hearing, 2)
    refused = Settle(
        matter=matter_of(case),
        epoch=0,
        entry=first.entry,
        state=EntryState.REFUSED,
        error="document-too-large",
    )
    written_down(postgres, first, second, third, settled=refused)
    seen = sync.link(matter_of(case))

    rows = system.get("karen", f"/journal?matter={case}", headers=seen).json()["rows"]
    (of_its_hearing,) = system.get("lis", f"/journal?matter={hearing}").json()["rows"]

    reference = system.get("karen", f"/cases/{case}").json()["reference"]
    assert [row["entry"] for row in rows] == [str(first.entry), str(second.entry)]
    assert {name: rows[0][name] for name in rows[0] if name not in ("since", "due_at")} == {
        "entry": str(first.entry),
        "case": case,
        "hearing": None,
        "tender": None,
        "reference": reference,
        "title": rows[0]["title"],
        "kind": "document",
        "recorded_at": "2026-11-02T08:00:00Z",
        "state": "refused",
        "attempts": 1,
        "failing_since": rows[0]["since"],
        "error": "document-too-large",
        "receipt": None,
        "esdh_reference": reference_of(first.entry),
        "esdh_number": NUMBER,
    }
    assert (rows[1]["state"], rows[1]["error"]) == ("waiting", None)
    assert (of_its_hearing["case"], of_its_hearing["hearing"]) == (None, hearing)
    assert of_its_hearing["title"] == "Lokalplan 412"
    of_state = system.get("karen", f"/journal?matter={case}&state=refused").json()["rows"]
    assert [row["entry"] for row in of_state] == [str(first.entry)]
    for path in ("/journal?limit=200", f"/journal?matter={case}", "/journal?state=done"):
        assert system.get("erik", path).json() == {"rows": [], "after": None}


def test_what_is_done_is_shown_when_it_is_asked_for(
    sync: Sync, system: System, postgres: str
) -> None:
    case = system.case("anna")
    entry = new_entry(matter_of(case), 1)
    done = Settle(
        matter=matter_of(case), epoch=0, entry=entry.entry, state=EntryState.DONE, receipt="90"
    )
    written_down(postgres, entry, settled=done)
    headers = sync.link(matter_of(case))

    def found(query: str) -> bool:
        rows = system.get("karen", f"/journal?limit=200{query}", headers=headers).json()["rows"]
        return str(entry.entry) in {row["entry"] for row in rows}

    assert found("&state=done")
    assert found(f"&matter={case}")
    assert not found("")
    assert not found("&state=waiting")


def test_the_journal_is_read_page_by_page(sync: Sync, system: System, postgres: str) -> None:
    case = system.case("anna")
    entries = [new_entry(matter_of(case), 1 + number // 2, number % 2) for number in range(5)]
    written_down(postgres, *entries)
    headers = sync.link(matter_of(case))
    seen: list[str] = []
    after = ""
    for _ in range(4):
        path = f"/journal?matter={case}&limit=2{after}"
        page = system.get("karen", path, headers=headers).json()
        seen += [row["entry"] for row in page["rows"]]
        if page["after"] is None:
            break
        after = f"&after={page['after']}"
    assert seen == [str(each.entry) for each in entries]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("state=odd", {"state": "input-not-an-option"}),
        ("matter=x", {"matter": "input-bad-id"}),
        ("limit=0", {"limit": "input-out-of-range"}),
        ("limit=201", {"limit": "input-out-of-range"}),
        ("nonsense=1", {"nonsense": "input-unknown-field"}),
        ("after=x", {"after": "input-bad-cursor"}),
        ("after=bnVsbA==", {"after": "input-bad-cursor"}),
        ("after=W3RydWUsIDFd", {"after": "input-bad-cursor"}),
        ("after=WzEsICJhIl0=", {"after": "input-bad-cursor"}),
        ("after=WzksIDk5OTk5OTk5OTldCg==", {"after": "input-bad-cursor"}),
    ],
)
def test_a_bad_question_is_told_by_field(
    system: System, query: str, expected: dict[str, str]
) -> None:
    answer = system.get("karen", f"/journal?{query}")
    assert (answer.status_code, fields(answer)) == (422, expected)


@pytest.mark.parametrize(
    ("path", "body", "expected"),
    [
        ("choose-case", {}, {"number": "input-missing"}),
        ("choose-case", {"number": 1}, {"number": "input-wrong-type"}),
        ("choose-case", {"number": ""}, {"number": "input-empty"}),
        ("choose-case", {"number": "x" * 301}, {"number": "input-too-long"}),
        ("choose-case", {"number": None, "id": "1"}, {"id": "input-unknown-field"}),
        ("retry", {}, {"entry": "input-missing"}),
        ("retry", {"entry": "x"}, {"entry": "input-bad-id"}),
    ],
)
def test_a_bad_answer_is_told_by_field(
    system: System, path: str, body: dict[str, object], expected: dict[str, str]
) -> None:
    case = system.case("anna")
    answer = system.post("karen", f"/journal/{case}/{path}", body)
    assert (answer.status_code, fields(answer)) == (422, expected)


def test_what_is_not_filed_yet_is_measured_by_its_age_and_state(
    system: System, postgres: str
) -> None:
    entry = new_entry(matter_of(system.case("anna")), 1)
    refused = Settle(
        matter=entry.matter, epoch=0, entry=entry.entry, state=EntryState.REFUSED, error="no"
    )
    written_down(postgres, entry, settled=refused)

    figures = system.client.get(f"{system.address}/metrics").text

    (counted,) = re.findall(r'entries\{organisation="hjorring",state="refused"\} (.*)', figures)
    assert float(counted) >= 1
    (age,) = re.findall(r'oldest_seconds\{organisation="hjorring"\} (.*)', figures)
    assert float(age) >= 0
    assert 'differences{difference="filed-twice",organisation="hjorring"} 0.0' in figures

"""A complaint is filed where the decision lies, as the parties and the caseworker see it."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest

from events.ids import CaseId
from services.catalogue.sample import sample_answers
from services.clock import SystemClock
from services.core import Core, open_core
from services.esdh.memory import MemoryEsdh
from services.ids import new_id
from services.journal import sync
from services.journal.facts import StoreFacts
from services.journal.memory import MemoryJournal
from services.journal.planning import entries_of
from services.journal.ports import EntryState, Journal
from services.journal.work import Office
from services.streams import case_stream
from tests.gateway.deciding import EXEMPTION, REFUSAL, done, part
from tests.gateway.running import START, System
from tests.gateway.test_shipped_applications import CARPORT, SERVICES, paper, submit
from tests.keys import RING
from tests.services.filing_office import TIMING, Hashes, Letters, Register
from tests.shipped import HJORRING


@dataclass(slots=True)
class Filing:
    """The sync on the log that the gateway writes to, with a records system in memory."""

    core: Core
    rows: MemoryJournal = field(default_factory=lambda: MemoryJournal(SystemClock()))
    taken: dict[str, int] = field(default_factory=dict)
    esdh: MemoryEsdh = field(
        default_factory=lambda: MemoryEsdh(
            now=lambda: 0.0, lateness=lambda: 0.0, protected=frozenset()
        )
    )

    def file(self, *cases: str) -> dict[str, str]:
        """File what has happened on the cases; the header that has a view wait for it."""
        asyncio.run(self._file(cases))
        return {"Julelys-Position": str(self.core.store.safe_position())}

    async def _file(self, cases: tuple[str, ...]) -> None:
        office, stop = self.office(self.rows), asyncio.Event()
        for case in cases:
            stream = case_stream(CaseId(UUID(case)))
            facts = self.core.store.read_recorded(stream, after=self.taken.get(case, 0))
            self.taken[case] = facts[-1].version if facts else self.taken.get(case, 0)
            await self.rows.take_in([e for fact in facts for e in entries_of(fact, HJORRING)])
        working = asyncio.create_task(sync.work(office, new_id(), stop, nothing))
        for _ in range(1500):
            if self._is_all_done():
                break
            await asyncio.sleep(0.02)
        stop.set()
        await working
        assert self._is_all_done()

    def _is_all_done(self) -> bool:
        entries = self.rows.snapshot().entries.values()
        return all(entry.state is EntryState.DONE for entry in entries)

    def office(self, rows: Journal) -> Office:
        return Office(
            name="hjorring",
            organisation=HJORRING,
            journal=rows,
            facts=StoreFacts(self.core.store),
            esdh=self.esdh,
            commands=self.core.desk,
            contents=Hashes(),
            typesetter=Letters(),
            parties=Register({}),
            users={},
            timing=replace(TIMING, dependency=0.05, kept_back=0),
            asking=asyncio.Semaphore(TIMING.connections),
            wait=lambda _: asyncio.sleep(0.02),
        )


async def nothing() -> None:
    """These rows are of today."""


@pytest.fixture
def filing(postgres: str) -> Iterator[Filing]:
    with open_core(postgres, HJORRING, RING) as core:
        yield Filing(core)


def decided(system: System) -> str:
    """A case of Anna's that was decided in part against her."""
    sent = submit(system, "building-permit", CARPORT | {"site_plan": paper(system)})
    case = str(done(sent, 201)["case"])
    done(system.post("karen", f"/cases/{case}/complete"), 204)
    done(system.post("karen", f"/cases/{case}/party-hearing-exemption", EXEMPTION), 204)
    granted = REFUSAL | {"outcome": "partly-granted", "conditions": ["Taget skal være mat."]}
    made = done(system.post("karen", f"/cases/{case}/decision", granted), 201)["decision"]
    path = f"/cases/{case}/decision/{made}/dispatch"
    done(system.post("karen", path, {"channel": "digital-post"}), 200)
    return case


def complained(system: System, about: str) -> str:
    answers = sample_answers(SERVICES["complaint-decision"].form, START.date())
    answers |= {"new_facts": False, "is_late": False, "suspend": False}
    for asked_no_more in ("new_documents", "late_reason", "suspend_reason"):
        del answers[asked_no_more]
    return str(done(submit(system, "complaint-decision", answers, about=about), 201)["case"])


def test_a_complaint_and_the_decision_lie_on_one_case(system: System, filing: Filing) -> None:
    case = decided(system)
    complaint = complained(system, case)
    # The complaint comes first; it waits for what it complains of.
    seen = filing.file(complaint, case)

    pages = [
        done(system.get(person, f"/cases/{each}", headers=seen), 200)
        for each in (case, complaint)
        for person in ("anna", "karen")
    ]
    (number,) = {str(part(page, "journal")["number"]) for page in pages}
    ((_, there),) = filing.esdh.ledger.cases.items()
    assert there.standing.esdh_case.number == number
    told = system.get("anna", f"/cases/{complaint}/timeline", headers=seen).json()["entries"]
    assert any(number in entry["text"] for entry in told)
    found = {
        row["case"]: row["esdh_number"]
        for row in system.get("karen", "/queues/byggeri-natur?limit=200", headers=seen).json()[
            "rows"
        ]
    }
    assert found[case] == found[complaint] == number

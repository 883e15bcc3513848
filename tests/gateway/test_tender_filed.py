"""A tender lies on its own case in SBSYS: all of it, once, by name, also after an interruption."""

import asyncio
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx
import pytest
from pydantic import BaseModel, TypeAdapter
from pypdf import PdfReader

from events.ids import NotificationId, PartyId, TenderId
from events.journal import Matter, MatterKind
from events.post import Channel, NotificationQueued, PostEvent
from gateway.simulator.app import create_simulator
from services.clock import SystemClock
from services.core import Core, open_core
from services.esdh.opening import sbsys
from services.esdh.port import Esdh
from services.ids import new_id
from services.journal import sync
from services.journal.facts import StoreFacts
from services.journal.letter_texts import EN_DASH
from services.journal.memory import MemoryJournal
from services.journal.planning import entries_of
from services.journal.ports import EntryState
from services.journal.timing import Timing
from services.journal.work import Office
from services.journal.writing import FolderContents, LetterWriter
from services.parties import known_colleagues, known_parties
from services.streams import post_stream, tender_stream
from tests.files import PDF
from tests.gateway.running import START, System
from tests.gateway.tendering import DAYS_OPEN, MANAGER, Tendering, published
from tests.keys import RING
from tests.services.esdh_systems import HOST, described, settings_of
from tests.services.projecting import write
from tests.shipped import HJORRING

TIMING: Final = Timing(
    request=3, longest_processing=0.3, send_window=1, lease=2, dependency=0.05, lanes=4
)
LONG: Final = "Hvor langt er vejnettet?"
TOMRER: Final = "Vendsyssel Tømrerforretning ApS (CVR 99999991)"


class FiledDocument(BaseModel):
    name: str
    sha256: str


class FiledNote(BaseModel):
    heading: str
    text: str


class FiledCase(BaseModel):
    title: str
    documents: list[FiledDocument]
    notes: list[FiledNote]


_CASES: Final = TypeAdapter(dict[str, dict[str, dict[str, object]]])
_CASE: Final = TypeAdapter(list[FiledCase])


@dataclass(slots=True)
class Filing:
    """The sync on the log that the gateway writes to, with an SBSYS whose ledger is in a folder."""

    system: System
    core: Core
    folder: Path
    rows: MemoryJournal = field(default_factory=lambda: MemoryJournal(SystemClock()))
    cases: list[FiledCase] = field(default_factory=list)

    def file(self, *tenders: str, until: Callable[[int], bool] | None = None) -> None:
        """All that has happened; cut off once `until` says so of how much has been asked for."""
        asyncio.run(self._file(tenders, until))

    async def _file(self, tenders: tuple[str, ...], until: Callable[[int], bool] | None) -> None:
        for tender in tenders:
            facts = self.core.store.read_recorded(tender_stream(TenderId(UUID(tender))))
            await self.rows.take_in([e for fact in facts for e in entries_of(fact, HJORRING)])
        app, settings = create_simulator(self.folder), settings_of("hjorring")
        asked: list[str] = []

        async def count(request: httpx.Request) -> None:
            if request.method == "POST" and "token" not in request.url.path:
                asked.append(request.url.path)

        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(
                transport=httpx.ASGITransport(app=app), event_hooks={"request": [count]}
            ) as http,
        ):
            office = self._office(sbsys(settings, described(settings), http))
            stop = asyncio.Event()
            working = asyncio.create_task(sync.work(office, new_id(), stop, _nothing))
            for _ in range(3_000):
                if self._is_all_done() or (until is not None and until(len(asked))):
                    break
                await asyncio.sleep(0.01)
            if until is not None:
                working.cancel()
            stop.set()
            with suppress(asyncio.CancelledError):
                await working
            told = _CASES.validate_json((await http.get(f"{HOST}/ledger.json")).content)
            self.cases = _CASE.validate_python(told["municipalities"]["hjorring"]["cases"])
        assert self._is_all_done() is (until is None)

    def _is_all_done(self) -> bool:
        entries = self.rows.snapshot().entries.values()
        return all(entry.state is EntryState.DONE for entry in entries)

    def _office(self, esdh: Esdh) -> Office:
        facts, config = StoreFacts(self.core.store), self.system.config
        return Office(
            name="hjorring",
            organisation=HJORRING,
            journal=self.rows,
            facts=facts,
            esdh=esdh,
            commands=self.core.desk,
            contents=FolderContents(config.data / "documents" / "hjorring"),
            typesetter=LetterWriter(HJORRING, facts),
            parties=known_parties(config, self.core.people),
            colleague=known_colleagues(config, self.core.people),
            users={},
            timing=TIMING,
            asking=asyncio.Semaphore(TIMING.connections),
            wait=lambda _: asyncio.sleep(0.02),
        )

    def text(self, document: FiledDocument) -> str:
        """The words of a PDF that lies there."""
        with sqlite3.connect(self.folder / "hjorring.sqlite3") as db:
            (content,) = db.execute(
                "SELECT content FROM files JOIN documents ON file_id = files.id WHERE sha256 = ?",
                [document.sha256],
            ).fetchone()
        pages = PdfReader(BytesIO(content)).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())


async def _nothing() -> None:
    """These rows are of today."""


@pytest.fixture
def filing(system: System, postgres: str, tmp_path: Path) -> Iterator[Filing]:
    system.clock.set(START)
    with open_core(postgres, HJORRING, RING) as core:
        yield Filing(system, core, tmp_path)


def to_contract(system: System) -> Tendering:
    """With a question, an amendment, two bids, an award, a complaint and a contract."""
    return concluded(to_the_last_day(system))


def to_the_last_day(system: System) -> Tendering:
    """Of the standstill, after a complaint."""
    running = published(system)
    asked = running.does("tomrer", "/questions", {"text": "Vi hos Tømrer: hvor langt?"}).json()
    answer = {
        "question": asked["question"],
        "text": LONG,
        "answer": "412 km.",
    }
    running.does(MANAGER, "/answers", answer)
    added = system.upload(MANAGER, "bilag 2.pdf", PDF)
    amended = {"text": "Bilag 2 er nyt.", "documents": [added], "is_essential": False}
    running.does(MANAGER, "/amendments", amended)
    running.bid("tomrer", 90_000_00)
    running.bid("anna", 1_250_000_50)
    running.close()
    running.open("per", "ulla")
    running.score_all("ulla", {"company:99999991": 700, "person:anna": 900})
    bids = running.evaluation().bids
    best = next(each for each in bids if each.total == max(each.total or 0 for each in bids))
    award = {"lot": "1", "winner": str(best.bid), "reasons": "Bedste forhold."}
    running.does(MANAGER, "/awards", award)
    today = system.clock.now().date().isoformat()
    complaint = {"lot": "1", "complainant": "person:anna", "filed_on": today}
    running.does(MANAGER, "/complaints", complaint)
    ended = {"lot": "1", "complainant": "person:anna", "end": "dismissed", "ended_on": today}
    running.does(MANAGER, "/complaint-ends", ended)
    return running


def concluded(running: Tendering) -> Tendering:
    running.system.clock.set(running.system.clock.now() + timedelta(days=20))
    running.does(MANAGER, "/contracts", {"lot": "1"})
    return running


def have_posted(filing: Filing, *facts: PostEvent) -> None:
    store = filing.core.store
    stream = post_stream(facts[0].matter)
    write(store, stream, store.read(stream).version, *facts)


def named(case: FiledCase) -> list[str]:
    return [re.sub(r"\d+[.] [a-z]+ \d{4}", "DAG", each.name) for each in case.documents]


def noted(case: FiledCase) -> list[tuple[str, str]]:
    """Without our references, which stand in the headings."""
    return [(each.heading.partition(" [")[0], each.text) for each in case.notes]


def test_a_tender_lies_on_its_case_once_also_when_its_filing_is_interrupted(
    system: System, filing: Filing
) -> None:
    running = to_contract(system)
    filing.file(running.tender, until=lambda asked: asked >= 6)
    assert 0 < sum(len(case.documents) + len(case.notes) for case in filing.cases) < 16
    filing.file(running.tender)
    (case,) = filing.cases
    # A restored backup has forgotten that anything was filed.
    filing.rows = MemoryJournal(SystemClock())
    filing.file(running.tender)
    assert filing.cases == [case]

    assert case.title.startswith("Vintervedligehold [")
    assert named(case) == [
        "betingelser.pdf",
        f"Udbud: Vintervedligehold {EN_DASH} offentliggjort DAG",
        "bilag 2.pdf",
        *["tilbud.pdf", "tilbud.txt"] * 2,
        f"Tildeling: Vintervedligehold, Nord {EN_DASH} DAG",
        f"Protokol: Vintervedligehold {EN_DASH} DAG",
    ]
    assert [heading for heading, _ in noted(case)] == [
        "Spørgsmål til udbud besvaret",
        "Udbud ændret",
        *["Tilbud åbnet"] * 2,
        "Klage over tildeling",
        "Klage over tildeling afsluttet",
        "Kontrakt indgået",
    ]


def test_what_lies_there_names_bidders_prices_and_colleagues(
    system: System, filing: Filing
) -> None:
    filing.file(to_contract(system).tender)
    (case,) = filing.cases
    words = dict(noted(case))
    assert words["Spørgsmål til udbud besvaret"] == (
        f"Meddelt alle samtidig. Spørgsmål: {LONG} Svar: 412 km."
    )
    opened = [text for heading, text in noted(case) if heading == "Tilbud åbnet"]
    assert opened[0].startswith(f"Tilbudsgiver: {TOMRER}. Åbnet ")
    assert "Pris: 90.000,00 kr. uden moms." in opened[0]
    assert "Tilbudsgiver: Anna Andersen." in opened[1]
    assert "Pris: 1.250.000,50 kr. uden moms." in opened[1]
    assert words["Kontrakt indgået"].endswith(f"Leverandør: {TOMRER}.")
    assert "Klager: Anna Andersen." in words["Klage over tildeling"]

    award, protocol = (filing.text(each) for each in case.documents[-2:])
    assert f"{TOMRER} 8,2 Anna Andersen 5,69" in award
    assert "Udpeget: Ulla Ulriksen, Omar Olsen, Per Poulsen." in protocol
    assert f"indgået med {TOMRER}" in protocol
    for told in (award, protocol, *(text for _, text in noted(case))):
        assert not re.search("(person|company|staff):", told)
        assert "Vi hos Tømrer" not in told


def test_the_protocol_tells_what_was_posted_before_the_contract(
    system: System, filing: Filing
) -> None:
    running = to_the_last_day(system)
    matter = Matter(kind=MatterKind.TENDER, id=TenderId(UUID(running.tender)))
    award = NotificationQueued(
        matter=matter,
        notification=NotificationId(new_id()),
        fact="tender.lot-awarded.v1",
        about=new_id(),
        party=PartyId("company:99999991"),
        channel=Channel.DIGITAL_POST,
    )
    have_posted(filing, award)
    concluded(running)
    later = replace(award, notification=NotificationId(new_id()), channel=Channel.PAPER)
    have_posted(filing, later)
    filing.file(running.tender)
    (case,) = filing.cases
    protocol = filing.text(case.documents[-1])
    assert "Meddelelser Hvornår Til Hvad" in protocol
    assert f"{TOMRER} Skal meddeles med Digital Post" in protocol
    assert "brev på papir" not in protocol


def test_requests_to_be_invited_are_filed_once_some_are(system: System, filing: Filing) -> None:
    running = published(system, "restricted")
    for bidder in ("anna", "tomrer"):
        paper = system.upload(bidder, f"referencer {bidder}.pdf", PDF)
        running.does(bidder, "/participation", {"documents": [paper]})
    filing.file(running.tender)
    (case,) = filing.cases
    assert noted(case) == []
    running.close()
    running.closes_at += timedelta(days=DAYS_OPEN)
    invitation = {"bidders": ["company:99999991"], "closes_at": running.closes_at.isoformat()}
    running.does(MANAGER, "/invitations", invitation)
    filing.file(running.tender)

    (case,) = filing.cases
    assert named(case)[2:] == ["referencer anna.pdf", "referencer tomrer.pdf"]
    words = [text for _, text in noted(case)]
    assert [heading for heading, _ in noted(case)] == [
        *["Ansøgning om at afgive tilbud åbnet"] * 2,
        "Ansøgere opfordret til at afgive tilbud",
    ]
    assert words[0].startswith("Ansøger: Anna Andersen. Modtaget ")
    assert words[1].startswith(f"Ansøger: {TOMRER}. Modtaget ")
    assert words[2].startswith(f"Opfordret: {TOMRER}. Frist for tilbud: ")


def test_a_tender_cancelled_before_its_opening_tells_nothing_of_who_has_bid(
    system: System, filing: Filing
) -> None:
    running = published(system)
    running.bid("tomrer", 90_000_00)
    running.does(MANAGER, "/cancel", {"reason": "Bevillingen faldt bort."})
    filing.file(running.tender)
    (case,) = filing.cases
    assert noted(case) == [("Udbud annulleret", "Begrundelse: Bevillingen faldt bort.")]
    protocol = filing.text(case.documents[-1])
    assert "Udbuddet annulleret. Begrundelse: Bevillingen faldt bort." in protocol
    assert "Om nogen har afgivet tilbud, fremgår derfor ikke her." in protocol
    assert "Tømrer" not in protocol

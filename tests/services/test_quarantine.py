"""What is set aside: nobody can refer to it until a scanner or a person has let it through."""

import asyncio
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Thread
from uuid import UUID

import pytest
from psycopg import Connection

from events.ids import DocumentId
from services.clock import SetClock
from services.database import Row, async_pool, connect
from services.documents import quarantine, rescanning
from services.documents.clamd import Clamd, ClamdAddress
from services.documents.holding import State
from services.documents.quarantine import Held, NotHeld, StillInfected
from services.documents.rescanning import scan_waiting
from services.documents.scanner import Clean, ScannerUnavailable, Verdict
from services.documents.tallies import tallies
from services.privacy.opening import reading_connection
from services.projecting.generations import ensure
from services.refusals import DocumentRefused
from tests.files import PDF, pdf
from tests.gateway.running import wait_until
from tests.services.uploading import NOW, Uploads, body
from tests.services.virus_scanner import EICAR, SIGNATURE, Behaviour, a_port, small_clamd

SCRIPT = pdf(catalog="/OpenAction<</S/JavaScript/JS(a)>>")
ONE = DocumentId(UUID(int=1))


@pytest.fixture
def address() -> ClamdAddress:
    return a_port()


@pytest.fixture
def uploads(postgres: str, organisation: str, tmp_path: Path, address: ClamdAddress) -> Uploads:
    ensure(postgres, organisation)
    return Uploads(postgres, organisation, tmp_path / "documents", Clamd(address, seconds=5.0))


@pytest.fixture
def db(postgres: str, organisation: str, uploads: Uploads) -> Iterator[Connection[Row]]:
    with reading_connection(postgres, organisation, uploads.keys) as found:
        yield found


def lies(uploads: Uploads) -> dict[str, int]:
    """How many files lie where."""
    places = [path.relative_to(uploads.folder).parts[0] for path in uploads.folder.glob("*/*")]
    return {"quarantine": places.count("quarantine"), "store": sum(len(p) == 2 for p in places)}


def why_not(refer: Callable[[], object]) -> tuple[str, str]:
    with pytest.raises(DocumentRefused) as refused:
        refer()
    return refused.value.code, refused.value.facts["document"]


def decided(db: Connection[Row]) -> list[Row]:
    return db.execute(
        "SELECT document_id, code, found, decision, decided_by, reason FROM quarantine"
        " ORDER BY document_id"
    ).fetchall()


def test_what_is_clean_is_ready(uploads: Uploads, address: ClamdAddress) -> None:
    with small_clamd(address) as clamd:
        assert uploads.receive(body(PDF)).state == State.READY
    assert clamd.asked == 1
    assert lies(uploads) == {"quarantine": 0, "store": 1}


def test_a_virus_is_set_aside_under_its_name(
    uploads: Uploads, address: ClamdAddress, db: Connection[Row]
) -> None:
    with small_clamd(address):
        upload = uploads.receive(body(EICAR, "a.txt"))
    assert (upload.state, upload.code) == (State.QUARANTINED, "document-virus-found")
    assert lies(uploads) == {"quarantine": 1, "store": 0}
    assert why_not(lambda: uploads.refer(1)) == ("document-virus-found", str(ONE))
    (held,) = quarantine.held(db)
    assert held == Held(
        document_id=ONE,
        sha256=upload.sha256,
        name="a.txt",
        media_type="text/plain",
        size=len(EICAR),
        owner="person:anna",
        state="quarantined",
        code="document-virus-found",
        found=SIGNATURE,
        since=NOW,
    )
    assert uploads.find(owner="person:bo") is None


def test_what_the_scanner_will_not_look_at_is_set_aside(
    uploads: Uploads, address: ClamdAddress, db: Connection[Row]
) -> None:
    refusing = Behaviour(answer=b"INSTREAM size limit exceeded. ERROR")
    with small_clamd(address, refusing):
        upload = uploads.receive(body(PDF))
    assert (upload.state, upload.code) == (State.QUARANTINED, "document-not-inspected")
    assert quarantine.held(db)[0].found == "INSTREAM size limit exceeded. ERROR"


def test_while_the_scanner_is_away_uploads_wait_and_are_not_lost(
    uploads: Uploads, address: ClamdAddress, db: Connection[Row]
) -> None:
    clock = SetClock(NOW + timedelta(days=3))
    upload = uploads.receive(body(PDF))
    uploads.receive(body(EICAR, "a.txt"), number=2)
    uploads.receive(body(SCRIPT), number=3)
    assert (upload.state, upload.code) == (State.WAITING, "document-waiting")
    assert lies(uploads) == {"quarantine": 3, "store": 0}
    assert why_not(lambda: uploads.refer(1)) == ("document-waiting", str(ONE))
    assert uploads.sweep(clock.now()) == (0, 0)
    with pytest.raises(ScannerUnavailable):
        asyncio.run(scan_waiting(db, uploads.folder, Clamd(address), clock, in_a_row=1))
    with small_clamd(address):
        settled = asyncio.run(scan_waiting(db, uploads.folder, Clamd(address), clock))
    assert settled == 2
    states = [(each.state, each.code) for n in (1, 2, 3) if (each := uploads.find(n)) is not None]
    assert states == [
        ("ready", None),
        ("quarantined", "document-virus-found"),
        ("quarantined", "document-active-content"),
    ]
    assert lies(uploads) == {"quarantine": 2, "store": 1}
    assert (uploads.folder / upload.sha256[:2] / upload.sha256[2:]).read_bytes() == PDF
    assert uploads.refer(1, now=clock.now()) == [ONE]
    assert decided(db)[0][1:] == ("document-waiting", "", "released", "system:scanner", "")


def test_the_worker_scans_what_waited_once_the_scanner_is_back(
    uploads: Uploads, address: ClamdAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rescanning, "ROUND_SECONDS", 0.05)
    uploads.receive(body(PDF))
    stop = Event()

    def connected() -> Connection[Row]:
        return connect(uploads.conninfo, uploads.organisation)

    arguments = (connected, uploads.folder, Clamd(address), SetClock(NOW), stop)
    worker = Thread(target=rescanning.run, args=arguments)
    worker.start()
    try:
        with small_clamd(address):
            wait_until(lambda: (found := uploads.find()) is not None and found.state == "ready")
    finally:
        stop.set()
        worker.join()


def test_a_file_that_the_scanner_stumbles_over_keeps_no_other_waiting(
    uploads: Uploads, address: ClamdAddress, db: Connection[Row]
) -> None:
    class Stumbling(Clamd):
        async def scan(self, path: Path) -> Verdict:
            if path.name == str(ONE):
                raise ScannerUnavailable("stream: Can't parse data ERROR")
            return await super().scan(path)

    for number in (1, 2):
        uploads.receive(body(PDF), number=number)
    with small_clamd(address):
        scanner = Stumbling(address)
        settled = asyncio.run(scan_waiting(db, uploads.folder, scanner, SetClock(NOW)))
    assert settled == 1
    assert [each.document_id for each in quarantine.held(db)] == [ONE]


def release(uploads: Uploads, db: Connection[Row]) -> None:
    reason = "Kommunens egen formular"
    quarantine.release(
        db, uploads.folder, ONE, by="karen", reason=reason, now=NOW, keys=uploads.keys
    )


@pytest.fixture
def aside(uploads: Uploads, address: ClamdAddress) -> Uploads:
    """A form with a script, set aside though the scanner finds nothing in it."""
    with small_clamd(address):
        assert uploads.receive(body(SCRIPT)).code == "document-active-content"
    return uploads


def test_a_person_lets_through_with_a_reason_and_it_is_usable(
    aside: Uploads, db: Connection[Row]
) -> None:
    release(aside, db)
    assert lies(aside) == {"quarantine": 0, "store": 1}
    # Its sender has time to come back for it.
    assert aside.sweep(NOW + timedelta(days=13)) == (0, 0)
    assert aside.refer(1, now=NOW + timedelta(days=13)) == [ONE]
    code = "document-active-content"
    assert decided(db) == [(ONE, code, code, "released", "karen", "Kommunens egen formular")]
    with pytest.raises(NotHeld):
        release(aside, db)


def test_the_same_upload_again_is_told_how_it_stands_now(
    aside: Uploads, address: ClamdAddress, db: Connection[Row]
) -> None:
    with small_clamd(address):
        assert aside.receive(body(SCRIPT)).state == State.QUARANTINED
        release(aside, db)
        assert aside.receive(body(SCRIPT)).state == State.READY
    assert lies(aside) == {"quarantine": 0, "store": 1}


def test_a_release_cut_short_is_finished_by_the_next(aside: Uploads, db: Connection[Row]) -> None:
    """Cut between the file's new name and the commit: both are there, and nobody gets it yet."""
    held = aside.folder / "quarantine" / str(ONE)
    upload = aside.find()
    assert upload is not None
    final = aside.folder / upload.sha256[:2] / upload.sha256[2:]
    final.parent.mkdir()
    os.link(held, final)
    assert why_not(lambda: aside.refer(1))[0] == "document-active-content"
    release(aside, db)
    assert final.read_bytes() == SCRIPT
    assert not held.exists()


def test_without_its_file_nothing_is_let_through(aside: Uploads, db: Connection[Row]) -> None:
    (aside.folder / "quarantine" / str(ONE)).unlink()
    with pytest.raises(FileNotFoundError):
        release(aside, db)
    assert [each.state for each in quarantine.held(db)] == ["quarantined"]


def test_a_release_scans_with_todays_signatures(
    uploads: Uploads, address: ClamdAddress, db: Connection[Row]
) -> None:
    def ask(*, even_if_infected: bool) -> None:
        asyncio.run(
            quarantine.scan_for_release(
                uploads.folder, ONE, Clamd(address), even_if_infected=even_if_infected
            )
        )

    with small_clamd(address):
        uploads.receive(body(EICAR, "a.txt"))
        with pytest.raises(StillInfected, match=SIGNATURE):
            ask(even_if_infected=False)
        ask(even_if_infected=True)
    with small_clamd(address, Behaviour(finds=False)):
        ask(even_if_infected=False)
    with pytest.raises(ScannerUnavailable):
        ask(even_if_infected=True)
    assert len(quarantine.held(db)) == 1


def test_what_a_person_removes_is_gone_and_its_sender_is_told(
    aside: Uploads, db: Connection[Row]
) -> None:
    quarantine.remove(db, aside.folder, ONE, by="karen", reason="Uønsket", now=NOW, keys=aside.keys)
    assert lies(aside) == {"quarantine": 0, "store": 0}
    assert why_not(lambda: aside.refer(1)) == ("document-removed", str(ONE))
    assert decided(db)[0][3:] == ("removed", "karen", "Uønsket")
    with pytest.raises(NotHeld):
        quarantine.remove(
            db, aside.folder, ONE, by="karen", reason="Igen", now=NOW, keys=aside.keys
        )


def test_a_scanner_does_not_overrule_a_person(aside: Uploads, db: Connection[Row]) -> None:
    """It settles what waits for it, and nothing that waits for somebody."""
    with pytest.raises(NotHeld):
        quarantine.settle(db, aside.folder, ONE, Clean(), NOW)
    assert [each.state for each in quarantine.held(db)] == ["quarantined"]


def test_what_nobody_decides_about_is_dropped_after_a_month(
    aside: Uploads, db: Connection[Row]
) -> None:
    assert aside.sweep(NOW + timedelta(days=29)) == (0, 0)
    old = NOW.timestamp()
    os.utime(aside.folder / "quarantine" / str(ONE), (old, old))
    assert aside.sweep(NOW + timedelta(days=31)) == (1, 1)
    assert lies(aside) == {"quarantine": 0, "store": 0}
    assert aside.find() is None
    assert decided(db)[0][3:5] == ("expired", "system:clock")


def test_what_is_held_is_counted_with_the_age_of_the_oldest(aside: Uploads) -> None:
    aside.receive(body(PDF), number=2)

    async def run() -> dict[str, tuple[int, datetime]]:
        async with (
            async_pool(aside.conninfo, aside.organisation) as pool,
            pool.connection() as asked,
        ):
            return {each.state: (each.number, each.oldest) for each in await tallies(asked)}

    assert asyncio.run(run()) == {"quarantined": (1, NOW), "waiting": (1, NOW)}

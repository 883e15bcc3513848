"""What runs by itself may do what stands in its row, in its own organisation, and nothing else."""

import asyncio
import inspect
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from threading import Event as Signal
from typing import Final, cast, get_args
from uuid import UUID

import pytest
from psycopg.sql import SQL, Identifier
from structlog.testing import capture_logs

from events.calendar_day import SlotsPublished
from events.ids import ActorId, CalendarDayId, CaseId, HearingId, PartyId, TeamId, TenderId
from events.journal import Matter, MatterKind
from gateway.background import Work, filing, relaying, telling
from gateway.processes import at_work
from services import streams
from services.actions import Action
from services.authorisation import ALLOWED, Resource, may
from services.command_handling import Command
from services.config import ROOT, Config
from services.core import Core, open_core
from services.database import connect
from services.entrusting import Entrusted, NotEntrusted, Premises
from services.identity import Actor, Role
from services.ids import new_id
from services.preparing import prepare
from services.relay.settings import KafkaSettings
from services.request import Request, unattended
from services.wanted import COMMANDS, STREAMS, action_of_stream
from services.workers import ENTRUSTED, Job, Worker
from tests.examples import ANNA, KAREN, open_meeting_case
from tests.keys import ENVIRONMENT, RING
from tests.shipped import HJORRING

ORGANISATION: Final = "entrusted"
SECONDS: Final = 2.0

ROWS: Final = {
    "system:esdh-sync": "hear-of-facts read-opening read-case read-hearing read-tender read-filing"
    " read-documents know-parties record-filing",
    "system:post": "hear-of-facts read-opening read-case read-hearing read-tender read-post"
    " read-contact read-documents know-parties record-post",
    "system:relay": "spread-log",
    "system:views": "build-views",
    "system:clock": "see-what-is-due do-what-is-due",
    "system:hearing-conclusions": "answer-responses",
    "system:registers": "read-views read-opening record-property",
    "system:scanner": "scan-uploads",
    "system:operator": "retry-filing",
}
"""The table once more: whoever widens a row says so twice."""

each_job = pytest.mark.parametrize("job", Job)


def row(job: Job) -> set[str]:
    return set(ROWS[job.value].split())


@each_job
def test_a_worker_may_what_stands_in_its_row_and_nothing_else(job: Job) -> None:
    worker = Worker(job=job, organisation=ORGANISATION)
    about = Resource(organisation=ORGANISATION, takes_anonymous=True, has_reason=True)
    assert {action.value for action in Action if may(worker, action, about)} == row(job)
    elsewhere = replace(about, organisation="vejle")
    assert not any(may(worker, action, elsewhere) for action in Action)


def test_what_is_for_workers_is_for_no_person() -> None:
    everybody = Actor(
        id=ActorId("staff:everybody"),
        roles=frozenset(Role),
        organisation=ORGANISATION,
        teams=frozenset({TeamId("byggeri")}),
        party=ANNA,
        on_behalf_of=ANNA,
        name="Enhver",
    )
    about = Resource(organisation=ORGANISATION, takes_anonymous=True, has_reason=True)
    of_workers = set(Action) - set(ALLOWED)
    assert set[Action]().union(*ENTRUSTED.values()) <= of_workers
    for who in (everybody, None, replace(everybody, id=ActorId("system:esdh-sync"))):
        assert not [action for action in of_workers if may(who, action, about)]


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    """Hjørring's own settings, of an organisation that no other test has."""
    folder = tmp_path_factory.mktemp("entrusted")
    (folder / "organisations").mkdir()
    for name, called in (("hjorring", ORGANISATION), ("demo-persons.yaml", "demo-persons.yaml")):
        (folder / "organisations" / called).symlink_to(ROOT / "organisations" / name)
    return Config(
        data=folder,
        database_url=None,
        organisations=folder / "organisations",
        host="127.0.0.1",
        port=0,
        demo=True,
        clamav="127.0.0.1:1",
        secrets=ENVIRONMENT,
    )


@pytest.fixture(scope="module")
def core(postgres: str) -> Iterator[Core]:
    described = HJORRING
    described = replace(described, id=ORGANISATION)
    prepare(postgres, ORGANISATION)
    with open_core(postgres, described, RING) as opened:
        yield opened


def refused(job: Job, ask: Callable[..., object], *given: object, **more: object) -> bool:
    """Whether it is, which then stands in the log."""
    refusal = None
    with capture_logs() as said:
        try:
            ask(*given, **more)
        except NotEntrusted as error:
            refusal = error
    logged = [line["worker"] for line in said if line["event"] == "worker_refused"]
    assert logged == ([] if refusal is None else [job])
    assert refusal is None or refusal.worker.job is job
    return refusal is not None


@each_job
def test_what_is_handed_over_is_asked_for_first(core: Core, job: Job) -> None:
    entrusted = Entrusted(core, job)
    for hand in (entrusted.facts, entrusted.desk, entrusted.rows):
        assert {action.value for action in Action if not refused(job, hand, action)} == row(job)
    assert refused(job, entrusted.people) == ("know-parties" not in row(job))
    assert refused(job, entrusted.views) == ("read-views" not in row(job))
    assert refused(job, entrusted.documents, Path()) == ("read-documents" not in row(job))


ID: Final = UUID(int=7)
NAMED: Final = {
    "case": streams.case_stream(CaseId(ID)),
    "hearing": streams.hearing_stream(HearingId(ID)),
    "tender": streams.tender_stream(TenderId(ID)),
    "calendar": streams.calendar_day_stream(CalendarDayId("byggeri 2026-12-18")),
    "note": streams.note_stream(CaseId(ID)),
    "journal": streams.journal_stream(Matter(kind=MatterKind.CASE, id=ID)),
    "post": streams.post_stream(Matter(kind=MatterKind.CASE, id=ID)),
    "contact": streams.contact_stream(PartyId("person:anna")),
    "colleague": streams.colleague_stream(ActorId("staff:karen")),
}


def test_there_is_no_other_kind_of_stream() -> None:
    wanted = {kind: action_of_stream(name, is_opening=False) for kind, name in NAMED.items()}
    assert wanted == STREAMS
    made = {name for name, _ in inspect.getmembers(streams, inspect.isfunction)}
    assert len([name for name in made if name.endswith("_stream")]) == len(NAMED)


READS: Final = {
    Job.FILING: {"case", "hearing", "tender", "journal"},
    Job.POST: {"case", "hearing", "tender", "post", "contact"},
}
"""Internal notes are nobody's."""


@each_job
def test_a_worker_reads_the_streams_of_its_row(core: Core, job: Job) -> None:
    facts = Entrusted(core, job).facts(some_of(job))
    for reading in (facts.read, facts.read_recorded):
        read = {kind for kind, stream in NAMED.items() if not refused(job, reading, stream)}
        assert read == READS.get(job, set())
        first = {kind for kind, each in NAMED.items() if not refused(job, reading, each, up_to=1)}
        assert first - {"case"} == read - {"case"}
        assert ("case" in first) == ("read-opening" in row(job))
        assert refused(job, reading, f"secret-{ID}")


def some_of(job: Job) -> Action:
    return min(ENTRUSTED[job])


@each_job
def test_a_worker_follows_as_much_of_the_log_as_its_row_says(core: Core, job: Job) -> None:
    facts = Entrusted(core, job).facts(some_of(job))
    few = {"after": 0, "limit": 1}
    told = refused(job, facts.read_log, **few, only=(SlotsPublished,))
    assert told == ("hear-of-facts" not in row(job))
    assert refused(job, facts.read_log, **few) == ("spread-log" not in row(job))
    assert refused(job, facts.read_log_kept, **few) == ("build-views" not in row(job))


def test_who_may_not_know_parties_learns_of_none(
    core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    people = Entrusted(core, Job.POST).people()
    assert not refused(Job.POST, people.one, ANNA)
    empty(monkeypatch, Job.POST)
    assert refused(Job.POST, people.one, ANNA)


def empty(monkeypatch: pytest.MonkeyPatch, job: Job) -> None:
    monkeypatch.setitem(cast("dict[Job, frozenset[Action]]", ENTRUSTED), job, frozenset())


def commands(union: object = Command) -> Iterator[type]:
    for each in get_args(union):
        yield from commands(each) if get_args(each) else (each,)


def request(kind: type, actor: ActorId, organisation: str) -> Request:
    empty: Command = object.__new__(kind)
    return unattended(empty, command_id=new_id(), organisation=organisation, actor=actor)


@each_job
def test_a_worker_gives_no_commands_but_those_of_its_row(core: Core, job: Job) -> None:
    desk = Entrusted(core, job).desk(some_of(job))
    me = Worker(job=job, organisation=ORGANISATION).id
    others = [kind for kind in commands() if COMMANDS.get(kind) not in ENTRUSTED[job]]
    assert len(others) > 50
    for kind in others:
        asked = request(kind, me, ORGANISATION)
        assert refused(job, desk.hand_in, asked), kind
        assert refused(job, asyncio.run, desk.perform(asked)), kind


def test_each_command_of_a_worker_is_some_workers() -> None:
    assert set(COMMANDS) <= set(commands())
    for kind, action in COMMANDS.items():
        assert [job for job in Job if action in ENTRUSTED[job]], kind


@each_job
def test_a_worker_speaks_as_itself_and_in_its_own_organisation(core: Core, job: Job) -> None:
    desk = Entrusted(core, job).desk(some_of(job))
    me = Worker(job=job, organisation=ORGANISATION).id
    for kind in (kind for kind, action in COMMANDS.items() if action in ENTRUSTED[job]):
        assert refused(job, desk.hand_in, request(kind, KAREN, ORGANISATION))
        assert refused(job, desk.hand_in, request(kind, me, "vejle"))


def file(core: Core, config: Config) -> None:
    asyncio.run(for_a_while(filing(config, Premises(core))))


def tell(core: Core, config: Config) -> None:
    asyncio.run(for_a_while(telling(config, Premises(core))))


def spread(core: Core, config: Config) -> None:
    del config
    asyncio.run(for_a_while(relaying(KafkaSettings(bootstrap="127.0.0.1:1"), Premises(core))))


def do_chores(core: Core, config: Config) -> None:
    stop = Signal()
    for thread in at_work(Premises(core), config, stop):
        stop.set()
        thread.join()


async def for_a_while(work: Work) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(SECONDS, stop.set)
    await work(stop)


DOES: Final[dict[Job, Callable[[Core, Config], None]]] = {
    Job.FILING: file,
    Job.POST: tell,
    Job.RELAY: spread,
    Job.VIEWS: do_chores,
    Job.CLOCK: do_chores,
    Job.CONCLUSIONS: do_chores,
    Job.REGISTERS: do_chores,
    Job.SCANNER: do_chores,
}


def done(core: Core) -> dict[str, int]:
    with connect(core.conninfo, ORGANISATION) as db:
        return {
            table: len(db.execute(SQL("SELECT FROM {}").format(Identifier(table))).fetchall())
            for table in ("journal_entry", "post_notification", "post_mail", "relay")
        }


@pytest.fixture(scope="module")
def submitted(core: Core) -> None:
    asked = unattended(
        open_meeting_case, command_id=new_id(), organisation=ORGANISATION, actor=KAREN
    )
    core.desk.hand_in(asked).result(timeout=30)


@pytest.mark.usefixtures("submitted")
@pytest.mark.parametrize("job", DOES)
def test_a_worker_whose_row_is_emptied_ends_and_has_done_nothing(
    core: Core, config: Config, job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    empty(monkeypatch, job)
    before = done(core)
    assert refused(job, DOES[job], core, config)
    assert done(core) == before


@pytest.mark.usefixtures("submitted")
def test_a_worker_with_its_row_begins(core: Core, config: Config) -> None:
    """The control: what it would have done, it does."""
    before = done(core)
    file(core, config)
    tell(core, config)
    now = done(core)
    assert now["journal_entry"] > before["journal_entry"]
    assert now["post_notification"] > before["post_notification"]

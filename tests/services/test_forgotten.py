"""When everybody is forgotten the log stays whole: rules, views and replays go on without words.

Shown on all of the demo's matters, made by real commands, at every stage that a matter has.
"""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from psycopg import AsyncConnection

from commands.case import WriteToParty
from events.case import DECIDED, CaseOpened
from events.envelope import Recorded
from events.ids import ActorId, CaseId, MessageId
from events.personal import FORGOTTEN
from projections import timeline
from projections.catalogue import PROJECTIONS
from services import codec
from services.core import Core
from services.database import Row, connect, pinned
from services.eventstore.store import PostgresEventStore
from services.ids import new_id
from services.privacy.person_keys import PersonKeys
from services.projecting.rebuilding import rebuild
from services.replay import cases, replay
from services.request import unattended
from services.streams import case_stream
from tests.events.leaves import words
from tests.keys import RING
from tests.services.projecting import Town, open_town
from tests.services.test_demo import noon, seeded

NAME: Final = "hjorring"
NOW: Final = noon("2026-11-26")


@pytest.fixture
def core(database: str, tmp_path: Path) -> Iterator[Core]:
    with seeded(database, NAME, NOW, tmp_path) as found:
        yield found


def everything(core: Core) -> list[Recorded]:
    with PostgresEventStore(core.conninfo, NAME, RING) as store:
        facts, _ = store.read_log(after=0, limit=100_000)
    return list(facts)


def forget_everybody(core: Core) -> int:
    keys = PersonKeys(NAME, RING)
    with connect(core.conninfo, NAME) as db:
        persons = db.execute("SELECT person FROM person_key").fetchall()
        return sum(keys.destroy(db, str(person)) for (person,) in persons)


def test_everybody_is_forgotten_and_everything_goes_on(core: Core) -> None:
    before = everything(core)
    said = {text for fact in before for text in words(fact.event)}
    assert len(said) > 50
    assert forget_everybody(core) >= 5

    after = everything(core)
    assert [(f.stream, f.version, type(f.event)) for f in after] == [
        (f.stream, f.version, type(f.event)) for f in before
    ]
    assert [text for fact in after for text in words(fact.event) if text != FORGOTTEN] == []
    changed = [new for old, new in zip(before, after, strict=True) if new.event != old.event]
    assert len(changed) > 40
    assert all(codec.is_personal(type(fact.event)) for fact in changed)

    with open_town(core.conninfo, NAME) as town:
        _views_are_built(town, said)
        for case_id, _ in cases(town.store):
            assert replay(town.store, case_id) is not None

    kinds = {type(f.event): f.event for f in after if getattr(f.event, "kind", None) in DECIDED}
    application = kinds[CaseOpened]
    assert isinstance(application, CaseOpened)
    _caseworker_goes_on(core, application.case_id)


def _views_are_built(town: Town, said: set[str]) -> None:
    for projection in PROJECTIONS:
        town.catch_up(projection)
        assert town.parked(projection.name) == []
        rebuild(town.conninfo, town.schema, town.store, projection)
        assert town.differing(projection) == 0
    opened = next(
        fact.event for fact in town.store.read_log(after=0, limit=10_000, only=[CaseOpened])[0]
    )
    assert isinstance(opened, CaseOpened)
    entries = asyncio.run(_timeline(town, opened.case_id))
    assert entries[0].facts["subject"] == FORGOTTEN
    assert entries[0].facts["answers"] == []
    assert not any(text in str(entry) for entry in entries for text in said)


async def _timeline(town: Town, case_id: CaseId) -> list[timeline.Entry]:
    async with await AsyncConnection[Row].connect(pinned(town.conninfo, town.schema)) as db:
        return await timeline.entries(db, case_id)


def _caseworker_goes_on(core: Core, case_id: CaseId) -> None:
    write = WriteToParty(
        case_id=case_id,
        message=MessageId(new_id()),
        text="Vi vender tilbage.",
        documents=(),
        written_on=NOW.date(),
    )
    asked = unattended(write, command_id=new_id(), organisation=NAME, actor=ActorId("staff:karen"))
    # By a process that remembers who was forgotten.
    core.desk.hand_in(asked).result(timeout=60)
    with PostgresEventStore(core.conninfo, NAME, RING) as another:
        last = another.read(case_stream(case_id)).events[-1]
    assert getattr(last, "text", None) == "Vi vender tilbage."

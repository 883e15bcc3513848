"""Views hold nothing that anybody wrote, show all of it, and forget a person with their key."""

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import pytest
from psycopg import Connection
from psycopg.sql import SQL, Identifier

from events.case import CaseEvent, CaseOpened
from events.case_deadline import DeadlineEvent
from events.catalogue import Event
from events.ids import CaseId
from events.note import NoteWritten
from events.personal import FORGOTTEN
from projections import search_words
from projections.caseload_queue import QueueFilter, SoughtText, queue
from projections.catalogue import PROJECTIONS
from projections.projection import Projection
from services.database import Row, connect
from services.privacy.blind_index import BlindIndex
from services.privacy.opening import reading_connection, reading_pool
from services.privacy.person_keys import ORGANISATION, REMEMBERED_SECONDS, PersonKeys
from services.privacy.sealed import SealBroken
from services.projecting.generations import table
from services.projecting.rebuilding import fill, rebuild, under_construction
from services.streams import case_stream, note_stream
from tests.events import leaves
from tests.events.test_catalogue import GOLDEN
from tests.examples import meeting_case_opened, numbered
from tests.keys import RING
from tests.procedure_examples import information_delivered, information_requested
from tests.services.projecting import Town, open_town, write

CASE: Final = meeting_case_opened.case_id
OTHER: Final = CaseId(numbered(900))
THIRD: Final = CaseId(numbered(901))


@dataclass(frozen=True)
class Kept:
    """A log with one of each fact of a case in it, and its views as the worker keeps them."""

    town: Town
    keys: PersonKeys

    def catch_up(self) -> None:
        for projection in PROJECTIONS:
            self.town.catch_up(projection)
            assert self.town.parked(projection.name) == []

    def reading(self) -> Connection[Row]:
        return reading_connection(self.town.conninfo, self.town.schema, self.keys)

    def raw(self, projection: Projection) -> str:
        """All that lies in a view, as text."""
        with connect(self.town.conninfo, self.town.schema) as db:
            query = SQL("SELECT row_to_json(v)::text FROM {} AS v").format(
                Identifier(projection.name)
            )
            return "\n".join(str(text) for (text,) in db.execute(query).fetchall())

    def shown(self, projection: Projection) -> Counter[str]:
        with self.reading() as db:
            return _rows(db, Identifier(projection.name))

    def plain(self, projection: Projection) -> Counter[str]:
        """The rows as they would be if nothing were sealed."""
        with (
            connect(self.town.conninfo, self.town.schema) as db,
            under_construction(db, projection) as generation,
        ):
            fill(db, self.town.store, projection, generation)
            return _rows(db, table(projection.name, generation))


def _rows(db: Connection[Row], of: Identifier) -> Counter[str]:
    return Counter(map(str, db.execute(SQL("SELECT * FROM {}").format(of)).fetchall()))


def of_case(event: Event) -> Event | None:
    """The fact, said of our one case; None for what is of no case."""
    if isinstance(event, NoteWritten) or (
        isinstance(event, CaseEvent) and not isinstance(event, CaseOpened | DeadlineEvent)
    ):
        return replace(event, case_id=CASE)
    return None


def facts() -> Iterator[Event]:
    yield meeting_case_opened
    yield from (found for *_, event in GOLDEN if (found := of_case(event)) is not None)
    yield replace(information_requested, case_id=CASE)
    yield replace(information_delivered, case_id=CASE)


FACTS: Final = list(facts())
WORDS: Final = set[str]().union(*map(leaves.words, FACTS))


@pytest.fixture
def kept(postgres: str, organisation: str) -> Iterator[Kept]:
    with open_town(postgres, organisation, kept=True) as town:
        write(town.store, case_stream(CASE), 0, *(f for f in FACTS if isinstance(f, CaseEvent)))
        write(town.store, note_stream(CASE), 0, *(f for f in FACTS if isinstance(f, NoteWritten)))
        other = replace(meeting_case_opened, case_id=OTHER, subject="Klage: Åbyvej 7")
        write(town.store, case_stream(OTHER), 0, other)
        third = replace(meeting_case_opened, case_id=THIRD)
        write(town.store, case_stream(THIRD), 0, third)
        found = Kept(town, PersonKeys(organisation, RING))
        found.catch_up()
        yield found


def test_no_view_holds_what_was_written_and_each_shows_it(kept: Kept) -> None:
    """Row by row what it would be if nothing were sealed, by a rebuilt view's measure too."""
    assert len(WORDS) > 30
    shown = ""
    for projection in PROJECTIONS:
        raw = kept.raw(projection)
        assert not [text for text in WORDS if text in raw], projection.name
        if projection is not search_words.projection:
            rows = kept.shown(projection)
            assert rows == kept.plain(projection), projection.name
            shown += str(rows)
        assert (kept.town.differing(projection), projection.name) == (0, projection.name)
    # The control: what is searched for is there to be found.
    assert len([text for text in WORDS if repr(text)[1:-1] in shown]) > 20


def test_words_in_another_cases_row_are_not_opened_for_whoever_may_see_it(kept: Kept) -> None:
    """Not even if the whole row is given to it, as somebody with the database's password might."""
    with connect(kept.town.conninfo, kept.town.schema) as db:
        db.execute(
            "UPDATE caseload_1 SET subject = stolen.subject FROM caseload AS stolen"
            " WHERE stolen.case_id = %s AND caseload_1.case_id = %s",
            (CASE, OTHER),
        )
        db.execute("UPDATE notes_1 SET case_id = %s", (OTHER,))
    with kept.reading() as db:
        mine = db.execute("SELECT case_id, subject FROM caseload WHERE case_id = %s", (CASE,))
        assert mine.fetchall() == [(CASE, meeting_case_opened.subject)]
        for view in ("caseload", "notes"):
            with pytest.raises(SealBroken, match="another row"):
                db.execute(
                    SQL("SELECT * FROM {} WHERE case_id = %s").format(Identifier(view)), (OTHER,)
                ).fetchall()


def test_who_is_forgotten_is_so_in_every_view_at_once_and_a_rebuilt_one_has_nothing_left(
    kept: Kept,
) -> None:
    with kept.reading() as db:
        persons = db.execute("SELECT person FROM person_key WHERE person <> %s", (ORGANISATION,))
        assert all(kept.keys.destroy(db, str(person)) for (person,) in persons.fetchall())
        found = db.execute("SELECT case_id, subject FROM caseload ORDER BY case_id").fetchall()
        assert found == [(each, FORGOTTEN) for each in (CASE, OTHER, THIRD)]
    names = {each.item for each in information_requested.items}
    for projection in PROJECTIONS:
        shown = str(kept.shown(projection))
        assert not [text for text in WORDS - names if text in shown], projection.name
    # The log is read with other keys in hand, as by a process that begins now.
    with open_town(kept.town.conninfo, kept.town.schema, kept=True) as town:
        again = replace(kept, town=town)
        for projection in PROJECTIONS:
            rebuild(town.conninfo, town.schema, town.log, projection)
            assert "sealed:" not in again.raw(projection), projection.name
        assert again.raw(search_words.projection) == ""


def test_a_process_that_only_reads_has_forgotten_after_a_while(kept: Kept) -> None:
    """Another's keys are remembered for minutes, and looked up again then."""
    moment = 0.0
    slow = PersonKeys(kept.town.schema, RING, now=lambda: moment)
    with reading_connection(kept.town.conninfo, kept.town.schema, slow) as db:
        asked = "SELECT case_id, subject FROM caseload WHERE case_id = %s"
        assert db.execute(asked, (CASE,)).fetchone() == (CASE, meeting_case_opened.subject)
        kept.keys.destroy(db, meeting_case_opened.party)
        moment = REMEMBERED_SECONDS + 1
        assert db.execute(asked, (CASE,)).fetchone() == (CASE, FORGOTTEN)


def test_what_is_asked_for_is_ticked_off_whoever_delivers_it(kept: Kept) -> None:
    """Names of things asked for are compared though they are sealed."""
    with kept.reading() as db:
        found = db.execute("SELECT case_id, requests FROM procedure WHERE case_id = %s", (CASE,))
        shown = str(found.fetchall())
    delivered = re.findall(r"'item': '([^']*)', 'text': '[^']*', 'is_delivered': True", shown)
    assert set(delivered) == set(information_delivered.items)


def test_cases_are_found_by_how_the_words_of_their_subjects_begin(kept: Kept) -> None:
    async def ask() -> dict[str, list[CaseId]]:
        town, found = kept.town, dict[str, list[CaseId]]()
        async with (
            reading_pool(town.conninfo, town.schema, kept.keys) as pool,
            pool.connection() as db,
        ):
            index = BlindIndex(await kept.keys.of_one(db, ORGANISATION))
            for text in SOUGHT:
                wanted = QueueFilter(q=SoughtText(text=text, beginnings=index.wanted(text)))
                page = await queue(db, meeting_case_opened.team, wanted)
                found[text] = [entry.case_id for entry in page.entries]
        return found

    assert asyncio.run(ask()) == SOUGHT


SOUGHT: Final = {
    "carp": [THIRD],
    "NØRREGADE 1": [THIRD],
    "carport klage": [],
    "aaby": [OTHER],
    "7 klag": [OTHER],
    "arport": [],
    "hj-2026": [OTHER, THIRD],
    "_": [],
    "-": [OTHER, THIRD],
}
"""A hyphen is no word; it stands in every reference."""

"""How far each entry of a timeline has come on its way to the records system (ESDH)."""

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias, TypedDict, cast

from psycopg.sql import SQL, Identifier

from events.envelope import Recorded
from events.journal import Journalised, JournalisingRefused, JournalisingRetried
from projections.case_facts import case_of
from projections.plain import encode
from projections.projection import Rows

ON_ITS_WAY: Final = "on-its-way"
LIES_THERE: Final = "journalised"
WAITS: Final = "waits-for-caseworker"

_Told: TypeAlias = Journalised | JournalisingRefused | JournalisingRetried


class Mark(TypedDict):
    """`state` is on-its-way, journalised or waits-for-caseworker.

    `number` is that of the case it was journalised on, as it was then. `refused` are its parts
    that the records system would not have, until a caseworker has them tried again.
    """

    state: str
    number: str | None
    refused: list[str]


Marks: TypeAlias = dict[int, Mark]
"""By the position of the entry they are on."""


def fresh() -> Mark:
    """The mark of what has just happened and is to be journalised."""
    return Mark(state=ON_ITS_WAY, number=None, refused=[])


def changed_by(batch: Sequence[Recorded], db: Rows, table: Identifier) -> Marks:
    """The marks that the batch changes, as they are after it."""
    told = [e for each in batch if isinstance(e := each.event, _Told) and case_of(e) is not None]
    stored = _stored(told, db, table)
    changed: Marks = {}
    for event in told:
        match event:
            case Journalised():
                number = event.esdh_case.number
                changed[event.position] = Mark(state=LIES_THERE, number=number, refused=[])
            case JournalisingRefused():
                before = changed.get(event.position) or stored.get(event.position) or fresh()
                changed[event.position] = _with_refused(before, str(event.entry))
            case JournalisingRetried():
                changed |= _retried({**stored, **changed}, str(event.entry))
    return changed


def _with_refused(mark: Mark, entry: str) -> Mark:
    return Mark(state=WAITS, number=None, refused=[*mark["refused"], entry])


def _retried(marks: Mapping[int, Mark], entry: str) -> Marks:
    """Whatever waited for that part; what was journalised since waits for nothing."""
    found: Marks = {}
    for position, mark in marks.items():
        if entry in mark["refused"]:
            rest = [other for other in mark["refused"] if other != entry]
            found[position] = Mark(state=WAITS if rest else ON_ITS_WAY, number=None, refused=rest)
    return found


def _stored(told: Sequence[_Told], db: Rows, table: Identifier) -> Marks:
    """The marks of earlier batches on which the batch builds; journalising builds on none."""
    positions = [event.position for event in told if isinstance(event, JournalisingRefused)]
    cases = [event.matter.id for event in told if isinstance(event, JournalisingRetried)]
    if not positions and not cases:
        return {}
    query = SQL(
        "SELECT position, journal FROM {} WHERE journal IS NOT NULL AND (position = ANY(%s)"
        " OR case_id = ANY(%s) AND journal->>'state' = %s)"
    )
    db.execute(query.format(table), (positions, cases, WAITS))
    # They are our own, as they were put here before.
    return dict(cast("list[tuple[int, Mark]]", db.fetchall()))


def put(marks: Marks, db: Rows, table: Identifier) -> None:
    """Change the marks of entries that stand there already.

    Raises:
        LookupError: one does not, as when its case is parked; then its journal must wait as well.
    """
    if not marks:
        return
    statement = SQL(
        "UPDATE {} AS entry SET journal = changed.mark::jsonb"
        " FROM unnest(%s::bigint[], %s::text[]) AS changed (position, mark)"
        " WHERE entry.position = changed.position"
    )
    db.execute(statement.format(table), (list(marks), [encode(mark) for mark in marks.values()]))
    if db.rowcount != len(marks):
        raise LookupError("An entry that was journalised is not on the timeline.")

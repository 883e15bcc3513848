"""The journal's rows as the database gives them, and the changes as it takes them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, TypeAlias, cast
from uuid import UUID

from events.ids import EntryId
from events.journal import Matter, MatterKind
from services.database import Row
from services.journal.ports import (
    Change,
    Claim,
    Entry,
    EntryKind,
    EntryState,
    Intend,
    NewEntry,
    Settle,
)

ENTRY: Final = (
    "entry",
    "matter",
    "kind",
    "event_id",
    "stream",
    "version",
    "position",
    "recorded_at",
    "part",
    "parts",
    "resource",
    "state",
    "attempts",
    "due_at",
    "failing_since",
    "error",
    "receipt",
    "intended",
)
"""The columns of an entry, in the order in which `entry_of` wants them."""

_Columns: TypeAlias = tuple[
    EntryId,
    UUID,
    str,
    UUID,
    str,
    int,
    int,
    datetime,
    int,
    int,
    str | None,
    str,
    int,
    datetime,
    datetime | None,
    str | None,
    str | None,
    int,
]


def entry_of(row: Row, kind: MatterKind) -> Entry:
    columns = cast("_Columns", row)  # those of ENTRY, by the types of the table
    (entry, matter, what, event_id, stream, version, position, recorded_at, part, parts, *_) = (
        columns[:11]
    )
    resource, state, attempts, due_at, failing_since, error, receipt, intended = columns[10:]
    return Entry(
        new=NewEntry(
            entry=entry,
            matter=Matter(kind=kind, id=matter),
            kind=EntryKind(what),
            event_id=event_id,
            stream=stream,
            version=version,
            position=position,
            recorded_at=recorded_at,
            part=part,
            parts=parts,
            resource=resource,
        ),
        state=EntryState(state),
        attempts=attempts,
        due_at=due_at,
        failing_since=failing_since,
        error=error,
        receipt=receipt,
        intended=intended,
    )


def claims_of(rows: Sequence[Row]) -> list[Claim]:
    """Claims in the order of the rows; each is an epoch, the matter's kind, and an entry."""
    found = []
    for epoch, of_matter in groupby(rows, key=lambda row: (row[0], row[1], row[3])):
        kind = MatterKind(cast("str", epoch[1]))
        unfinished = [entry_of(row[2:], kind) for row in of_matter]
        found.append(
            Claim(matter=unfinished[0].new.matter, epoch=cast("int", epoch[0]), entries=unfinished)
        )
    return found


def taken_in(entries: Sequence[NewEntry]) -> list[list[object]]:
    """The arguments of `journal_take_in`, an array for each column."""
    return [
        [new.entry for new in entries],
        [new.matter.id for new in entries],
        [new.matter.kind.value for new in entries],
        [new.kind.value for new in entries],
        [new.event_id for new in entries],
        [new.stream for new in entries],
        [new.version for new in entries],
        [new.position for new in entries],
        [new.recorded_at for new in entries],
        [new.part for new in entries],
        [new.parts for new in entries],
        [new.resource for new in entries],
    ]


def changed(changes: Sequence[Change]) -> list[list[object]]:
    """The arguments of `journal_change`, an array for each column; an intent has no state."""
    intents = [change if isinstance(change, Intend) else None for change in changes]
    settled = [change if isinstance(change, Settle) else None for change in changes]
    return [
        [change.matter.id for change in changes],
        [change.epoch for change in changes],
        [change.entry for change in changes],
        [change and change.resource for change in intents],
        [change and change.resource_version for change in intents],
        [change and change.state.value for change in settled],
        [change and change.receipt for change in settled],
        [change and change.error for change in settled],
        [change and timedelta(seconds=change.retry_in) for change in settled],
        [change and change.esdh_id for change in settled],
    ]


def held(claims: Sequence[tuple[Matter, int]]) -> list[list[object]]:
    """Matters and epochs, an array each."""
    return [[matter.id for matter, _ in claims], [epoch for _, epoch in claims]]

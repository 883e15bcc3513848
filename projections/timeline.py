"""Timeline: what has happened on a case, one entry per event, in the order it happened.

What its journal in the records system tells is an entry too, and marks the one it is about; so is
what became of the post to the party.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from events.case import (
    CaseworkerAddedDocument,
    CaseworkerWrote,
    PartyAddedDocument,
    PartyWrote,
)
from events.case_application import CompletionNotified
from events.case_party_hearing import PartyHearingAnswered
from events.case_procedure import RedactedCopyAdded
from events.catalogue import WIRE_NAMES, Event
from events.envelope import Recorded
from events.ids import ActorId, CaseId, PartyId
from events.journal_worthy import JOURNALISED
from projections.case_facts import CASE_FACTS, case_of
from projections.plain import DocumentRow, document_row, encode, values
from projections.projection import Projection, Rows
from projections.timeline_journal import Mark, changed_by, fresh, put

COLUMNS = """
    case_id uuid NOT NULL,
    position bigint NOT NULL,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    facts jsonb NOT NULL,
    actor text NOT NULL,
    on_behalf_of text,
    documents jsonb NOT NULL,
    journal jsonb,
    PRIMARY KEY (case_id, position)
"""
INDEXES = ("(position)",)

KINDS: Final[dict[type[Event], str]] = {fact: WIRE_NAMES[fact].split(".")[1] for fact in CASE_FACTS}
"""The wire name without noun and version: `case.meeting-booked.v1` is `meeting-booked`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """`facts` is the event's own words as plain JSON, without the case's id.

    `on_behalf_of` is the party that the actor acted for, None when for nobody but themselves.
    `journal` is None for what is not to be journalised.
    """

    case_id: CaseId
    position: int
    at: datetime
    kind: str
    facts: dict[str, object]
    actor: ActorId
    on_behalf_of: PartyId | None
    documents: list[DocumentRow]
    journal: Mark | None


async def entries(db: AsyncConnection[object], case_id: CaseId, after: int = 0) -> list[Entry]:
    """One case's entries after a position, oldest first."""
    async with db.cursor(row_factory=class_row(Entry)) as cursor:
        await cursor.execute(
            "SELECT case_id, position, at, kind, facts, actor, on_behalf_of,"
            " documents, journal FROM timeline"
            " WHERE case_id = %s AND position > %s ORDER BY position",
            (case_id, after),
        )
        return await cursor.fetchall()


async def since(db: AsyncConnection[object], after: int, up_to: int) -> list[Entry]:
    """Every case's entries with `after < position <= up_to`, oldest first."""
    async with db.cursor(row_factory=class_row(Entry)) as cursor:
        await cursor.execute(
            "SELECT case_id, position, at, kind, facts, actor, on_behalf_of,"
            " documents, journal FROM timeline"
            " WHERE position > %s AND position <= %s ORDER BY position",
            (after, up_to),
        )
        return await cursor.fetchall()


def entry_of(recorded: Recorded, case_id: CaseId) -> Entry:
    """The entry that a fact gives, before anything is known of its way to the records system."""
    return Entry(
        case_id=case_id,
        position=recorded.position,
        at=recorded.recorded_at,
        kind=KINDS[type(recorded.event)],
        facts=json.loads(encode(_facts(recorded.event))),
        actor=recorded.envelope.actor,
        on_behalf_of=recorded.envelope.on_behalf_of,
        documents=_documents(recorded.event),
        journal=fresh() if type(recorded.event) in JOURNALISED else None,
    )


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    changed = changed_by(batch, db, table)
    # COPY, and its text written here, for this table gets a row for nearly every event there is.
    rows = [
        _line(recorded, case_id, changed.pop(recorded.position, None))
        for recorded in batch
        if (case_id := case_of(recorded.event)) is not None
    ]
    copying = SQL(
        "COPY {} (case_id, position, at, kind, facts, actor, on_behalf_of, documents, journal)"
        " FROM STDIN"
    )
    with db.copy(copying.format(table)) as copy:
        copy.write("".join(rows))
    put(changed, db, table)


def _line(recorded: Recorded, case_id: CaseId, mark: Mark | None) -> str:
    """One row in the text format of COPY; `mark` where the same batch has changed it."""
    event = recorded.event
    documents = _documents(event)
    cells = (
        case_id.hex,
        str(recorded.position),
        recorded.recorded_at.isoformat(),
        KINDS[type(event)],
        _json_cell(_facts(event)),
        recorded.envelope.actor.translate(_ESCAPES),
        _party_cell(recorded.envelope.on_behalf_of),
        _json_cell(documents) if documents else "[]",
        _journal_cell(event) if mark is None else _json_cell(mark),
    )
    return "\t".join(cells) + "\n"


_ESCAPES: Final = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _json_cell(value: object) -> str:
    # JSON has no raw tabs or line ends, and this is quicker than translate.
    return encode(value).replace("\\", "\\\\")


_FRESH: Final = _json_cell(fresh())


def _party_cell(party: PartyId | None) -> str:
    return "\\N" if party is None else party.translate(_ESCAPES)


def _journal_cell(event: Event) -> str:
    return _FRESH if type(event) in JOURNALISED else "\\N"


def _facts(event: Event) -> dict[str, object]:
    """Without whose they are, which is the row's own column."""
    facts = values(event)
    facts.pop("case_id", None)
    facts.pop("matter", None)
    return facts


def _documents(event: Event) -> list[DocumentRow]:
    match event:
        case PartyWrote() | CaseworkerWrote() | PartyHearingAnswered() | CompletionNotified():
            return [document_row(document) for document in event.documents]
        case PartyAddedDocument() | CaseworkerAddedDocument() | RedactedCopyAdded():
            return [document_row(event.document)]
        case _:
            return []


projection = Projection(
    name="timeline",
    version=6,
    columns=COLUMNS,
    indexes=INDEXES,
    only=CASE_FACTS,
    project=project,
    urgent=True,
)

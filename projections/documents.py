"""Documents: which documents belong to which case, hearing or tender, and who brought them."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row, scalar_row
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
from events.catalogue import Event
from events.document import Document
from events.envelope import Recorded
from events.hearing import HearingMaterialAdded, HearingPublished
from events.ids import ActorId, CaseId, DocumentId, HearingId, TenderId
from events.tender import ParticipationRequested, TenderAmended, TenderMaterialAdded
from events.tender_bid import BidOpened
from projections.projection import Projection, Rows
from projections.rows import add

COLUMNS = """
    document_id uuid NOT NULL,
    owner uuid NOT NULL,
    case_id uuid,
    hearing_id uuid,
    tender_id uuid,
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    sha256 text NOT NULL,
    direction text NOT NULL,
    position bigint NOT NULL,
    added_by text NOT NULL,
    added_at timestamptz NOT NULL,
    redacts uuid,
    reason text,
    PRIMARY KEY (document_id, owner)
"""
INDEXES: Final = ("(owner, position)",)


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDocument:
    """A document of a case, of a hearing or of a tender; the two other ids are None.

    `direction` is `in` when the party brought it and `out` when the authority did. `size` in
    bytes; `sha256` as 64 hexadecimal digits. `position`, `added_by` and `added_at` are those of the
    fact that added it. `redacts` is the document that it is a redacted copy of, for that `reason`.
    """

    document_id: DocumentId
    case_id: CaseId | None
    hearing_id: HearingId | None
    tender_id: TenderId | None
    name: str
    media_type: str
    size: int
    sha256: str
    direction: str
    position: int
    added_by: ActorId
    added_at: datetime
    redacts: DocumentId | None
    reason: str | None


_SELECT: Final = SQL(
    "SELECT document_id, case_id, hearing_id, tender_id, name, media_type, size, sha256, direction,"
    " position, added_by, added_at, redacts, reason FROM documents "
)


async def of_case(db: AsyncConnection[object], case_id: CaseId) -> list[CaseDocument]:
    """The documents of a case, in the order they came."""
    async with db.cursor(row_factory=class_row(CaseDocument)) as cursor:
        where = SQL("WHERE owner = %s AND case_id = owner ORDER BY position, document_id")
        await cursor.execute(_SELECT + where, (case_id,))
        return await cursor.fetchall()


async def one(
    db: AsyncConnection[object],
    document: DocumentId,
    owner: CaseId | HearingId | TenderId | None = None,
) -> CaseDocument | None:
    """A document of that case, hearing or tender; of the first that referred to it, if none is
    named.
    """
    async with db.cursor(row_factory=class_row(CaseDocument)) as cursor:
        where = SQL(
            "WHERE document_id = %s AND (%s::uuid IS NULL OR owner = %s)"
            " AND owner = coalesce(case_id, hearing_id, tender_id) ORDER BY position LIMIT 1"
        )
        await cursor.execute(_SELECT + where, (document, owner, owner))
        return await cursor.fetchone()


def is_referred(
    db: Connection[tuple[object, ...]], documents: Collection[DocumentId]
) -> set[DocumentId]:
    """Those of the documents that some fact refers to, as far as this view has come."""
    with db.cursor(row_factory=scalar_row) as cursor:
        cursor.execute(
            "SELECT DISTINCT document_id FROM documents WHERE document_id = ANY(%s)",
            (list(documents),),
        )
        return set(cursor.fetchall())


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    rows: dict[tuple[DocumentId, UUID], dict[str, object]] = {}
    for recorded in batch:
        for owner, direction, document in _references(recorded.event):
            kind = _owned_by(recorded.event)
            row: dict[str, object] = {
                "document_id": document.document_id,
                "owner": owner,
                "case_id": owner if kind == "case" else None,
                "hearing_id": owner if kind == "hearing" else None,
                "tender_id": owner if kind == "tender" else None,
                "name": document.name,
                "media_type": document.media_type,
                "size": document.size,
                "sha256": document.sha256,
                "direction": direction,
                "position": recorded.position,
                "added_by": recorded.envelope.actor,
                "added_at": recorded.recorded_at,
                **_redaction(recorded.event),
            }
            # Referred to twice, it keeps the place of the first time, in this batch or another.
            rows.setdefault((document.document_id, owner), row)
    add(db, table, ["document_id", "owner"], rows.values())


def _owned_by(event: Event) -> str:
    match event:
        case HearingPublished() | HearingMaterialAdded():
            return "hearing"
        case TenderMaterialAdded() | TenderAmended() | ParticipationRequested() | BidOpened():
            return "tender"
        case _:
            return "case"


def _redaction(event: Event) -> dict[str, object]:
    if isinstance(event, RedactedCopyAdded):
        return {"redacts": event.original, "reason": event.reason}
    return {"redacts": None, "reason": None}


def _references(event: Event) -> Iterable[tuple[UUID, str, Document]]:
    """Whose document it is, which way it went, and what it is."""
    match event:
        case PartyWrote() | PartyHearingAnswered() | CompletionNotified():
            found = [(event.case_id, "in", document) for document in event.documents]
        case PartyAddedDocument():
            found = [(event.case_id, "in", event.document)]
        case CaseworkerWrote():
            found = [(event.case_id, "out", document) for document in event.documents]
        case CaseworkerAddedDocument() | RedactedCopyAdded():
            found = [(event.case_id, "out", event.document)]
        case HearingPublished() | HearingMaterialAdded():
            return [(event.hearing_id, "out", document) for document in event.material]
        case TenderMaterialAdded() | TenderAmended():
            return [(event.tender_id, "out", document) for document in event.material]
        case ParticipationRequested() | BidOpened():
            return [(event.tender_id, "in", document) for document in event.documents]
        case _:
            return []
    return found


projection = Projection(
    name="documents",
    version=5,
    columns=COLUMNS,
    indexes=INDEXES,
    only=(
        PartyWrote,
        PartyAddedDocument,
        CaseworkerWrote,
        CaseworkerAddedDocument,
        PartyHearingAnswered,
        CompletionNotified,
        RedactedCopyAdded,
        HearingPublished,
        HearingMaterialAdded,
        TenderMaterialAdded,
        TenderAmended,
        ParticipationRequested,
        BidOpened,
    ),
    project=project,
)

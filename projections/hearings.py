"""Hearings: what is and was heard in public, with its material, deadline and conclusion."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias, TypedDict, assert_never, cast, get_args
from uuid import UUID

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row
from psycopg.sql import SQL, Identifier

from events.envelope import Recorded
from events.hearing import (
    HearingAnswer,
    HearingAnswerDrafted,
    HearingAnswerDropped,
    HearingCancelled,
    HearingConcluded,
    HearingEvent,
    HearingExtended,
    HearingMaterialAdded,
    HearingPublished,
    HearingResponseSorted,
)
from events.ids import CaseId, HearingId, TeamId
from projections.plain import DocumentRow, document_row
from projections.projection import Projection, Rows
from projections.rows import kept, upsert

COLUMNS = """
    hearing_id uuid PRIMARY KEY,
    kind text NOT NULL,
    title text NOT NULL,
    description text NOT NULL,
    team text NOT NULL,
    material jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    ended text,
    summary text,
    answers jsonb NOT NULL,
    concluded_at timestamptz,
    reason text,
    changed_at timestamptz NOT NULL,
    version bigint NOT NULL,
    position bigint NOT NULL
"""
INDEXES: Final = ("(closes_at)",)


Drafting: TypeAlias = HearingAnswerDrafted | HearingAnswerDropped | HearingResponseSorted
"""What nobody outside is told of: `hearing_points` and `responses` are for those who write."""


class AnswerRow(TypedDict):
    theme: str
    answer: str
    responses: list[str]


class HearingRow(TypedDict):
    """`ended` is concluded or cancelled; whether it is open until then, the clock says."""

    hearing_id: str
    kind: str
    title: str
    description: str
    team: str
    material: list[DocumentRow]
    published_at: str
    closes_at: str
    ended: str | None
    summary: str | None
    answers: list[AnswerRow]
    concluded_at: str | None
    reason: str | None
    changed_at: str
    version: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """`state` is open, closed, concluded or cancelled. `reason` is why it was cancelled.

    `changed_at` is when the public last learnt something new of it, but for its deadline's passing.
    """

    hearing_id: HearingId
    kind: str
    title: str
    description: str
    team: TeamId
    material: list[DocumentRow]
    published_at: datetime
    closes_at: datetime
    state: str
    summary: str | None
    answers: list[AnswerRow]
    concluded_at: datetime | None
    reason: str | None
    changed_at: datetime
    version: int
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    summary: str
    answers: tuple[HearingAnswer, ...]


_SELECT: Final = SQL(
    "SELECT * FROM (SELECT hearing_id, kind, title, description, team, material, published_at,"
    " closes_at, coalesce(ended, CASE WHEN %(now)s < closes_at THEN 'open' ELSE 'closed' END)"
    " AS state, summary, answers, concluded_at, reason, changed_at,"
    " version, position FROM hearings)"
    " AS hearing "
)


async def published(db: AsyncConnection[object], state: str | None, now: datetime) -> list[Hearing]:
    """All hearings, or those in one state now, the last to close first."""
    where = SQL("WHERE %(state)s::text IS NULL OR state = %(state)s ORDER BY closes_at DESC, title")
    async with db.cursor(row_factory=class_row(Hearing)) as cursor:
        await cursor.execute(_SELECT + where, {"state": state, "now": now})
        return await cursor.fetchall()


async def one(db: AsyncConnection[object], hearing: HearingId, now: datetime) -> Hearing | None:
    async with db.cursor(row_factory=class_row(Hearing)) as cursor:
        given = {"hearing": hearing, "now": now}
        await cursor.execute(_SELECT + SQL("WHERE hearing_id = %(hearing)s"), given)
        return await cursor.fetchone()


def conclusion(db: Connection[tuple[object, ...]], hearing: HearingId) -> Conclusion | None:
    """What a hearing was concluded with; None while it is not."""
    with db.cursor(row_factory=class_row(_Concluded)) as cursor:
        cursor.execute(
            "SELECT summary, answers FROM hearings WHERE hearing_id = %s AND ended = 'concluded'",
            (hearing,),
        )
        found = cursor.fetchone()
    if found is None:
        return None
    answers = tuple(
        HearingAnswer(
            theme=row["theme"],
            answer=row["answer"],
            responses=tuple(CaseId(UUID(response)) for response in row["responses"]),
        )
        for row in found.answers
    )
    return Conclusion(summary=found.summary, answers=answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Concluded:
    summary: str
    answers: list[AnswerRow]


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    """Fold the batch onto the rows of its hearings, and put them back."""
    facts = [(recorded, e) for recorded in batch if isinstance(e := recorded.event, HearingEvent)]
    # The rows are our own, as the upsert of an earlier batch left them.
    known = cast(
        "list[HearingRow]", kept(db, table, "hearing_id", {e.hearing_id for _, e in facts})
    )
    rows = {row["hearing_id"]: row for row in known}
    for recorded, event in facts:
        key = str(event.hearing_id)
        if isinstance(event, HearingPublished):
            rows[key] = _published(event)
        else:
            _evolve(rows[key], event)
        if not isinstance(event, Drafting):
            rows[key]["changed_at"] = recorded.recorded_at.isoformat()
        rows[key]["version"] = recorded.version
        rows[key]["position"] = recorded.position
    upsert(db, table, ["hearing_id"], rows.values())


def _published(event: HearingPublished) -> HearingRow:
    return HearingRow(
        hearing_id=str(event.hearing_id),
        kind=event.kind.value,
        title=event.title,
        description=event.description,
        team=event.team,
        material=[document_row(document) for document in event.material],
        published_at=event.published_at.isoformat(),
        closes_at=event.closes_at.isoformat(),
        ended=None,
        summary=None,
        answers=[],
        concluded_at=None,
        reason=None,
        changed_at="",
        version=0,
        position=0,
    )


def _evolve(
    row: HearingRow,
    event: HearingMaterialAdded | HearingExtended | Drafting | HearingConcluded | HearingCancelled,
) -> None:
    match event:
        case HearingMaterialAdded():
            row["material"] = [*row["material"], *map(document_row, event.material)]
        case HearingExtended():
            row["closes_at"] = event.closes_at.isoformat()
        case HearingAnswerDrafted() | HearingAnswerDropped() | HearingResponseSorted():
            # It makes the hearing's version, which is public, and nothing else of it.
            pass
        case HearingConcluded():
            row["ended"], row["summary"] = "concluded", event.summary
            row["answers"] = [_answer(answer) for answer in event.answers]
            row["concluded_at"] = event.concluded_at.isoformat()
        case HearingCancelled():
            row["ended"], row["reason"] = "cancelled", event.reason
        case _:
            assert_never(event)


def _answer(answer: HearingAnswer) -> AnswerRow:
    return AnswerRow(
        theme=answer.theme,
        answer=answer.answer,
        responses=[str(response) for response in answer.responses],
    )


projection = Projection(
    name="hearings",
    version=2,
    columns=COLUMNS,
    indexes=INDEXES,
    only=get_args(HearingEvent),
    project=project,
)

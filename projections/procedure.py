"""Procedure: how far a case has come by the rules of the law, and what its party is asked for.

A row holds all of it; who reads leaves out what is not for them, such as a decision before it is
sent.
"""

from dataclasses import dataclass
from datetime import date

from psycopg import AsyncConnection
from psycopg.rows import class_row

from events.ids import CaseId
from projections.procedure_parts import (
    ComplaintRow,
    DecisionRow,
    ExemptionRow,
    RequestRow,
    RetentionRow,
    RoundRow,
    WorksRow,
)
from projections.procedure_rows import FACTS, project
from projections.projection import Projection

COLUMNS = """
    case_id uuid PRIMARY KEY,
    about uuid,
    requests jsonb NOT NULL,
    rounds jsonb NOT NULL,
    exemptions jsonb NOT NULL,
    decisions jsonb NOT NULL,
    works jsonb NOT NULL,
    complaint jsonb,
    tacitly_accepted_on date,
    retention jsonb
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """Lists are in the order that things happened."""

    case_id: CaseId
    about: CaseId | None
    requests: list[RequestRow]
    rounds: list[RoundRow]
    exemptions: list[ExemptionRow]
    decisions: list[DecisionRow]
    works: WorksRow
    complaint: ComplaintRow | None
    tacitly_accepted_on: date | None
    retention: RetentionRow | None


async def of_case(db: AsyncConnection[object], case_id: CaseId) -> Procedure:
    """That of a case without a row has not begun."""
    async with db.cursor(row_factory=class_row(Procedure)) as cursor:
        await cursor.execute(
            "SELECT case_id, about, requests, rounds, exemptions, decisions, works, complaint,"
            " tacitly_accepted_on, retention FROM procedure WHERE case_id = %s",
            (case_id,),
        )
        return await cursor.fetchone() or not_begun(case_id)


def not_begun(case_id: CaseId) -> Procedure:
    return Procedure(
        case_id=case_id,
        about=None,
        requests=[],
        rounds=[],
        exemptions=[],
        decisions=[],
        works=WorksRow(complete_on=None, inspections=[], notices=[], accepted_on=None),
        complaint=None,
        tacitly_accepted_on=None,
        retention=None,
    )


projection = Projection(
    name="procedure",
    version=3,
    columns=COLUMNS,
    indexes=(),
    only=FACTS,
    project=project,
    urgent=True,
)

"""Caseload: which case somebody means by its reference, its number elsewhere, or its id."""

from typing import Final

from psycopg import AsyncConnection
from psycopg.rows import class_row
from psycopg.sql import SQL

from projections.caseload import SELECT, CaseloadEntry

_BY_ID: Final = SQL("WHERE case_id = %s::uuid")
_BY_REFERENCE: Final = SQL(
    "WHERE reference ILIKE %s OR esdh_number ILIKE %s ORDER BY reference, case_id LIMIT %s"
)


async def by_id(db: AsyncConnection[object], case_id: str) -> list[CaseloadEntry]:
    async with db.cursor(row_factory=class_row(CaseloadEntry)) as cursor:
        await cursor.execute(SELECT + _BY_ID, (case_id,))
        return await cursor.fetchall()


async def by_reference(
    db: AsyncConnection[object], written: str, limit: int
) -> list[CaseloadEntry]:
    """Those whose reference, or number in the records system, begins as it is written."""
    like = "".join(f"\\{each}" if each in "\\%_" else each for each in written) + "%"
    async with db.cursor(row_factory=class_row(CaseloadEntry)) as cursor:
        await cursor.execute(SELECT + _BY_REFERENCE, (like, like, limit))
        return await cursor.fetchall()

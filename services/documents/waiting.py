"""Uploads that wait for what they belong to longer than the day that others are kept for."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from psycopg import AsyncConnection

from services.database import Row
from services.documents.store import KEPT_UNUSED_FOR

Db: TypeAlias = AsyncConnection[Row]


async def keep_until(db: Db, documents: Sequence[UUID], *, owner: str, until: datetime) -> None:
    """At least so long; what is another's stays as it is."""
    if documents:
        await db.execute(
            """
            UPDATE document SET expires_at = greatest(expires_at, %s)
            WHERE document_id = ANY(%s) AND owner = %s AND state = 'ready'
                AND expires_at IS NOT NULL
            """,
            (until, [*documents], owner),
        )


async def let_go(db: Db, documents: Sequence[UUID], *, owner: str, now: datetime) -> None:
    """Keep them no longer than any other that is not used; by then it is known which were sent."""
    if documents:
        await db.execute(
            """
            UPDATE document SET expires_at = least(expires_at, %s)
            WHERE document_id = ANY(%s) AND owner = %s AND expires_at IS NOT NULL
            """,
            (now + KEPT_UNUSED_FOR, [*documents], owner),
        )

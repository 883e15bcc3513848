"""Which cases something was recorded about in a stretch of the log, in any stream of theirs."""

import re
from typing import Final
from uuid import UUID

from psycopg import AsyncConnection

from events.ids import CaseId
from services.database import Row

_OF_CASE: Final = re.compile(
    r"(?:case|journal|post|note)-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})"
)
_SINCE: Final = """
    SELECT originator_id, max(notification_id) FROM events
    WHERE notification_id > %s AND notification_id <= %s GROUP BY originator_id"""


async def changed_cases(db: AsyncConnection[Row], after: int, up_to: int) -> dict[CaseId, int]:
    """Cases by the position of the last fact about each with `after < position <= up_to`.

    Nothing is opened or decoded. Ids that are a hearing's, whose journal is named alike, may be
    among them; no view of cases knows those.
    """
    rows = await (await db.execute(_SINCE, (after, up_to))).fetchall()
    found: dict[CaseId, int] = {}
    for stream, position in rows:
        of_case = _OF_CASE.fullmatch(str(stream))
        if of_case is not None:
            case_id = CaseId(UUID(of_case[1]))
            found[case_id] = max(found.get(case_id, 0), int(str(position)))
    return found

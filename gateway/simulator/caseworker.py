"""What a caseworker does inside SBSYS, which no client hears of until it asks."""

import sqlite3
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Final, TypeAlias

from gateway.simulator.call import Dto, gone, stamp
from gateway.simulator.given import Wrong
from gateway.simulator.installation import ACTIVE, CLOSED, Installation
from gateway.simulator.numbering import next_number, read_number
from services.clock import COPENHAGEN

_NUMBER_AT_MOST: Final = 50

Deed: TypeAlias = Callable[[sqlite3.Connection, Installation, sqlite3.Row, datetime, str], None]
"""Done to a case, with the new number for what wants one."""


def do(
    db: sqlite3.Connection,
    installation: Installation,
    now: datetime,
    *,
    number: str,
    deed: str,
    new_number: str = "",
) -> Dto:
    """Do something to the case of that number; give how it stands.

    Raises:
        Wrong: 404, there is no such case or deed; 409, another case has the new number.
    """
    row = db.execute(
        "SELECT * FROM cases WHERE number = ? AND deleted_at IS NULL", (number,)
    ).fetchone()
    if row is None or deed not in DEEDS:
        raise gone("Sag")
    DEEDS[deed](db, installation, row, now, new_number)
    db.execute(
        "INSERT INTO entries (at, what, subject_id, case_id) VALUES (?, ?, ?, ?)",
        (stamp(now), deed, str(row["id"]), row["id"]),
    )
    found = db.execute("SELECT * FROM cases WHERE id = ?", (row["id"],)).fetchone()
    status = installation.status(found["status"])
    return {
        "organisation": installation.name,
        "id": found["id"],
        "identity": found["identity"],
        "number": found["number"],
        "state": status and status.state,
        "deleted_at": found["deleted_at"],
    }


def _give_status(
    db: sqlite3.Connection, installation: Installation, row: sqlite3.Row, now: datetime, state: str
) -> None:
    db.execute(
        "UPDATE cases SET status = ?, status_comment = NULL, status_at = ? WHERE id = ?",
        (installation.first_of(state).id, stamp(now), row["id"]),
    )


def _close(
    db: sqlite3.Connection, installation: Installation, row: sqlite3.Row, now: datetime, _: str
) -> None:
    _give_status(db, installation, row, now, CLOSED)


def _reopen(
    db: sqlite3.Connection, installation: Installation, row: sqlite3.Row, now: datetime, _: str
) -> None:
    _give_status(db, installation, row, now, ACTIVE)


def _renumber(
    db: sqlite3.Connection, _: Installation, row: sqlite3.Row, now: datetime, new_number: str
) -> None:
    """Id and GUID stay. Without a number the case gets the next one of this year."""
    year = now.astimezone(COPENHAGEN).year
    number = read_number(new_number)
    if not new_number:
        number = next_number(db, row["subject"], row["facet"], year)
    if len(new_number) > _NUMBER_AT_MOST:
        raise Wrong(400, f"Et nummer er på højst {_NUMBER_AT_MOST} tegn.")
    taken = db.execute("SELECT 1 FROM cases WHERE number = ?", (new_number,)).fetchone()
    if taken is not None:
        raise Wrong(409, "En anden sag har nummeret.")
    if number is None:
        db.execute("UPDATE cases SET number = ? WHERE id = ?", (new_number, row["id"]))
        return
    db.execute(
        "UPDATE cases SET number = ?, subject = ?, facet = ?, year = ?, sequence = ? WHERE id = ?",
        (number.text, number.subject, number.facet, number.year, number.sequence, row["id"]),
    )


def _delete(
    db: sqlite3.Connection, _: Installation, row: sqlite3.Row, now: datetime, __: str
) -> None:
    """Nobody finds it any more, nor anything that lies on it; the ledger keeps it all."""
    db.execute("UPDATE cases SET deleted_at = ? WHERE id = ?", (stamp(now), row["id"]))


DEEDS: Final[Mapping[str, Deed]] = {
    "close": _close,
    "reopen": _reopen,
    "renumber": _renumber,
    "delete": _delete,
}

"""One call of the API as its handler sees it, and what it answers."""

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from gateway.simulator.given import Given, Wrong
from gateway.simulator.installation import Installation, User
from services.clock import COPENHAGEN

Dto: TypeAlias = dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """A file part of a form."""

    name: str
    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What the request carried: its path's parts, its query, and its body or form."""

    path: Mapping[str, str]
    query: Given
    given: Given
    file: Upload | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`user` is the service account's, who is recorded as the one who did it."""

    db: sqlite3.Connection
    installation: Installation
    user: User
    now: datetime
    sent: Sent

    @property
    def at(self) -> str:
        return stamp(self.now)

    def row(self, sql: str, *values: object) -> sqlite3.Row | None:
        found: sqlite3.Row | None = self.db.execute(sql, values).fetchone()
        return found

    def rows(self, sql: str, *values: object) -> list[sqlite3.Row]:
        return self.db.execute(sql, values).fetchall()

    def insert(self, table: str, **values: object) -> int:
        """Add a row; give its id."""
        names, marks = ", ".join(values), ", ".join("?" * len(values))
        sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - names are ours
        return int(self.db.execute(sql, tuple(values.values())).lastrowid or 0)

    def enter(self, what: str, subject: object, case: int | None = None) -> None:
        """Write down that something happened."""
        self.insert("entries", at=self.at, what=what, subject_id=str(subject), case_id=case)

    def number_in_path(self, name: str) -> int:
        """An id of the path.

        Raises:
            Wrong: 404, it is no number, so nothing has it.
        """
        text = self.sent.path[name]
        if not (text.isascii() and text.isdigit() and len(text) <= 18):  # noqa: PLR2004 - 64 bits
            raise gone(name)
        return int(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    content: bytes
    media_type: str = "application/json; charset=utf-8"
    status: int = 200


def told(value: object) -> Answer:
    return Answer(content=json.dumps(value, ensure_ascii=False).encode())


def said(status: int, words: str) -> Answer:
    """An answer that is no JSON, as errors mostly are."""
    return Answer(content=words.encode(), media_type="text/plain; charset=utf-8", status=status)


def gone(what: str) -> Wrong:
    """Nothing has that id. The text names the kind and never the id."""
    return Wrong(404, f"{what} findes ikke.")


def stamp(moment: datetime) -> str:
    """A time as the server writes it: Danish, with its offset."""
    return moment.astimezone(COPENHAGEN).isoformat(timespec="milliseconds")

"""Message DB: its own SQL functions in a database of its own, called as its clients do."""

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
from psycopg.rows import TupleRow

from services.ids import new_id
from tests.benchmarks.messages import TEXT

PACKAGE: Final = Path("node_modules/@eventide/message-db")

FUNCTIONS: Final = (
    "message-store-version",
    "hash-64",
    "acquire-lock",
    "category",
    "is-category",
    "id",
    "cardinal-id",
    "stream-version",
    "write-message",
    "get-stream-messages",
    "get-category-messages",
    "get-last-stream-message",
)
"""In the order of the package's own installer."""

SEARCH_PATH: Final = "-c search_path=message_store,public"

LOAD: Final = "SELECT type, data, position FROM get_stream_messages(%s, 0, -1)"
WRITE: Final = (
    "SELECT write_message(%s::varchar, %s::varchar, %s::varchar, %s::jsonb, %s::jsonb, %s::bigint)"
)
METADATA: Final = json.dumps({"actor": "person:anna", "correlationStreamName": "case"})


class CaseIsClosed(Exception):
    """The rule that every contender checks before it writes."""


def install(node: Path, conninfo: str) -> None:
    """Run the package's SQL in its installer's order, as the only user of the database."""
    folder = node / PACKAGE / "database"
    files = [
        "schema/message-store.sql",
        "tables/messages.sql",
        "types/message.sql",
        *(f"functions/{name}.sql" for name in FUNCTIONS),
        "indexes/messages-id.sql",
        "indexes/messages-stream.sql",
        "indexes/messages-category.sql",
    ]
    with psycopg.connect(conninfo, autocommit=True, options=SEARCH_PATH) as connection:
        for name in files:
            connection.execute((folder / name).read_bytes())


def writer_of_own_category(
    conninfo: str, number: int
) -> AbstractContextManager[Callable[[UUID, int], None]]:
    """Its lock is by category, so a category per writer is the best it can do."""
    return _writer(conninfo, f"case{number}")


def writer_of_one_category(
    conninfo: str, _number: int
) -> AbstractContextManager[Callable[[UUID, int], None]]:
    return _writer(conninfo, "case")


@contextmanager
def _writer(conninfo: str, category: str) -> Iterator[Callable[[UUID, int], None]]:
    with psycopg.connect(
        conninfo, autocommit=True, options=SEARCH_PATH, prepare_threshold=0
    ) as connection:

        def write(stream: UUID, step: int) -> None:
            name = f"{category}-{stream}"
            is_open, messages, version = _load(connection, name)
            if step == 0:
                wanted = ("Opened", {"reference": "HJ-2026-000001", "subject": TEXT})
            elif not is_open:
                raise CaseIsClosed
            else:
                wanted = ("PartyWrote", {"message": str(new_id()), "text": TEXT})
            kind, data = wanted
            data["number"] = str(messages)
            connection.execute(
                WRITE, (str(new_id()), name, kind, json.dumps(data), METADATA, version)
            )

        yield write


def _load(connection: psycopg.Connection[TupleRow], name: str) -> tuple[bool, int, int]:
    is_open, messages, version = False, 0, -1
    for kind, data, position in connection.execute(LOAD, (name,)):
        payload = json.loads(data)
        version = position
        if kind == "Opened":
            is_open = True
        elif "text" in payload:
            messages += 1
    return is_open, messages, version

"""Rows to and from a projection's table: a whole batch in one statement each way."""

from collections.abc import Collection, Mapping, Sequence
from typing import TypeAlias
from uuid import UUID

from psycopg.sql import SQL, Identifier

from projections.plain import encode
from projections.projection import Rows

Kept: TypeAlias = dict[str, object]
"""A row as plain JSON, by column."""


def kept(
    db: Rows, table: Identifier, column: str, keys: Collection[UUID] | Collection[str]
) -> list[Kept]:
    """The rows whose column holds one of the keys, as they were left by the batch before."""
    if not keys:
        return []
    query = SQL("SELECT row_to_json(kept) FROM {} AS kept WHERE {} = ANY(%s)")
    db.execute(query.format(table, Identifier(column)), [list(keys)])
    return [row for (row,) in db.fetchall() if isinstance(row, dict)]


def upsert(
    db: Rows, table: Identifier, key: Sequence[str], rows: Collection[Mapping[str, object]]
) -> None:
    """Put whole rows in place, by their primary key; all have the same columns."""
    _insert(db, table, rows, SQL("DO UPDATE SET ({columns}) = ROW({excluded})"), key)


def add(
    db: Rows, table: Identifier, key: Sequence[str], rows: Collection[Mapping[str, object]]
) -> None:
    """Put rows in place whose primary key is new; a row that stands there already stays."""
    _insert(db, table, rows, SQL("DO NOTHING"), key)


def forget(
    db: Rows, table: Identifier, column: str, keys: Collection[UUID] | Collection[str]
) -> None:
    if keys:
        statement = SQL("DELETE FROM {} WHERE {} = ANY(%s)")
        db.execute(statement.format(table, Identifier(column)), [list(keys)])


def _insert(
    db: Rows,
    table: Identifier,
    rows: Collection[Mapping[str, object]],
    conflict: SQL,
    key: Sequence[str],
) -> None:
    if not rows:
        return
    columns = list(next(iter(rows)))
    names = SQL(", ").join(map(Identifier, columns))
    excluded = SQL(", ").join(Identifier("excluded", column) for column in columns)
    statement = SQL(
        "INSERT INTO {table} ({columns})"
        " SELECT {columns} FROM json_populate_recordset(NULL::{table}, %s::json)"
        " ON CONFLICT ({key}) {conflict}"
    ).format(
        table=table,
        columns=names,
        key=SQL(", ").join(map(Identifier, key)),
        conflict=conflict.format(columns=names, excluded=excluded),
    )
    db.execute(statement, [encode(list(rows))])

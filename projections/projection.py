"""The shape every projection has."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from psycopg import Cursor
from psycopg.sql import Identifier

from events.catalogue import Event
from events.envelope import Recorded

Rows: TypeAlias = Cursor[tuple[object, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """One question, answered by one table.

    The table exists once per generation, so that a new one is built beside the old; the view
    called `name` shows the live one and is what queries read. `version` rises when the shape or
    the meaning of the rows changes, which makes the worker build a new generation by itself.
    `columns` is the body of CREATE TABLE; each of `indexes` is what follows the table in CREATE
    INDEX, `(team, day)` or `(day) WHERE state = 'free'`; `project` applies a batch, in order, to
    the table it is given, and must give the same rows however the log is cut into batches.
    People wait for what is `urgent` with their eyes on the screen, so it is brought up to date
    some milliseconds before the rest.
    """

    name: str
    version: int
    columns: str
    indexes: tuple[str, ...]
    only: tuple[type[Event], ...]
    project: Callable[[Sequence[Recorded], Rows, Identifier], None]
    urgent: bool = False

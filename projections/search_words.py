"""Search words: by which words each case is found, without what they are.

What a case is about lies sealed in the views, where nothing can look for a part of it. Beside it
stand keyed hashes of how its words begin; whoever searches brings the hashes of what they look for.
A table of its own, for what a case is about never changes, and rows that change often must not
drag an index of many entries along.
"""

from collections.abc import Collection, Sequence
from typing import Self

from psycopg.sql import Identifier

from events.case import CaseOpened
from events.envelope import Recorded
from projections.projection import Projection, Rows
from projections.rows import add

COLUMNS = """
    case_id uuid PRIMARY KEY,
    beginnings bigint[] NOT NULL
"""


class Findable(str):
    """Sealed words that can be found by `beginnings`, one number for each beginning of a word."""

    __slots__ = ("beginnings",)
    beginnings: Sequence[int]

    @classmethod
    def by(cls, sealed: str, beginnings: Collection[int]) -> Self:
        made = cls(sealed)
        # In an order that says nothing of the words'.
        made.beginnings = sorted(beginnings)
        return made


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    rows = {
        event.case_id: {"case_id": event.case_id, "beginnings": event.subject.beginnings}
        for recorded in batch
        if isinstance(event := recorded.event, CaseOpened) and isinstance(event.subject, Findable)
    }
    add(db, table, ["case_id"], rows.values())


projection = Projection(
    name="search_words",
    version=1,
    columns=COLUMNS,
    indexes=("USING gin (beginnings)",),
    only=(CaseOpened,),
    project=project,
)

"""Properties: which property each case is about, and of which cases nobody knows yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypedDict, assert_never, cast, get_args

from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row
from psycopg.sql import Identifier

from events.case import CaseClosed, CaseOpened, CaseReopened, CaseWithdrawn
from events.case_property import (
    PropertyEvent,
    PropertyIdentified,
    PropertyNotIdentified,
    PropertyStated,
)
from events.envelope import Recorded
from events.ids import CaseId
from events.property import Property
from projections.projection import Projection, Rows
from projections.rows import kept, upsert

COLUMNS = """
    case_id uuid PRIMARY KEY,
    service text NOT NULL,
    service_version integer NOT NULL,
    is_open boolean NOT NULL,
    property jsonb,
    register text,
    unclear text,
    is_sought boolean NOT NULL,
    position bigint NOT NULL
"""
INDEXES: Final = (
    "(position) WHERE is_sought",
    "(((property->>'bfe')::bigint)) WHERE property IS NOT NULL",
)

PropertyFact: TypeAlias = (
    CaseOpened
    | CaseClosed
    | CaseReopened
    | CaseWithdrawn
    | PropertyIdentified
    | PropertyNotIdentified
    | PropertyStated
)


class ParcelRow(TypedDict):
    district: int
    number: str


class FoundRow(TypedDict):
    """`text` as it was typed; `municipality` is the kommunekode."""

    text: str
    bfe: int | None
    parcels: list[ParcelRow]
    address: str | None
    municipality: str | None


class CaseRow(TypedDict):
    """`register` is the one that was asked, None of what a caseworker has stated alone; `unclear`
    is why it could not tell. `is_sought` says that one is still to be asked: of an open case about
    what was typed, of any about what was stated. `position` is where the case was opened or that
    was stated, the last time: whoever has looked at all before it looks again.
    """

    case_id: str
    service: str
    service_version: int
    is_open: bool
    property: FoundRow | None
    register: str | None
    unclear: str | None
    is_sought: bool
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseProperty:
    """Without a `register` no more is known of `property` than that a caseworker has stated it."""

    case_id: CaseId
    property: FoundRow | None
    register: str | None
    unclear: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown:
    """A case of whose property no register has said anything; `property` is what a caseworker has
    stated of it.
    """

    case_id: CaseId
    service: str
    service_version: int
    property: FoundRow | None
    position: int


async def of_case(db: AsyncConnection[object], case_id: CaseId) -> CaseProperty | None:
    async with db.cursor(row_factory=class_row(CaseProperty)) as cursor:
        await cursor.execute(
            "SELECT case_id, property, register, unclear FROM properties WHERE case_id = %s",
            (case_id,),
        )
        return await cursor.fetchone()


def unknown(db: Connection[tuple[object, ...]], *, after: int, limit: int) -> list[Unknown]:
    """Of cases opened, or stated about, after a position; the first first."""
    with db.cursor(row_factory=class_row(Unknown)) as cursor:
        cursor.execute(
            "SELECT case_id, service, service_version, property, position FROM properties"
            " WHERE is_sought AND position > %s"
            " ORDER BY position LIMIT %s",
            (after, limit),
        )
        return cursor.fetchall()


def project(batch: Sequence[Recorded], db: Rows, table: Identifier) -> None:
    facts = [(each, e) for each in batch if isinstance(e := each.event, PropertyFact)]
    opened = {event.case_id for _, event in facts if isinstance(event, CaseOpened)}
    known = kept(db, table, "case_id", {event.case_id for _, event in facts} - opened)
    # The rows are our own, as the upsert of an earlier batch left them.
    rows = {row["case_id"]: row for row in cast("list[CaseRow]", known)}
    for recorded, event in facts:
        if isinstance(event, CaseOpened):
            rows[str(event.case_id)] = _opened(event, recorded.position)
        else:
            _evolve(rows[str(event.case_id)], event, recorded.position)
    upsert(db, table, ["case_id"], rows.values())


def _opened(event: CaseOpened, position: int) -> CaseRow:
    return CaseRow(
        case_id=str(event.case_id),
        service=event.service,
        service_version=event.service_version,
        is_open=True,
        property=None,
        register=None,
        unclear=None,
        is_sought=True,
        position=position,
    )


def _evolve(
    row: CaseRow,
    event: CaseClosed | CaseReopened | CaseWithdrawn | PropertyEvent,
    position: int,
) -> None:
    match event:
        case CaseClosed() | CaseWithdrawn():
            row["is_open"] = False
        case CaseReopened():
            row["is_open"] = True
            row["position"] = position
        case PropertyIdentified():
            row["property"] = _found(event.property)
            row["register"] = event.register.value
            row["unclear"] = None
        case PropertyStated():
            row["property"] = _found(event.property)
            row["register"] = row["unclear"] = None
            row["position"] = position
        case PropertyNotIdentified():
            row["register"] = event.register.value
            row["unclear"] = event.reason.value
        case _:
            assert_never(event)
    is_settled = row["register"] is not None
    row["is_sought"] = not is_settled and (row["is_open"] or row["property"] is not None)


def _found(found: Property) -> FoundRow:
    return FoundRow(
        text=found.text,
        bfe=found.bfe,
        parcels=[ParcelRow(district=each.district, number=each.number) for each in found.parcels],
        address=None if found.address is None else str(found.address),
        municipality=found.municipality,
    )


projection = Projection(
    name="properties",
    version=3,
    columns=COLUMNS,
    indexes=INDEXES,
    only=get_args(PropertyFact),
    project=project,
)

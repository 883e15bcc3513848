"""Routes for auditors: a case's events as files, with what they are checked by.

A file holds what was recorded up to a position of the log, and that never changes: asked for again
it is the same, byte by byte, and so is its SHA-256. Two things make another file of it: a person
in it is forgotten, or the code that reads an old event comes to name its parts otherwise.
"""

import asyncio
import base64
import json
from collections.abc import Sequence
from datetime import UTC
from hashlib import sha256
from typing import Annotated, Final, TypeAlias

from fastapi import Depends, Query
from pydantic import Field
from starlette.responses import Response

from events.case import CaseOpened
from events.envelope import Recorded
from events.ids import CaseId
from gateway import bodies
from gateway.asked import Asked
from gateway.audit import audited_history
from gateway.audit_shapes import ExportedFileShape, ExportShape
from gateway.csv_file import MEDIA_TYPE as CSV
from gateway.csv_file import Cell, csv_file
from gateway.documents import BINARY, SAVED, disposition
from gateway.door import admit
from gateway.fields import IdInPath
from gateway.language import Language
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.shapes import shaped
from services.authorisation import Action
from services.codec import encode

JSON_LINES: Final = "application/jsonl"
COLUMNS: Final = (
    "position", "name", "stream", "version", "event_id", "recorded_at", "organisation", "actor",
    "on_behalf_of", "command_id", "correlation_id", "causation_id", "service_version",
    "traceparent", "payload",
)  # fmt: skip
"""What stands in a file of each event, by the names it has in the log."""

router: Final = router_of("audit", "/audit/cases/{case_id}")

Auditing: TypeAlias = Annotated[Asked, Depends(admit(Action.AUDIT))]


class ThroughQuery(bodies.Query):
    """Up to a position of the log; without it, up to now."""

    through: Annotated[int | None, Field(ge=1, le=10**18)] = None


@router.get(
    "/export",
    summary="Which files a case's events can be had as, and the SHA-256 of each",
    response_model=ExportShape,
    responses=problems_of("case-not-found"),
)
async def export(
    asked: Auditing, case_id: IdInPath, query: Annotated[ThroughQuery, Query()]
) -> Response:
    told = await _told(asked, CaseId(case_id), query)
    through, name = told[-1].position, _name(told)
    below = asked.path(f"/audit/cases/{case_id}/export")
    made = (
        ("jsonl", JSON_LINES, await asyncio.to_thread(json_lines, told)),
        ("csv", CSV, await asyncio.to_thread(table, told)),
    )
    files = [
        ExportedFileShape(
            name=f"{name}.{ending}",
            path=f"{below}.{ending}?through={through}",
            media_type=media_type,
            size=len(content),
            sha256=sha256(content).hexdigest(),
        )
        for ending, media_type, content in made
    ]
    return shaped(ExportShape(through=through, events=len(told), files=files))


@router.get(
    "/export.jsonl",
    summary="A case's events, one line of JSON for each",
    response_class=Response,
    responses=BINARY | problems_of("case-not-found"),
)
async def export_lines(
    asked: Auditing, case_id: IdInPath, query: Annotated[ThroughQuery, Query()]
) -> Response:
    told = await _told(asked, CaseId(case_id), query)
    content = await asyncio.to_thread(json_lines, told)
    return _file(content, JSON_LINES, f"{_name(told)}.jsonl")


@router.get(
    "/export.csv",
    summary="A case's events as a table, fields parted by semicolons",
    response_class=Response,
    responses=BINARY | problems_of("case-not-found"),
)
async def export_table(
    asked: Auditing, case_id: IdInPath, query: Annotated[ThroughQuery, Query()]
) -> Response:
    told = await _told(asked, CaseId(case_id), query)
    content = await asyncio.to_thread(table, told)
    return _file(content, CSV, f"{_name(told)}.csv")


def json_lines(told: Sequence[Recorded]) -> bytes:
    """Names in their order and no spaces, so that whoever makes it again gets the same bytes."""
    lines = (
        json.dumps(_fields(each), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        for each in told
    )
    return "".join(f"{line}\n" for line in lines).encode()


def table(told: Sequence[Recorded]) -> bytes:
    """The same file whoever reads it: by semicolons, which a Danish spreadsheet expects."""
    return csv_file(COLUMNS, (_cells(_fields(each)) for each in told), Language.DANISH)


async def _told(asked: Asked, case_id: CaseId, query: ThroughQuery) -> list[Recorded]:
    found = await audited_history(asked, case_id)
    told = [each for each in found if query.through is None or each.position <= query.through]
    if not told:
        raise Problem("case-not-found")
    return told


def _fields(recorded: Recorded) -> dict[str, object]:
    name, payload = encode(recorded.event)
    envelope = recorded.envelope
    return {
        "position": recorded.position,
        "name": name,
        "stream": recorded.stream,
        "version": recorded.version,
        "event_id": str(recorded.event_id),
        "recorded_at": recorded.recorded_at.astimezone(UTC).isoformat(),
        "organisation": envelope.organisation,
        "actor": envelope.actor,
        "on_behalf_of": envelope.on_behalf_of,
        "command_id": str(envelope.command_id),
        "correlation_id": str(envelope.correlation_id),
        "causation_id": None if envelope.causation_id is None else str(envelope.causation_id),
        "service_version": envelope.service_version,
        "traceparent": envelope.traceparent,
        "payload": json.loads(payload),
    }


def _cells(fields: dict[str, object]) -> list[Cell]:
    payload = json.dumps(fields["payload"], ensure_ascii=False, sort_keys=True)
    told = fields | {"payload": payload}
    return [None if told[each] is None else _cell(told[each]) for each in COLUMNS]


def _cell(value: object) -> Cell:
    return value if isinstance(value, int) else str(value)


def _name(told: Sequence[Recorded]) -> str:
    opened = told[0].event
    reference = opened.reference if isinstance(opened, CaseOpened) else told[0].stream
    return f"{reference}-{told[-1].position}"


def _file(content: bytes, media_type: str, name: str) -> Response:
    digest = base64.b64encode(sha256(content).digest()).decode()
    headers = {
        **SAVED,
        "Content-Type": media_type,
        "Content-Disposition": disposition(name),
        # RFC 9530.
        "Repr-Digest": f"sha-256=:{digest}:",
    }
    return Response(content, headers=headers)

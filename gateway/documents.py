"""Uploading, referring to and downloading documents."""

import asyncio
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, BinaryIO, Final
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from events.document import Document
from events.ids import DocumentId
from gateway.asked import Asked
from gateway.door import admit
from gateway.openapi import Responses, problems_of
from gateway.ordering import Making
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.shapes import UploadShape
from gateway.strict import JSON
from projections.documents import CaseDocument
from services.authorisation import Action
from services.ids import derived_id
from services.refusals import DocumentRefused

MULTIPART: Final = "multipart/form-data"
BINARY: Final[Responses] = {
    200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
}
"""The good answer of a route that sends a document."""

_CHUNK: Final = 256 * 1024
_FORM: Final = {
    "type": "object",
    "required": ["file"],
    "properties": {"file": {"type": "string", "format": "binary"}},
}

router: Final = router_of("documents")


@router.post(
    "/documents",
    status_code=201,
    summary="Upload a document, to be referred to within 24 hours",
    response_model=UploadShape,
    responses=problems_of(
        "media-type-unsupported",
        "multipart-malformed",
        "document-too-large",
        "document-empty",
        "document-name-missing",
        "document-type-refused",
        "document-type-mismatch",
    ),
    openapi_extra={"requestBody": {"required": True, "content": {MULTIPART: {"schema": _FORM}}}},
)
async def upload(asked: Annotated[Asked, Depends(admit(Action.UPLOAD))], order: Making) -> Response:
    """The body goes to its file as it comes: the framework's forms would keep it all first."""
    content_type = order.request.headers.get("content-type", "")
    if content_type.partition(";")[0].strip().lower() != MULTIPART:
        raise Problem("media-type-unsupported", facts={"accepted": MULTIPART})
    # The same key makes the same id, so that a repeated upload is one document.
    document_id = DocumentId(derived_id(order.command_id, f"document of {asked.who.id}"))
    try:
        kept = await asked.organisation.documents.receive(
            content_type,
            order.request.stream(),
            document_id=document_id,
            owner=asked.owner,
            now=asked.now(),
        )
    except DocumentRefused as refused:
        # The rest of the body is not read, so nothing more can be asked on this connection.
        headers = {"Connection": "close"}
        raise Problem(refused.code, headers=headers, facts=refused.facts) from refused
    told = {
        "id": str(kept.document_id),
        "sha256": kept.sha256,
        "name": kept.name,
        "media_type": kept.media_type,
        "size": kept.size,
    }
    return Response(json.dumps(told, ensure_ascii=False), status_code=201, media_type=JSON)


async def referred(asked: Asked, ids: Sequence[UUID]) -> tuple[Document, ...]:
    """The uploaded documents that a body names."""
    wanted = [DocumentId(each) for each in ids]
    return await asked.organisation.documents.refer(wanted, owner=asked.owner, now=asked.now())


class Download(Response):
    """A document to be saved, never to be shown within our pages."""

    def __init__(self, asked: Asked, document: CaseDocument) -> None:
        headers = {
            "Content-Type": document.media_type,
            "Content-Length": str(document.size),
            "Content-Disposition": disposition(document.name),
        }
        super().__init__(headers=headers)
        self._path = asked.organisation.documents.path(document.sha256)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        del receive
        file = await asyncio.to_thread(_open, self._path)
        try:
            start = {"type": "http.response.start", "status": 200, "headers": self.raw_headers}
            await send(start)
            more = scope["method"] != "HEAD"
            while more:
                chunk = await asyncio.to_thread(file.read, _CHUNK)
                more = bool(chunk)
                if chunk:
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            file.close()


def disposition(name: str) -> str:
    """RFC 6266: the name in ASCII for old clients and whole for all others."""
    plain = "".join(sign if sign.isascii() and sign not in '"\\%' else "_" for sign in name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _open(path: Path) -> BinaryIO:
    return path.open("rb")

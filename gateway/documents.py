"""Uploading, referring to and downloading documents."""

import asyncio
from collections.abc import Mapping, Sequence
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
from gateway.fields import IdInPath
from gateway.language import Language
from gateway.openapi import Responses, problems_of
from gateway.ordering import Making
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.shapes import ReasonShape, UploadShape, shaped
from gateway.wording import fill, problem_texts
from projections.documents import CaseDocument
from services.authorisation import Action
from services.documents.holding import REMOVED, WAITING, State, Upload
from services.documents.suspicion import Suspicion
from services.ids import derived_id
from services.refusals import DocumentRefused

MULTIPART: Final = "multipart/form-data"
BINARY: Final[Responses] = {
    200: {"content": {"*/*": {"schema": {"type": "string", "format": "binary"}}}}
}
"""The good answer of a route that sends a document."""

REFUSED: Final = (
    "document-archive-inside",
    "document-archive-unsafe",
    "document-empty",
    "document-encrypted",
    "document-expands",
    "document-name-missing",
    "document-too-large",
    "document-two-in-one",
    "document-type-mismatch",
    "document-type-refused",
    "document-unreadable",
)
SET_ASIDE: Final = (*Suspicion, REMOVED)
REFERRED: Final = ("document-unknown", WAITING, *SET_ASIDE)
"""Why a document cannot be referred to."""

SAVED: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "sandbox; default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}
"""Headers of what is to be saved, and never to be shown within our pages."""
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
        "media-type-unsupported", "multipart-malformed", "body-too-slow", *REFUSED, *SET_ASIDE
    ),
    openapi_extra={"requestBody": {"required": True, "content": {MULTIPART: {"schema": _FORM}}}},
)
async def upload(asked: Annotated[Asked, Depends(admit(Action.UPLOAD))], order: Making) -> Response:
    """What is suspicious is set aside and answered with a problem that names the document: its
    sender may send something else, or wait until somebody has let it through.

    The body goes to its file as it comes: the framework's forms would keep it all first.
    """
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
        asked.gateway.meters.uploads.labels(asked.organisation.name, refused.code).inc()
        # The rest of the body is not read, so nothing more can be asked on this connection.
        headers = {"Connection": "close"}
        raise Problem(refused.code, headers=headers, facts=refused.facts) from refused
    asked.gateway.meters.uploads.labels(asked.organisation.name, kept.code or kept.state).inc()
    if kept.code is not None and kept.state != State.WAITING:
        raise Problem(kept.code, facts={"document": str(kept.document_id)})
    return shaped(_told(kept, asked.language), status=201)


@router.get(
    "/documents/{document_id}",
    summary="How an upload of mine stands",
    response_model=UploadShape,
    responses=problems_of("document-not-found"),
)
async def show_upload(
    asked: Annotated[Asked, Depends(admit(Action.UPLOAD))], document_id: IdInPath
) -> Response:
    """Until it is dropped, unused, or some case or hearing shows it."""
    found = await asked.organisation.documents.find(
        DocumentId(document_id), owner=asked.owner, now=asked.now()
    )
    if found is None:
        raise Problem("document-not-found")
    return shaped(_told(found, asked.language))


def _told(upload: Upload, language: Language) -> UploadShape:
    return UploadShape(
        id=upload.document_id,
        sha256=upload.sha256,
        name=upload.name,
        media_type=upload.media_type,
        size=upload.size,
        state=upload.state,
        reason=None if upload.code is None else _reason(upload, upload.code, language),
    )


def _reason(upload: Upload, code: str, language: Language) -> ReasonShape:
    text = problem_texts(language)[code]
    facts = {"document": str(upload.document_id)}
    return ReasonShape(code=code, title=text.title, detail=fill(text.detail, facts, language))


async def referred(asked: Asked, ids: Sequence[UUID]) -> tuple[Document, ...]:
    """The uploaded documents that a body names."""
    wanted = [DocumentId(each) for each in ids]
    return await asked.organisation.documents.refer(wanted, owner=asked.owner, now=asked.now())


class Download(Response):
    """A document to be saved, never to be shown within our pages."""

    def __init__(self, asked: Asked, document: CaseDocument) -> None:
        headers = {
            "Content-Type": _WITH_CHARSET.get(document.media_type, document.media_type),
            "Content-Length": str(document.size),
            "Content-Disposition": disposition(document.name),
            **SAVED,
            "Accept-Ranges": "none",
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


_WITH_CHARSET: Final[Mapping[str, str]] = {"text/plain": "text/plain; charset=utf-8"}
"""Text is kept in UTF-8 only; unsaid, a browser would guess."""


def disposition(name: str) -> str:
    """RFC 6266: the name in ASCII for old clients and whole for all others."""
    plain = "".join(
        sign if sign.isascii() and sign.isprintable() and sign not in '"\\%' else "_"
        for sign in name
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def _open(path: Path) -> BinaryIO:
    return path.open("rb")

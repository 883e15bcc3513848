"""Redacted copies: put beside their originals, and shown with who left something out, and why."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import Depends
from pydantic import Field
from starlette.responses import Response

from commands.case_document import AddRedactedCopy
from events.ids import DocumentId
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.case_shapes import RedactsShape
from gateway.commanding import carry_out
from gateway.documents import REFERRED, referred
from gateway.fields import IdInPath, Reason
from gateway.openapi import problems_of
from gateway.order_door import OrderOnCase, admit_to_order
from gateway.routers import router_of
from gateway.sentences import name_of
from gateway.shapes import DocumentShape
from projections.documents import CaseDocument
from services.authorisation import Action

router: Final = router_of("cases", "/cases/{case_id}")


class RedactionBody(Body):
    """`document` is an uploaded one; `reason` is shown to those who get it."""

    document: Annotated[UUID, Field(strict=False)]
    reason: Reason


@router.post(
    "/documents/{document_id}/redacted",
    status_code=201,
    summary="Put a redacted copy beside a document",
    response_model=DocumentShape,
    responses=problems_of(
        "case-not-found",
        "document-not-on-case",
        "document-already-added",
        "reason-missing",
        *REFERRED,
    ),
)
async def add_redacted_copy(
    on: Annotated[OrderOnCase, Depends(admit_to_order(Action.WORK_ON_CASE))],
    document_id: IdInPath,
    body: RedactionBody,
) -> Response:
    """From then on its sender alone gets the original, and all other parties the copy."""
    (copy,) = await referred(on.asked, [body.document])
    told = DocumentShape(
        id=copy.document_id, name=copy.name, media_type=copy.media_type, size=copy.size
    ).model_dump_json()
    command = AddRedactedCopy(
        case_id=on.case_id, original=DocumentId(document_id), document=copy, reason=body.reason
    )
    return await carry_out(on.asked, on.order, command, render=lambda _: told.encode())


def redaction_of(asked: Asked, document: CaseDocument) -> RedactsShape | None:
    if document.redacts is None or document.reason is None:
        return None
    return RedactsShape(
        document=document.redacts,
        by=name_of(document.added_by, asked.language, asked.names),
        at=document.added_at,
        reason=document.reason,
    )

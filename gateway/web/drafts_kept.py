"""What somebody has typed into a form, kept by the API for as long as they have not sent it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from starlette.datastructures import FormData

from gateway.form_drafts import DraftShape
from gateway.web.asking import NotDone
from gateway.web.filling import Filling
from gateway.web.forms_sent import text
from gateway.web.typed import ANSWER, Typed, names_of
from gateway.web.visit import Visit
from services.authorisation import Action
from services.catalogue.form import DocumentsField
from services.catalogue.service import Service

GONE: Final = "draft-not-found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    typed: Typed
    step: int
    saved_at: datetime


def keeps(visit: Visit) -> bool:
    """Whether anything is kept of what this visitor types."""
    return visit.me is not None and Action.KEEP_DRAFT in visit.me.may


def address_of(service: Service, about: str) -> str:
    """Where the API has it."""
    return f"/me/drafts/{service.id}" + (f"?about={about}" if about else "")


async def begun(visit: Visit, service: Service, about: str) -> Begun | None:
    if not keeps(visit):
        return None
    try:
        found = await visit.api.read(address_of(service, about), DraftShape)
    except NotDone as refused:
        if refused.told.code == GONE:
            return None
        raise
    names = {name for field in service.form.fields() for name in names_of(field)}
    values = {each.name: each.values for each in found.inputs if each.name in names}
    return Begun(typed=Typed(values), step=found.step, saved_at=found.saved_at)


async def keep(visit: Visit, filling: Filling, step: int, about: str, data: FormData) -> bool:
    """Whether it is kept; what cannot be is still in the page that is shown."""
    if not keeps(visit):
        return False
    body = {"step": step, **_body(filling)}
    path = address_of(filling.service, about)
    try:
        await visit.api.put(path, body, csrf=text(data, "csrf"))
    except NotDone:
        return False
    return True


async def forget(visit: Visit, service: Service, about: str, data: FormData) -> None:
    """It is over: sent, or thrown away."""
    if not keeps(visit):
        return
    try:
        await visit.api.delete(address_of(service, about), csrf=text(data, "csrf"))
    except NotDone as refused:
        if refused.told.code != GONE:
            raise


def _body(filling: Filling) -> dict[str, object]:
    return {
        "inputs": [
            {"name": name, "values": list(values)} for name, values in filling.typed.values.items()
        ],
        "documents": _documents(filling),
    }


def document_names(service: Service) -> Sequence[str]:
    """The inputs that hold uploads."""
    fields = service.form.fields()
    return [ANSWER + each.id for each in fields if isinstance(each, DocumentsField)]


def _documents(filling: Filling) -> Sequence[str]:
    fields = [each for each in filling.service.form.fields() if isinstance(each, DocumentsField)]
    return [upload.id for field in fields for upload in filling.typed.uploads(field)]

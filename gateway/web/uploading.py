"""Files that came with a form's page: each uploaded, and its id in the place of its field."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from starlette.datastructures import FormData, UploadFile

from gateway.web.asking import NotDone
from gateway.web.filling import Wrong, wrong_in
from gateway.web.typed import ANSWER
from gateway.web.visit import Visit
from services.catalogue.form import DocumentsField
from services.catalogue.service import Service

FILE: Final = "file."


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploads:
    """`data` without files; `refused` says of each file that was not taken why not."""

    data: FormData
    refused: Sequence[Wrong]


async def with_uploads(visit: Visit, service: Service, data: FormData) -> Uploads:
    """What was taken stays, whatever is wrong with another."""
    given: list[tuple[str, str | UploadFile]] = []
    refused: list[Wrong] = []
    wanted = {f.id: f for f in service.form.fields() if isinstance(f, DocumentsField)}
    dropped = {value for value in data.getlist("drop") if isinstance(value, str)}
    for name, value in data.multi_items():
        if isinstance(value, str):
            if value.partition(" ")[0] not in dropped:
                given.append((name, value))
            continue
        field = wanted.get(name.removeprefix(FILE + ANSWER))
        if field is None or not value.filename:
            continue
        try:
            document = await visit.upload(value, data)
        except NotDone as told:
            refused.append(_wrong(visit, field, value, told))
        else:
            given.append((ANSWER + field.id, f"{document.id} {document.name}"))
    return Uploads(data=FormData(given), refused=refused)


def _wrong(visit: Visit, field: DocumentsField, file: UploadFile, refused: NotDone) -> Wrong:
    message = f"{file.filename}: {refused.told.title}. {refused.told.detail}"
    return wrong_in(field, message, visit.language)

"""The receipt as a file within the answer, for somebody who cannot come back for it."""

import json
from base64 import b64encode
from functools import partial
from typing import Final
from uuid import UUID

import structlog
from starlette.responses import Response

from events.case import CaseOpened
from events.ids import CaseId
from gateway.asked import Asked
from gateway.strict import JSON
from services.journal.facts import StoreFacts
from services.journal.work import Typeset, Unfileable
from services.journal.writing import LetterWriter
from services.streams import case_stream

log = structlog.get_logger()

_KEPT: Final = ("ETag", "Julelys-Position")


async def with_receipt_file(asked: Asked, answer: Response) -> Response:
    """The same answer with the receipt of the case that it tells of.

    It is made of the log, so that a request which is repeated gets the same file again, and
    nothing has to be kept that a stranger might ask for. Where it cannot be made, or not in time,
    the answer goes without, for what was submitted was received all the same.
    """
    told = json.loads(bytes(answer.body))
    case_id = CaseId(UUID(told["case"]))
    made = await asked.gateway.press.letter(partial(_receipt, asked, case_id))
    if made is None:
        log.warning("receipt_left_out", case=str(case_id))
    else:
        content = b64encode(made.content).decode("ascii")
        told["receipt_pdf"] = {"name": made.file_name, "content": content}
    headers = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
    body = json.dumps(told, ensure_ascii=False).encode()
    return Response(body, answer.status_code, headers, JSON)


async def _receipt(asked: Asked, case_id: CaseId) -> Typeset | None:
    facts = StoreFacts(asked.organisation.store)
    history = await facts.history(case_stream(case_id))
    opening = next(fact for fact in history if isinstance(fact.event, CaseOpened))
    writer = LetterWriter(asked.organisation.catalogue, facts)
    try:
        return await writer.letter(opening, history, None, protected=True)
    except Unfileable:
        return None

"""Which answer each error gets; `gateway.edge` answers those that nobody foresaw."""

from collections.abc import Sequence
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic_core import ErrorDetails
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.status import HTTP_404_NOT_FOUND, HTTP_405_METHOD_NOT_ALLOWED

from commands.refusal import Refused
from gateway.bodies import told_by_field
from gateway.commanding import ToldBefore
from gateway.language import language_of
from gateway.problems import CODES, Problem, answer, as_problem
from gateway.refusing import note_refused
from services.identity import LoginFailed
from services.login.refusal import LoginRefused
from services.refusals import DocumentRefused
from services.request import VersionStale

_FORESEEN: Final = (
    Problem,
    Refused,
    DocumentRefused,
    LoginFailed,
    LoginRefused,
    VersionStale,
    *CODES,
)

# What is malformed in a path names nothing.
_IN_PATH: Final = {
    "case_id": "case-not-found",
    "hearing_id": "hearing-not-found",
    "tender_id": "tender-not-found",
    "bid_id": "bid-not-found",
    "sitting_id": "sitting-not-found",
    "replacement_id": "replacement-not-found",
    "document_id": "document-not-found",
    "absence_id": "absence-not-found",
    "session_id": "session-not-found",
    "notification": "notification-not-found",
    "request_id": "request-not-open",
    "round_id": "party-hearing-not-open",
    "point_id": "point-not-found",
    "decision_id": "decision-not-found",
    "inspection_id": "inspection-not-found",
    "message_id": "message-not-found",
    "filter": "filter-name-invalid",
    "date": "day-not-found",
}


def register(app: FastAPI) -> None:
    for kind in _FORESEEN:
        app.add_exception_handler(kind, _foreseen)
    app.add_exception_handler(ToldBefore, _repeated)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _from_framework)
    app.add_exception_handler(ClientDisconnect, _gone)


async def _foreseen(request: Request, error: Exception) -> Response:
    problem = as_problem(error)
    if problem is None:
        raise error
    return _refused(request, problem)


async def _repeated(_: Request, error: Exception) -> Response:
    if not isinstance(error, ToldBefore):
        raise error
    return error.answer


async def _invalid(request: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    return _refused(request, mistake_in(error.errors()))


async def _from_framework(request: Request, error: Exception) -> Response:
    match error:
        case HTTPException(__cause__=ClientDisconnect()):
            return await _gone(request, error)
        case HTTPException(status_code=status) if status == HTTP_404_NOT_FOUND:
            problem = Problem("route-not-found")
        case HTTPException(status_code=status) if status == HTTP_405_METHOD_NOT_ALLOWED:
            problem = Problem("method-not-allowed", headers={"Allow": _allowed(request)})
        case _:
            raise error
    return _refused(request, problem)


def _refused(request: Request, problem: Problem) -> Response:
    note_refused(request, problem.code)
    return answer(problem, language_of(request.scope))


async def _gone(_: Request, __: Exception) -> Response:
    """Nobody hears this answer: the client left while it was sending."""
    return Response(status_code=400)


def mistake_in(errors: Sequence[ErrorDetails]) -> Problem:
    """The problem to tell: what is asked for must exist before its content is looked at."""
    in_path = [each for each in errors if each["loc"][0] == "path"]
    if in_path:
        return Problem(_IN_PATH[str(in_path[0]["loc"][1])])
    return told_by_field(errors, within=1)


def _allowed(request: Request) -> str:
    """All methods of a path, whose operations may stand in several routers."""
    path = request.scope["path"]
    methods: set[str] = set()
    for route in iter_route_contexts(request.app.routes):
        if route.path_regex.match(path):
            methods |= route.methods or set()
    return ", ".join(sorted(methods))

"""What goes wrong, as problem details (RFC 9457); the only place that gives it status codes."""

import dataclasses
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from psycopg import OperationalError
from starlette.responses import Response

from commands.refusal import Refused
from events.text import Text
from gateway.language import Language, in_language
from gateway.wording import field_texts, fill, problem_texts
from services.identity import LoginFailed
from services.login.refusal import LoginRefused
from services.ports import StoreUnavailable
from services.refusals import DocumentRefused
from services.request import KeyReused, TooBusy, VersionStale
from services.views import PositionUnknown, ViewBehind

MEDIA_TYPE: Final = "application/problem+json"
BUSY_SECONDS: Final = 1
"""After this long an overloaded or restarting part has usually recovered."""

STATUSES: Final[Mapping[str, int]] = {
    "idempotency-key-missing": 400,
    "idempotency-key-invalid": 400,
    "if-match-invalid": 400,
    "on-behalf-of-missing": 400,
    "position-invalid": 400,
    "position-unknown": 400,
    "multipart-malformed": 400,
    "login-not-recent": 401,
    "login-not-sure": 401,
    "login-required": 401,
    "session-ended": 401,
    "login-unavailable": 401,
    "token-invalid": 401,
    "token-expired": 401,
    "csrf-token-invalid": 403,
    "csrf-token-missing": 403,
    "lookup-reason-missing": 403,
    "not-allowed": 403,
    "not-represented": 403,
    "representatives-not-accepted": 403,
    "request-cross-site": 403,
    "wrong-organisation": 403,
    "method-not-allowed": 405,
    "body-too-slow": 408,
    "version-stale": 412,
    "body-too-large": 413,
    "document-too-large": 413,
    "media-type-unsupported": 415,
    "invalid-input": 422,
    "idempotency-key-reused": 422,
    "document-active-content": 422,
    "document-archive-inside": 422,
    "document-archive-unsafe": 422,
    "document-embedded-file": 422,
    "document-empty": 422,
    "document-encrypted": 422,
    "document-expands": 422,
    "document-name-missing": 422,
    "document-not-inspected": 422,
    "document-removed": 422,
    "document-two-in-one": 422,
    "document-type-mismatch": 422,
    "document-type-refused": 422,
    "document-unknown": 422,
    "document-unreadable": 422,
    "document-virus-found": 422,
    "document-waiting": 409,
    "filter-name-invalid": 422,
    "headers-too-large": 431,
    "too-many-requests": 429,
    "too-many-streams": 429,
    "internal-error": 500,
    "busy": 503,
    "login-provider-unavailable": 503,
    "register-unavailable": 503,
    "store-unavailable": 503,
    "view-behind": 503,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldProblem:
    """What is wrong with one field; `field` is a path such as `answers.text`.

    `remedy` is added to the text of the code.
    """

    field: str
    code: str
    facts: Mapping[str, str] = dataclasses.field(default_factory=dict)
    remedy: Text | None = None


class Problem(Exception):
    """The gateway says no. `code` is public and permanent."""

    def __init__(
        self,
        code: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: Mapping[str, str] | None = None,
        facts: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(code)
        self.code = code
        self.errors = errors
        self.headers = headers or {}
        self.facts = facts or {}


def invalid(name: str, code: str, **facts: str) -> Problem:
    """One field is wrong."""
    return Problem("invalid-input", errors=[FieldProblem(field=name, code=code, facts=facts)])


def status_of(code: str) -> int:
    """Rules answer 409 unless what they miss is the thing itself; a login that failed answers 400.

    Not 401 or 403: whoever comes back from a login has asked for nothing yet.
    """
    if code in STATUSES:
        return STATUSES[code]
    if code.endswith("-not-found"):
        return 404
    return 400 if code.startswith(("login-", "logout-")) else 409


CODES: Final[Mapping[type[Exception], str]] = {
    KeyReused: "idempotency-key-reused",
    TooBusy: "busy",
    StoreUnavailable: "store-unavailable",
    OperationalError: "store-unavailable",
    ViewBehind: "view-behind",
    PositionUnknown: "position-unknown",
}


def as_problem(error: Exception) -> Problem | None:
    """How an error is told, or None when it is a bug."""
    match error:
        case Problem():
            return error
        case Refused() | DocumentRefused() | LoginRefused():
            return Problem(error.code, facts=error.facts)
        case LoginFailed():
            return Problem(error.code)
        case VersionStale():
            return Problem("version-stale", facts={"version": str(error.actual)})
        case _:
            codes = [code for kind, code in CODES.items() if isinstance(error, kind)]
            return Problem(codes[0]) if codes else None


def told(problem: Problem, language: Language) -> str:
    """What to do next, in words."""
    return fill(problem_texts(language)[problem.code].detail, problem.facts, language)


def answer(problem: Problem, language: Language) -> Response:
    status = status_of(problem.code)
    text = problem_texts(language)[problem.code]
    body: dict[str, object] = {
        "type": f"urn:julelys:{problem.code}",
        "title": text.title,
        "status": status,
        "detail": told(problem, language),
        **problem.facts,
    }
    if problem.errors:
        body["errors"] = [_error(each, language) for each in problem.errors]
    headers = {"Content-Language": str(language), **problem.headers}
    if status == 401:  # noqa: PLR2004 - the status is its own name
        headers.setdefault("WWW-Authenticate", _challenge(problem.code))
    if status in {429, 503}:
        headers.setdefault("Retry-After", str(BUSY_SECONDS))
    return Response(
        json.dumps(body, ensure_ascii=False), status, headers=headers, media_type=MEDIA_TYPE
    )


def _error(problem: FieldProblem, language: Language) -> dict[str, object]:
    message = fill(field_texts(language)[problem.code].message, problem.facts, language)
    if problem.remedy is not None:
        message = f"{message} {in_language(problem.remedy, language)}"
    return {"field": problem.field, "code": problem.code, "message": message}


def _challenge(code: str) -> str:
    """RFC 6750 § 3: name the error only when a token was sent."""
    if code in {"login-required", "session-ended"}:
        return 'Bearer realm="julelys"'
    return f'Bearer realm="julelys", error="invalid_token", error_description="{code}"'

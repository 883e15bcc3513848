"""What an answer of SBSYS, or the lack of one, means for what was asked.

| what is seen | outcome |
|---|---|
| no connection: refused, DNS, TLS, connect timeout | Retry `unreachable`, it did not happen |
| no token | Retry `unauthorised` or `token-unavailable`, it did not happen |
| no answer in time | Retry `timeout`, it may have happened |
| connection lost, or not HTTP | Retry `connection-lost`, it may have happened |
| 2xx that does not say what it should | Retry `bad-answer`, it may have happened |
| 3xx, never followed | Retry `redirected`, it may have happened |
| 401, also after a new token | Retry `unauthorised`, it did not happen |
| 408, 5xx | Retry `unavailable`, it may have happened: a proxy says so of one behind it |
| 429 | Retry `busy`, it did not happen, `after` as `Retry-After` |
| 403 | Refused `esdh-forbidden` |
| 404 or 410 where the case is addressed, and it is gone | Refused `case-gone` |
| 404 or 410 otherwise | Retry `not-found`, it did not happen |
| 409 on a closed case | Refused `case-closed` |
| 409 otherwise | Refused `esdh-conflict` |
| any other 4xx | Refused `esdh-rejected` |

Details are fixed sentences: an answer's body may hold personal data, and is never passed on.
"""

from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Final, TypeAlias

import httpx
from httpx import codes

# Not to be taken for `commands.refusal.Refused`, which is our own rules' no.
from services.esdh.port import Refused as RefusedThere
from services.esdh.port import Retry

Negative: TypeAlias = Retry | RefusedThere

_NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)

LONGEST_WAIT: Final = 86_400.0
"""Seconds. A day is as long as we let ourselves be put off at once."""

CASE_GONE: Final = RefusedThere(
    code="case-gone", detail="The case is no longer in the records system."
)
CASE_CLOSED: Final = RefusedThere(
    code="case-closed", detail="The case is closed in the records system and takes nothing more."
)
CONFLICT: Final = RefusedThere(
    code="esdh-conflict",
    detail="The records system says that this does not go with what it has (409).",
)
FORBIDDEN: Final = RefusedThere(
    code="esdh-forbidden",
    detail="Our service account may not do this in the records system (403). Let its"
    " administrator give the account access, and try again.",
)
REJECTED: Final = RefusedThere(
    code="esdh-rejected",
    detail="The records system does not accept what was sent. File it there by hand, or mend"
    " its cause and try again.",
)
TEMPLATE_UNKNOWN: Final = RefusedThere(
    code="esdh-setting-missing",
    detail="The service's case template is not among 'templates' in esdh.yaml. Let it be added"
    " there, and try again.",
)
STATUS_UNKNOWN: Final = RefusedThere(
    code="esdh-setting-missing",
    detail="The records system has no case status of the name that 'statuses' in esdh.yaml"
    " gives. Let it be mended there, and try again.",
)
USER_UNKNOWN: Final = RefusedThere(
    code="esdh-user-unknown",
    detail="The records system has no user with the log-on name that 'users' in esdh.yaml gives."
    " Let it be mended there, and try again.",
)
COMPANY_UNKNOWN: Final = RefusedThere(
    code="esdh-party-unknown",
    detail="The company is not registered in the records system. Register it there, and try again.",
)
SUB_FOLDER_MISSING: Final = RefusedThere(
    code="esdh-sub-folder-missing",
    detail="The case lacks a sub-folder (delforløb) that its template should have given it. Add"
    " it in the records system, and try again.",
)


def not_sent(reason: str) -> Retry:
    return Retry(reason=reason, may_have_happened=False)


_CERTAIN: Final[Mapping[int, Negative]] = {
    codes.UNAUTHORIZED: not_sent("unauthorised"),
    codes.FORBIDDEN: FORBIDDEN,
    codes.NOT_FOUND: not_sent("not-found"),
    codes.GONE: not_sent("not-found"),
    codes.CONFLICT: CONFLICT,
}


class Failed(Exception):
    """What was asked was not done, or nobody knows. `status` is that of the answer, if any."""

    def __init__(self, outcome: Negative, *, status: int | None = None) -> None:
        super().__init__(outcome.reason if isinstance(outcome, Retry) else outcome.code)
        self.outcome = outcome
        self.status = status


def unknown(reason: str, after: float | None = None) -> Retry:
    return Retry(reason=reason, may_have_happened=True, after=after)


def of_error(error: httpx.HTTPError) -> Retry:
    """What it means that there is no answer."""
    if isinstance(error, _NEVER_SENT):
        return not_sent("unreachable")
    if isinstance(error, httpx.TimeoutException):
        return unknown("timeout")
    return unknown("connection-lost")


def of_answer(answer: httpx.Response) -> Negative:
    """What an answer outside 2xx means by itself; the caller looks into 404 and 409."""
    status = answer.status_code
    if status in _CERTAIN:
        return _CERTAIN[status]
    if status == codes.TOO_MANY_REQUESTS:
        return Retry(reason="busy", may_have_happened=False, after=retry_after(answer))
    if answer.is_redirect:
        return unknown("redirected")
    if answer.is_server_error or status == codes.REQUEST_TIMEOUT:
        return unknown("unavailable", after=retry_after(answer))
    return REJECTED if answer.is_client_error else unknown("bad-answer")


def retry_after(answer: httpx.Response) -> float | None:
    """RFC 9110 § 10.2.3 in seconds; a date is counted from the answer's own `Date`."""
    given = answer.headers.get("Retry-After", "").strip()
    if given.isascii() and given.isdecimal():
        return min(float(given), LONGEST_WAIT)
    until, since = _moment(given), _moment(answer.headers.get("Date", ""))
    if until is None or since is None:
        return None
    return min(max(0.0, (until - since).total_seconds()), LONGEST_WAIT)


def _moment(written: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(written)
    except ValueError:
        return None
    # A date without zone cannot be compared; RFC 9110 writes GMT.
    return None if moment.tzinfo is None else moment

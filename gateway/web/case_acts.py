"""What a party does on a case by the forms of its page, as the API is asked for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from starlette.datastructures import FormData

from gateway.web.forms_sent import text
from gateway.web.typed import day_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """`path` is below the case; `shown_at` the part of the page that shows what came of it."""

    path: str
    body: Mapping[str, object]
    shown_at: str


Reading: TypeAlias = Callable[[FormData, Sequence[str]], Act]
"""What a form asks for, and the documents that came with it."""


def _message(data: FormData, documents: Sequence[str]) -> Act:
    body = {"text": _lines(data, "text"), "documents": list(documents)}
    return Act(path="/messages", body=body, shown_at="dialogue")


def _documents(_: FormData, documents: Sequence[str]) -> Act:
    return Act(path="/documents", body={"documents": list(documents)}, shown_at="documents")


def _withdraw(data: FormData, _: Sequence[str]) -> Act:
    body = {"reason": _lines(data, "reason") or None}
    return Act(path="/withdraw", body=body, shown_at="main-content")


def _deliver(data: FormData, documents: Sequence[str]) -> Act:
    body = {
        "items": [each for each in data.getlist("item") if isinstance(each, str)],
        "text": _lines(data, "text"),
        "documents": list(documents),
    }
    path = f"/information-requests/{text(data, 'request')}/answer"
    return Act(path=path, body=body, shown_at="main-content")


def _comment(data: FormData, documents: Sequence[str]) -> Act:
    body = {
        "text": _lines(data, "text"),
        "documents": list(documents),
        "is_final": text(data, "is_final") == "yes",
    }
    path = f"/party-hearing/{text(data, 'round')}/answer"
    return Act(path=path, body=body, shown_at="main-content")


def _completed(data: FormData, documents: Sequence[str]) -> Act:
    body = {
        "text": _lines(data, "text"),
        "documents": list(documents),
        "completed_on": day_of(data, "completed_on"),
    }
    return Act(path="/completion", body=body, shown_at="main-content")


def _read(data: FormData, _: Sequence[str]) -> Act:
    return Act(path=f"/messages/{text(data, 'message')}/read", body={}, shown_at="dialogue")


def _entrust(data: FormData, documents: Sequence[str]) -> Act:
    body = {
        "representative": f"company:{text(data, 'cvr').replace(' ', '')}",
        "basis": text(data, "basis"),
        "document": documents[0] if documents else None,
    }
    return Act(path="/representatives", body=body, shown_at="parties")


def _end(data: FormData, _: Sequence[str]) -> Act:
    body = {name: text(data, name) for name in ("party", "representative")}
    return Act(path="/representatives/end", body=body, shown_at="parties")


def _lines(data: FormData, name: str) -> str:
    # Browsers end lines with two signs, whatever was pasted in.
    return text(data, name).replace("\r\n", "\n").strip()


ACTS: Final[Mapping[str, Reading]] = {
    "messages": _message,
    "documents": _documents,
    "withdraw": _withdraw,
    "deliver": _deliver,
    "comment": _comment,
    "completed": _completed,
    "read": _read,
    "entrust": _entrust,
    "end": _end,
}

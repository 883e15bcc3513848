"""The rules of papers and messages that a case already has: read by the other side, redacted."""

from dataclasses import replace
from typing import TypeAlias, assert_never

from aggregates.case_state import (
    Case,
    require_known,
    require_new_documents,
    require_reason,
)
from commands.case_document import AddRedactedCopy, PaperCommand, ReadMessage
from commands.refusal import Refused
from events.case import (
    CaseEvent,
    CaseworkerAddedDocument,
    CaseworkerWrote,
    PartyAddedDocument,
    PartyWrote,
)
from events.case_procedure import MessageRead, RedactedCopyAdded
from events.ids import DocumentId

PaperEvent: TypeAlias = (
    PartyWrote
    | CaseworkerWrote
    | PartyAddedDocument
    | CaseworkerAddedDocument
    | RedactedCopyAdded
    | MessageRead
)


def decide(command: PaperCommand, case: Case) -> list[CaseEvent]:
    require_known(case)
    match command:
        case AddRedactedCopy():
            return _redact(command, case)
        case ReadMessage():
            return _read(command, case)
        case _:
            assert_never(command)


def require_on_case(case: Case, documents: tuple[DocumentId, ...]) -> None:
    if not case.documents.issuperset(documents):
        raise Refused("document-not-on-case", "The case has no such document.")


def _redact(command: AddRedactedCopy, case: Case) -> list[CaseEvent]:
    """Also on a closed case: access is asked for long after (offentlighedsloven § 34)."""
    require_on_case(case, (command.original,))
    require_new_documents(case, (command.document,))
    require_reason(command.reason)
    return [
        RedactedCopyAdded(
            case_id=command.case_id,
            original=command.original,
            document=command.document,
            reason=command.reason,
        )
    ]


def _read(command: ReadMessage, case: Case) -> list[CaseEvent]:
    """A receipt for the other side's message, once; for one's own there is none."""
    if command.message in case.read:
        return []
    written_by_party = case.unread.get(command.message)
    if written_by_party is None:
        raise Refused("message-not-found", "The case has no such message.")
    if written_by_party == command.by_party:
        return []
    return [MessageRead(case_id=command.case_id, message=command.message)]


def evolve(case: Case, event: PaperEvent) -> Case:
    match event:
        case PartyWrote() | CaseworkerWrote():
            added = {document.document_id for document in event.documents}
            by_party = isinstance(event, PartyWrote)
            return replace(
                case,
                documents=case.documents | added,
                unread={**case.unread, event.message: by_party},
            )
        case PartyAddedDocument() | CaseworkerAddedDocument() | RedactedCopyAdded():
            return replace(case, documents=case.documents | {event.document.document_id})
        case MessageRead():
            rest = {name: side for name, side in case.unread.items() if name != event.message}
            return replace(case, unread=rest, read=case.read | {event.message})
        case _:
            assert_never(event)

"""The rules of what party and caseworker say and send to each other."""

from collections.abc import Iterable
from typing import TypeAlias, assert_never

from aggregates import case_deadlines
from aggregates.case_state import Case, require_new_documents, require_open, require_reachable
from commands.case import (
    AddCaseworkerDocuments,
    AddPartyDocuments,
    WriteToAuthority,
    WriteToParty,
)
from commands.refusal import Refused
from events.case import (
    CaseEvent,
    CaseworkerAddedDocument,
    CaseworkerWrote,
    PartyAddedDocument,
    PartyWrote,
)
from events.case_deadline import DeadlineKind
from events.document import Document
from events.ids import CaseId

DialogueCommand: TypeAlias = (
    WriteToAuthority | WriteToParty | AddPartyDocuments | AddCaseworkerDocuments
)


def decide(command: DialogueCommand, case: Case) -> list[CaseEvent]:
    require_open(case)
    require_new_documents(case, command.documents)
    match command:
        case WriteToAuthority():
            return _party_writes(command)
        case WriteToParty():
            return _caseworker_writes(command, case)
        case AddPartyDocuments():
            return party_documents(command.case_id, command.documents)
        case AddCaseworkerDocuments():
            return [
                CaseworkerAddedDocument(case_id=command.case_id, document=document)
                for document in command.documents
            ]
        case _:
            assert_never(command)


def party_documents(case_id: CaseId, documents: Iterable[Document]) -> list[CaseEvent]:
    return [PartyAddedDocument(case_id=case_id, document=document) for document in documents]


def _party_writes(command: WriteToAuthority) -> list[CaseEvent]:
    _require_text(command.text)
    return [
        PartyWrote(
            case_id=command.case_id,
            message=command.message,
            text=command.text,
            documents=command.documents,
        )
    ]


def _caseworker_writes(command: WriteToParty, case: Case) -> list[CaseEvent]:
    require_reachable(case.party)
    _require_text(command.text)
    written = CaseworkerWrote(
        case_id=command.case_id,
        message=command.message,
        text=command.text,
        documents=command.documents,
    )
    first_reply = case_deadlines.fulfil(
        command.case_id, case, DeadlineKind.FIRST_REPLY, command.written_on
    )
    return [written, *first_reply]


def _require_text(text: str) -> None:
    if not text.strip():
        raise Refused("message-empty", "A message must say something.")

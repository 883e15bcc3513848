"""What can be asked about the things that the party is asked for."""

from dataclasses import dataclass
from datetime import date
from typing import TypeAlias

from commands.case_deadline import DaysOff
from events.case_information import RequestedItem
from events.document import Document
from events.ids import CaseId, MessageId, RequestId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestInformation:
    """Ask the party for more; the clock of the case stands still until it is there."""

    case_id: CaseId
    request: RequestId
    items: tuple[RequestedItem, ...]
    requested_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DeliverInformation:
    """The party gives what it was asked for, all of it or a part."""

    case_id: CaseId
    request: RequestId
    message: MessageId
    items: tuple[str, ...]
    text: str
    documents: tuple[Document, ...]
    delivered_on: date
    days_off: DaysOff


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawInformationRequest:
    """The authority can do without, or goes on with what there is."""

    case_id: CaseId
    request: RequestId
    withdrawn_on: date
    days_off: DaysOff


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOverdueRequest:
    """The party's last day has passed, says the clock; the authority has the turn again."""

    case_id: CaseId
    request: RequestId
    today: date
    days_off: DaysOff


InformationCommand: TypeAlias = (
    RequestInformation | DeliverInformation | WithdrawInformationRequest | EndOverdueRequest
)

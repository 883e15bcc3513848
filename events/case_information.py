"""What can happen when the authority asks the party for more: asked, delivered, ended."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias

from events.ids import CaseId, DocumentId, MessageId, RequestId
from events.personal import PERSONAL, PersonalText


class RequestEnd(StrEnum):
    DELIVERED = "delivered"
    WITHDRAWN = "withdrawn"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestedItem:
    """One thing on the shared to-do list: `item` is its name within the request."""

    item: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequested:
    """`due_on` is the party's last day; what is promised by the authority stands still."""

    case_id: CaseId
    request: RequestId
    items: Annotated[tuple[RequestedItem, ...], PERSONAL]
    requested_on: date
    due_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationDelivered:
    """The party ticks `items` off; `documents` are those added to the case with it."""

    case_id: CaseId
    request: RequestId
    message: MessageId
    items: Annotated[tuple[str, ...], PERSONAL]
    text: PersonalText
    documents: tuple[DocumentId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequestEnded:
    case_id: CaseId
    request: RequestId
    because: RequestEnd
    ended_on: date


InformationEvent: TypeAlias = InformationRequested | InformationDelivered | InformationRequestEnded

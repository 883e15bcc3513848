"""The way in for commands on a case, each with its own key, and the answer to a repeated one."""

from dataclasses import dataclass
from typing import ClassVar

from fastapi.security.base import SecurityBase

from events.ids import CaseId
from gateway.asked import Asked
from gateway.commanding import ToldBefore, told_before
from gateway.door import CaseDoor, Door, LockedDoor, OnCase, admit
from gateway.ordering import CHANGE, Order
from gateway.parameters import Parameter
from gateway.strict import StrictRequest
from services.authorisation import Action
from services.opened_cases import OpenedCase
from services.request import KeyReused


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderOnCase:
    """Someone let in to a case to ask for a command on it."""

    asked: Asked
    case_id: CaseId
    opened: OpenedCase
    order: Order


class CommandDoor(SecurityBase):
    """The same for a command on the case: one dependency, as each costs every command its time."""

    scheme_name = LockedDoor.scheme_name
    model = LockedDoor.model
    reads: ClassVar[tuple[Parameter, ...]] = (*CaseDoor.reads, *CHANGE.reads)

    def __init__(self, door: Door) -> None:
        self.door = door
        self._case_door = CaseDoor(door, None)

    async def __call__(self, request: StrictRequest) -> OrderOnCase:
        on = await self._case_door.find(request)
        order = CHANGE.of(request)
        if not on.is_allowed:
            raise await self._answer_to_stranger(on, order)
        return OrderOnCase(asked=on.asked, case_id=on.case_id, opened=on.opened, order=order)

    async def _answer_to_stranger(self, on: OnCase, order: Order) -> Exception:
        """Whoever transferred a case and repeats that is told what came of it; others are not."""
        if not on.opened.has_moved:
            return on.refusal
        try:
            told = await told_before(on.asked, order)
        except KeyReused:
            return on.refusal
        return on.refusal if told is None else ToldBefore(told)


def admit_to_order(action: Action) -> CommandDoor:
    """The dependency of a route for `action`, a command on the case in its path."""
    return CommandDoor(admit(action))

"""A decision of the demo, made and sent as a caseworker does it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from commands.case import OpenCase
from commands.case_decision import DispatchDecision, RecordDecision
from events.case_decision import Channel, Outcome
from events.ids import ActorId, DecisionId
from services.core import Core
from services.deadlines import days_off
from services.decisions import guidance
from services.demo.ids import demo_id
from services.demo.matters import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is decided; `appeal` names guidance of the catalogue."""

    outcome: Outcome
    legal_basis: str
    grounds: str = ""
    conditions: Sequence[str] = ()
    appeal: str | None = None
    needs_completion: bool = False


def decided(core: Core, case: OpenCase, by: ActorId, ruling: Ruling, on: date) -> Iterator[Step]:
    """Recorded and sent the same day."""
    decision, appeal = DecisionId(demo_id(core.name, f"decision {case.case_id}")), ruling.appeal
    recorded = RecordDecision(
        case_id=case.case_id,
        decision=decision,
        outcome=ruling.outcome,
        legal_basis=ruling.legal_basis,
        grounds=ruling.grounds,
        conditions=tuple(ruling.conditions),
        appeal=None if appeal is None else guidance(core.catalogue.appeals[appeal]),
        no_appeal=None,
        needs_completion=ruling.needs_completion,
        decided_on=on,
    )
    yield f"decide {case.case_id}", by, recorded
    sent = DispatchDecision(
        case_id=case.case_id,
        decision=decision,
        channel=Channel.SELF_SERVICE,
        dispatched_on=on,
        days_off=days_off(core.catalogue.calendar, on),
    )
    yield f"send {case.case_id}", by, sent

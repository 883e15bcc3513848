"""What can happen to a decision (afgørelse): made, sent, corrected."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, TypeAlias

from events.day_unit import DayUnit
from events.ids import CaseId, DecisionId
from events.personal import PERSONAL, PersonalText


class Outcome(StrEnum):
    """`DISMISSED` is afvist or henlagt: nothing is decided of the matter itself."""

    GRANTED = "granted"
    PARTLY_GRANTED = "partly-granted"
    REFUSED = "refused"
    PROHIBITED = "prohibited"
    DISMISSED = "dismissed"


class Channel(StrEnum):
    """How a decision reached the party."""

    DIGITAL_POST = "digital-post"
    LETTER = "letter"
    SELF_SERVICE = "self-service"


@dataclass(frozen=True, slots=True, kw_only=True)
class AppealGuidance:
    """To whom, how and how long a decision may be appealed (forvaltningsloven § 25).

    The period is counted from the day of dispatch, which is not part of it; `rolls`: a last day
    that is no working day gives way to the next one. `days` is None where the law sets no limit.
    `basis` names the statute.
    """

    basis: PersonalText
    body: PersonalText
    text: PersonalText
    days: int | None
    unit: DayUnit
    rolls: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionRecorded:
    """`legal_basis` is the rule the decision rests on (forvaltningsloven § 24).

    `appeal` is None when no appeal lies to another authority, and `no_appeal` then says why, or
    when the party got all it asked for; `needs_completion`: the work may not be used before its
    completion is accepted.
    """

    case_id: CaseId
    decision: DecisionId
    outcome: Outcome
    legal_basis: PersonalText
    grounds: PersonalText
    conditions: Annotated[tuple[str, ...], PERSONAL]
    appeal: AppealGuidance | None
    no_appeal: PersonalText | None
    needs_completion: bool
    decided_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionDispatched:
    """Only now does it bind the party, and only now does an appeal period run."""

    case_id: CaseId
    decision: DecisionId
    channel: Channel
    dispatched_on: date
    appeal_until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionCorrected:
    """A slip of the pen put right (berigtigelse); it must be sent anew.

    `restarts_appeal`: the mistake could have misled the party about what was decided.
    """

    case_id: CaseId
    decision: DecisionId
    correction: PersonalText
    restarts_appeal: bool
    corrected_on: date


DecisionEvent: TypeAlias = DecisionRecorded | DecisionDispatched | DecisionCorrected

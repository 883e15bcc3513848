"""Which events of a case are told to whom: one line of a table for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, cast

from aggregates import case as case_rules
from aggregates.case_parties_state import Parties
from events import (
    case,
    case_application,
    case_complaint,
    case_deadline,
    case_decision,
    case_information,
    case_party_hearing,
    case_procedure,
)
from events.case import CaseEvent
from events.case_decision import Channel as DecisionChannel
from events.case_decision import DecisionDispatched
from events.case_party_hearing import PartyHearingOpened
from events.catalogue import Event
from events.envelope import Recorded
from events.ids import PartyId, is_anonymous
from events.journal import Matter, MatterKind
from services.post.notice import Notice, Weight, notification_of


class Circle(StrEnum):
    """`FIRST` is the one whose matter it is, with co-applicants; `ALL` every party; `HEARD` the one
    party that is heard.
    """

    FIRST = "first"
    ALL = "all"
    HEARD = "heard"


@dataclass(frozen=True, slots=True)
class Occasion:
    weight: Weight = Weight.COURTESY
    circle: Circle = Circle.FIRST


OCCASIONS: Final[Mapping[type[Event], Occasion]] = {
    case.CaseOpened: Occasion(),
    case.CaseworkerWrote: Occasion(),
    case.CaseworkerAddedDocument: Occasion(),
    case.MeetingBooked: Occasion(),
    case.MeetingMoved: Occasion(),
    case.MeetingCancelled: Occasion(),
    case.MeetingMissed: Occasion(),
    case.MeetingGivenFromWaitingList: Occasion(),
    case.PutOnWaitingList: Occasion(),
    # Planloven § 20, stk. 3: who has commented is told what came of it.
    case.HearingResponseAnswered: Occasion(Weight.LEGAL),
    case.CaseClosed: Occasion(circle=Circle.ALL),
    case.CaseReopened: Occasion(circle=Circle.ALL),
    case.CaseWithdrawn: Occasion(circle=Circle.ALL),
    case_deadline.DeadlineExtended: Occasion(),
    case_deadline.DeadlineMissed: Occasion(),
    # Time runs from these, or ends with them, so they must have arrived.
    case_information.InformationRequested: Occasion(Weight.LEGAL),
    case_party_hearing.PartyHearingOpened: Occasion(Weight.LEGAL, Circle.HEARD),
    case_decision.DecisionDispatched: Occasion(Weight.LEGAL, Circle.ALL),
    case_complaint.DecisionReassessed: Occasion(Weight.LEGAL),
    case_complaint.ComplaintAnswered: Occasion(Weight.LEGAL),
    case_complaint.ComplaintForwarded: Occasion(),
    case_complaint.BoardDecided: Occasion(),
    case_application.ApplicationCompleted: Occasion(),
    case_application.InspectionScheduled: Occasion(),
    case_application.InspectionHeld: Occasion(),
    case_application.CompletionAccepted: Occasion(Weight.LEGAL),
    case_procedure.TacitlyAccepted: Occasion(),
}
"""What stands here is told; whatever does not is nothing to write to anybody about."""


def notices_of(fact: Recorded, history: Sequence[Recorded]) -> list[Notice]:
    """Who is to be told of a fact; `history` is its whole stream, perhaps with what came later.

    What one command did is told once: a submission that books a meeting is one receipt, and a
    closing that comes with a decision is not worth an e-mail of its own.
    """
    occasion = OCCASIONS.get(type(fact.event))
    if occasion is None or _told_with_another(fact, occasion, history):
        return []
    parties = _parties(fact, history)
    dispatched = fact.event if isinstance(fact.event, DecisionDispatched) else None
    # The streams that are followed hold nothing but the events of one case.
    case_id = cast("CaseEvent", fact.event).case_id
    return [
        Notice(
            notification=notification_of(fact, party),
            matter=Matter(kind=MatterKind.CASE, id=case_id),
            party=party,
            weight=_weight(fact.event, occasion),
            fact=fact,
            by_letter=dispatched is not None and dispatched.channel is DecisionChannel.LETTER,
        )
        for party in told(parties, occasion.circle, fact.event)
    ]


def _weight(event: Event, occasion: Occasion) -> Weight:
    """A decision that is given in the self-service is there, and news of it is enough."""
    if isinstance(event, DecisionDispatched) and event.channel is DecisionChannel.SELF_SERVICE:
        return Weight.COURTESY
    return occasion.weight


def told(parties: Parties, circle: Circle, event: Event) -> list[PartyId]:
    """The parties, and whoever has been confirmed to act for one (forvaltningsloven § 8).

    There is no way to somebody anonymous, so none is looked for, and none fails.
    """
    addressed = [p for p in _addressed(parties, circle, event) if not is_anonymous(p)]
    acting = (
        each.representative
        for each in parties.representations
        if each.is_appointed and each.party in addressed
    )
    return list(dict.fromkeys((*addressed, *acting)))


def _addressed(parties: Parties, circle: Circle, event: Event) -> list[PartyId]:
    if isinstance(event, PartyHearingOpened):
        return [event.party or parties.first]
    return [
        party for party in parties.in_order if circle is Circle.ALL or party in parties.applicants
    ]


def _told_with_another(fact: Recorded, occasion: Occasion, history: Sequence[Recorded]) -> bool:
    if occasion.weight is Weight.LEGAL:
        return False
    together = [
        (other.version, OCCASIONS[type(other.event)])
        for other in history
        if type(other.event) in OCCASIONS and other.envelope.command_id == fact.envelope.command_id
    ]
    return any(other.weight is Weight.LEGAL for _, other in together) or any(
        version < fact.version for version, _ in together
    )


def _parties(fact: Recorded, history: Sequence[Recorded]) -> Parties:
    """As they were when it happened."""
    until = (cast("CaseEvent", each.event) for each in history if each.version <= fact.version)
    return case_rules.decider.replay(until).parties

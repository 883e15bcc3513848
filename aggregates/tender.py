"""The rules of a public tender: which module decides what.

May a bid still come, may bids be opened? `tender_bids.py`. May a contract be concluded?
`tender_award.py`. How long is each period? `tender_periods.py`.
"""

from aggregates import (
    tender_award,
    tender_bids,
    tender_committee,
    tender_evaluation,
    tender_publishing,
    tender_telling,
)
from aggregates.decider import Decider
from aggregates.tender_history import evolve
from aggregates.tender_state import Tender
from commands.tender import PublishingCommand, TellingCommand, TenderCommand
from commands.tender_award import EvaluationCommand
from commands.tender_bid import BidCommand
from commands.tender_committee import CommitteeCommand
from events.tender import TenderEvent


def decide(command: TenderCommand, tender: Tender) -> list[TenderEvent]:
    if isinstance(command, PublishingCommand):
        return tender_publishing.decide(command, tender)
    if isinstance(command, TellingCommand):
        return tender_telling.decide(command, tender)
    if isinstance(command, CommitteeCommand):
        return tender_committee.decide(command, tender)
    if isinstance(command, BidCommand):
        return tender_bids.decide(command, tender)
    if isinstance(command, EvaluationCommand):
        return tender_evaluation.decide(command, tender)
    return tender_award.decide(command, tender)


decider = Decider(initial=Tender(), decide=decide, evolve=evolve)

"""The rules of the award: told with reasons, standstill, and only then a contract."""

from datetime import date
from typing import assert_never

from aggregates.tender_evaluation import ranked, require_not_awarded
from aggregates.tender_periods import standstill_until
from aggregates.tender_state import Award, Tender, require_opened, require_words
from commands.refusal import Refused
from commands.tender_award import (
    AnnulAward,
    AwardCommand,
    AwardLot,
    ConcludeContract,
    EndTenderComplaint,
    FileTenderComplaint,
)
from events.ids import LotId
from events.tender import TenderEvent
from events.tender_award import (
    AwardAnnulled,
    ContractConcluded,
    LotAwarded,
    TenderComplaintEnded,
    TenderComplaintFiled,
)


def decide(command: AwardCommand, tender: Tender) -> list[TenderEvent]:
    match command:
        case AwardLot():
            return _award(command, tender)
        case FileTenderComplaint():
            return _file_complaint(command, tender)
        case EndTenderComplaint():
            return _end_complaint(command, tender)
        case AnnulAward():
            return _annul(command, tender)
        case ConcludeContract():
            return _conclude(command, tender)
        case _:
            assert_never(command)


def _award(command: AwardLot, tender: Tender) -> list[TenderEvent]:
    """To the bid with the highest total: the criteria decide, as they were published (§ 160)."""
    require_opened(tender)
    require_not_awarded(command.lot, tender)
    require_words(command.reasons, Refused("reason-missing", "An award says something."))
    ranking = ranked(command.lot, tender)
    best = max((each.total for each in ranking), default=None)
    winner = next((each for each in ranking if each.bid_id == command.winner), None)
    if winner is None:
        raise Refused("bid-not-found", "There is no such bid for this lot.")
    if winner.total != best:
        raise Refused("award-not-highest", "Another bid has a higher total.", highest=str(best))
    return [
        LotAwarded(
            tender_id=command.tender_id,
            lot=command.lot,
            winner=command.winner,
            ranking=tuple(ranking),
            reasons=command.reasons,
            notice=command.notice,
            awarded_at=command.now,
            standstill_until=standstill_until(command.now, command.notice, command.days_off),
        )
    ]


def _file_complaint(command: FileTenderComplaint, tender: Tender) -> list[TenderEvent]:
    """Within standstill it stops the contract by itself (lov om Klagenævnet for Udbud § 12)."""
    awarded = _awarded(command.lot, tender).awarded
    if command.lot in tender.contracts:
        raise Refused("contract-concluded", "The contract is concluded; the board still decides.")
    return [
        TenderComplaintFiled(
            tender_id=command.tender_id,
            lot=command.lot,
            complainant=command.complainant,
            filed_on=command.filed_on,
            stops_contract=command.filed_on <= awarded.standstill_until,
        )
    ]


def _end_complaint(command: EndTenderComplaint, tender: Tender) -> list[TenderEvent]:
    _awarded(command.lot, tender)
    return [
        TenderComplaintEnded(
            tender_id=command.tender_id,
            lot=command.lot,
            complainant=command.complainant,
            end=command.end,
            ended_on=command.ended_on,
        )
    ]


def _annul(command: AnnulAward, tender: Tender) -> list[TenderEvent]:
    _awarded(command.lot, tender)
    if command.lot in tender.contracts:
        raise Refused("contract-concluded", "A contract has been concluded.")
    require_words(command.reason, Refused("reason-missing", "A reason says something."))
    return [
        AwardAnnulled(
            tender_id=command.tender_id,
            lot=command.lot,
            reason=command.reason,
            annulled_at=command.now,
        )
    ]


def _conclude(command: ConcludeContract, tender: Tender) -> list[TenderEvent]:
    """Not before standstill is over, nor while a complaint filed within it is not decided."""
    found = _awarded(command.lot, tender)
    if command.lot in tender.contracts:
        return []
    reason = why_no_contract(found, command.today)
    if reason is not None:
        raise reason
    return [
        ContractConcluded(
            tender_id=command.tender_id,
            lot=command.lot,
            bid_id=found.awarded.winner,
            concluded_on=command.today,
        )
    ]


def why_no_contract(found: Award, today: date) -> Refused | None:
    """What keeps the authority from binding itself, None if nothing does."""
    if today <= found.awarded.standstill_until:
        until = found.awarded.standstill_until.isoformat()
        return Refused("standstill-running", "The standstill period is not over.", until=until)
    if found.stopped_by:
        return Refused("complaint-stops-contract", "A complaint within standstill is undecided.")
    if found.is_upheld:
        return Refused("award-not-upheld", "A complaint was upheld; annul the award first.")
    return None


def _awarded(lot: LotId, tender: Tender) -> Award:
    require_opened(tender)
    if lot not in tender.awards:
        raise Refused("lot-not-awarded", "The lot is not awarded.")
    return tender.awards[lot]

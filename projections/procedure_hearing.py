"""How the hearing of each party in a case's row of the procedure follows from its events."""

from typing import assert_never

from events.case_party_hearing import (
    PartyHearingAnswered,
    PartyHearingClosed,
    PartyHearingEvent,
    PartyHearingExempted,
    PartyHearingOpened,
)
from events.envelope import Recorded
from events.ids import PartyId
from projections.procedure_parts import ExemptionRow, ProcedureRow, RemarkRow, RoundRow


def hear(row: ProcedureRow, recorded: Recorded, event: PartyHearingEvent) -> None:
    match event:
        case PartyHearingOpened():
            # Whoever is heard anew was not exempted from being heard about the new facts.
            _unexempt(row, event.party)
            row["rounds"].append(_round(event))
        case PartyHearingAnswered():
            for each in _of(row, event):
                each["answers"].append(_remark(recorded, event))
        case PartyHearingClosed():
            for each in _of(row, event):
                each["state"] = event.because.value
                each["closed_on"] = event.closed_on.isoformat()
        case PartyHearingExempted():
            _unexempt(row, event.party)
            exemption = ExemptionRow(
                party=event.party, ground=event.ground.value, reason=event.reason
            )
            row["exemptions"].append(exemption)
        case _:
            assert_never(event)


def leave(row: ProcedureRow, party: PartyId) -> None:
    """What was said stays to be read, and is nothing to decide on if they come back."""
    for each in row["rounds"]:
        if each["party"] == party:
            each["stands"] = False
    _unexempt(row, party)


def _unexempt(row: ProcedureRow, party: PartyId | None) -> None:
    row["exemptions"] = [each for each in row["exemptions"] if each["party"] != party]


def _of(row: ProcedureRow, event: PartyHearingAnswered | PartyHearingClosed) -> list[RoundRow]:
    """That of the party in the round, which there is one of: a round is opened once."""
    wanted = (str(event.round), event.party)
    return [each for each in row["rounds"] if (each["round"], each["party"]) == wanted]


def _round(event: PartyHearingOpened) -> RoundRow:
    return RoundRow(
        round=str(event.round),
        party=event.party,
        text=event.text,
        material=[str(document) for document in event.material],
        opened_on=event.opened_on.isoformat(),
        due_on=event.due_on.isoformat(),
        state="open",
        closed_on=None,
        answers=[],
        stands=True,
    )


def _remark(recorded: Recorded, event: PartyHearingAnswered) -> RemarkRow:
    return RemarkRow(
        message=str(event.message),
        text=event.text,
        documents=[str(document.document_id) for document in event.documents],
        is_final=event.is_final,
        answered_at=recorded.recorded_at.isoformat(),
    )

"""The procedure of a case as each side may see it."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from gateway.procedure_shapes import MessageStateShape, ProcedureShape
from gateway.withholding import messages_seen
from projections.messages import Message
from projections.procedure import Procedure, not_begun
from projections.procedure_parts import DecisionRow, NoticeRow, RemarkRow, RoundRow
from projections.timeline import Entry
from services.sight import Sight

_Written = TypeVar("_Written", RemarkRow, NoticeRow)


def procedure_shape(
    found: Procedure, messages: Sequence[Message], entries: Iterable[Entry], sight: Sight | None
) -> ProcedureShape:
    """`entries` is the timeline: what somebody is not shown there is not shown here either."""
    if sight is not None and sight.hides_first:
        # What is asked, heard and decided is about the one whose matter it is, by name.
        found, messages = not_begun(found.case_id), ()
    told = None if sight is None else messages_seen(entries, sight)
    decisions = found.decisions if told is None else _sent(found.decisions)
    rounds = [_round(each, told) for each in found.rounds]
    works = found.works
    notices = _of_those(works["notices"], told)
    completion = {"notices": notices, "accepted_on": works["accepted_on"]}
    return ProcedureShape.model_validate(
        {
            "about": found.about,
            "todo": found.requests,
            "party_hearing": rounds[-1] if rounds else None,
            "earlier_party_hearings": rounds[:-1],
            "exemption": found.exemption if told is None else None,
            "decision": decisions[-1] if decisions else None,
            "earlier_decisions": decisions[:-1],
            "complete_on": works["complete_on"],
            "inspections": works["inspections"],
            "completion": completion if notices else None,
            "complaint": found.complaint,
            "tacitly_accepted_on": found.tacitly_accepted_on,
            "kept_until": None if found.retention is None else found.retention["kept_until"],
            "messages": [
                _message(each) for each in messages if told is None or str(each.message) in told
            ],
        }
    )


def _sent(decisions: Sequence[DecisionRow]) -> list[DecisionRow]:
    """A decision is the party's once it was sent, and so is each correction of it."""
    return [
        DecisionRow(
            **{
                **decision,
                "corrections": [
                    each for each in decision["corrections"] if each["dispatched_on"] is not None
                ],
            }
        )
        for decision in decisions
        if decision["dispatched_on"] is not None
    ]


def _round(row: RoundRow, told: set[str] | None) -> RoundRow:
    return RoundRow(**{**row, "answers": _of_those(row["answers"], told)})


def _of_those(written: Sequence[_Written], told: set[str] | None) -> list[_Written]:
    return [each for each in written if told is None or each["message"] in told]


def _message(message: Message) -> MessageStateShape:
    return MessageStateShape(
        message=message.message,
        by="party" if message.by_party else "authority",
        written_at=message.written_at,
        read_at=message.read_at,
    )

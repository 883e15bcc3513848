"""The procedure of a case as each side may see it."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from events.ids import PartyId
from gateway.hearing_view import rounds_seen
from gateway.procedure_shapes import MessageStateShape, PartyHeardShape, ProcedureShape
from gateway.withholding import messages_seen
from projections.messages import Message
from projections.procedure import Procedure, not_begun
from projections.procedure_parts import DecisionRow, NoticeRow, RemarkRow, RoundRow, WorksRow
from projections.timeline import Entry
from services.sight import Sight

_Written = TypeVar("_Written", RemarkRow, NoticeRow)


def procedure_shape(
    found: Procedure,
    messages: Sequence[Message],
    entries: Iterable[Entry],
    sight: Sight | None,
    heard: Sequence[PartyHeardShape],
    first: PartyId,
) -> ProcedureShape:
    """`entries` is the timeline: what somebody is not shown there is not shown here either.

    `heard` is how the parties stand, for staff, who see all; `first` is whose matter it is.
    """
    rounds = rounds_seen(found.rounds, sight)
    if sight is not None and sight.hides_first:
        # What is asked and decided is about the one whose matter it is, by name.
        found, messages = not_begun(found.case_id), ()
    told = None if sight is None else messages_seen(entries, sight)
    decisions = found.decisions if told is None else _sent(found.decisions)
    hearings = [_hearing(each, told, first) for each in rounds]
    return ProcedureShape.model_validate(
        {
            "about": found.about,
            "todo": found.requests,
            "party_hearing": hearings[-1] if hearings else None,
            "earlier_party_hearings": hearings[:-1],
            "exemption": _exemption(found, first) if told is None else None,
            "parties_heard": heard,
            "decision": decisions[-1] if decisions else None,
            "earlier_decisions": decisions[:-1],
            "complete_on": found.works["complete_on"],
            "inspections": found.works["inspections"],
            "completion": _completion(found.works, told),
            "complaint": found.complaint,
            "tacitly_accepted_on": found.tacitly_accepted_on,
            "kept_until": None if found.retention is None else found.retention["kept_until"],
            "messages": [
                _message(each) for each in messages if told is None or str(each.message) in told
            ],
        }
    )


def _completion(works: WorksRow, told: set[str] | None) -> dict[str, object] | None:
    notices = _of_those(works["notices"], told)
    return {"notices": notices, "accepted_on": works["accepted_on"]} if notices else None


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


def _hearing(row: RoundRow, told: set[str] | None, first: PartyId) -> dict[str, object]:
    answers = _of_those(row["answers"], told)
    shown = {name: part for name, part in row.items() if name != "stands"}
    return {**shown, "party": row["party"] or first, "answers": answers}


def _exemption(found: Procedure, first: PartyId) -> dict[str, object] | None:
    if not found.exemptions:
        return None
    last = found.exemptions[-1]
    return {**last, "party": last["party"] or first}


def _of_those(written: Sequence[_Written], told: set[str] | None) -> list[_Written]:
    return [each for each in written if told is None or each["message"] in told]


def _message(message: Message) -> MessageStateShape:
    return MessageStateShape(
        message=message.message,
        by="party" if message.by_party else "authority",
        written_at=message.written_at,
        read_at=message.read_at,
    )

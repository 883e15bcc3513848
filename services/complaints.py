"""What a complaint over a decision does to two cases at once: its own and the one decided."""

from aggregates import case
from commands.case import ReopenCase
from commands.case_complaint import ComplainOverDecision, RecordReassessment
from commands.refusal import Refused
from commands.submission import ReassessDecision, SubmitComplaint
from events.case_complaint import Reassessment
from services.streams import case_stream
from services.work import Work


def submit(command: SubmitComplaint, work: Work) -> None:
    """Open the complaint, on condition that the decided case stands as it is now.

    Raises:
        Refused: `decision-not-found`, when the party has been sent no decision there.
    """
    opened = command.case
    work.run(case_stream(opened.case_id), case.decider, opened, new=True)
    decided = (
        None
        if opened.about is None
        else work.look(case_stream(opened.about), case.decider).dispatched
    )
    if decided is None or opened.about is None:
        raise Refused("decision-not-found", "A complaint names a case that has been decided.")
    tie = ComplainOverDecision(
        case_id=opened.case_id,
        about=opened.about,
        decision=decided.decision,
        appeal_until=decided.appeal_until,
        received_on=opened.received_on,
    )
    work.run(case_stream(opened.case_id), case.decider, tie)


def reassess(command: ReassessDecision, work: Work) -> None:
    """Record what the authority makes of its own decision, and reopen the case if it gives in."""
    stream = case_stream(command.case_id)
    record = RecordReassessment(
        case_id=command.case_id,
        outcome=command.outcome,
        text=command.text,
        reassessed_on=command.reassessed_on,
    )
    work.run(stream, case.decider, record)
    about = work.look(stream, case.decider).complaint.about
    if command.outcome is Reassessment.UPHELD or about is None:
        return
    if work.look(case_stream(about), case.decider).status is case.Status.CLOSED:
        reopen = ReopenCase(case_id=about, reason=command.text)
        work.run(case_stream(about), case.decider, reopen)

"""Which action it takes of what runs by itself to read a stream or to give a command."""

from collections.abc import Mapping
from typing import Final

from commands import (
    calendar_day,
    case,
    case_deadline,
    case_information,
    case_party_hearing,
    case_property,
    journal,
    post,
)
from services.actions import Action

STREAMS: Final[Mapping[str, Action]] = {
    "case": Action.READ_CASE,
    "hearing": Action.READ_HEARING,
    "tender": Action.READ_TENDER,
    "calendar": Action.READ_CALENDAR,
    "colleague": Action.READ_ABSENCES,
    "contact": Action.READ_CONTACT,
    "journal": Action.READ_FILING,
    "note": Action.READ_NOTES,
    "post": Action.READ_POST,
}
"""By the first word of a stream's name (`services/streams.py`)."""

COMMANDS: Final[Mapping[type, Action]] = {
    **dict.fromkeys(
        (
            journal.LinkEsdhCase,
            journal.RenumberEsdhCase,
            journal.RequestEsdhCaseChoice,
            journal.RecordJournalised,
            journal.RecordJournalisingRefused,
            journal.RecordJournalDifference,
            journal.SettleJournalDifference,
        ),
        Action.RECORD_FILING,
    ),
    **dict.fromkeys(
        (
            post.QueueNotification,
            post.RecordSent,
            post.RecordInDoubt,
            post.RecordDelivered,
            post.RecordBounced,
            post.RecordFailed,
            post.GiveToPaper,
        ),
        Action.RECORD_POST,
    ),
    **dict.fromkeys(
        (
            calendar_day.ExpireHolds,
            case_deadline.MissDeadline,
            case_information.EndOverdueRequest,
            case_party_hearing.CloseExpiredPartyHearing,
        ),
        Action.DO_WHAT_IS_DUE,
    ),
    case.AnswerResponse: Action.ANSWER_RESPONSES,
    case_property.IdentifyProperty: Action.RECORD_PROPERTY,
    case_property.GiveUpIdentifying: Action.RECORD_PROPERTY,
    journal.RetryJournalising: Action.RETRY_FILING,
}
"""All other commands are people's."""


def action_of_stream(stream: str, *, is_opening: bool) -> Action | None:
    """None where there is no such kind; `is_opening`: the first fact of it and nothing else."""
    action = STREAMS.get(stream.partition("-")[0])
    return Action.READ_OPENING if is_opening and action is Action.READ_CASE else action

"""When a hearing is concluded, every response gets the answer that the conclusion gave it."""

from collections.abc import Sequence
from datetime import date

from psycopg import Connection

from commands.case import AnswerResponse
from events.hearing import HearingAnswer
from events.ids import CaseId
from projections import hearings, responses


def answers_due(db: Connection[tuple[object, ...]], today: date) -> list[AnswerResponse]:
    """One command for each response whose hearing is concluded and which has no answer yet."""
    conclusions: dict[object, hearings.Conclusion | None] = {}
    commands: list[AnswerResponse] = []
    for waiting in responses.unanswered(db):
        if waiting.hearing_id not in conclusions:
            conclusions[waiting.hearing_id] = hearings.conclusion(db, waiting.hearing_id)
        conclusion = conclusions[waiting.hearing_id]
        # The two views advance on their own; this one may not have heard of the conclusion yet.
        if conclusion is not None:
            commands.append(
                AnswerResponse(
                    case_id=waiting.case_id,
                    hearing=waiting.hearing_id,
                    answers=answers_to(waiting.case_id, conclusion.summary, conclusion.answers),
                    answered_on=today,
                )
            )
    return commands


def answers_to(response: CaseId, summary: str, answers: Sequence[HearingAnswer]) -> tuple[str, ...]:
    """What the conclusion says to one response: on its own themes, or else to everybody."""
    own = tuple(
        f"{given.theme}: {given.answer}" for given in answers if response in given.responses
    )
    return own or (summary,)

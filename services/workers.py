"""What runs by itself, and the most that each may: the rows that `authorisation.may` goes by."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from events.ids import ActorId
from services.actions import Action


class Job(StrEnum):
    """By the name that stands as the actor of its facts, for ever the same."""

    FILING = "system:esdh-sync"
    POST = "system:post"
    RELAY = "system:relay"
    VIEWS = "system:views"
    CLOCK = "system:clock"
    CONCLUSIONS = "system:hearing-conclusions"
    REGISTERS = "system:registers"
    SCANNER = "system:scanner"
    OPERATOR = "system:operator"


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """One job in one organisation; in every other it is a stranger."""

    job: Job
    organisation: str

    @property
    def id(self) -> ActorId:
        # Its value: an enum would be stored by its name.
        return ActorId(self.job.value)


ENTRUSTED: Final[Mapping[Job, frozenset[Action]]] = {
    # The authority's own records system gets the whole case, with who its parties are by number.
    Job.FILING: frozenset(
        {
            Action.HEAR_OF_FACTS,
            Action.READ_OPENING,
            Action.READ_CASE,
            Action.READ_HEARING,
            Action.READ_TENDER,
            Action.READ_FILING,
            Action.READ_DOCUMENTS,
            Action.KNOW_PARTIES,
            Action.RECORD_FILING,
        }
    ),
    # What of a case a party is told is cut to its sight afterwards (`services/post/seen_by.py`).
    Job.POST: frozenset(
        {
            Action.HEAR_OF_FACTS,
            Action.READ_OPENING,
            Action.READ_CASE,
            Action.READ_HEARING,
            Action.READ_TENDER,
            Action.READ_POST,
            Action.READ_CONTACT,
            Action.READ_DOCUMENTS,
            Action.KNOW_PARTIES,
            Action.RECORD_POST,
        }
    ),
    # No free text and no person leaves by it (`services/relay/spreading.py`).
    Job.RELAY: frozenset({Action.SPREAD_LOG}),
    # It sees no word that is not sealed.
    Job.VIEWS: frozenset({Action.BUILD_VIEWS}),
    Job.CLOCK: frozenset({Action.SEE_WHAT_IS_DUE, Action.DO_WHAT_IS_DUE}),
    Job.CONCLUSIONS: frozenset({Action.ANSWER_RESPONSES}),
    # Where it lies is what was answered when the case was opened, or what a view says since.
    Job.REGISTERS: frozenset({Action.READ_VIEWS, Action.READ_OPENING, Action.RECORD_PROPERTY}),
    Job.SCANNER: frozenset({Action.SCAN_UPLOADS}),
    # Whoever runs the site, at the console: `journal retry`.
    Job.OPERATOR: frozenset({Action.RETRY_FILING}),
}
"""Internal notes (`READ_NOTES`) stand in no row: nothing that runs by itself needs them."""

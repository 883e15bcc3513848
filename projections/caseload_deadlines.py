"""How the deadlines of a case's row in the caseload follow from its events."""

from typing import Final, TypedDict, assert_never

from events.case_deadline import (
    DeadlineEvent,
    DeadlineExtended,
    DeadlineKind,
    DeadlineMet,
    DeadlineMissed,
    DeadlineResumed,
    DeadlineSet,
    DeadlineSuspended,
)


class DeadlineRow(TypedDict):
    """`state` is outstanding, suspended, met, missed or passed.

    What is missed is still to be done; what is suspended waits for the party; passed is a day by
    which nobody objected.
    """

    deadline: str
    due_on: str
    state: str


STILL_TO_BE_DONE: Final = frozenset({"outstanding", "missed"})


def counted(rows: list[DeadlineRow], event: DeadlineEvent) -> list[DeadlineRow]:
    was = next((row for row in rows if row["deadline"] == event.deadline), None)
    last = "" if was is None else was["due_on"]
    match event:
        case DeadlineSet() | DeadlineResumed() | DeadlineExtended():
            due_on, state = event.due_on.isoformat(), "outstanding"
        case DeadlineMissed():
            due_on, state = event.due_on.isoformat(), "missed"
        case DeadlineSuspended():
            due_on, state = last, "suspended"
        case DeadlineMet():
            due_on, state = last, "met"
        case _:
            assert_never(event)
    return _with(rows, event.deadline, due_on, state)


def passed(rows: list[DeadlineRow], deadline: DeadlineKind) -> list[DeadlineRow]:
    return [
        row if row["deadline"] != deadline else DeadlineRow(**{**row, "state": "passed"})
        for row in rows
    ]


def earliest(rows: list[DeadlineRow]) -> str | None:
    """The earliest day by which something is still to be done; a missed day stays the earliest."""
    return min((row["due_on"] for row in rows if row["state"] in STILL_TO_BE_DONE), default=None)


def _with(rows: list[DeadlineRow], deadline: str, due_on: str, state: str) -> list[DeadlineRow]:
    others = [row for row in rows if row["deadline"] != deadline]
    return [*others, DeadlineRow(deadline=deadline, due_on=due_on, state=state)]

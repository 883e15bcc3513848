"""What a case's row in the caseload is made of, as plain JSON."""

from typing import TypedDict

from events.case import Meeting, NextStep
from projections.plain import TextRow


class MeetingRow(TypedDict):
    slot: str
    starts_at: str
    ends_at: str
    place: str


class NextStepRow(TypedDict):
    text: TextRow
    by: str | None


def meeting_row(meeting: Meeting) -> MeetingRow:
    return MeetingRow(
        slot=meeting.slot,
        starts_at=meeting.starts_at.isoformat(),
        ends_at=meeting.ends_at.isoformat(),
        place=meeting.place,
    )


def next_step_row(step: NextStep) -> NextStepRow:
    text = TextRow(da=step.text.da, en=step.text.en)
    return NextStepRow(text=text, by=None if step.by is None else step.by.isoformat())

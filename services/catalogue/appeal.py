"""Where and how a decision is appealed, by the legal basis that it rests on.

A decision that can be appealed carries such guidance (forvaltningsloven § 25). It is not part of a
service's version: the law that counts is that of the day of the decision.
"""

from datetime import date
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from events.day_unit import DayUnit
from events.text import Text
from services.catalogue.spoken import date_words
from services.catalogue.words import Language, Line, Part, Words
from services.deadlines import Period, WorkCalendar, count

FILE_NAME: Final = "appeals.yaml"
LAST_DAY: Final = "{last_day}"
"""In a guidance's text: the last day in time."""

AppealId: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]


class AppealPeriod(Part):
    """Counted from the day that the decision reached the party, which is not part of it."""

    days: Annotated[int, Field(ge=1, le=3650)]
    unit: DayUnit
    rolls: bool = False

    @property
    def period(self) -> Period:
        return Period(days=self.days, unit=self.unit, rolls=self.rolls)


class AppealGuidance(Part):
    """`basis` is the act that the decision rests on, `source` the paragraph that this is from.

    Without a `deadline` the law sets none.
    """

    basis: Line
    body: Words
    deadline: AppealPeriod | None = None
    how: Words
    text: Words
    source: Line

    def last_day(self, received_on: date, calendar: WorkCalendar) -> date | None:
        if self.deadline is None:
            return None
        return count(received_on, self.deadline.period, calendar)

    def told(self, last_day: date | None) -> Text:
        """The guidance as a decision carries it."""
        return Text(da=self._filled("da", last_day), en=self._filled("en", last_day))

    def _filled(self, language: Language, last_day: date | None) -> str:
        words = self.text.read_in(language)
        return (
            words if last_day is None else words.replace(LAST_DAY, date_words(last_day, language))
        )


class Appeals(Part):
    """What `appeals.yaml` says, beside the organisations or in one of them."""

    appeals: Annotated[dict[AppealId, AppealGuidance], Field(min_length=1)]

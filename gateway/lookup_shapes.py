"""What is answered about who looked at cases."""

from datetime import date, datetime
from uuid import UUID

from gateway.shapes import Shape


class ReasonHoldsShape(Shape):
    ends_at: datetime


class LooksShape(Shape):
    """What one team's staff looked at for one purpose on one day, `times` times.

    `text` says it in the reader's language. Who it was is not told: a citizen may ask for what,
    when and why (EU Court of Justice, C-579/21).
    """

    day: date
    first_at: datetime
    last_at: datetime
    times: int
    team: str
    shown: str
    purpose: str
    is_outside: bool
    text: str


class ReadsShape(Shape):
    reads: list[LooksShape]
    kept_months: int


class LookupShape(Shape):
    """`criteria` are those of a search; `is_outside`: from neither the team nor the auditors.

    `person_name` is what `person` is called, as far as it is known.
    """

    id: int
    at: datetime
    person: str
    person_name: str
    team: str
    shown: str
    purpose: str
    reason: str
    is_outside: bool
    cases: list[UUID]
    criteria: dict[str, object]


class LookupsShape(Shape):
    """`after` asks for the next page, null when there is none."""

    rows: list[LookupShape]
    after: int | None


class ShareShape(Shape):
    team: str
    purpose: str
    is_outside: bool
    times: int
    persons: int


class SpotCheckShape(Shape):
    """`sample` is drawn by lot, and is the same whenever the same month is asked for."""

    month: str
    total: int
    shares: list[ShareShape]
    sample: list[LookupShape]

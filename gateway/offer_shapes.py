"""What is answered about services."""

from datetime import date

from gateway.shapes import Shape


class ServiceRowShape(Shape):
    """`who` may submit: citizen, company, representative, anonymous.

    `published_on` is the day from which this version was offered.
    """

    id: str
    version: int
    published_on: date
    kind: str
    title: str
    description: str
    login_level: str
    who: list[str]


class OfferedThingShape(Shape):
    """Something to bring, perhaps only for some answers."""

    what: str
    why: str
    depends_on_answers: bool


class AskedForShape(Shape):
    """A document that the form asks for by name, in the answer to `field`."""

    field: str
    what: str
    why: str | None
    required: bool
    at_most: int
    depends_on_answers: bool


class DocumentsAskedShape(Shape):
    """`at_most` is how many more may be attached than those asked for by name."""

    at_most: int
    text: str | None
    asked_for: list[AskedForShape]


class MoneyShape(Shape):
    amount: str
    currency: str


class FeeShape(Shape):
    """Shown, not taken. `basis` is the law that sets it, `per` what it is counted by."""

    what: str
    amount: MoneyShape
    per: str | None
    basis: str


class OfferedFeeShape(FeeShape):
    depends_on_answers: bool


class OfferedDeadlineShape(Shape):
    """`counted_from` is received, complete, meeting or hearing-closes; it does not count.

    Of several with the same `deadline` one is promised, by the answers.
    """

    deadline: str
    days: int
    unit: str
    counted_from: str
    text: str | None
    basis: str | None
    depends_on_answers: bool


class AppealShape(Shape):
    """Where a decision is appealed, by the law it rests on; no `days` where there is no limit."""

    basis: str
    body: str
    days: int | None
    unit: str | None
    how: str
    source: str


class ServiceShape(ServiceRowShape):
    """`form` is a JSON Schema (2020-12) of the answers, as it stands today.

    `processing_target` is the one of `deadlines` that the whole matter is to be finished by; where
    there are several, the one that is promised unless the answers call for another.
    """

    form: dict[str, object]
    documents: DocumentsAskedShape
    bring: list[OfferedThingShape]
    next_steps: list[str]
    deadlines: list[OfferedDeadlineShape]
    processing_target: OfferedDeadlineShape | None
    fees: list[OfferedFeeShape]
    appeals: list[AppealShape]


class ServicesShape(Shape):
    services: list[ServiceRowShape]

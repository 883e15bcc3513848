"""What administrators are answered about services and the organisation."""

from datetime import date

from gateway.shapes import Shape


class VersionRowShape(Shape):
    """`state` is offered, superseded or draft; `published_on` is null for a draft."""

    version: int
    state: str
    published_on: date | None
    mistakes: int


class AdministeredServiceShape(Shape):
    """`title` is the newest version's that can be read; `team` and `kind` likewise."""

    id: str
    title: str
    team: str
    kind: str
    versions: list[VersionRowShape]


class MistakeShape(Shape):
    """`file` is within the organisation's folder, `line` counts from 1, `path` names the place.

    What is wrong and how to mend it are told in the language of who asks.
    """

    file: str
    line: int
    path: str
    message: str
    remedy: str


class AdministeredServicesShape(Shape):
    services: list[AdministeredServiceShape]
    mistakes: list[MistakeShape]


class PartShape(Shape):
    """What a party would meet: a title and lines."""

    title: str
    lines: list[str]


class VersionShape(Shape):
    """`described` is what its file says, null where that has mistakes; so is `preview` empty then.

    The preview is of answers that were made up, as if submitted today.
    """

    id: str
    version: int
    state: str
    published_on: date | None
    described: dict[str, object] | None
    preview: list[PartShape]
    mistakes: list[MistakeShape]


class ChangeShape(Shape):
    """`section` is a key of the file; `sign` is + for added, - for removed, ~ for changed."""

    section: str
    sign: str
    words: str


class VersionChangesShape(Shape):
    id: str
    earlier: int
    later: int
    changes: list[ChangeShape]


class ContactShape(Shape):
    email: str
    phone: str
    website: str


class LookShape(Shape):
    colour: str
    has_logo: bool


class TeamShape(Shape):
    """`people` are the names of those known to be of it, and nothing else of them."""

    id: str
    name: str
    opening_days: list[str]
    meeting_place: str
    people: list[str]
    services: list[str]


class OrganisationShape(Shape):
    """`closing_days` as they are written, `MM-DD` for every year or `YYYY-MM-DD`; `days_off` are
    the working days that nobody is there within a year, by that and by law.
    """

    id: str
    name: str
    reference_prefix: str
    municipality: str | None
    contact: ContactShape
    look: LookShape | None
    closing_days: list[str]
    days_off: list[date]
    lookup_months: int
    teams: list[TeamShape]

"""What `esdh.yaml` says of an organisation's records system (docs/esdh.md), setting by setting."""

from typing import Annotated, Literal, TypeAlias, assert_never

from pydantic import Field

from services.catalogue.words import Line, Part
from services.esdh.port import CaseStatus, Direction

Url: TypeAlias = Annotated[str, Field(pattern=r"^https?://[^\s/?#]+[^\s?#]*$", max_length=500)]
Address: TypeAlias = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
Variable: TypeAlias = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=100)]
SystemId: TypeAlias = Annotated[int, Field(ge=1)]
Seconds: TypeAlias = Annotated[int, Field(ge=1, le=86_400)]


class Paging(Part):
    """What `sag/search` calls the number of rows, and either the rows or the pages before."""

    size: Line
    offset: Line | None = None
    page: Line | None = None
    first_page: Annotated[int, Field(ge=0, le=1)] = 1
    rows: Annotated[int, Field(ge=1, le=1000)] = 100


class Token(Part):
    """How a bearer token is asked for. A `..._variable` names the environment's variable."""

    url: Url
    grant: Literal["password", "client-credentials"]
    client_in: Literal["body", "header"] = "body"
    client_id: Line
    client_secret_variable: Variable
    username: Line | None = None
    password_variable: Variable | None = None


class Template(Part):
    """A case template's id there, and the sub-folders that every case made from it has."""

    id: SystemId
    sub_folders: tuple[Line, ...] = ()


class DocumentKinds(Part):
    """The ids of `DokumentArt`, which are each installation's own."""

    received: Annotated[SystemId, Field(alias="in")]
    sent: Annotated[SystemId, Field(alias="out")]
    internal: SystemId

    def of(self, direction: Direction) -> int:
        match direction:
            case Direction.IN:
                return self.received
            case Direction.OUT:
                return self.sent
            case Direction.INTERNAL:
                return self.internal
            case _:
                assert_never(direction)


class StatusNames(Part):
    """`Navn` of the case statuses, which are each installation's own."""

    open: Line
    dormant: Line
    closed: Line

    def of(self, status: CaseStatus) -> str:
        match status:
            case CaseStatus.OPEN:
                return self.open
            case CaseStatus.DORMANT:
                return self.dormant
            case CaseStatus.CLOSED:
                return self.closed
            case _:
                assert_never(status)


class Reminders(Part):
    """`type` is an id of `ErindringType`; a reminder is shown that many days before it is due."""

    type: SystemId
    visible_days: Annotated[int, Field(ge=0, le=365)] = 14


class Timings(Part):
    """Seconds. After `longest_processing_seconds` a request that got no answer has either had its
    effect or never will; the supplier must stand by that figure. `property_seconds` is how long a
    submission is kept back while its address is looked up. What fails is tried again after pauses
    that double up to `longest_retry_seconds`.
    """

    request_seconds: Seconds = 30
    longest_processing_seconds: Seconds = 300
    lease_seconds: Seconds = 120
    property_seconds: Annotated[int, Field(ge=0, le=86_400)] = 30
    longest_retry_seconds: Seconds = 21_600


class Sbsys(Part):
    """SBSYS over its Web API. `users` has the log-on name of each of our staff actors."""

    kind: Literal["sbsys"]
    base_url: Url
    plain_http: bool = False
    version: Annotated[str, Field(pattern=r"^v[1-9][0-9]*$")] | None = None
    paging: Paging
    token: Token
    ca_bundle: Line | None = None
    templates: Annotated[dict[str, Template], Field(min_length=1)]
    handler: SystemId
    document_kinds: DocumentKinds
    statuses: StatusNames
    reminders: Reminders
    users: dict[str, Line] = Field(default_factory=dict)
    kle_override: bool = False
    timings: Timings = Timings()


class Smtp(Part):
    host: Line
    port: Annotated[int, Field(ge=1, le=65_535)] = 587
    tls: Literal["starttls", "from-the-start", "none"] = "starttls"
    username: Line | None = None
    password_variable: Variable | None = None
    ca_bundle: Line | None = None


class EmailTemplate(Part):
    """The template's id in SBSYS and the form's in its import of e-mails."""

    id: SystemId
    os2forms_id: Line


class Email(Part):
    """The e-mail route: `to` is the mailbox that is imported, `people_to` one that people read."""

    kind: Literal["email"]
    smtp: Smtp
    sender: Address
    to: Address
    people_to: Address
    templates: Annotated[dict[str, EmailTemplate], Field(min_length=1)]
    users: dict[str, Line] = Field(default_factory=dict)
    timings: Timings = Timings()


System: TypeAlias = Sbsys | Email

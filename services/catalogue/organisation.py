"""An organisation: its name, its teams, when it is closed, and all versions of its services."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Final, TypeAlias

from pydantic import Field

from events.ids import TeamId
from events.text import Text
from services.catalogue.appeal import AppealGuidance
from services.catalogue.look import Look, LookDescription
from services.catalogue.published import Published, VersionKey
from services.catalogue.service import Kle, Service, TeamName
from services.catalogue.situations import Situation
from services.catalogue.words import Line, Part, Words
from services.deadlines import WorkCalendar

ClosingDay: TypeAlias = Annotated[
    str, Field(pattern=r"^([0-9]{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")
]


MunicipalityCode: TypeAlias = Annotated[str, Field(pattern=r"^0[0-9]{3}$")]


UNREGISTERED: Final = "ocds-xxxxxx"
"""Until the Open Contracting Partnership has registered the authority's own prefix."""


class Weekday(StrEnum):
    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"


class TeamDescription(Part):
    name: Words
    opening_days: Annotated[tuple[Weekday, ...], Field(min_length=1)]
    meeting_place: Line


Website: TypeAlias = Annotated[str, Field(pattern=r"^https://\S+$")]


class Contact(Part):
    """`accessibility` is the authority's statement on that (lov nr. 692 af 2018 § 4), `privacy`
    what it tells of personal data (GDPR article 13); every page links to both.
    """

    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    phone: Annotated[str, Field(pattern=r"^\+[0-9 ]{8,20}$")]
    website: Website
    accessibility: Website | None = None
    privacy: Website | None = None


Site: TypeAlias = Annotated[
    str,
    Field(
        pattern=r"^(https://[a-z0-9-]+(\.[a-z0-9-]+)+(:[0-9]{1,5})?"
        r"|http://(127\.0\.0\.1|localhost):[0-9]{1,5})$"
    ),
]
"""An origin, without a path; one without TLS is somebody's own machine."""


class EmbeddingDescription(Part):
    """What stands under `embedding`; `sites` may show our public lists in frames of theirs."""

    sites: Annotated[tuple[Site, ...], Field(max_length=50)] = ()


class FilingDescription(Part):
    """Where the cases of tenders belong in the records system."""

    template: Line
    kle: Kle


class OrganisationDescription(Part):
    """What `organisation.yaml` says.

    `id` is also the name of its schema in the database; `reference_prefix` begins every case
    reference; `closing_days` are those of `WorkCalendar`; `municipality` is its kommunekode, for an
    authority that is one; `lookup_months` is for how long it is kept who looked at a case,
    `colleague_days` how long after their last login a colleague is still given cases;
    `situations` are those of life under which people find the services.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    name: Words
    reference_prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,4}$")]
    ocds_prefix: Annotated[str, Field(pattern=r"^ocds-[a-z0-9]{6}$")] = UNREGISTERED
    municipality: MunicipalityCode | None = None
    closing_days: tuple[ClosingDay, ...] = ()
    contact: Contact
    look: LookDescription | None = None
    lookup_months: Annotated[int, Field(ge=6, le=60)] = 12
    colleague_days: Annotated[int, Field(ge=1, le=400)] = 90
    situations: tuple[Situation, ...] = ()
    embedding: EmbeddingDescription = EmbeddingDescription()
    tenders: FilingDescription | None = None
    teams: Annotated[dict[TeamName, TeamDescription], Field(min_length=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    id: TeamId
    name: Text
    opening_days: tuple[Weekday, ...]
    meeting_place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """`services` holds the newest version of each, which is what is offered now.

    `appeals` is guidance by legal basis, and `look` how letters look, both as they are now.

    `lookup_months` is for how many months it is kept who looked at a case, `colleague_days` for how
    many days after their last login a colleague is still given cases.
    `published_on` is the day from which each version was there; `embedded_by` are the sites of
    `EmbeddingDescription`.
    """

    id: str
    name: Text
    reference_prefix: str
    calendar: WorkCalendar
    contact: Contact
    look: Look | None
    teams: Mapping[TeamId, Team]
    services: Mapping[str, Service]
    versions: Mapping[VersionKey, Service]
    published_on: Mapping[VersionKey, date]
    appeals: Mapping[str, AppealGuidance]
    municipality: str | None = None
    lookup_months: int = 12
    colleague_days: int = 90
    situations: Sequence[Situation] = ()
    embedded_by: Sequence[str] = ()
    ocds_prefix: str = UNREGISTERED
    tenders: FilingDescription | None = None

    def version(self, service: str, version: int) -> Service:
        """The service as a case that began under this version knows it.

        Raises:
            KeyError: there is no such version.
        """
        return self.versions[service, version]


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Organisations by id."""

    organisations: Mapping[str, Organisation]


def organise(
    described: OrganisationDescription,
    versions: Mapping[VersionKey, Service],
    published: Published,
    appeals: Mapping[str, AppealGuidance],
    look: Look | None,
) -> Organisation:
    newest = {name: versions[name, version] for name, version in sorted(versions)}
    teams = {
        TeamId(name): Team(
            id=TeamId(name),
            name=team.name.as_text(),
            opening_days=team.opening_days,
            meeting_place=team.meeting_place,
        )
        for name, team in described.teams.items()
    }
    return Organisation(
        id=described.id,
        name=described.name.as_text(),
        reference_prefix=described.reference_prefix,
        calendar=WorkCalendar(closing_days=frozenset(described.closing_days)),
        contact=described.contact,
        look=look,
        teams=teams,
        services=newest,
        versions=versions,
        published_on={key: entry.on for key, entry in published.items()},
        appeals=appeals,
        municipality=described.municipality,
        lookup_months=described.lookup_months,
        colleague_days=described.colleague_days,
        situations=described.situations,
        embedded_by=described.embedding.sites,
        ocds_prefix=described.ocds_prefix,
        tenders=described.tenders,
    )

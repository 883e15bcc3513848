"""An organisation: its name, its teams, when it is closed, and all versions of its services."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, TypeAlias

from pydantic import Field

from events.ids import TeamId
from events.text import Text
from services.catalogue.appeal import AppealGuidance
from services.catalogue.look import Look, LookDescription
from services.catalogue.service import Service, TeamName
from services.catalogue.words import Line, Part, Words
from services.deadlines import WorkCalendar

ClosingDay: TypeAlias = Annotated[
    str, Field(pattern=r"^([0-9]{4}-)?(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")
]


MunicipalityCode: TypeAlias = Annotated[str, Field(pattern=r"^0[0-9]{3}$")]


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


class Contact(Part):
    email: Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]
    phone: Annotated[str, Field(pattern=r"^\+[0-9 ]{8,20}$")]
    website: Annotated[str, Field(pattern=r"^https://\S+$")]


class OrganisationDescription(Part):
    """What `organisation.yaml` says.

    `id` is also the name of its schema in the database; `reference_prefix` begins every case
    reference; `closing_days` are those of `WorkCalendar`; `municipality` is its kommunekode, for an
    authority that is one; `lookup_months` is for how long it is kept who looked at a case.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    name: Words
    reference_prefix: Annotated[str, Field(pattern=r"^[A-Z]{2,4}$")]
    municipality: MunicipalityCode | None = None
    closing_days: tuple[ClosingDay, ...] = ()
    contact: Contact
    look: LookDescription | None = None
    lookup_months: Annotated[int, Field(ge=6, le=60)] = 12
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

    `lookup_months` is for how many months it is kept who looked at a case.
    """

    id: str
    name: Text
    reference_prefix: str
    calendar: WorkCalendar
    contact: Contact
    look: Look | None
    teams: Mapping[TeamId, Team]
    services: Mapping[str, Service]
    versions: Mapping[tuple[str, int], Service]
    appeals: Mapping[str, AppealGuidance]
    municipality: str | None = None
    lookup_months: int = 12

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
    versions: Mapping[tuple[str, int], Service],
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
        appeals=appeals,
        municipality=described.municipality,
        lookup_months=described.lookup_months,
    )

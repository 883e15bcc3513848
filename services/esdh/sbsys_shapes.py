"""What SBSYS answers, as far as we read it. What is not named here is left as it is."""

import re
from typing import Final

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, TypeAdapter

from events.journal import EsdhCase
from services.esdh.port import CaseStanding, CaseStatus
from services.journal.references import references_in

_TILSTAND: Final = {
    "aktiv": CaseStatus.OPEN,
    "hvilende": CaseStatus.DORMANT,
    "afsluttet": CaseStatus.CLOSED,
}


class _Answer(BaseModel):
    """Ids are integers here and strings there, so they are read as what they are used as."""

    model_config = ConfigDict(frozen=True, extra="ignore", coerce_numbers_to_str=True)


class Named(_Answer):
    id: int | None = Field(default=None, alias="Id")
    navn: str | None = Field(default=None, alias="Navn")


class Status(_Answer):
    """A row of `sag/sagStatusList`, and `SagsStatus` of a case."""

    id: int | None = Field(default=None, alias="Id")
    navn: str | None = Field(default=None, alias="Navn")
    tilstand: str = Field(alias="SagsTilstand")

    @property
    def status(self) -> CaseStatus | None:
        return _TILSTAND.get(self.tilstand.casefold())


class Sag(_Answer):
    id: int = Field(alias="Id")
    identity: str = Field(alias="SagIdentity", min_length=1)
    nummer: str = Field(alias="Nummer", min_length=1)
    titel: str | None = Field(default=None, alias="SagsTitel")
    status: Status = Field(alias="SagsStatus")
    skabelon: Named | None = Field(default=None, alias="SagSkabelon")
    behandler: Named | None = Field(default=None, alias="Behandler")

    @property
    def esdh_case(self) -> EsdhCase:
        return EsdhCase(id=self.identity.lower(), number=self.nummer)

    @property
    def standing(self) -> CaseStanding:
        """The title without our reference, which people need not read.

        A state that SBSYS does not have today counts as open: filing will tell.
        """
        title = self.titel or ""
        for reference in references_in(title):
            title = title.replace(f"[{reference}]", "").strip()
        return CaseStanding(
            esdh_case=self.esdh_case,
            title=title,
            status=self.status.status or CaseStatus.OPEN,
        )


class Found(_Answer):
    total: int = Field(default=0, alias="TotalNumberOfResults")
    results: list[Sag] = Field(alias="Results")


class Adresse(_Answer):
    protected: bool | None = Field(default=None, alias="ErBeskyttet")


class Registered(_Answer):
    """A `PersonDto` or `FirmaDto`. A person has no name until CPR has been asked."""

    id: int = Field(alias="Id")
    navn: str | None = Field(default=None, alias="Navn")
    cpr: str | None = Field(default=None, validation_alias=AliasChoices("CprNummer", "CPRnummer"))
    cvr: str | None = Field(default=None, validation_alias=AliasChoices("CvrNummer", "CVRnummer"))
    adresse: Adresse | None = Field(default=None, alias="Adresse")

    def is_numbered(self, number: str) -> bool:
        return number in {digits(self.cpr), digits(self.cvr)}


class Part(_Answer):
    """A party of a case: `Id` is that of its link to the case, so it is told by its number."""

    cpr: str | None = Field(default=None, validation_alias=AliasChoices("CPRnummer", "CprNummer"))
    cvr: str | None = Field(default=None, validation_alias=AliasChoices("CVRnummer", "CvrNummer"))

    def is_numbered(self, number: str) -> bool:
        return number in {digits(self.cpr), digits(self.cvr)}


class Delforloeb(_Answer):
    id: int = Field(validation_alias=AliasChoices("ID", "Id"))
    titel: str = Field(default="", alias="Titel")


class Dokument(_Answer):
    """`Id` is that of the registration on the case."""

    id: int = Field(alias="Id")
    navn: str | None = Field(default=None, alias="DokumentNavn")
    beskrivelse: str | None = Field(default=None, alias="Beskrivelse")
    deleted: str | None = Field(default=None, alias="DeletedState")

    @property
    def is_deleted(self) -> bool:
        return (self.deleted or "").casefold() == "deleted"


class Notat(_Answer):
    id: str = Field(validation_alias=AliasChoices("Uuid", "Id"))
    overskrift: str | None = Field(default=None, alias="Overskrift")


class Erindring(_Answer):
    id: int = Field(alias="Id")
    beskrivelse: str | None = Field(default=None, alias="Beskrivelse")
    done: bool | None = Field(default=None, alias="ErAfsluttet")


class Bruger(_Answer):
    """A user of SBSYS. All four fields are written back as a case's `Behandler`."""

    logon: str = Field(alias="LogonId")
    uuid: str | None = Field(default=None, alias="Uuid")
    id: int = Field(alias="Id")
    navn: str | None = Field(default=None, alias="Navn")


class Skabelon(_Answer):
    """A case template. Not every version tells of its sub-folders."""

    id: int = Field(alias="Id")
    active: bool = Field(default=True, alias="Aktiv")
    sub_folders: list[Delforloeb] | None = Field(default=None, alias="Delforloeb")


read_case: Final = TypeAdapter(Sag).validate_json
read_statuses: Final = TypeAdapter(list[Status]).validate_json
read_registered: Final = TypeAdapter(Registered).validate_json
read_registers: Final = TypeAdapter(list[Registered]).validate_json
read_parts: Final = TypeAdapter(list[Part]).validate_json
read_sub_folders: Final = TypeAdapter(list[Delforloeb]).validate_json
read_document: Final = TypeAdapter(Dokument).validate_json
read_documents: Final = TypeAdapter(list[Dokument]).validate_json
read_note: Final = TypeAdapter(Notat).validate_json
read_notes: Final = TypeAdapter(list[Notat]).validate_json
read_reminder: Final = TypeAdapter(Erindring).validate_json
read_reminders: Final = TypeAdapter(list[Erindring]).validate_json
read_users: Final = TypeAdapter(list[Bruger]).validate_json
read_templates: Final = TypeAdapter(list[Skabelon]).validate_json
read_template: Final = TypeAdapter(Skabelon).validate_json
read_names: Final = TypeAdapter(list[Named]).validate_json
# Everything of an object, to be given back with a change in it.
read_whole: Final = TypeAdapter(dict[str, object]).validate_json

_FOUND: Final[TypeAdapter[Found | list[Sag]]] = TypeAdapter(Found | list[Sag])


def read_found(body: bytes) -> Found:
    """An old version answers with a bare list."""
    found = _FOUND.validate_json(body)
    return (
        found if isinstance(found, Found) else Found(TotalNumberOfResults=len(found), Results=found)
    )


def read_nothing(_body: bytes) -> None:
    """Some changes are answered with `true`, or with text."""


def digits(written: str | None) -> str:
    """A number without its hyphen and blanks."""
    return re.sub(r"\D", "", written or "")

"""What differs from one municipality's SBSYS to another's: templates, statuses, staff, persons."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from services.ids import derived_id

_NAMESPACE: Final = UUID("5b5f5a11-0000-5000-8000-000000008801")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Something with an id and a name: a kind of document, of reminder, a unit, a field of work."""

    id: int
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """A sagsskabelon. Cases are made of these alone; `folders` are the titles of its delforløb."""

    id: int
    name: str
    subject: str
    facet: str
    folders: tuple[str, ...] = ()
    active: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """`state` is the SagsTilstand: Aktiv, Hvilende or Afsluttet; the name is the installation's."""

    id: int
    name: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    id: int
    log_on: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """`cpr` with hyphen. `protected`: navne- og adressebeskyttelse (CPR-loven § 28)."""

    cpr: str
    name: str
    protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Firm:
    cvr: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The service account that a client logs in with, by either grant. `user` is who it is."""

    client_id: str
    client_secret: str
    username: str
    password: str
    user: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """`prefix` stands before every path, so that one host can be several municipalities.

    `known_after` is how many seconds it takes until a new person's name is there: hours in real
    life, where it comes from CPR.
    """

    name: str
    prefix: str
    account: Account
    templates: tuple[Template, ...]
    statuses: tuple[Status, ...]
    users: tuple[User, ...]
    residents: tuple[Resident, ...] = ()
    firms: tuple[Firm, ...] = ()
    known_after: float = 60.0

    def template(self, number: int | None) -> Template | None:
        return next((each for each in self.templates if each.id == number), None)

    def status(self, number: int | None) -> Status | None:
        return next((each for each in self.statuses if each.id == number), None)

    def user(self, number: int | None) -> User | None:
        return next((each for each in self.users if each.id == number), None)

    def first_of(self, state: str) -> Status:
        """The first status of a SagsTilstand; every installation has one of each."""
        return next(each for each in self.statuses if each.state == state)

    def identity(self, kind: str, number: int) -> str:
        """The lasting GUID of something that belongs to the installation."""
        return str(derived_id(_NAMESPACE, f"{self.name}/{kind}/{number}"))


ACTIVE: Final = "Aktiv"
DORMANT: Final = "Hvilende"
CLOSED: Final = "Afsluttet"

DOCUMENT_KINDS: Final = (
    Named(id=1, name="Indgående"),
    Named(id=2, name="Udgående"),
    Named(id=3, name="Internt"),
)
REMINDER_KINDS: Final = (Named(id=1, name="Frist"), Named(id=2, name="Opgave"))
AREA: Final = Named(id=1, name="Teknik og Miljø")
UNITS: Final = (
    Named(id=1, name="Byggeri & Natur"),
    Named(id=2, name="Ejendomsdata"),
    Named(id=3, name="Vej & Trafik"),
)

_STATUSES: Final = (
    Status(id=5, name="Opstået", state=ACTIVE),
    Status(id=6, name="Aktiv", state=ACTIVE),
    Status(id=7, name="Hvilende", state=DORMANT),
    Status(id=8, name="Afsluttet", state=CLOSED),
)
# Days above 60 are never a birthday in CPR, and the company number fails its check digit.
_RESIDENTS: Final = (
    Resident(cpr="610170-0002", name="Anna Andersen"),
    Resident(cpr="620270-0001", name="Bo Bertelsen", protected=True),
)
_FIRMS: Final = (Firm(cvr="99999991", name="Vendsyssel Tømrerforretning ApS"),)
_HEARING_FOLDERS: Final = ("Høringstekst", "Høringssvar", "Konklusion")


SECRET: Final = "julelys-demo"  # noqa: S105 - of the demo, and in its manual
"""Client secret and password of both municipalities. There is nothing behind it to protect."""


def _service(number: int) -> User:
    return User(id=number, log_on="julelys-service", name="Julelys Servicekonto")


def _account(user: User) -> Account:
    return Account(
        client_id="julelys",
        client_secret=SECRET,
        username=user.log_on,
        password=SECRET,
        user=user.id,
    )


_HJORRING_SERVICE: Final = _service(7)
_VEJLE_SERVICE: Final = _service(11)


HJORRING: Final = Installation(
    name="hjorring",
    prefix="",
    account=_account(_HJORRING_SERVICE),
    templates=(
        Template(
            id=1021,
            name="Høring, lokalplan",
            subject="01.02.05",
            facet="G01",
            folders=_HEARING_FOLDERS,
        ),
        Template(id=1737, name="Byggesag, forhåndsdialog", subject="02.34.00", facet="G01"),
        Template(id=1740, name="Nedrivning", subject="02.34.30", facet="G01"),
        Template(id=1811, name="Jordflytning", subject="09.08.15", facet="G01"),
        Template(id=1812, name="Midlertidig miljøaktivitet", subject="09.18.14", facet="G01"),
        Template(id=1900, name="Aktindsigt", subject="00.07.03", facet="A53"),
        Template(id=1930, name="Udbud", subject="88.12.03", facet="Ø54"),
        Template(id=1750, name="Byggetilladelse", subject="02.34.02", facet="P19"),
        Template(id=1514, name="Råden over vejareal", subject="05.14.08", facet="G01"),
        Template(id=1560, name="Midlertidigt arrangement", subject="02.34.00", facet="G01"),
        Template(id=1881, name="Klage over afgørelse", subject="02.34.00", facet="G01"),
        Template(id=1882, name="Klage over betjening", subject="00.07.06", facet="G01"),
        Template(id=1500, name="Udgået skabelon", subject="02.34.02", facet="G01", active=False),
    ),
    statuses=_STATUSES,
    users=(
        _HJORRING_SERVICE,
        User(id=21, log_on="karen", name="Karen Kristensen"),
        User(id=22, log_on="niels", name="Niels Nielsen"),
        User(id=23, log_on="erik", name="Erik Eriksen"),
        User(id=24, log_on="lis", name="Lis Larsen"),
        User(id=25, log_on="mette", name="Mette Mortensen"),
    ),
    residents=_RESIDENTS,
    firms=_FIRMS,
)
VEJLE: Final = Installation(
    name="vejle",
    prefix="/vejle",
    account=_account(_VEJLE_SERVICE),
    templates=(
        Template(id=310, name="Høring", subject="01.02.05", facet="G01", folders=_HEARING_FOLDERS),
        Template(id=312, name="Byggesag", subject="02.34.00", facet="G01"),
        Template(id=320, name="Fyrværkeri", subject="14.12.22", facet="G01"),
        Template(id=321, name="Byggeaffald", subject="07.18.22", facet="G01"),
        Template(id=322, name="Klage over afgørelse", subject="02.34.00", facet="G01"),
        Template(id=323, name="Aktindsigt", subject="00.07.03", facet="A53"),
        Template(id=330, name="Udbud", subject="88.12.03", facet="Ø54"),
    ),
    statuses=_STATUSES,
    users=(
        _VEJLE_SERVICE,
        User(id=31, log_on="vera", name="Vera Vestergaard"),
        User(id=32, log_on="viggo", name="Viggo Vinther"),
        User(id=33, log_on="vibeke", name="Vibeke Voss"),
    ),
    residents=_RESIDENTS,
    firms=_FIRMS,
)
INSTALLATIONS: Final = (HJORRING, VEJLE)
"""The demo's municipalities; `organisations/*/esdh.yaml` describes the same from our side."""

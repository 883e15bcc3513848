"""Who may ask the demo issuer: each issuer of a `login.yaml` whose address is the demo issuer's."""

from dataclasses import dataclass
from typing import Final

from services.catalogue.loading import homes
from services.config import Config
from services.identity import Person, Role
from services.login.description import Issuer, Secret
from services.login.provider import back_channel_uri, ended_uri, redirect_uri
from services.login.settings import LoginSettings, login_settings

_KINDS: Final = {
    "citizens": frozenset({Role.CITIZEN}),
    "companies": frozenset({Role.COMPANY_REPRESENTATIVE}),
    "staff": frozenset(Role) - {Role.CITIZEN, Role.COMPANY_REPRESENTATIVE},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """`path` is where its issuer stands: each client has one of its own, as with a real broker."""

    organisation: str
    path: str
    issuer: Issuer
    secret: str
    redirect_uri: str
    ended_uri: str
    back_channel_uri: str

    def admits(self, person: Person) -> bool:
        """Whether it may log the person in; staff only in their own organisation."""
        wanted = {role for kind in self.issuer.admits for role in _KINDS[kind]}
        at_home = person.organisation in (None, self.organisation)
        return at_home and bool(wanted & {*person.roles})


def clients_of(settings: LoginSettings, address: str) -> list[Client]:
    """The clients of one organisation at the demo issuer that stands at `address`.

    Those that prove themselves by a key of their own are left out: the demo issuer takes secrets.
    """
    return [
        Client(
            organisation=settings.organisation,
            path=issuer.issuer.removeprefix(address),
            issuer=issuer,
            secret=settings.secret(issuer.authentication.secret_variable),
            redirect_uri=redirect_uri(settings, key),
            ended_uri=ended_uri(settings),
            back_channel_uri=back_channel_uri(settings, key),
        )
        for key, issuer in settings.described.issuers.items()
        if issuer.issuer.startswith(f"{address}/") and isinstance(issuer.authentication, Secret)
    ]


def all_clients(config: Config, address: str) -> list[Client]:
    """Those of every organisation.

    Raises:
        CatalogueInvalid: a `login.yaml` has mistakes, or a secret without value.
    """
    found = (login_settings(config, home.name) for home in homes(config.organisations))
    return [client for each in found if each is not None for client in clients_of(each, address)]

"""Reading an organisation's `login.yaml`: all of it, or every mistake in it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from events.text import Text
from services.catalogue.mistakes import CatalogueInvalid, Mistake
from services.catalogue.yaml_file import Place, YamlFile, read_yaml
from services.config import Config, secrets_now
from services.hosts import is_this_machine
from services.login.description import Issuer, LoginDescription, Secret
from services.settings_file import (
    NO_SLASH,
    PUT_CERTIFICATES,
    REMOVE_SLASH,
    Found,
    Settings,
    SettingsFile,
    no_file,
    read_model,
)

OUR_MANUAL: Final = Text(da="Se docs/security.md.", en="See docs/security.md.")

_KEY: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


LoginSettings: TypeAlias = Settings[LoginDescription]


def _read(file: YamlFile) -> Found[LoginDescription]:
    return read_model(LoginDescription, file, OUR_MANUAL, _contradictions)


def _contradictions(described: LoginDescription, file: YamlFile) -> Iterator[Mistake]:
    if described.site.endswith("/"):
        yield file.mistake(("site",), NO_SLASH, REMOVE_SLASH)
    if described.pseudonyms.current not in described.pseudonyms.keys:
        current = described.pseudonyms.current
        message = Text(
            da=f"'{current}' er ikke en af nøglerne.", en=f"'{current}' is none of the keys."
        )
        remedy = Text(da="Nævn en, der står i 'keys'.", en="Name one that stands in 'keys'.")
        yield file.mistake(("pseudonyms", "current"), message, remedy)
    for key, issuer in described.issuers.items():
        yield from _in_issuer(("issuers", key), issuer, file)
    addresses = [issuer.issuer for issuer in described.issuers.values()]
    for key, issuer in described.issuers.items():
        if addresses.count(issuer.issuer) > 1:
            # Two of one address could not be told apart by what they sign (RFC 9700 § 4.4).
            message = Text(
                da="En anden loginudbyder har samme adresse.",
                en="Another issuer has the same address.",
            )
            remedy = Text(
                da="En loginudbyder beskrives én gang; 'admits' kan nævne flere slags personer.",
                en="One issuer is described once; 'admits' may name several kinds of people.",
            )
            yield file.mistake(("issuers", key, "issuer"), message, remedy)


def _in_issuer(place: Place, issuer: Issuer, file: YamlFile) -> Iterator[Mistake]:
    host = urlsplit(issuer.issuer).hostname or ""
    if issuer.issuer.startswith("http:") and not issuer.plain_http and not is_this_machine(host):
        message = Text(
            da="Med http kan andre logge ind som hvem som helst.",
            en="http would let others log in as anybody.",
        )
        remedy = Text(
            da="Skriv https, eller 'plain_http: true' for demoens loginudbyder på eget netværk.",
            en="Write https, or 'plain_http: true' for the demo issuer on a network of its own.",
        )
        yield file.mistake((*place, "issuer"), message, remedy)
    if ("staff" in issuer.admits) != bool(issuer.groups):
        message = Text(
            da="'groups' er for medarbejdere og kræves for dem: Her står, hvad hver gruppe må.",
            en="'groups' is for staff, and staff need it: it says what each group may do.",
        )
        remedy = Text(da="Tilføj grupperne, eller fjern dem.", en="Add the groups, or remove them.")
        yield file.mistake((*place, "groups"), message, remedy)
    if issuer.ca_bundle is not None and not (file.path.parent / issuer.ca_bundle).is_file():
        yield file.mistake((*place, "ca_bundle"), no_file(issuer.ca_bundle), PUT_CERTIFICATES)


def _judge(file: YamlFile, place: Place, variable: str, value: str) -> Iterator[Mistake]:
    if place[0] == "pseudonyms" and _KEY.fullmatch(value) is None:
        message = Text(
            da=f"'{variable}' er ikke en nøgle på 32 byte.",
            en=f"'{variable}' is no key of 32 bytes.",
        )
        remedy = Text(da="Lav en: openssl rand -hex 32.", en="Make one: openssl rand -hex 32.")
        yield file.mistake(place, message, remedy)


def _variables(described: LoginDescription) -> dict[Place, str]:
    """The environment's variables that the settings name, by where they do."""
    named: dict[Place, str] = {
        ("pseudonyms", "keys", key): variable for key, variable in described.pseudonyms.keys.items()
    }
    for key, issuer in described.issuers.items():
        by = issuer.authentication
        secret = isinstance(by, Secret)
        name = "secret_variable" if secret else "key_variable"
        named["issuers", key, "authentication", name] = (
            by.secret_variable if isinstance(by, Secret) else by.key_variable
        )
    return named


FILE: Final = SettingsFile(name="login.yaml", read=_read, variables=_variables, judge=_judge)


def login_settings(config: Config, organisation: str) -> LoginSettings | None:
    """How people log in to an organisation; None where it does not say.

    In the demo the secrets are those that its own issuer takes, unless others are given.

    Raises:
        CatalogueInvalid: with every mistake; outside the demo an issuer without TLS is one.
    """
    folder = config.organisations / organisation
    own = _demo_secrets(FILE.named(folder)) if config.demo else {}
    settings = FILE.load(folder, {**own, **secrets_now(config)})
    if settings is None:
        return None
    if config.demo:
        return _at_home(settings, config.port)
    if mistakes := [*_for_the_demo(settings)]:
        raise CatalogueInvalid(mistakes)
    return settings


def _demo_secrets(names: list[str]) -> dict[str, str]:
    """The same in every process and after every start, in the form of the keys among them."""
    return {name: hashlib.sha256(f"julelys-demo {name}".encode()).hexdigest() for name in names}


def _at_home(settings: LoginSettings, port: int) -> LoginSettings:
    """A site on this very machine is at whichever port the gateway was told to take."""
    parts = urlsplit(settings.described.site)
    if not is_this_machine(parts.hostname or "") or not port:
        return settings
    site = f"{parts.scheme}://{parts.hostname}:{port}"
    return replace(settings, described=settings.described.model_copy(update={"site": site}))


def _for_the_demo(settings: LoginSettings) -> Iterator[Mistake]:
    file = read_yaml(settings.file)
    for key, issuer in settings.described.issuers.items():
        if issuer.issuer.startswith("http:"):
            message = Text(
                da="Det er demoens loginudbyder: Den logger enhver ind som hvem som helst.",
                en="This is the demo's issuer: it logs anybody in as anybody.",
            )
            remedy = Text(
                da="Nævn myndighedens egen, eller sæt JULELYS_DEMO=1 for at se demoen.",
                en="Name the organisation's own, or set JULELYS_DEMO=1 to look at the demo.",
            )
            yield file.mistake(("issuers", key, "issuer"), message, remedy)

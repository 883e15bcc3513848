"""Reading an organisation's `login.yaml`: all of it, or every mistake in it."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from services.catalogue.mistakes import CatalogueInvalid, Mistake
from services.catalogue.yaml_file import Place, YamlFile, read_yaml
from services.config import Config, secrets_now
from services.hosts import is_this_machine
from services.login.description import Issuer, LoginDescription, Secret
from services.settings_file import Found, Settings, SettingsFile, read_model

OUR_MANUAL: Final = "See docs/security.md."

_KEY: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


LoginSettings: TypeAlias = Settings[LoginDescription]


def _read(file: YamlFile) -> Found[LoginDescription]:
    return read_model(LoginDescription, file, OUR_MANUAL, _contradictions)


def _contradictions(described: LoginDescription, file: YamlFile) -> Iterator[Mistake]:
    if described.site.endswith("/"):
        yield file.mistake(("site",), "'site' ends with a slash.", "Remove the slash.")
    if described.pseudonyms.current not in described.pseudonyms.keys:
        message = f"'{described.pseudonyms.current}' is none of the keys."
        yield file.mistake(("pseudonyms", "current"), message, "Name one that stands in 'keys'.")
    for key, issuer in described.issuers.items():
        yield from _in_issuer(("issuers", key), issuer, file)
    addresses = [issuer.issuer for issuer in described.issuers.values()]
    for key, issuer in described.issuers.items():
        if addresses.count(issuer.issuer) > 1:
            # Two of one address could not be told apart by what they sign (RFC 9700 § 4.4).
            message = "Another issuer has the same address."
            remedy = "One issuer is described once; 'admits' may name several kinds of people."
            yield file.mistake(("issuers", key, "issuer"), message, remedy)


def _in_issuer(place: Place, issuer: Issuer, file: YamlFile) -> Iterator[Mistake]:
    host = urlsplit(issuer.issuer).hostname or ""
    if issuer.issuer.startswith("http:") and not issuer.plain_http and not is_this_machine(host):
        remedy = "Write https, or 'plain_http: true' for the demo issuer on a network of its own."
        yield file.mistake((*place, "issuer"), "http would let others log in as anybody.", remedy)
    if ("staff" in issuer.admits) != bool(issuer.groups):
        message = "'groups' is for staff, and staff need it: it says what each group may do."
        yield file.mistake((*place, "groups"), message, "Add the groups, or remove them.")
    if issuer.ca_bundle is not None and not (file.path.parent / issuer.ca_bundle).is_file():
        message = f"There is no file '{issuer.ca_bundle}' in this folder."
        yield file.mistake((*place, "ca_bundle"), message, "Put the certificates (PEM) there.")


def _judge(file: YamlFile, place: Place, variable: str, value: str) -> Iterator[Mistake]:
    if place[0] == "pseudonyms" and _KEY.fullmatch(value) is None:
        message = f"'{variable}' is no key of 32 bytes."
        yield file.mistake(place, message, "Make one: openssl rand -hex 32.")


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
            message = "This is the demo's issuer: it logs anybody in as anybody."
            remedy = "Name the organisation's own, or set JULELYS_DEMO=1 to look at the demo."
            yield file.mistake(("issuers", key, "issuer"), message, remedy)

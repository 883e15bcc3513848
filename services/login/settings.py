"""Reading an organisation's `login.yaml`: all of it, or every mistake in it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from pydantic import SecretStr

from services.catalogue.mistakes import CatalogueInvalid, Mistake
from services.catalogue.shape import MANUAL, read_shape
from services.catalogue.yaml_file import Place, YamlFile, read_yaml
from services.esdh.settings import NO_VALUE, is_this_machine
from services.login.description import Issuer, LoginDescription, Secret

FILE_NAME: Final = "login.yaml"
OUR_MANUAL: Final = "See docs/security.md."

_KEY: Final = re.compile(r"[0-9a-fA-F]{64}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class LoginSettings:
    """What `file` says, and its secrets by variable."""

    organisation: str
    file: Path
    described: LoginDescription
    secrets: Mapping[str, SecretStr]

    def secret(self, variable: str) -> str:
        return self.secrets[variable].get_secret_value()

    def beside(self, name: str) -> Path:
        """A file that the settings name, in the organisation's folder."""
        return self.file.parent / name


def load_login_settings(folder: Path, secrets: Mapping[str, str]) -> LoginSettings | None:
    """The settings in an organisation's folder, None where nobody logs in by an issuer.

    Raises:
        CatalogueInvalid: with every mistake by file and line; a secret without value is one.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    file = read_yaml(path)
    described, mistakes = _read(file)
    if described is not None and not mistakes:
        mistakes += _without_value(described, file, secrets)
    if described is None or mistakes:
        raise CatalogueInvalid(mistakes)
    kept = {name: SecretStr(secrets[name]) for name in _variables(described).values()}
    return LoginSettings(organisation=folder.name, file=path, described=described, secrets=kept)


def check_login_settings(folder: Path) -> list[Mistake]:
    """Every mistake in the folder's file, secrets apart; none where there is no such file."""
    path = folder / FILE_NAME
    return _read(read_yaml(path))[1] if path.is_file() else []


def _read(file: YamlFile) -> tuple[LoginDescription | None, list[Mistake]]:
    reading = read_shape(LoginDescription, file)
    if reading.mistakes:
        ours = [
            replace(each, remedy=OUR_MANUAL) if each.remedy == MANUAL else each
            for each in reading.mistakes
        ]
        return None, ours
    return reading.parts, list(_contradictions(reading.parts, file))


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


def _without_value(
    described: LoginDescription, file: YamlFile, secrets: Mapping[str, str]
) -> Iterator[Mistake]:
    for place, variable in _variables(described).items():
        value = secrets.get(variable)
        if not value:
            yield file.mistake(place, f"The environment has no '{variable}'.", NO_VALUE)
        elif place[0] == "pseudonyms" and _KEY.fullmatch(value) is None:
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

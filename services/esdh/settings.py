"""Reading an organisation's `esdh.yaml`: all of it, or every mistake in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Final, assert_never
from urllib.parse import urlsplit

from pydantic import SecretStr

from services.catalogue.mistakes import CatalogueInvalid, Mistake, suggestion
from services.catalogue.shape import MANUAL, Reading, read_shape
from services.catalogue.yaml_file import YamlFile, read_yaml
from services.esdh.description import Email, Sbsys, Smtp, System, Token

FILE_NAME: Final = "esdh.yaml"
OUR_MANUAL: Final = "See docs/esdh.md."
NO_VALUE: Final = "Set it to the secret, or put a file of its name in the folder JULELYS_SECRETS."


@dataclass(frozen=True, slots=True, kw_only=True)
class EsdhSettings:
    """What `file` says of an organisation's records system, and its secrets by variable."""

    organisation: str
    file: Path
    system: System
    secrets: Mapping[str, SecretStr]

    def secret(self, variable: str) -> str:
        return self.secrets[variable].get_secret_value()


def load_settings(folder: Path, secrets: Mapping[str, str]) -> EsdhSettings | None:
    """The settings in an organisation's folder, None where it has no records system.

    `secrets` has the values of the environment's variables; only those named are kept.

    Raises:
        CatalogueInvalid: with every mistake by file and line; a secret without value is one.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    file = read_yaml(path)
    system, mistakes = _read(file)
    if system is not None and not mistakes:
        mistakes += _without_value(system, file, secrets)
    if system is None or mistakes:
        raise CatalogueInvalid(mistakes)
    kept = {name: SecretStr(secrets[name]) for name in _variables(system).values()}
    return EsdhSettings(organisation=folder.name, file=path, system=system, secrets=kept)


def named_variables(folder: Path) -> list[str]:
    """The environment's variables that the folder's file names; none where it has mistakes."""
    system = described_system(folder)
    return [] if system is None else list(_variables(system).values())


def described_system(folder: Path) -> System | None:
    """The records system of an organisation's folder; None without one, or with mistakes in it."""
    path = folder / FILE_NAME
    return _read(read_yaml(path))[0] if path.is_file() else None


def check_settings(folder: Path) -> list[Mistake]:
    """Every mistake in the folder's file, secrets apart; none where there is no such file."""
    path = folder / FILE_NAME
    return _read(read_yaml(path))[1] if path.is_file() else []


def _read(file: YamlFile) -> tuple[System | None, list[Mistake]]:
    match file.data:
        case {"kind": "sbsys"}:
            return _shaped(read_shape(Sbsys, file), file)
        case {"kind": "email"}:
            return _shaped(read_shape(Email, file), file)
        case {"kind": kind}:
            message = f"'{kind}' is no kind of records system."
            remedy = suggestion(str(kind), ("sbsys", "email"), "Use sbsys or email.")
            return None, [file.mistake(("kind",), message, remedy)]
        case dict():
            return None, [file.mistake((), "'kind' is missing.", "Add 'kind: sbsys' or 'email'.")]
        case _:
            return None, _shaped(read_shape(Sbsys, file), file)[1]


def _shaped(
    reading: Reading[Sbsys] | Reading[Email], file: YamlFile
) -> tuple[System | None, list[Mistake]]:
    if reading.mistakes:
        ours = [
            replace(each, remedy=OUR_MANUAL) if each.remedy == MANUAL else each
            for each in reading.mistakes
        ]
        return None, ours
    return reading.parts, list(_contradictions(reading.parts, file))


def _contradictions(system: System, file: YamlFile) -> Iterator[Mistake]:
    match system:
        case Sbsys():
            yield from _in_token(system.token, file)
            yield from _in_addresses(system, file)
            yield from _in_ca_bundle(("ca_bundle",), system.ca_bundle, file)
            if (system.paging.offset is None) == (system.paging.page is None):
                message = "Paging is told by 'offset' or by 'page', and by one of them only."
                yield file.mistake(("paging",), message, "See 'paging' in docs/esdh.md.")
        case Email():
            yield from smtp_mistakes(system.smtp, file)
        case _:
            assert_never(system)
    timings = system.timings
    if timings.lease_seconds <= timings.request_seconds:
        message = "'lease_seconds' must be longer than 'request_seconds'."
        remedy = "A case must not change hands while a request is under way: make it longer."
        yield file.mistake(("timings",), message, remedy)


def smtp_mistakes(smtp: Smtp, file: YamlFile) -> Iterator[Mistake]:
    """What does not go together in the section `smtp` of a file."""
    if (smtp.username is None) != (smtp.password_variable is None):
        message = "'username' and 'password_variable' go together."
        yield file.mistake(("smtp",), message, "Add the other, or remove both.")
    if smtp.tls == "none" and not is_this_machine(smtp.host):
        message = "Without TLS others can read what is sent."
        yield file.mistake(("smtp", "tls"), message, "Write starttls or from-the-start.")
    yield from _in_ca_bundle(("smtp", "ca_bundle"), smtp.ca_bundle, file)


def _in_token(token: Token, file: YamlFile) -> Iterator[Mistake]:
    for name, value in (
        ("username", token.username),
        ("password_variable", token.password_variable),
    ):
        given = value is not None
        if given != (token.grant == "password"):
            message = f"The grant '{token.grant}' {'has no' if given else 'needs a'} '{name}'."
            remedy = "Remove it." if given else f"Add '{name}:'."
            yield file.mistake(("token", name), message, remedy)


def _in_addresses(system: Sbsys, file: YamlFile) -> Iterator[Mistake]:
    """Civil registration numbers and passwords travel in the clear over http."""
    if system.plain_http:
        return
    for place, url in ((("base_url",), system.base_url), (("token", "url"), system.token.url)):
        if url.startswith("http:") and not is_this_machine(urlsplit(url).hostname or ""):
            message = "http would let others read what is sent."
            remedy = "Write https, or 'plain_http: true' for a simulator on a network of its own."
            yield file.mistake(place, message, remedy)


def _in_ca_bundle(place: tuple[str, ...], bundle: str | None, file: YamlFile) -> Iterator[Mistake]:
    if bundle is not None and not (file.path.parent / bundle).is_file():
        message = f"There is no file '{bundle}' in this folder."
        yield file.mistake(place, message, "Put the certificates (PEM) there.")


def is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _without_value(system: System, file: YamlFile, secrets: Mapping[str, str]) -> Iterator[Mistake]:
    for place, variable in _variables(system).items():
        if not secrets.get(variable):
            message = f"The environment has no '{variable}'."
            yield file.mistake(place, message, NO_VALUE)


def _variables(system: System) -> dict[tuple[str, str], str]:
    """The environment's variables that the settings name, by where they do."""
    match system:
        case Sbsys():
            named = {
                ("token", "client_secret_variable"): system.token.client_secret_variable,
                ("token", "password_variable"): system.token.password_variable,
            }
        case Email():
            named = {("smtp", "password_variable"): system.smtp.password_variable}
        case _:
            assert_never(system)
    return {place: name for place, name in named.items() if name is not None}

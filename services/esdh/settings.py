"""Reading an organisation's `esdh.yaml`: all of it, or every mistake in it."""

from collections.abc import Iterator
from typing import Final, TypeAlias, assert_never
from urllib.parse import urlsplit

from services.catalogue.mistakes import Mistake, suggestion
from services.catalogue.yaml_file import Place, YamlFile
from services.esdh.description import Email, Sbsys, Smtp, System, Token
from services.hosts import is_this_machine
from services.settings_file import Found, Settings, SettingsFile, read_model

OUR_MANUAL: Final = "See docs/esdh.md."

EsdhSettings: TypeAlias = Settings[System]


def _read(file: YamlFile) -> Found[System]:
    match file.data:
        case {"kind": "sbsys"}:
            return read_model(Sbsys, file, OUR_MANUAL, _contradictions)
        case {"kind": "email"}:
            return read_model(Email, file, OUR_MANUAL, _contradictions)
        case {"kind": kind}:
            message = f"'{kind}' is no kind of records system."
            remedy = suggestion(str(kind), ("sbsys", "email"), "Use sbsys or email.")
            return None, [file.mistake(("kind",), message, remedy)]
        case dict():
            return None, [file.mistake((), "'kind' is missing.", "Add 'kind: sbsys' or 'email'.")]
        case _:
            return None, read_model(Sbsys, file, OUR_MANUAL, _contradictions)[1]


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


def _variables(system: System) -> dict[Place, str]:
    """The environment's variables that the settings name, by where they do."""
    match system:
        case Sbsys():
            named: dict[Place, str | None] = {
                ("token", "client_secret_variable"): system.token.client_secret_variable,
                ("token", "password_variable"): system.token.password_variable,
            }
        case Email():
            named = {("smtp", "password_variable"): system.smtp.password_variable}
        case _:
            assert_never(system)
    return {place: name for place, name in named.items() if name is not None}


FILE: Final[SettingsFile[System]] = SettingsFile(name="esdh.yaml", read=_read, variables=_variables)

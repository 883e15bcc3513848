"""Reading an organisation's `esdh.yaml`: all of it, or every mistake in it."""

from collections.abc import Iterator
from typing import Final, TypeAlias, assert_never
from urllib.parse import urlsplit

from events.text import Text
from services.catalogue.mistakes import Mistake, suggestion
from services.catalogue.yaml_file import Place, YamlFile
from services.esdh.description import Email, Sbsys, Smtp, System, Token
from services.hosts import is_this_machine
from services.settings_file import (
    PUT_CERTIFICATES,
    Found,
    Settings,
    SettingsFile,
    no_file,
    read_model,
)

OUR_MANUAL: Final = Text(da="Se docs/esdh.md.", en="See docs/esdh.md.")
NO_KIND: Final = Text(da="'kind' mangler.", en="'kind' is missing.")
ADD_KIND: Final = Text(da="Tilføj 'kind: sbsys' eller 'email'.", en="Add 'kind: sbsys' or 'email'.")

EsdhSettings: TypeAlias = Settings[System]


def _read(file: YamlFile) -> Found[System]:
    match file.data:
        case {"kind": "sbsys"}:
            return read_model(Sbsys, file, OUR_MANUAL, _contradictions)
        case {"kind": "email"}:
            return read_model(Email, file, OUR_MANUAL, _contradictions)
        case {"kind": kind}:
            message = Text(
                da=f"'{kind}' er ikke en slags ESDH-system.",
                en=f"'{kind}' is no kind of records system.",
            )
            advice = Text(da="Brug sbsys eller email.", en="Use sbsys or email.")
            remedy = suggestion(str(kind), ("sbsys", "email"), advice)
            return None, [file.mistake(("kind",), message, remedy)]
        case dict():
            return None, [file.mistake((), NO_KIND, ADD_KIND)]
        case _:
            return None, read_model(Sbsys, file, OUR_MANUAL, _contradictions)[1]


def _contradictions(system: System, file: YamlFile) -> Iterator[Mistake]:
    match system:
        case Sbsys():
            yield from _in_token(system.token, file)
            yield from _in_addresses(system, file)
            yield from _in_ca_bundle(("ca_bundle",), system.ca_bundle, file)
            if (system.paging.offset is None) == (system.paging.page is None):
                yield _in_paging(file)
        case Email():
            yield from smtp_mistakes(system.smtp, file)
        case _:
            assert_never(system)
    timings = system.timings
    if timings.lease_seconds <= timings.request_seconds:
        message = Text(
            da="'lease_seconds' skal være større end 'request_seconds'.",
            en="'lease_seconds' must be longer than 'request_seconds'.",
        )
        remedy = Text(
            da="En sag må ikke skifte hænder, mens et kald er i gang: Sæt tallet op.",
            en="A case must not change hands while a request is under way: make it longer.",
        )
        yield file.mistake(("timings",), message, remedy)


def _in_paging(file: YamlFile) -> Mistake:
    message = Text(
        da="Sider angives med 'offset' eller med 'page', og kun med et af dem.",
        en="Paging is told by 'offset' or by 'page', and by one of them only.",
    )
    remedy = Text(da="Se 'paging' i docs/esdh.md.", en="See 'paging' in docs/esdh.md.")
    return file.mistake(("paging",), message, remedy)


def smtp_mistakes(smtp: Smtp, file: YamlFile) -> Iterator[Mistake]:
    """What does not go together in the section `smtp` of a file."""
    if (smtp.username is None) != (smtp.password_variable is None):
        message = Text(
            da="'username' og 'password_variable' hører sammen.",
            en="'username' and 'password_variable' go together.",
        )
        remedy = Text(
            da="Tilføj det andet, eller fjern begge.", en="Add the other, or remove both."
        )
        yield file.mistake(("smtp",), message, remedy)
    if smtp.tls == "none" and not is_this_machine(smtp.host):
        message = Text(
            da="Uden TLS kan andre læse det, der sendes.",
            en="Without TLS others can read what is sent.",
        )
        remedy = Text(
            da="Skriv starttls eller from-the-start.", en="Write starttls or from-the-start."
        )
        yield file.mistake(("smtp", "tls"), message, remedy)
    yield from _in_ca_bundle(("smtp", "ca_bundle"), smtp.ca_bundle, file)


def _in_token(token: Token, file: YamlFile) -> Iterator[Mistake]:
    for name, value in (
        ("username", token.username),
        ("password_variable", token.password_variable),
    ):
        given = value is not None
        if given != (token.grant == "password"):
            message = Text(
                da=f"Med 'grant: {token.grant}' {'bruges' if given else 'mangler'} '{name}'"
                f"{' ikke' if given else ''}.",
                en=f"The grant '{token.grant}' {'has no' if given else 'needs a'} '{name}'.",
            )
            add = Text(da=f"Tilføj '{name}:'.", en=f"Add '{name}:'.")
            remove = Text(da="Fjern det.", en="Remove it.")
            yield file.mistake(("token", name), message, remove if given else add)


def _in_addresses(system: Sbsys, file: YamlFile) -> Iterator[Mistake]:
    """Civil registration numbers and passwords travel in the clear over http."""
    if system.plain_http:
        return
    for place, url in ((("base_url",), system.base_url), (("token", "url"), system.token.url)):
        if url.startswith("http:") and not is_this_machine(urlsplit(url).hostname or ""):
            message = Text(
                da="Med http kan andre læse det, der sendes.",
                en="http would let others read what is sent.",
            )
            remedy = Text(
                da="Skriv https, eller 'plain_http: true' for en simulator på sit eget netværk.",
                en="Write https, or 'plain_http: true' for a simulator on a network of its own.",
            )
            yield file.mistake(place, message, remedy)


def _in_ca_bundle(place: tuple[str, ...], bundle: str | None, file: YamlFile) -> Iterator[Mistake]:
    if bundle is not None and not (file.path.parent / bundle).is_file():
        yield file.mistake(place, no_file(bundle), PUT_CERTIFICATES)


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

"""An SBSYS that answers as a test says, request by request, and keeps what it was asked."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final, TypeAlias

import httpx
from pydantic import TypeAdapter

from services.esdh.opening import sbsys
from services.esdh.sbsys import SbsysEsdh
from services.esdh.settings import EsdhSettings
from tests.services.esdh_systems import described, settings_of

Reply: TypeAlias = Callable[[httpx.Request], httpx.Response]

GUID: Final = "0193f0a0-0000-7000-8000-000000000001"
CASE: Final = {
    "Id": 71,
    "SagIdentity": GUID,
    "Nummer": "02.34.02-P19-12-26",
    "SagsTitel": "Høring",
    "SagsStatus": {"Id": 6, "Navn": "Aktiv", "SagsTilstand": "Aktiv"},
    "SagSkabelon": {"Id": 1021, "Navn": "Høring"},
    "Behandler": {"LogonId": "niels", "Uuid": "u", "Id": 22, "Navn": "Niels"},
    "Kommentar": "Skrevet i SBSYS",
}
CLOSED: Final = {**CASE, "SagsStatus": {"Id": 8, "Navn": "Afsluttet", "SagsTilstand": "Afsluttet"}}
OBJECT: Final[TypeAdapter[dict[str, object]]] = TypeAdapter(dict[str, object])


def says(content: object, status: int = 200) -> Reply:
    return lambda _: httpx.Response(status, json=content)


def status(code: int, headers: Mapping[str, str] | None = None) -> Reply:
    """The body names a person, as real ones may; nothing of it may be seen again."""
    return lambda _: httpx.Response(code, text="Anna Andersen 610170-0002", headers=headers)


def raises(error: Exception) -> Reply:
    def reply(_: httpx.Request) -> httpx.Response:
        raise error

    return reply


class Replies:
    """`by` has replies by "METHOD path", the path below `api/`; all else is the usual answer."""

    def __init__(self, by: Mapping[str, Reply]) -> None:
        self.by = dict(by)
        self.asked: list[tuple[str, httpx.Request]] = []
        self.tokens = 0

    def names(self) -> list[str]:
        return [name for name, _ in self.asked]

    def body(self, name: str) -> dict[str, object]:
        request = next(request for asked, request in self.asked if asked == name)
        return OBJECT.validate_json(request.content)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.partition("/proxy/api/")[2]
        name = f"{request.method} {path}" if path else "TOKEN"
        self.asked.append((name, request))
        if name in self.by:
            return self.by[name](request)
        if name == "TOKEN":
            self.tokens += 1
            return self.token(300)
        return USUAL.get(name, status(404))(request)

    def token(self, seconds: int) -> httpx.Response:
        return httpx.Response(
            200, json={"access_token": f"token-{self.tokens}", "expires_in": seconds}
        )


USUAL: Final[Mapping[str, Reply]] = {
    f"GET sag/{GUID}": says(CASE),
    "GET info/heartbeat/authorized": says(True),  # noqa: FBT003  # a bare `true`, as SBSYS says
    "POST sag/template": says(CASE),
    "POST person/search": says([{"Id": 5, "CprNummer": "610170-0002"}]),
    "GET delforloeb/sag/71": says([{"ID": 9, "SagID": 71, "Titel": "Høringssvar"}]),
    "POST dokument/journaliser": says({"Id": 20}),
    "POST dokument/journaliser/9": says({"Id": 21}),
    "POST journalarknote/create": says({"Uuid": "n-1"}),
    "POST erindring": says({"Id": 31}),
    "GET sag/sagStatusList": says(
        [
            {"Id": 5, "Navn": "Opstået", "SagsTilstand": "Aktiv"},
            {"Id": 6, "Navn": "Aktiv", "SagsTilstand": "Aktiv"},
            {"Id": 7, "Navn": "Hvilende", "SagsTilstand": "Hvilende"},
            {"Id": 8, "Navn": "Afsluttet", "SagsTilstand": "Afsluttet"},
        ]
    ),
    f"PUT sag/{GUID}/status": lambda _: httpx.Response(200, text="OK"),
    f"PUT sag/{GUID}": says(CASE),
    "POST bruger/search": says(
        [{"LogonId": "karen-lise", "Id": 9}, {"LogonId": "KAREN", "Uuid": "k", "Id": 21}]
    ),
    f"GET sag/{GUID}/part": says([{"Id": 1, "CPRnummer": "620270-0001"}]),
    f"POST sag/{GUID}/part": says(True),  # noqa: FBT003  # a bare `true`, as SBSYS says
}


def transport(replies: Replies) -> httpx.MockTransport:
    """Others run while a request is out, as they do when there is a network."""

    async def handle(request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(0)
        return replies(request)

    return httpx.MockTransport(handle)


@asynccontextmanager
async def replying(
    replies: Replies, settings: EsdhSettings | None = None
) -> AsyncIterator[SbsysEsdh]:
    settings = settings or settings_of("hjorring")
    async with httpx.AsyncClient(transport=transport(replies)) as http:
        yield sbsys(settings, described(settings), http)


def part_of(request: httpx.Request, name: str) -> tuple[str, bytes]:
    """The headers and the content of one part of a multipart body."""
    boundary = request.headers["Content-Type"].partition("boundary=")[2].encode()
    for part in request.content.split(b"--" + boundary):
        head, _, content = part.partition(b"\r\n\r\n")
        if f'name="{name}"'.encode() in head:
            return head.decode(), content.removesuffix(b"\r\n")
    raise AssertionError(name)


def part_names(request: httpx.Request) -> int:
    return request.content.count(b"Content-Disposition")


def json_part(request: httpx.Request) -> dict[str, object]:
    return OBJECT.validate_python(json.loads(part_of(request, "json")[1]))

"""The pages at `/`: what lies in the ledgers and which faults are in force, for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from sqlite3 import Connection
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from gateway.page import html_page
from gateway.simulator import overview
from gateway.simulator.api import TOKEN_OPERATION, Surroundings
from gateway.simulator.call import Dto
from gateway.simulator.faults import DEFAULT_SECONDS, FaultKind
from gateway.simulator.installation import Installation
from gateway.simulator.municipality import Municipality
from gateway.simulator.operations import OPERATIONS
from services.clock import COPENHAGEN

_SHOWN: Final = frozenset({"application/pdf", "image/png", "image/jpeg", "text/plain"})
"""What a browser may show. Everything else is saved, as it might run in our pages' name."""

_LONGEST: Final = 7
"""Digits of a page's number."""

_DEEDS: Final[Mapping[str, str]] = {
    "case": "Sag oprettet",
    "case-replaced": "Sag ændret",
    "status": "Status ændret",
    "party": "Part tilføjet",
    "person": "Person oprettet",
    "document": "Dokument journaliseret",
    "document-moved": "Dokument flyttet",
    "note": "Journalnotat tilføjet",
    "reminder": "Erindring oprettet",
    "reminder-replaced": "Erindring ændret",
    "close": "Sag lukket i SBSYS",
    "reopen": "Sag genåbnet i SBSYS",
    "renumber": "Sag flyttet til andet nummer i SBSYS",
    "delete": "Sag slettet i SBSYS",
}


class Pages:
    def __init__(self, municipalities: Sequence[Municipality], around: Surroundings) -> None:
        self._municipalities: Mapping[str, Municipality] = {
            each.name: each for each in municipalities
        }
        self._around = around
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters["moment"] = _moment

    def routes(self) -> list[BaseRoute]:
        return [
            Route("/", self._overview, methods=["GET"]),
            Route("/sager/{organisation}/{number:int}", self._case, methods=["GET"]),
            Route("/filer/{organisation}/{file}", self._file, methods=["GET"]),
        ]

    async def _overview(self, request: Request) -> Response:
        page = _page(request.query_params.get("side", ""))
        told = [
            {
                "name": name,
                **await each.ledger.read(partial(_side, each.installation, page)),
            }
            for name, each in self._municipalities.items()
        ]
        return self._rendered(
            "overview.html",
            municipalities=told,
            page=page,
            deeds=_DEEDS,
            faults=self._around.faults.standing(),
            kinds=list(FaultKind),
            seconds=DEFAULT_SECONDS,
            operations=["*", TOKEN_OPERATION, *(each.name for each in OPERATIONS)],
        )

    async def _case(self, request: Request) -> Response:
        municipality = self._municipalities.get(request.path_params["organisation"])
        if municipality is None:
            return _missing()
        found = await municipality.ledger.read(
            partial(
                overview.cases,
                installation=municipality.installation,
                ids=[request.path_params["number"]],
            )
        )
        if not found:
            return _missing()
        return self._rendered("case.html", organisation=municipality.name, case=found[0])

    async def _file(self, request: Request) -> Response:
        municipality = self._municipalities.get(request.path_params["organisation"])
        if municipality is None:
            return _missing()
        found = await municipality.ledger.read(
            partial(_content, file_id=request.path_params["file"])
        )
        if found is None:
            return _missing()
        content, media_type = found
        headers = {"X-Content-Type-Options": "nosniff"}
        if media_type not in _SHOWN:
            headers["Content-Disposition"] = "attachment"
        return Response(content, media_type=media_type, headers=headers)

    def _rendered(self, name: str, **values: object) -> Response:
        template = self._templates.get_template(name)
        return html_page(lambda nonce: template.render(nonce=nonce, **values), form_action="'self'")


def _side(installation: Installation, page: int, db: Connection) -> Dto:
    return {
        "counts": overview.counts(db),
        "tokens_issued": overview.tokens_issued(db),
        "cases": overview.newest_cases(db, installation, page),
        "latest": overview.latest(db),
    }


def _content(db: Connection, file_id: str) -> tuple[bytes, str] | None:
    row = db.execute(
        "SELECT content, media_type FROM files JOIN documents ON file_id = files.id"
        " WHERE files.id = ?",
        (file_id,),
    ).fetchone()
    return None if row is None else (row["content"], row["media_type"])


def _page(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) < _LONGEST
    return max(1, int(text)) if is_number else 1


def _moment(text: str) -> str:
    """A stored time as people write it."""
    return f"{datetime.fromisoformat(text).astimezone(COPENHAGEN):%d.%m.%Y %H.%M.%S}"


def _missing() -> Response:
    return PlainTextResponse("Siden findes ikke.", 404)

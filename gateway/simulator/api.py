"""The way of every request to a municipality: token, latency, fault, operation, answer."""

import asyncio
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from gateway.simulator import swagger
from gateway.simulator.call import Answer, Call, Sent, Upload
from gateway.simulator.faults import HEADER, BadFault, Fault, Faults, asked_for
from gateway.simulator.given import Given, Wrong
from gateway.simulator.municipality import Municipality
from gateway.simulator.operations import Effect, Found, find
from gateway.simulator.striking import Effect as Effected
from gateway.simulator.striking import Striking
from gateway.simulator.tokens import TokenRefused
from services.ports import Clock

PROXY: Final = "/convergens-sbsip-sbsys-webapi-proxy/proxy"
TOKEN: Final = "/auth/realms/sbsip/protocol/openid-connect/token"  # noqa: S105 - a path
TOKEN_OPERATION: Final = "POST token"  # noqa: S105 - a name
METHODS: Final = ("GET", "POST", "PUT")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What all municipalities of one simulator share. `latency` in seconds."""

    clock: Clock
    faults: Faults
    striking: Striking
    latency: float


class Api:
    """One municipality's API and its realm's token endpoint."""

    def __init__(self, municipality: Municipality, around: Surroundings) -> None:
        self._municipality = municipality
        self._around = around
        service = municipality.installation.user(municipality.installation.account.user)
        if service is None:
            raise ValueError(f"{municipality.name}: the account's user is not among the users.")
        self._user = service

    def routes(self) -> list[BaseRoute]:
        """Through the SBSIP proxy and without it; the paths below are the same."""
        prefix = self._municipality.installation.prefix
        routes: list[BaseRoute] = [Route(prefix + TOKEN, self._token, methods=["POST"])]
        for base in (prefix + PROXY, prefix):
            describe = partial(_swagger, base=f"{base}/api")
            routes.append(Route(base + "/docs/{version}", describe, methods=["GET"]))
            routes.append(Route(base + "/api/{path:path}", self._answer, methods=METHODS))
        return routes

    async def _token(self, request: Request) -> Response:
        form = await request.form()
        fields = {name: value for name, value in form.items() if isinstance(value, str)}

        async def effect() -> Response:
            now = self._around.clock.now()
            try:
                issued = self._municipality.tokens.issue(
                    fields, request.headers.get("authorization"), now
                )
            except TokenRefused as refused:
                status = 401 if refused.code != "unsupported_grant_type" else 400
                return JSONResponse({"error": refused.code}, status)
            await self._municipality.ledger.write(_count_token)
            return JSONResponse(issued, headers={"Cache-Control": "no-store"})

        return await self._with_fault(request, TOKEN_OPERATION, effect)

    async def _answer(self, request: Request) -> Response:
        now = self._around.clock.now()
        if not self._municipality.tokens.holds(request.headers.get("authorization"), now):
            return Response(status_code=401, headers={"WWW-Authenticate": "Bearer"})
        found = find(request.method, _without_version(request.path_params["path"]))
        if found is None:
            return PlainTextResponse("Ressourcen findes ikke.", 404)
        try:
            sent = await _read(request, found)
        except Wrong as wrong:
            return PlainTextResponse(wrong.words, wrong.status)
        effect = partial(self._carry_out, found, sent)
        return await self._with_fault(request, found.operation.name, effect)

    async def _with_fault(self, request: Request, operation: str, effect: Effected) -> Response:
        if self._around.latency:
            await asyncio.sleep(self._around.latency)
        try:
            fault = self._fault(request, operation)
        except BadFault as bad:
            return PlainTextResponse(str(bad), 400)
        return await self._around.striking.act(fault, request, effect)

    def _fault(self, request: Request, operation: str) -> Fault | None:
        header = request.headers.get(HEADER)
        if header is not None:
            return asked_for(header)
        return self._around.faults.strike(self._municipality.name, operation)

    async def _carry_out(self, found: Found, sent: Sent) -> Response:
        ledger = self._municipality.ledger
        run = ledger.write if found.operation.effect is Effect.WRITES else ledger.read
        try:
            answer = await run(self._job(found, sent))
        except Wrong as wrong:
            return PlainTextResponse(wrong.words, wrong.status)
        return Response(answer.content, answer.status, media_type=answer.media_type)

    def _job(self, found: Found, sent: Sent) -> Callable[[sqlite3.Connection], Answer]:
        def job(db: sqlite3.Connection) -> Answer:
            call = Call(
                db=db,
                installation=self._municipality.installation,
                user=self._user,
                now=self._around.clock.now(),
                sent=sent,
            )
            return found.operation.handler(call)

        return job


async def _read(request: Request, found: Found) -> Sent:
    """The request's parts.

    Raises:
        Wrong: 400, its body cannot be read.
    """
    query = Given(dict(request.query_params))
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "multipart/form-data":
        body = b"" if request.method == "GET" else await request.body()
        return Sent(path=found.path, query=query, given=Given.parse(body))
    async with request.form() as form:
        told, file = form.get("json"), form.get("file")
        words = await told.read() if isinstance(told, UploadFile) else told or ""
        upload = await _upload(file) if isinstance(file, UploadFile) else None
    return Sent(path=found.path, query=query, given=Given.parse(words), file=upload)


async def _upload(file: UploadFile) -> Upload:
    return Upload(
        name=file.filename or "fil",
        media_type=file.content_type or "application/octet-stream",
        content=await file.read(),
    )


async def _swagger(request: Request, *, base: str) -> Response:
    document = swagger.document(base, request.path_params["version"].lower())
    if document is None:
        return PlainTextResponse("Versionen findes ikke.", 404)
    return JSONResponse(document)


def _without_version(path: str) -> str:
    first, _, rest = path.partition("/")
    return rest if swagger.is_version(first) else path


def _count_token(db: sqlite3.Connection) -> None:
    db.execute(
        "INSERT INTO counts VALUES ('tokens_issued', 1)"
        " ON CONFLICT (name) DO UPDATE SET value = value + 1"
    )

"""What people and tests do to the simulator itself: look at it, make faults, be a caseworker."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from http import HTTPStatus
from typing import Final, TypeAlias

from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from gateway.simulator import caseworker, overview
from gateway.simulator.api import Surroundings
from gateway.simulator.call import Dto
from gateway.simulator.faults import FaultPlan, FaultRule
from gateway.simulator.given import Given, Wrong
from gateway.simulator.municipality import Municipality

_Handler: TypeAlias = Callable[[Request], Awaitable[Response]]
_FORM: Final = "application/x-www-form-urlencoded"


class Control:
    """No token is asked for: whoever reaches the simulator may do this."""

    def __init__(self, municipalities: Sequence[Municipality], around: Surroundings) -> None:
        self._municipalities: Mapping[str, Municipality] = {
            each.name: each for each in municipalities
        }
        self._around = around

    def routes(self) -> list[BaseRoute]:
        put, add = _guarded(self._put_faults), _guarded(self._add_fault)
        clear, deed = _guarded(self._clear_faults), _guarded(self._deed)
        return [
            Route("/ledger.json", self._ledger, methods=["GET"]),
            Route("/simulator/faults", self._faults, methods=["GET"]),
            Route("/simulator/faults", put, methods=["PUT"]),
            Route("/simulator/faults", add, methods=["POST"]),
            Route("/simulator/faults/clear", clear, methods=["POST"]),
            Route("/simulator/tokens/forget", _guarded(self._forget_tokens), methods=["POST"]),
            Route("/simulator/cases/{number}/{deed}", deed, methods=["POST"]),
        ]

    async def _ledger(self, request: Request) -> Response:
        wanted = request.query_params.get("organisation")
        told = {
            name: await each.ledger.read(partial(overview.whole, installation=each.installation))
            for name, each in self._municipalities.items()
            if wanted in (None, name)
        }
        return JSONResponse({"municipalities": told})

    async def _faults(self, _: Request) -> Response:
        return JSONResponse(
            {
                "faults": [
                    {**rule.model_dump(mode="json"), "struck": struck}
                    for rule, struck in self._around.faults.standing()
                ]
            }
        )

    async def _put_faults(self, request: Request) -> Response:
        try:
            self._around.faults.replace(FaultPlan.model_validate_json(await request.body()))
        except ValidationError as error:
            return PlainTextResponse(_said(error), 400)
        return await self._faults(request)

    async def _add_fault(self, request: Request) -> Response:
        form = await request.form()
        try:
            rule = FaultRule.model_validate({name: value for name, value in form.items() if value})
        except ValidationError as error:
            return PlainTextResponse(_said(error), 400)
        self._around.faults.add(rule)
        return RedirectResponse("/#fejl", 303)

    async def _clear_faults(self, _: Request) -> Response:
        self._around.faults.replace(FaultPlan())
        return RedirectResponse("/#fejl", 303)

    async def _forget_tokens(self, _: Request) -> Response:
        for each in self._municipalities.values():
            each.tokens.forget()
        return RedirectResponse("/", 303)

    async def _deed(self, request: Request) -> Response:
        """By a form of ours, which goes back to the case's page, or by a program with JSON."""
        by_form = request.headers.get("content-type", "").startswith(_FORM)
        try:
            given = (
                Given(dict(await request.form())) if by_form else Given.parse(await request.body())
            )
            done = await self._do(request, given)
        except Wrong as wrong:
            return PlainTextResponse(wrong.words, wrong.status)
        if not by_form:
            return JSONResponse(done)
        return RedirectResponse(f"/sager/{done['organisation']}/{done['id']}", 303)

    async def _do(self, request: Request, given: Given) -> Dto:
        """In the organisation that is named, or in the first with a case of that number.

        Raises:
            Wrong: what `caseworker.do` raises; 404 also where nothing is named so.
        """
        named = request.query_params.get("organisation") or given.text("organisation")
        names = [name for name in self._municipalities if named in (None, name)]
        refused = Wrong(404, "Kommunen findes ikke.")
        for name in names:
            each = self._municipalities[name]
            job = partial(
                caseworker.do,
                installation=each.installation,
                now=self._around.clock.now(),
                number=request.path_params["number"],
                deed=request.path_params["deed"],
                new_number=given.text("number") or "",
            )
            try:
                return await each.ledger.write(job)
            except Wrong as wrong:
                if wrong.status != HTTPStatus.NOT_FOUND:
                    raise
                refused = wrong
        raise refused


def _guarded(handler: _Handler) -> _Handler:
    """Another site's page may not press our buttons."""

    async def guarded(request: Request) -> Response:
        if request.headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
            return PlainTextResponse("Kun fra simulatorens egne sider.", 403)
        return await handler(request)

    return guarded


def _said(error: ValidationError) -> str:
    return "\n".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())

"""What our OpenAPI document says beyond the framework's own: problems by code, and headers."""

from collections.abc import Iterator, Mapping
from typing import Final, TypeAlias, cast

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from starlette.status import HTTP_200_OK, HTTP_201_CREATED

from gateway import step_up
from gateway.caller import SCHEMES
from gateway.csrf import SAFE
from gateway.door import CaseDoor, Door, LockedDoor
from gateway.order_door import CommandDoor
from gateway.parameters import (
    ON_BEHALF_OF,
    OWN_PAGE,
    POSITION,
    PROBLEM,
    Json,
    Parameter,
)
from gateway.problems import MEDIA_TYPE, status_of
from services.proving import DEMANDS

Responses: TypeAlias = dict[int | str, Json]

CODES: Final = "x-codes"
"""The member of a response object that lists the codes of its problems."""

EVERYWHERE: Final = (
    "organisation-not-found",
    "too-many-requests",
    "headers-too-large",
    "internal-error",
    "store-unavailable",
)
LOGGED_IN: Final = (
    "login-required",
    "login-ambiguous",
    "session-ended",
    "token-invalid",
    "token-expired",
    "login-unavailable",
    "wrong-organisation",
    "not-allowed",
)
_BY_COOKIE: Final = ("request-cross-site", "csrf-token-missing", "csrf-token-invalid")
_WITH_BODY: Final = (
    "media-type-unsupported",
    "invalid-input",
    "body-too-large",
    "body-too-slow",
    "busy",
    "idempotency-key-reused",
)
_BY_HEADER: Final[Mapping[str, tuple[str, ...]]] = {
    "Idempotency-Key": ("idempotency-key-missing", "idempotency-key-invalid"),
    "If-Match": ("if-match-invalid", "version-stale"),
    ON_BEHALF_OF: ("not-represented", "on-behalf-of-missing"),
    "Julelys-Position": ("position-invalid", "position-unknown", "view-behind"),
}
_HEADERS: Final[Mapping[str, str]] = {
    "ETag": "The version of what was read or changed, for If-Match.",
    "Julelys-Position": "Send it back on a GET to read what this request has written.",
    "Location": "Where what was made is found.",
    "Retry-After": "Seconds after which the same request may be sent again.",
    "WWW-Authenticate": "How to log in (RFC 6750).",
}
_HEADERS_OF: Final[Mapping[int, tuple[str, ...]]] = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}


def problems_of(*codes: str) -> Responses:
    """The responses that a route's own problems make.

    Those that come with its door, its headers and its body are added by `completed`.
    """
    by_status: dict[int, list[str]] = {}
    for code in sorted(set(codes)):
        by_status.setdefault(status_of(code), []).append(code)
    return {
        status: {
            "description": "One of: " + ", ".join(f"`{code}`" for code in found),
            CODES: found,
            "headers": _headers(*_HEADERS_OF.get(status, ())),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status, found in sorted(by_status.items())
    }


def completed(app: FastAPI) -> Json:
    """The document that the app makes of its routes, with what is ours."""
    document = app.openapi()
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                operation = document["paths"][route.path_format][method.lower()]
                _complete(operation, route)
        elif (described := getattr(route.endpoint, "described", None)) is not None:
            document["paths"][route.path] = described
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for framework_own in ("HTTPValidationError", "ValidationError"):
        schemas.pop(framework_own, None)
    schemas["Problem"] = PROBLEM
    document["components"]["securitySchemes"] = {
        name: scheme.model_dump(mode="json", by_alias=True, exclude_none=True)
        for name, scheme in SCHEMES.items()
    }
    return document


def door_of(route: RouteContext) -> Door | None:
    """The door that a route lets people in by."""
    if isinstance(route.original_route, APIRoute):
        found: list[object] = [part.call for part in _parts(route.dependant)]
    else:
        found = [getattr(route.endpoint, "door", None)]
    for each in found:
        match each:
            case Door() as door:
                return door
            case CaseDoor(door=door) | CommandDoor(door=door):
                return door
            case _:
                pass
    return None


def codes_of(route: RouteContext) -> set[str]:
    """Every problem that a route may be answered with."""
    if not isinstance(route.original_route, APIRoute):
        return set(getattr(route.endpoint, "codes", ()))
    codes = {code for answer in route.responses.values() for code in answer.get(CODES, ())}
    door = door_of(route)
    if door is None:
        return codes
    codes.update(EVERYWHERE)
    if isinstance(door, LockedDoor):
        codes.update(LOGGED_IN)
        if _changes(route):
            codes.update(_BY_COOKIE)
        if door.action in DEMANDS:
            codes.update(step_up.CODES)
    if route.body_field is not None:
        codes.update(_WITH_BODY)
    if route.dependant.query_params:
        codes.add("invalid-input")
    for each in _read(route.dependant):
        codes.update(_BY_HEADER.get(str(each["name"]), ()))
    return codes


def _changes(route: RouteContext) -> bool:
    return not {*(route.methods or ())} <= SAFE


def _read(dependant: Dependant) -> list[Parameter]:
    """The parameters that a route's dependencies read from the request themselves."""
    found: list[Parameter] = []
    for part in _parts(dependant):
        found += getattr(part.call, "reads", ())
        door = getattr(part.call, "door", part.call)
        if isinstance(door, Door) and door.views:
            found.append(POSITION)
    return found


def _parts(dependant: Dependant) -> Iterator[Dependant]:
    yield dependant
    for below in dependant.dependencies:
        yield from _parts(below)


def _complete(operation: Json, route: RouteContext) -> None:
    door = door_of(route)
    if door is None:
        return
    if isinstance(door, LockedDoor):
        # One of these is enough, and an empty one asks for nothing (OpenAPI 3.1 § 4.8.30).
        operation["security"] = [*([{}] if door.is_ajar else []), *EITHER]
    status = route.status_code or HTTP_200_OK
    good = cast("Mapping[str, Json]", operation["responses"])[str(status)]
    if route.body_field is not None:
        location = ("Location",) if status == HTTP_201_CREATED else ()
        good["headers"] = _headers("ETag", "Julelys-Position", *location)
    problems = problems_of(*codes_of(route))
    operation["responses"] = {str(status): good} | {str(each): problems[each] for each in problems}
    parameters = cast("list[Json]", operation.setdefault("parameters", []))
    for each in parameters:
        each["schema"] = _given(cast("Json", each["schema"]))
    parameters += _read(route.dependant)
    if isinstance(door, LockedDoor) and _changes(route):
        parameters.append(OWN_PAGE)


def _given(schema: Json) -> Json:
    """A parameter left out is no parameter, so it is never null."""
    options = schema.get("anyOf")
    if not isinstance(options, list):
        return schema
    kept = [option for option in options if option != {"type": "null"}]
    rest = {key: value for key, value in schema.items() if key not in {"anyOf", "default"}}
    return rest | (kept[0] if len(kept) == 1 else {"anyOf": kept})


def _headers(*names: str) -> Json:
    return {name: {"description": _HEADERS[name], "schema": {"type": "string"}} for name in names}


EITHER: Final[list[Json]] = [{scheme: []} for scheme in SCHEMES]

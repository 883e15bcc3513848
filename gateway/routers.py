"""How every noun's router is made."""

import re

from fastapi import APIRouter
from fastapi.routing import APIRoute

from gateway.asked import PREFIX
from gateway.strict import StrictRoute


def router_of(noun: str, path: str = "") -> APIRouter:
    """A router for paths under an organisation.

    Each holds its whole path, so that the application takes the routes as they are: a router
    that is included in another is matched twice for every request.
    """
    return APIRouter(
        prefix=PREFIX + path,
        tags=[noun],
        route_class=StrictRoute,
        generate_unique_id_function=_operation_id,
    )


def _operation_id(route: APIRoute) -> str:
    """`post-cases-case-id-messages`: stable, and the same whatever the function is called."""
    method = min(route.methods or ())
    path = route.path_format.removeprefix(PREFIX)
    return f"{method.lower()}{re.sub(r'[^a-z]+', '-', path)}".strip("-")

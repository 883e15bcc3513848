"""A method that no route describes does nothing, TRACE and OPTIONS included."""

import asyncio

import httpx

from tests.gateway.routes import APP, EVERY_ROUTE

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND")


def described() -> dict[str, set[str]]:
    """The methods of each path, by every route that it fits."""
    paths = {(route.path or "").replace("{", "").replace("}", "") for route in EVERY_ROUTE}
    return {
        path: {
            method
            for route in EVERY_ROUTE
            if route.path_regex.match(path)
            for method in route.methods or ()
        }
        for path in paths
    }


def test_no_other_method_does_anything() -> None:
    """The application is not even started: nothing but its routes is asked."""
    paths = described()
    asked = 0

    async def ask_all() -> None:
        nonlocal asked
        transport = httpx.ASGITransport(APP)
        async with httpx.AsyncClient(transport=transport, base_url="http://here") as client:
            for path, allowed in paths.items():
                for method in set(METHODS) - allowed:
                    answer = await client.request(method, path, headers={"X-Echo": "echo"})
                    assert answer.status_code == 405, (method, path)
                    assert set(answer.headers["Allow"].split(", ")) == allowed
                    assert "echo" not in answer.text
                    asked += 1

    asyncio.run(ask_all())
    assert asked > 5 * len(paths) > 400

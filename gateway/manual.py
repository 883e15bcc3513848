"""The page at `/docs`: the OpenAPI document as plain HTML, without a script or a third party."""

from collections.abc import Mapping
from html import escape
from typing import cast

from gateway.parameters import Json

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h2 { margin-top: 2.5rem } code { background: #f2f2f2; padding: 0 .2rem }
dt { margin-top: .6rem } details { margin: .8rem 0 } summary { cursor: pointer }
"""


def page(document: Json, nonce: str) -> str:
    """Every call with its parameters and answers, grouped by noun."""
    groups: dict[str, list[str]] = {}
    for path, methods in _mapping(document["paths"]).items():
        for method, operation in _mapping(methods).items():
            found = _mapping(operation)
            tag = str(cast("list[str]", found["tags"])[0])
            groups.setdefault(tag, []).append(_call(path, method, found))
    sections = "".join(f"<h2>{escape(tag)}</h2>{''.join(each)}" for tag, each in groups.items())
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Julelys</title>'
        f'<style nonce="{nonce}">{_STYLE}</style></head><body><h1>Julelys</h1>'
        '<p>The same as <a href="/openapi.json">OpenAPI</a>.</p>'
        f"{sections}</body></html>"
    )


def _call(path: str, method: str, operation: Mapping[str, object]) -> str:
    parameters = "".join(
        f"<dt><code>{escape(str(each['name']))}</code> ({escape(str(each['in']))})</dt>"
        for each in cast("list[Mapping[str, object]]", operation.get("parameters", []))
    )
    answers = "".join(
        f"<dt>{escape(status)}</dt><dd>{escape(str(_mapping(answer)['description']))}</dd>"
        for status, answer in _mapping(operation["responses"]).items()
    )
    return (
        f"<details><summary><code>{method.upper()} {escape(path)}</code> "
        f"{escape(str(operation['summary']))}</summary><dl>{parameters}</dl><dl>{answers}</dl>"
        "</details>"
    )


def _mapping(value: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", value)  # the document is our own

"""The Swagger 2.0 document that every installation publishes of itself."""

import re
from typing import Final

from gateway.simulator.call import Dto
from gateway.simulator.operations import OPERATIONS, Operation

NEWEST: Final = 31
_VERSION: Final = re.compile(r"v([1-9][0-9]?)")


def is_version(text: str) -> bool:
    """`v1` to `v31`."""
    found = _VERSION.fullmatch(text.lower())
    return found is not None and int(found[1]) <= NEWEST


def document(base: str, version: str) -> Dto | None:
    """The document of a version or of `default`; None where there is no such version."""
    if version != "default" and not is_version(version):
        return None
    paths: dict[str, Dto] = {}
    for operation in OPERATIONS:
        path = f"/{'' if version == 'default' else version + '/'}{operation.path}"
        paths.setdefault(path, {})[operation.method.lower()] = _operation(operation)
    names = {operation.definition.removesuffix("[]") for operation in OPERATIONS}
    return {
        "swagger": "2.0",
        "info": {"title": "SBSYS Web API (simulator)", "version": version},
        "basePath": base,
        "paths": paths,
        "definitions": {name: {"type": "object"} for name in sorted(names) if "." in name},
    }


def _operation(operation: Operation) -> Dto:
    form = "dokument/journaliser" in operation.path
    return {
        "operationId": operation.name,
        "consumes": ["multipart/form-data" if form else "application/json"],
        "parameters": [
            {"name": name, "in": "path", "required": True, "type": "string"}
            for name in re.findall(r"{(\w+)}", operation.path)
        ],
        "responses": {"200": {"description": "OK", "schema": _schema(operation.definition)}},
    }


def _schema(definition: str) -> Dto:
    if definition.endswith("[]"):
        return {"type": "array", "items": _schema(definition.removesuffix("[]"))}
    if "." in definition:
        return {"$ref": f"#/definitions/{definition}"}
    return {"type": definition}

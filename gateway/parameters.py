"""Parameters that are read from the request itself, and problems, as OpenAPI has them."""

from typing import Final, TypeAlias

Json: TypeAlias = dict[str, object]
Parameter: TypeAlias = Json
"""A parameter object (OpenAPI 3.1 § 4.8.12)."""

TEXT: Final[Json] = {"type": "string"}
UUID: Final[Json] = {"type": "string", "format": "uuid"}
COUNT: Final[Json] = {"type": "integer", "minimum": 0, "maximum": 10**18 - 1}


def parameter(where: str, name: str, schema: Json, *, required: bool = False) -> Parameter:
    return {"name": name, "in": where, "required": required or where == "path", "schema": schema}


ORGANISATION: Final = parameter("path", "organisation", TEXT)
CASE_ID: Final = parameter("path", "case_id", UUID)
KEY: Final = parameter("header", "Idempotency-Key", UUID, required=True)
IF_MATCH: Final = parameter(
    "header", "If-Match", {"type": "string", "pattern": '^"(0|[1-9][0-9]{0,17})"$'}
)
POSITION: Final = parameter("header", "Julelys-Position", COUNT)
ON_BEHALF_OF: Final = "Julelys-On-Behalf-Of"
FOR_WHOM: Final = parameter("header", ON_BEHALF_OF, {"type": "string", "examples": ["person:bo"]})
CSRF: Final = "Julelys-CSRF"
OWN_PAGE: Final = parameter("header", CSRF, TEXT)
LAST_EVENT_ID: Final = parameter("header", "Last-Event-ID", COUNT)
LANGUAGE: Final = parameter(
    "header", "Accept-Language", {"type": "string", "examples": ["da", "en"]}
)
PROBLEM: Final[Json] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "pattern": "^urn:julelys:[a-z-]+$"},
        "title": TEXT,
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "Says what to do next."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["field", "code", "message"],
                "properties": {"field": TEXT, "code": TEXT, "message": TEXT},
            },
        },
    },
}
"""RFC 9457."""

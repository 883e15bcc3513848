"""A request for every route that takes a body, made from its description: words wherever it may."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final, cast

from services.ids import new_id

Schema = Mapping[str, object]

EMAIL: Final = "@"
ENDS: Final = ("/withdraw", "/close", "/reopen", "/transfer", "/bulk")
_OF_FORM: Final = {
    "uuid": str(new_id()),
    "date": "2026-12-18",
    "date-time": "2026-12-18T10:00:00+01:00",
}
_OF_PATTERN: Final = {"staff": "staff:karen", "person|company": "person:bo", "@": EMAIL}


@dataclass(frozen=True, slots=True)
class Asking:
    method: str
    path: str
    body: object


class Bodies:
    """`word` is in every text that people may write, with a number that tells them apart, and
    `mailbox` in every address of theirs.
    """

    def __init__(self, spec: Schema, word: str, mailbox: str) -> None:
        self._spec = spec
        self._word = word
        self._mailbox = mailbox
        self._known: Mapping[str, str] = {}
        self._numbers = count(1)
        self.texts = 0

    def all(self, known: Mapping[str, str], *, apart_from: Collection[str]) -> Iterator[Asking]:
        """`known` are parts of paths and fields by name; what is unknown names nothing.

        `apart_from` are parts of paths that are not asked for. What ends a case comes last.
        """
        self._known = known
        paths = cast("Mapping[str, Mapping[str, Schema]]", self._spec["paths"])
        wanted = {path: paths[path] for path in paths if not any(x in path for x in apart_from)}
        for path, operations in sorted(wanted.items(), key=lambda each: each[0].endswith(ENDS)):
            for method, operation in operations.items():
                schema = _body_of(operation)
                if schema is not None:
                    yield Asking(method.upper(), _filled(path, known), self._value(schema))

    def _value(self, given: Schema) -> object:
        schema = self._resolved(given)
        for choice in ("anyOf", "oneOf", "allOf"):
            if choice in schema:
                return self._value(cast("list[Schema]", schema[choice])[0])
        if "const" in schema or "enum" in schema:
            return cast("list[object]", schema.get("enum") or [schema["const"]])[0]
        kind = schema.get("type")
        if kind == "object":
            fields = cast("Mapping[str, Schema]", schema.get("properties", {}))
            return {name: self._field(name, field) for name, field in fields.items()}
        if kind == "array":
            items = cast("Schema", schema.get("items", {}))
            # There is nothing yet that they could name.
            return [] if items.get("format") == "uuid" else [self._value(items)]
        if kind == "string":
            return self._text(schema)
        # A limit is written as a number with a fraction, which is no integer.
        least = int(cast("float", schema.get("minimum", 1)))
        return {"integer": least, "boolean": True}.get(str(kind))

    def _field(self, name: str, field: Schema) -> object:
        return self._known.get(name) or self._value(field)

    def _text(self, schema: Schema) -> str:
        form = str(schema.get("format"))
        if form in _OF_FORM:
            return _OF_FORM[form]
        pattern = str(schema.get("pattern", ""))
        for part, text in _OF_PATTERN.items():
            if part in pattern:
                return f"{self._mailbox}@example.dk" if text == EMAIL else text
        return self._said()

    def _said(self) -> str:
        self.texts += 1
        return f"{self._word} {next(self._numbers)}"

    def _resolved(self, schema: Schema) -> Schema:
        while "$ref" in schema:
            name = str(schema["$ref"]).rpartition("/")[2]
            components = cast("Mapping[str, Mapping[str, Schema]]", self._spec["components"])
            schema = components["schemas"][name]
        return schema


def _body_of(operation: Schema) -> Schema | None:
    body = cast("Mapping[str, Mapping[str, Mapping[str, Schema]]]", operation.get("requestBody"))
    content = body["content"] if body else {}
    return content["application/json"]["schema"] if "application/json" in content else None


def _filled(path: str, known: Mapping[str, str]) -> str:
    parts = [
        known.get(part[1:-1], str(new_id())) if part.startswith("{") else part
        for part in path.split("/")
    ]
    return "/".join(parts)

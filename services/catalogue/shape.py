"""Reading a file into its model, and saying in plain words where its shape is wrong."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from services.catalogue.mistakes import Mistake, nearest
from services.catalogue.shape_words import MANUAL, NO_MAPPING, explain, no_limit
from services.catalogue.words import Part
from services.catalogue.yaml_file import Place, YamlFile

P = TypeVar("P", bound=Part)
Schema: TypeAlias = Mapping[str, object]

BOUNDS: Final = frozenset({"min", "max", "at_least", "at_most"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading(Generic[P]):
    """`parts` holds the sections named in `sound`, and nothing else may be asked of it.

    A file whose shape is right has all its sections; one with mistakes can still be searched for
    mistakes of other kinds in those that are.
    """

    parts: P
    sound: frozenset[str]
    mistakes: tuple[Mistake, ...]


def read_shape(model: type[P], file: YamlFile) -> Reading[P]:
    data = file.data
    if not isinstance(data, dict):
        said = file.mistakes or [file.mistake((), NO_MAPPING, MANUAL)]
        return Reading(parts=model.model_construct(), sound=frozenset(), mistakes=tuple(said))
    written = json.dumps(data)
    try:
        whole = model.model_validate_json(written)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False)
        broken = {str(error["loc"][0]) for error in errors if error["loc"]}
        mistakes = (*file.mistakes, *_explained(errors, model.model_json_schema(), file))
        sound = _sound_sections(model, data, broken)
        parts = model.model_construct(None, **sound)
        return Reading(parts=parts, sound=frozenset(sound), mistakes=mistakes)
    return Reading(parts=whole, sound=frozenset(model.model_fields), mistakes=tuple(file.mistakes))


def _sound_sections(
    model: type[P], data: Mapping[str, object], broken: set[str]
) -> dict[str, object]:
    """Each section that is well by itself, read without the others."""
    sound: dict[str, object] = {}
    for name, described in model.model_fields.items():
        key = described.alias or name
        if key in data and key not in broken:
            section: TypeAdapter[object] = TypeAdapter(described.rebuild_annotation())
            sound[key] = section.validate_json(json.dumps(data[key]))
        elif key not in broken:
            sound[key] = described.get_default()
    return sound


def _explained(errors: list[ErrorDetails], schema: Schema, file: YamlFile) -> list[Mistake]:
    found: dict[Place, Mistake] = {}
    meant: set[Place] = set()
    # Unknown keys first, for the key that one of them meant is not missing as well.
    places = Counter(_place(error, file.data) for error in errors)
    for error in sorted(errors, key=lambda error: error["type"] != "extra_forbidden"):
        place = _place(error, file.data)
        if (error["type"] == "missing" and place in meant) or _is_echo(error, errors):
            continue
        known = set[str]()
        if error["type"] == "extra_forbidden":
            known = _keys_at(schema, schema, error["loc"][:-1])
            meant.update((*place[:-1], key) for key in nearest(str(place[-1]), known))
        if place and place[-1] in BOUNDS and places[place] > 1:
            message, remedy = no_limit(error["input"])
        else:
            message, remedy = explain(error, place, known)
        # One wrong value offends every alternative of a union; it is one mistake.
        found.setdefault(place, file.mistake(place, message, remedy))
    return list(found.values())


def _is_echo(error: ErrorDetails, errors: list[ErrorDetails]) -> bool:
    """Whether a list is called too short only because an item in it is wrong."""
    place = error["loc"]
    return error["type"] == "too_short" and any(
        other["loc"][: len(place)] == place != other["loc"] for other in errors
    )


def _place(error: ErrorDetails, data: object) -> Place:
    """Where the error stands in the file; pydantic's path also names alternatives of unions."""
    place: list[str | int] = []
    here = data
    for part in error["loc"]:
        match here, part:
            case dict(), str() if part in here:
                here = here[part]
                place.append(part)
            case list(), int() if part < len(here):
                here = here[part]
                place.append(part)
            case _:
                continue
    match error["type"]:
        case "missing":
            place.append(error["loc"][-1])
        case "union_tag_invalid" | "union_tag_not_found":
            place.append("type")
        case _:
            pass
    return tuple(place)


def _keys_at(schema: Schema, whole: Schema, location: tuple[str | int, ...]) -> set[str]:
    """The keys that the model has at a place, by its own JSON Schema."""
    schema = _resolved(schema, whole)
    if not location:
        return set(cast("Schema", schema.get("properties", {})))
    part, *rest = location
    return _keys_at(_child(schema, part), whole, tuple(rest))


def _child(schema: Schema, part: str | int) -> Schema:
    match schema:
        case {"properties": dict(properties)} if part in properties:
            return cast("Schema", properties[part])
        case {"discriminator": {"mapping": dict(tags)}} if part in tags:
            return {"$ref": tags[part]}
        case {"oneOf": list(kinds)} if {"$ref": f"#/$defs/{part}"} in kinds:
            return {"$ref": f"#/$defs/{part}"}
        case {"items": dict(items)} if isinstance(part, int):
            return cast("Schema", items)
        case {"additionalProperties": dict(values)}:
            return cast("Schema", values)
        case _:
            return schema


def _resolved(schema: Schema, whole: Schema) -> Schema:
    """Follow references, and past `null` to the one thing that may stand there instead."""
    match schema:
        case {"$ref": str(reference)}:
            named = cast("Schema", whole["$defs"])[reference.removeprefix("#/$defs/")]
            return _resolved(cast("Schema", named), whole)
        case {"anyOf": [dict(first), *_]}:
            return _resolved(cast("Schema", first), whole)
        case _:
            return schema

"""A form as JSON Schema 2020-12, so that any client can ask and check as we do."""

from typing import Final, TypeAlias, assert_never

from services.catalogue.answers import CONTROL_IN_LINE, CONTROL_IN_TEXT, DATE, VISIBLE
from services.catalogue.form import (
    ChoiceField,
    ChoicesField,
    Condition,
    DateField,
    Form,
    FormField,
    IntegerField,
    LongTextField,
    Option,
    TextField,
    YesNoField,
)
from services.catalogue.words import Language

JsonObject: TypeAlias = dict[str, object]

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def form_schema(form: Form, language: Language) -> JsonObject:
    """What `read_answers` accepts, with titles and help in one language.

    Beside the standard's keywords it holds annotations for who draws the form: `x-sections` with
    the order of the fields, and in each field `x-type` and `x-shown-when` `{field, is: [...]}`.
    It cannot say that text must be free of lone surrogates, for these are no JSON text (RFC 8259).
    """
    fields = list(form.fields())
    always = [f.id for f in fields if f.required and f.shown_when is None]
    conditional = [(f, f.shown_when) for f in fields if f.shown_when is not None]
    asked = {f.id: f for f in fields}
    return {
        "$schema": DIALECT,
        "type": "object",
        "properties": {f.id: _property(f, language) for f in fields},
        "required": always,
        "additionalProperties": False,
        "allOf": [_shown(f, shown_when, asked[shown_when.field]) for f, shown_when in conditional],
        "x-sections": [
            {"title": section.title.read_in(language), "fields": [f.id for f in section.fields]}
            for section in form.sections
        ],
    }


def _shown(asked: FormField, shown_when: Condition, on: FormField) -> JsonObject:
    awaited: JsonObject = {"enum": list(shown_when.is_)}
    if isinstance(on, ChoicesField):
        awaited = {"type": "array", "contains": awaited}
    rule: JsonObject = {
        "if": {"properties": {shown_when.field: awaited}, "required": [shown_when.field]},
        "else": {"properties": {asked.id: False}},
    }
    return rule | ({"then": {"required": [asked.id]}} if asked.required else {})


def _property(asked: FormField, language: Language) -> JsonObject:
    schema: JsonObject = {"title": asked.label.read_in(language)}
    if asked.help is not None:
        schema["description"] = asked.help.read_in(language)
    schema |= _rules(asked, language) | {"x-type": asked.type}
    if asked.shown_when is not None:
        condition = asked.shown_when
        schema["x-shown-when"] = {"field": condition.field, "is": list(condition.is_)}
    return schema


def _rules(asked: FormField, language: Language) -> JsonObject:
    rules: JsonObject
    match asked:
        case TextField():
            rules = _text(asked.max_length, CONTROL_IN_LINE)
        case LongTextField():
            rules = _text(asked.max_length, CONTROL_IN_TEXT)
        case IntegerField():
            rules = {"type": "integer", "minimum": asked.min, "maximum": asked.max}
        case YesNoField():
            rules = {"type": "boolean"}
        case DateField():
            rules = {"type": "string", "format": "date", "pattern": DATE, "maxLength": 10}
        case ChoiceField():
            rules = {"type": "string", "oneOf": _options(asked.options, language)}
        case ChoicesField():
            item = {"type": "string", "oneOf": _options(asked.options, language)}
            rules = {"type": "array", "items": item, "minItems": 1, "uniqueItems": True}
        case _:
            assert_never(asked)
    return rules


def _text(max_length: int, control: str) -> JsonObject:
    return {
        "type": "string",
        "maxLength": max_length,
        "pattern": VISIBLE,
        "not": {"pattern": control},
    }


def _options(options: tuple[Option, ...], language: Language) -> list[JsonObject]:
    return [{"const": option.value, "title": option.label.read_in(language)} for option in options]

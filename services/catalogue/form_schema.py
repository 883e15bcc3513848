"""A form as JSON Schema 2020-12, so that any client can ask and check as we do."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Final, assert_never

from services.catalogue import patterns
from services.catalogue.condition_schema import (
    JsonObject,
    day_range,
    drawn,
    holding,
    number_range,
)
from services.catalogue.form import (
    AddressField,
    AmountField,
    Asked,
    CadastreField,
    ChoiceField,
    ChoicesField,
    CvrField,
    DateField,
    DecimalField,
    DocumentsField,
    EmailField,
    Form,
    FormField,
    IntegerField,
    LongTextField,
    Option,
    PhoneField,
    PropertyField,
    Section,
    TextField,
    YesNoField,
)
from services.catalogue.judging import (
    EMAIL_AT_MOST,
    FORMS,
    Formed,
    counts_of,
    lengths_of,
    limits_of,
)
from services.catalogue.words import Language

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def form_schema(form: Form, language: Language, today: date) -> JsonObject:
    """What `read_answers` accepts on a day, with titles and help in one language.

    Beside the standard's keywords it holds annotations for who draws the form: `x-sections` with
    the order of the fields, and in each field and section `x-type` and `x-shown-when`.
    It cannot say that text must be free of lone surrogates, for these are no JSON text (RFC 8259).
    """
    questions = list(form.questions())
    fields = {asked.field.id: asked.field for asked in questions}
    rules = [rule for asked in questions for rule in _shown(asked, fields, today)]
    schema: JsonObject = {
        "$schema": DIALECT,
        "type": "object",
        "properties": {
            asked.field.id: _property(asked.field, language, today) for asked in questions
        },
        "required": [asked.field.id for asked in questions if asked.is_certain],
        "additionalProperties": False,
        "x-sections": [_section(section, language, today) for section in form.sections],
    }
    return schema | ({"allOf": rules} if rules else {})


def _section(section: Section, language: Language, today: date) -> JsonObject:
    told: JsonObject = {
        "title": section.title.read_in(language),
        "fields": [field.id for field in section.fields],
    }
    if section.help is not None:
        told["description"] = section.help.read_in(language)
    if section.shown_when is not None:
        told["x-shown-when"] = drawn(section.shown_when, today)
    return told


def _shown(asked: Asked, fields: Mapping[str, FormField], today: date) -> list[JsonObject]:
    if asked.when is None:
        return []
    name = asked.field.id
    rule: JsonObject = {
        "if": holding(asked.when, fields, today),
        "else": {"properties": {name: False}},
    }
    return [rule | ({"then": {"required": [name]}} if asked.field.required else {})]


def _property(asked: FormField, language: Language, today: date) -> JsonObject:
    schema: JsonObject = {"title": asked.label.read_in(language)}
    if asked.help is not None:
        schema["description"] = asked.help.read_in(language)
    schema |= _rules(asked, language, today) | {"x-type": asked.type}
    if asked.remedy is not None:
        schema["x-remedy"] = asked.remedy.read_in(language)
    if asked.shown_when is not None:
        schema["x-shown-when"] = drawn(asked.shown_when, today)
    return schema


def _rules(asked: FormField, language: Language, today: date) -> JsonObject:
    rules: JsonObject
    match asked:
        case TextField() | LongTextField() | AddressField():
            rules = _text(asked)
        case EmailField() | PhoneField() | CadastreField() | CvrField():
            rules = _formed(asked)
        case IntegerField() | PropertyField():
            least, most = limits_of(asked)
            rules = {"type": "integer", "minimum": least, "maximum": most}
        case DecimalField() | AmountField():
            limits = number_range(asked, Decimal(asked.min), Decimal(asked.max))
            rules = {"type": "string", **limits}
        case YesNoField():
            rules = {"type": "boolean"}
        case DateField():
            rules = _date(asked, today)
        case ChoiceField():
            rules = {"type": "string", "oneOf": _options(asked.options, language)}
        case ChoicesField():
            rules = _several(asked, {"type": "string", "oneOf": _options(asked.options, language)})
        case DocumentsField():
            rules = _several(asked, {"type": "string", "pattern": patterns.DOCUMENT})
        case _:
            assert_never(asked)
    return rules


def _text(asked: TextField | LongTextField | AddressField) -> JsonObject:
    is_long = isinstance(asked, LongTextField)
    control = patterns.CONTROL_IN_TEXT if is_long else patterns.CONTROL_IN_LINE
    shortest, longest = lengths_of(asked)
    rules: JsonObject = {
        "type": "string",
        "maxLength": longest,
        "pattern": patterns.VISIBLE,
        "not": {"pattern": control},
    }
    if shortest > 1:
        rules["minLength"] = shortest
    if isinstance(asked, TextField) and asked.pattern is not None:
        rules["allOf"] = [{"pattern": f"^({asked.pattern})$"}]
    return rules


def _formed(asked: Formed) -> JsonObject:
    pattern, _ = FORMS[asked.type]
    rules: JsonObject = {"type": "string", "pattern": pattern}
    return rules | ({"maxLength": EMAIL_AT_MOST} if isinstance(asked, EmailField) else {})


def _date(asked: DateField, today: date) -> JsonObject:
    rules: JsonObject = {
        "type": "string",
        "format": "date",
        "pattern": patterns.DATE,
        "maxLength": 10,
    }
    if asked.min is not None or asked.max is not None:
        rules["allOf"] = [day_range(asked.min, asked.max, today)]
    return rules


def _several(asked: ChoicesField | DocumentsField, item: JsonObject) -> JsonObject:
    least, most = counts_of(asked)
    rules: JsonObject = {"type": "array", "items": item, "minItems": least, "uniqueItems": True}
    return rules | ({} if most is None else {"maxItems": most})


def _options(options: tuple[Option, ...], language: Language) -> list[JsonObject]:
    return [{"const": option.value, "title": option.label.read_in(language)} for option in options]

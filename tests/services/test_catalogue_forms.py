"""What a form's JSON Schema accepts is what its reader accepts, for shipped and made-up forms."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from events.case import AnswerValue
from services.catalogue.checks import check_service
from services.catalogue.condition import (
    AllOf,
    Answered,
    AnyOf,
    Compared,
    Condition,
    FromToday,
    Negated,
)
from services.catalogue.form import Asked, ChoicesField, Form
from services.catalogue.form_schema import form_schema
from services.catalogue.loading import load
from services.catalogue.service import Service
from services.catalogue.shape import read_shape
from services.catalogue.yaml_file import YamlFile
from tests.services.forms import TODAY, answers_to, edges_of, is_accepted, kept

SHIPPED = {
    f"{organisation.id} {name} v{version}": service
    for organisation in load(Path(__file__).parents[2] / "organisations").organisations.values()
    for (name, version), service in organisation.versions.items()
}
WORDS = {"da": "Ord", "en": "Words"}


def validator_of(form: Form) -> Draft202012Validator:
    return Draft202012Validator(form_schema(form, "en", TODAY), validate_formats=True)


VALIDATORS = {name: validator_of(service.form) for name, service in SHIPPED.items()}


@pytest.mark.parametrize("name", SHIPPED)
def test_schema_and_reader_agree_at_every_edge_of_every_field(name: str) -> None:
    """Each edge is given alone, beside the fewest answers that make its question be asked."""
    form, validator = SHIPPED[name].form, VALIDATORS[name]
    for asked in form.questions():
        answers = asking(form, asked)
        assert is_accepted(form, answers), asked.field.id
        for edge in edges_of(asked.field):
            raw = answers | {asked.field.id: edge}
            assert validator.is_valid(raw) == is_accepted(form, raw), (asked.field.id, edge)


@settings(max_examples=300)
@given(
    st.sampled_from(sorted(SHIPPED)).flatmap(
        lambda name: st.tuples(st.just(name), answers_to(SHIPPED[name].form))
    )
)
def test_schema_and_reader_agree_about_what_is_shipped(case: tuple[str, dict[str, object]]) -> None:
    name, raw = case
    agree(SHIPPED[name].form, VALIDATORS[name], raw)


def agree(form: Form, validator: Draft202012Validator, raw: dict[str, object]) -> None:
    answer = is_accepted(form, raw)
    event("accepted" if answer else "refused")
    assert validator.is_valid(raw) == answer


def asking(form: Form, wanted: Asked) -> dict[str, object]:
    """The fewest good answers with which a field is asked, among them one to it."""
    wishes: dict[str, object] = {}
    fields = {asked.field.id: asked for asked in form.questions()}
    _wish(wanted.when, fields, wishes)
    raw: dict[str, object] = {}
    known: dict[str, AnswerValue] = {}
    for asked in form.questions():
        field = asked.field
        is_shown = asked.when is None or asked.when.holds(known, TODAY)
        if is_shown and (field.required or field.id in wishes or asked == wanted):
            value = raw[field.id] = wishes.get(field.id, edges_of(field)[0])
            known[field.id] = kept(value)
    return raw


def _wish(when: Condition | None, fields: Mapping[str, Asked], wishes: dict[str, object]) -> None:
    """Answers under which a condition holds, as far as what we ship has conditions."""
    match when:
        case Answered():
            asked = fields[when.field]
            awaited = when.is_[0]
            wishes[when.field] = [awaited] if isinstance(asked.field, ChoicesField) else awaited
            _wish(asked.when, fields, wishes)
        case Compared():
            bound = when.at_most if when.at_least is None else when.at_least
            wishes[when.field] = (
                bound.on(TODAY).isoformat() if isinstance(bound, FromToday) else bound
            )
            _wish(fields[when.field].when, fields, wishes)
        case AllOf():
            for each in when.all:
                _wish(each, fields, wishes)
        case AnyOf():
            _wish(when.any[0], fields, wishes)
        case Negated() | None:
            pass


RULES: dict[str, st.SearchStrategy[dict[str, object]]] = {
    "text": st.sampled_from(
        [
            {},
            {"max_length": 3},
            {"min_length": 2, "max_length": 5},
            {"pattern": "[A-Z]{2}-[0-9]{4}", "remedy": WORDS},
            {"pattern": "(x|[0-9]{2,4})?[^a-c]{0,2}", "remedy": WORDS},
        ]
    ),
    "long-text": st.sampled_from([{"max_length": 10}, {"min_length": 3}]),
    "integer": st.tuples(st.integers(-50, 50), st.integers(0, 99)).map(
        lambda pair: {"min": pair[0], "max": pair[0] + pair[1]}
    ),
    "decimal": st.tuples(st.integers(-2000, 2000), st.integers(0, 30_000), st.integers(1, 4)).map(
        lambda rule: {
            "min": f"{rule[0] / 10:.1f}".replace("-0.0", "0.0"),
            "max": f"{(rule[0] + rule[1]) / 10:.1f}".replace("-0.0", "0.0"),
            "decimals": rule[2],
        }
    ),
    "amount": st.tuples(st.integers(0, 2000), st.integers(0, 200_000)).map(
        lambda pair: {"min": pair[0], "max": pair[0] + pair[1]}
    ),
    "yes-no": st.just({}),
    "date": st.sampled_from(
        [
            {},
            {"min": "2026-01-30"},
            {"min": {"days_from_today": 14}, "max": {"days_from_today": 800}},
            {"max": {"days_from_today": 0}},
            {"min": "1999-12-31", "max": "2030-01-01"},
        ]
    ),
    "choice": st.just({}),
    "choices": st.sampled_from([{}, {"min": 2}, {"max": 2}, {"min": 2, "max": 2}]),
    "email": st.just({}),
    "phone": st.just({}),
    "address": st.just({}),
    "property": st.just({}),
    "cadastre": st.just({}),
    "cvr": st.just({}),
    "documents": st.sampled_from([{}, {"at_most": 3}]),
}
FIXED: dict[str, list[object]] = {
    "yes-no": [True, False],
    "choice": ["a", "b", "c"],
    "choices": ["a", "b", "c"],
}
COIN = st.booleans()
WHOLE: st.SearchStrategy[object] = st.integers(-60, 160)
POINTED: st.SearchStrategy[object] = st.integers(-3000, 30_000).map(
    lambda tenths: f"{tenths / 10:.1f}".replace("-0.0", "0.0")
)
BOUNDS: dict[str, st.SearchStrategy[object]] = {
    "integer": WHOLE,
    "property": WHOLE,
    "decimal": POINTED,
    "amount": POINTED,
    "date": st.one_of(
        st.dates(date(1900, 1, 1), date(2199, 12, 31)).map(str),
        st.integers(-400, 900).map(lambda days: {"days_from_today": days}),
    ),
}
OPTIONS = [{"value": value, "label": WORDS} for value in ("a", "b", "c")]


@st.composite
def forms(draw: st.DrawFn) -> Form:
    """Small forms of every type of field, with conditions within conditions."""
    before: list[tuple[str, str]] = []
    sections = []
    for number in range(draw(st.integers(1, 3))):
        section: dict[str, object] = {"title": WORDS, "fields": []}
        if bool(before) and draw(COIN):
            section["shown_when"] = draw(conditions(before))
        fields = []
        for index in range(draw(st.integers(1, 3))):
            kind = draw(st.sampled_from(sorted(RULES)))
            rules = draw(RULES[kind])
            name = f"f{number}_{index}"
            field: dict[str, object] = {"id": name, "type": kind, "label": WORDS, **rules}
            if kind in ("choice", "choices"):
                field["options"] = OPTIONS
            field["required"] = draw(COIN)
            if bool(before) and draw(COIN):
                field["shown_when"] = draw(conditions(before))
            if kind in FIXED or kind in BOUNDS:
                before.append((name, kind))
            fields.append(field)
        sections.append(section | {"fields": fields})
    return _read({"sections": sections})


def _read(form: dict[str, object]) -> Form:
    """Through the same door as a file, and with its checks."""
    file = YamlFile(path=Path("form"), data={"form": form}, lines={(): 1})
    reading = read_shape(Service, file)
    assert "form" in reading.sound, reading.mistakes
    mistakes = [each for each in check_service(reading, file) if "no larger" not in each.remedy.en]
    assert mistakes == []
    return reading.parts.form


def conditions(before: list[tuple[str, str]]) -> st.SearchStrategy[object]:
    return st.recursive(
        st.sampled_from(before).flatmap(lambda field: _leaf(*field)),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map(lambda each: {"all": each}),
            st.lists(inner, min_size=1, max_size=3).map(lambda each: {"any": each}),
            inner.map(lambda each: {"not": each}),
        ),
        max_leaves=4,
    )


def _leaf(name: str, kind: str) -> st.SearchStrategy[object]:
    if kind in FIXED:
        several = st.lists(st.sampled_from(FIXED[kind]), min_size=1, max_size=2)
        return several.map(lambda values: {"field": name, "is": values})
    sides = st.sampled_from(["at_least", "at_most"])
    return st.tuples(sides, BOUNDS[kind]).map(lambda told: {"field": name, told[0]: told[1]})


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow],
)
@given(st.data())
def test_schema_and_reader_agree_about_any_form(data: st.DataObject) -> None:
    form = data.draw(forms())
    validator = validator_of(form)
    for _ in range(5):
        agree(form, validator, data.draw(answers_to(form)))
    for asked in form.questions():
        for edge in edges_of(asked.field):
            agree(form, validator, {asked.field.id: edge})

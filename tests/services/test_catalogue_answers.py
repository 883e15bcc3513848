import json
from pathlib import Path

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from events.case import Answer, AnswerValue
from services.catalogue.answers import AnswerCode, AnswersInvalid
from services.catalogue.form import (
    ChoiceField,
    ChoicesField,
    DateField,
    FormField,
    IntegerField,
    LongTextField,
    TextField,
    YesNoField,
)
from services.catalogue.loading import load
from services.catalogue.service import Service

CATALOGUE = load(Path(__file__).parents[2] / "organisations")
MEETING = CATALOGUE.organisations["hjorring"].services["building-meeting"]
RESPONSE = CATALOGUE.organisations["hjorring"].services["hearing-response"]

CARPORT: dict[str, object] = {
    "address": "Strandvejen 1",
    "role": "owner",
    "project": "carport-garage",
    "area": 60,
    "near_boundary": True,
    "description": "En dobbelt carport.",
    "protection": "none",
    "zone": "town",
    "attendance": "online",
}
AGAINST: dict[str, object] = {
    "position": "against",
    "concerns": ["traffic", "noise"],
    "response": "Vejen er for smal.\nSe bilag.",
    "represents": "myself",
}


def codes(service: Service, raw: dict[str, object]) -> set[tuple[str, str]]:
    with pytest.raises(AnswersInvalid) as invalid:
        service.read_answers(raw)
    return {(mistake.field, mistake.code.value) for mistake in invalid.value.mistakes}


def test_answers_come_in_the_order_of_the_form() -> None:
    backwards = dict(reversed(AGAINST.items()))
    assert RESPONSE.read_answers(backwards) == (
        Answer(field="position", value="against"),
        Answer(field="concerns", value=("traffic", "noise")),
        Answer(field="response", value="Vejen er for smal.\nSe bilag."),
        Answer(field="represents", value="myself"),
    )


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"area": "60"}, "area", AnswerCode.WRONG_TYPE),
        ({"area": True}, "area", AnswerCode.WRONG_TYPE),
        ({"area": 60.5}, "area", AnswerCode.WRONG_TYPE),
        ({"near_boundary": 1}, "near_boundary", AnswerCode.WRONG_TYPE),
        ({"address": None}, "address", AnswerCode.WRONG_TYPE),
        ({"surroundings": ["coast", 3]}, "surroundings", AnswerCode.WRONG_TYPE),
        ({"area": 0}, "area", AnswerCode.TOO_SMALL),
        ({"area": 200_001}, "area", AnswerCode.TOO_LARGE),
        ({"address": "x" * 201}, "address", AnswerCode.TOO_LONG),
        ({"description": "x" * 4001}, "description", AnswerCode.TOO_LONG),
        ({"address": " \u200b\u00a0"}, "address", AnswerCode.EMPTY),
        ({"surroundings": []}, "surroundings", AnswerCode.EMPTY),
        ({"address": "a\x00b"}, "address", AnswerCode.BAD_CHARACTERS),
        ({"address": "a\nb"}, "address", AnswerCode.BAD_CHARACTERS),
        ({"address": "a\ud800b"}, "address", AnswerCode.BAD_CHARACTERS),
        ({"description": "a\x85b"}, "description", AnswerCode.BAD_CHARACTERS),
        ({"project": "castle"}, "project", AnswerCode.NOT_AN_OPTION),
        ({"surroundings": ["coast", "desert"]}, "surroundings", AnswerCode.NOT_AN_OPTION),
        ({"surroundings": ["coast", "coast"]}, "surroundings", AnswerCode.REPEATED),
        ({"start": "2026-02-30"}, "start", AnswerCode.BAD_DATE),
        ({"start": "20260201"}, "start", AnswerCode.BAD_DATE),
        ({"start": "2026-W05-1"}, "start", AnswerCode.BAD_DATE),
        ({"new_use": "Kontor"}, "new_use", AnswerCode.NOT_SHOWN),
        ({"colour": "red"}, "colour", AnswerCode.UNKNOWN_FIELD),
    ],
)
def test_each_kind_of_mistake_has_its_code(
    change: dict[str, object], field: str, code: AnswerCode
) -> None:
    assert codes(MEETING, CARPORT | change) == {(field, code.value)}


def test_limits_themselves_are_good_answers() -> None:
    for change in ({"area": 1}, {"area": 200_000}, {"address": "x" * 200}, {"start": "2199-12-31"}):
        assert len(MEETING.read_answers(CARPORT | change)) >= len(CARPORT)


def test_a_whole_number_may_be_written_with_a_point() -> None:
    read = {answer.field: answer.value for answer in MEETING.read_answers(CARPORT | {"area": 60.0})}
    assert read["area"] == 60
    assert isinstance(read["area"], int)


def test_what_is_shown_and_required_must_be_answered() -> None:
    unanswered = {name: value for name, value in CARPORT.items() if name not in ("area", "address")}
    assert codes(MEETING, unanswered) == {("area", "answer-missing"), ("address", "answer-missing")}


def test_every_mistake_is_told_at_once_with_what_mends_it() -> None:
    with pytest.raises(AnswersInvalid) as invalid:
        MEETING.read_answers(CARPORT | {"area": 0, "role": "king", "start": "soon"})
    found = [(mistake.field, dict(mistake.facts)) for mistake in invalid.value.mistakes]
    assert found == [
        ("role", {"options": "owner, buyer, tenant, adviser"}),
        ("area", {"min": "1"}),
        ("start", {}),
    ]


def test_what_hangs_on_a_bad_answer_is_not_judged_before_it_is_mended() -> None:
    """With an unknown project nobody can say whether the area should have been asked for."""
    assert codes(MEETING, CARPORT | {"project": "castle"}) == {("project", "answer-not-an-option")}


def test_a_question_hidden_behind_a_hidden_question_is_hidden() -> None:
    answers = AGAINST | {"represents": "household", "members": 4}
    assert codes(RESPONSE, answers) == {("members", "answer-not-shown")}


def test_the_schema_names_fields_in_the_readers_language() -> None:
    danish, english = RESPONSE.form_schema("da"), RESPONSE.form_schema("en")
    assert danish["title"] == "Svar på en høring"
    assert english["title"] == "Respond to a hearing"
    sections = english["x-sections"]
    assert isinstance(sections, list)
    assert [section["title"] for section in sections] == [
        "Your response",
        "Whom do you respond for?",
    ]
    assert json.loads(json.dumps(english)) == english


def valid(field: FormField) -> st.SearchStrategy[object]:
    match field:
        case TextField() | LongTextField():
            return st.text("abc æøå.", min_size=1, max_size=min(field.max_length, 30))
        case IntegerField():
            return st.integers(field.min, field.max)
        case YesNoField():
            return st.booleans()
        case DateField():
            return st.dates().map(str)
        case ChoiceField():
            return st.sampled_from([option.value for option in field.options])
        case ChoicesField():
            options = [option.value for option in field.options]
            return st.lists(st.sampled_from(options), min_size=1, unique=True)


# No surrogates: they are no JSON text, so no schema can speak of them.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JUNK: st.SearchStrategy[object] = st.one_of(
    texts,
    texts.map(lambda text: text * 400),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "\u200b", "a\x00", "a\n", "2026-02-30", "2026-01-01\n", "2026-1-1", "x "]),
    st.booleans(),
    st.none(),
    st.lists(
        st.one_of(texts, st.sampled_from(["coast", "forest", "traffic", "other"])), max_size=3
    ),
    st.dictionaries(texts, texts, max_size=1),
)


def edges_of(field: FormField) -> list[object]:
    """What is just good or just not, for a field of this type; the first is good."""
    match field:
        case TextField() | LongTextField():
            longest = "x" * field.max_length
            return [longest, longest + "x", "a\nb", "a\x00b", "\x85a", "\u200b ", "", "\tx", 1]
        case IntegerField():
            return [field.min, float(field.max), field.min - 1, field.max + 1, field.min + 0.5, "1"]
        case YesNoField():
            return [True, False, 0, 1, "true"]
        case DateField():
            return [
                "2028-02-29",
                "2026-02-29",
                "2199-12-31",
                "2200-01-01",
                "1899-12-31",
                "2026-1-1",
            ]
        case ChoiceField():
            first = field.options[0].value
            return [first, "", [first], first + " "]
        case ChoicesField():
            first, last = field.options[0].value, field.options[-1].value
            return [
                [first],
                [last, first],
                [],
                [first, first],
                [first, "castle"],
                first,
                [first, 1],
            ]


def asking(service: Service, wanted: FormField) -> dict[str, object]:
    """The fewest good answers with which a field is asked, among them one to it."""
    fields = {field.id: field for field in service.form.fields()}
    chosen: dict[str, object] = {}
    step = wanted
    while step.shown_when is not None:
        condition = step.shown_when
        step = fields[condition.field]
        awaited = condition.is_[0]
        chosen[step.id] = [awaited] if isinstance(step, ChoicesField) else awaited
    raw: dict[str, object] = {}
    known: dict[str, AnswerValue] = {}
    for field in fields.values():
        is_shown = field.shown_when is None or field.shown_when.holds(known)
        if is_shown and (field.required or field.id in chosen or field is wanted):
            value = raw[field.id] = chosen.get(field.id, edges_of(field)[0])
            known[field.id] = tuple(value) if isinstance(value, list) else value  # type: ignore[assignment]  # what `edges_of` gives first is an answer
    return raw


@st.composite
def answers_to(draw: st.DrawFn, service: Service) -> dict[str, object]:
    """Answers as someone would give them, then up to two things done to them."""
    given_answers: dict[str, object] = {}
    known: dict[str, AnswerValue] = {}
    fields = list(service.form.fields())
    for field in fields:
        is_shown = field.shown_when is None or field.shown_when.holds(known)
        if is_shown and (field.required or draw(st.booleans())):
            value = draw(valid(field))
            given_answers[field.id] = value
            known[field.id] = tuple(value) if isinstance(value, list) else value  # type: ignore[assignment]  # what `valid` draws are answers
    for _ in range(draw(st.integers(0, 2))):
        field = draw(st.sampled_from(fields))
        match draw(st.sampled_from(["drop", "junk", "edge", "other", "unknown"])):
            case "drop":
                given_answers.pop(field.id, None)
            case "junk":
                given_answers[field.id] = draw(JUNK)
            case "edge":
                given_answers[field.id] = draw(st.sampled_from(edges_of(field)))
            case "other":
                given_answers[field.id] = draw(valid(field))
            case _:
                given_answers[draw(texts)] = draw(JUNK)
    return given_answers


def is_accepted(service: Service, raw: dict[str, object]) -> bool:
    try:
        service.read_answers(raw)
    except AnswersInvalid:
        return False
    return True


def agree(service: Service, validator: Draft202012Validator, raw: dict[str, object]) -> None:
    answer = is_accepted(service, raw)
    event("accepted" if answer else "refused")
    assert validator.is_valid(raw) == answer


VALIDATORS = {
    name: Draft202012Validator(service.form_schema("da"), validate_formats=True)
    for name, service in (("meeting", MEETING), ("response", RESPONSE))
}


@pytest.mark.parametrize("service", [MEETING, RESPONSE], ids=["meeting", "response"])
def test_the_schema_and_the_reader_agree_at_every_edge_of_every_field(service: Service) -> None:
    """Each edge is given alone, beside the fewest answers that make its question be asked."""
    validator = Draft202012Validator(service.form_schema("en"), validate_formats=True)
    for field in service.form.fields():
        answers = asking(service, field)
        assert is_accepted(service, answers), field.id
        for edge in edges_of(field):
            raw = answers | {field.id: edge}
            assert validator.is_valid(raw) == is_accepted(service, raw), (field.id, edge)


@settings(max_examples=200, deadline=None)
@given(answers_to(MEETING))
def test_the_schema_and_the_reader_agree_about_meetings(raw: dict[str, object]) -> None:
    agree(MEETING, VALIDATORS["meeting"], raw)


@settings(max_examples=200, deadline=None)
@given(answers_to(RESPONSE))
def test_the_schema_and_the_reader_agree_about_responses(raw: dict[str, object]) -> None:
    agree(RESPONSE, VALIDATORS["response"], raw)

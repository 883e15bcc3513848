import json
from datetime import date

import pytest

from events.case import Answer
from services.catalogue.answer_mistakes import AnswerCode, AnswersInvalid
from services.catalogue.service import Service
from tests.shipped import CATALOGUE

MEETING = CATALOGUE.organisations["hjorring"].services["building-meeting"]
RESPONSE = CATALOGUE.organisations["hjorring"].services["hearing-response"]

TODAY = date(2026, 11, 2)

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
        service.read_answers(raw, TODAY)
    return {(mistake.field, mistake.code.value) for mistake in invalid.value.mistakes}


def test_answers_come_in_the_order_of_the_form() -> None:
    backwards = dict(reversed(AGAINST.items()))
    assert RESPONSE.read_answers(backwards, TODAY) == (
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
        assert len(MEETING.read_answers(CARPORT | change, TODAY)) >= len(CARPORT)


def test_a_whole_number_may_be_written_with_a_point() -> None:
    read = {
        answer.field: answer.value
        for answer in MEETING.read_answers(CARPORT | {"area": 60.0}, TODAY)
    }
    assert read["area"] == 60
    assert isinstance(read["area"], int)


def test_what_is_shown_and_required_must_be_answered() -> None:
    unanswered = {name: value for name, value in CARPORT.items() if name not in ("area", "address")}
    assert codes(MEETING, unanswered) == {("area", "answer-missing"), ("address", "answer-missing")}


def test_every_mistake_is_told_at_once_with_what_mends_it() -> None:
    with pytest.raises(AnswersInvalid) as invalid:
        MEETING.read_answers(CARPORT | {"area": 0, "role": "king", "start": "soon"}, TODAY)
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
    danish, english = RESPONSE.form_schema("da", TODAY), RESPONSE.form_schema("en", TODAY)
    assert danish["title"] == "Svar på en høring"
    assert english["title"] == "Respond to a hearing"
    sections = english["x-sections"]
    assert isinstance(sections, list)
    assert [section["title"] for section in sections] == [
        "Your response",
        "Whom do you respond for?",
    ]
    assert json.loads(json.dumps(english)) == english

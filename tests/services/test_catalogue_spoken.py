import pytest

from events.case import AnswerValue
from services.catalogue.form import FormField
from services.catalogue.spoken import answer_words
from tests.services.forms import field_of


@pytest.mark.parametrize(
    ("field", "value", "danish", "english"),
    [
        ({"type": "amount", "min": 0, "max": 9999}, "1250.50", "1.250,50 kr.", "DKK 1,250.50"),
        ({"type": "amount", "min": -9, "max": 9999}, "-0.50", "-0,50 kr.", "DKK -0.50"),
        ({"type": "decimal", "min": 0, "max": 9}, "2.5", "2,5", "2.5"),
        ({"type": "date"}, "2026-11-02", "2. november 2026", "2 November 2026"),
        ({"type": "yes-no"}, True, "ja", "yes"),
        ({"type": "property"}, 100063828, "100063828", "100063828"),
        ({"type": "documents"}, ("a", "b"), "a, b", "a, b"),
    ],
)
def test_answers_are_written_as_people_do(
    field: dict[str, object], value: AnswerValue, danish: str, english: str
) -> None:
    asked: FormField = field_of(**field)
    assert answer_words(asked, value, "da") == danish
    assert answer_words(asked, value, "en") == english

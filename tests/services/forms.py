"""Forms and answers made up for tests: good ones, and ones that are only just not."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from hypothesis import strategies as st

from events.case import AnswerValue
from services.catalogue.answer_mistakes import AnswersInvalid
from services.catalogue.answers import read_answers
from services.catalogue.condition import day_of
from services.catalogue.form import (
    AddressField,
    AmountField,
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
    PhoneField,
    PropertyField,
    TextField,
    YesNoField,
)
from services.catalogue.judging import decimals_of, lengths_of, limits_of

TODAY = date(2026, 11, 2)
DOCUMENT_IDS = [f"019ab000-0000-7000-8000-{number:012x}" for number in range(25)]


def valid(field: FormField) -> st.SearchStrategy[object]:  # noqa: C901, PLR0911, PLR0912 - one branch for each type
    """Answers that the field's own rules allow."""
    match field:
        case TextField() if field.pattern is not None:
            return st.from_regex(field.pattern, fullmatch=True).filter(
                lambda text: (
                    field.min_length <= len(text) <= field.max_length and bool(text.strip())
                )
            )
        case TextField() | LongTextField() | AddressField():
            least, most = lengths_of(field)
            return st.text("abc æøå.", min_size=least, max_size=min(most, least + 30)).map(
                lambda text: "x" + text[1:]
            )
        case IntegerField() | PropertyField():
            return st.integers(*limits_of(field))
        case DecimalField() | AmountField():
            return st.sampled_from(decimals_of(field)).flatmap(
                lambda places: _number(field, places)
            )
        case YesNoField():
            return st.booleans()
        case DateField():
            return st.dates(*_days(field)).map(str)
        case ChoiceField():
            return st.sampled_from([option.value for option in field.options])
        case ChoicesField():
            options = [option.value for option in field.options]
            return st.lists(
                st.sampled_from(options), min_size=field.min, max_size=field.max, unique=True
            )
        case EmailField():
            return st.sampled_from(["a@b.dk", "anna.b+c@sub.example.dk", "x" * 64 + "@a.example"])
        case PhoneField():
            return st.sampled_from(["12345678", "+45 12 34 56 78", "+299123456"])
        case CadastreField():
            return st.sampled_from(["11ba Hjørring Bygrunde", "7000a, Børglum", "3 1234567"])
        case CvrField():
            return st.from_regex("[0-9]{8}", fullmatch=True)
        case DocumentsField():
            ids = st.sampled_from(DOCUMENT_IDS)
            return st.lists(ids, min_size=1, max_size=field.at_most, unique=True)


def _number(field: DecimalField | AmountField, places: int) -> st.SearchStrategy[object]:
    least, most = Decimal(field.min), Decimal(field.max)
    step = Decimal(1).scaleb(-places)
    if least.quantize(step, ROUND_CEILING) > most.quantize(step, ROUND_FLOOR):
        # With so few decimals nothing lies between the two.
        return st.just(f"{least:f}")
    numbers = st.decimals(least, most, places=places)
    return numbers.map(lambda number: f"{number or abs(number):.{places}f}")


def _days(field: DateField) -> tuple[date, date]:
    first = date(1900, 1, 1) if field.min is None else day_of(field.min, TODAY)
    last = date(2199, 12, 31) if field.max is None else day_of(field.max, TODAY)
    return first, last


# No surrogates: they are no JSON text, so no schema can speak of them.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
JUNK: st.SearchStrategy[object] = st.one_of(
    texts,
    texts.map(lambda text: text * 400),
    st.integers(-(10**9), 10**9),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["", "\u200b", "a\x00", "a\n", "2026-02-30", "2026-01-01\n", "2026-1-1", "x "]),
    st.from_regex(r"-?[0-9]{1,4}(\.[0-9]{0,5})?", fullmatch=True),
    st.dates(date(1890, 1, 1), date(2210, 1, 1)).map(str),
    st.booleans(),
    st.none(),
    st.lists(
        st.one_of(texts, st.sampled_from(["coast", "forest", "traffic", "other", "a", "b", "c"])),
        max_size=4,
    ),
    st.dictionaries(texts, texts, max_size=1),
)


def edges_of(field: FormField) -> list[object]:  # noqa: PLR0911 - likewise
    """What is just good or just not, for a field of this type; the first is good."""
    match field:
        case TextField() if field.pattern is not None:
            good = ["AB-1234", "1234", "A", "x"]
            first = next(each for each in good if is_good(field, each))
            return [first, first + "\n", first + " ", " " + first, "", "\u0661", 1]
        case TextField() | LongTextField() | AddressField():
            shortest, longest = ("x" * length for length in lengths_of(field))
            edges = [longest, longest + "x", shortest, shortest[1:], "a\nb", "a\x00b", "\x85a"]
            return [*edges, "\u200b ", "", "\tx", 1, "\U0001f600" * len(longest)]
        case IntegerField() | PropertyField():
            least, most = limits_of(field)
            return [least, float(most), least - 1, most + 1, least + 0.5, str(least), True]
        case DecimalField() | AmountField():
            return _number_edges(field)
        case YesNoField():
            return [True, False, 0, 1, "true"]
        case DateField():
            return _day_edges(field)
        case ChoiceField():
            value = field.options[0].value
            return [value, "", [value], value + " "]
        case ChoicesField():
            return _choices_edges(field)
        case _:
            return _formed_edges(field)


def _day_edges(field: DateField) -> list[object]:
    first, last = _days(field)
    near = [first, last, first - timedelta(days=1), last + timedelta(days=1)]
    odd = ["2026-02-29", "2028-02-29", "2026-1-1", "20260101", "2026-01-01T00:00", 20260101]
    return [*(day.isoformat() for day in near), *odd]


def _number_edges(field: DecimalField | AmountField) -> list[object]:
    least, most = Decimal(field.min), Decimal(field.max)
    places = decimals_of(field)[-1]
    step = Decimal(1).scaleb(-places)
    near = [f"{each:.{places}f}" for each in (least, most, least - step, most + step)]
    odd = ["-0", "0.", ".5", "01", "1,5", "1e3", "+1", " 1", "1\n", "", "0." + "0" * (places + 1)]
    whole = [str(int(each)) for each in (least, most, least - 1, most + 1)]
    good = next(each for each in near if is_good(field, each))
    return [good, *near, *whole, *odd, 1, 1.5, "\u0661", "1.0", "1.00"]


def _choices_edges(field: ChoicesField) -> list[object]:
    values = [option.value for option in field.options]
    good = values[: field.min]
    most = len(values) if field.max is None else field.max
    edges: list[object] = [good, values[::-1][:most], values[: field.min - 1], values[: most + 1]]
    return [*edges, [], good + good[:1], [*good, "castle"], values[0], [*good, 1]]


def _formed_edges(field: FormField) -> list[object]:
    match field:
        case EmailField():
            edges = ["a@b.dk", "a@b", "a b@c.dk", "@b.dk", "a@.dk", "a@b.dk\n", "æ@b.dk"]
            long = ["x" * 64 + "@b.dk", "x" * 65 + "@b.dk", "a@" + "b." * 126 + "dk", "a@-b.dk"]
            return [*edges, *long, "a@" + ("b" * 61 + ".") * 3 + "dk" * 31]
        case PhoneField():
            return ["12345678", "1234567", "+451234567812345", "1" * 16, "12  345678", "12-345678"]
        case CadastreField():
            return ["11ba Hjørring", "ba Hjørring", "11", "0a Hjørring", "1 " + "x" * 100, "1\tx"]
        case CvrField():
            return ["12345678", "1234567", "123456789", "\u0661" * 8, "12345678\n", 12345678]
        case DocumentsField():
            one, two = DOCUMENT_IDS[:2]
            many = DOCUMENT_IDS[: field.at_most + 1]
            return [
                [one],
                many,
                many[:-1],
                [],
                [one, one],
                [one.upper()],
                one,
                [one, 1],
                [two[:-1]],
            ]
        case _:
            raise TypeError(field)


def is_good(field: FormField, value: object) -> bool:
    return is_accepted(_alone(field), {field.id: value})


def _alone(field: FormField) -> Form:
    """A form that asks for nothing else, whatever its condition."""
    words = {"da": "x", "en": "x"}
    data = field.model_dump(by_alias=True) | {"shown_when": None}
    sections = ({"title": words, "fields": (data,)},)
    return Form.model_validate({"sections": sections}, strict=False)


@st.composite
def answers_to(draw: st.DrawFn, form: Form) -> dict[str, object]:
    """Answers as someone would give them, then up to two things done to them."""
    raw: dict[str, object] = {}
    known: dict[str, AnswerValue] = {}
    questions = list(form.questions())
    for asked in questions:
        field = asked.field
        is_shown = asked.when is None or asked.when.holds(known, TODAY)
        if is_shown and (field.required or draw(st.booleans())):
            value = raw[field.id] = draw(valid(field))
            known[field.id] = kept(value)
    for _ in range(draw(st.integers(0, 2))):
        field = draw(st.sampled_from(questions)).field
        match draw(st.sampled_from(["drop", "junk", "edge", "other", "unknown"])):
            case "drop":
                raw.pop(field.id, None)
            case "junk":
                raw[field.id] = draw(JUNK)
            case "edge":
                raw[field.id] = draw(st.sampled_from(edges_of(field)))
            case "other":
                raw[field.id] = draw(valid(field))
            case _:
                raw[draw(texts)] = draw(JUNK)
    return raw


def kept(value: object) -> AnswerValue:
    """A good answer as the reader keeps it."""
    match value:
        case list():
            return tuple(str(each) for each in value)
        case str() | int():
            return value
        case float():
            return int(value)
        case _:
            raise TypeError(value)


def is_accepted(form: Form, raw: Mapping[str, object]) -> bool:
    try:
        read_answers(form, raw, TODAY)
    except AnswersInvalid:
        return False
    return True


def field_of(**rules: object) -> FormField:
    """A field with these rules."""
    words = {"da": "x", "en": "x"}
    data = {"id": "field", "label": words, **rules}
    form = Form.model_validate({"sections": ({"title": words, "fields": (data,)},)}, strict=False)
    return next(iter(form.fields()))

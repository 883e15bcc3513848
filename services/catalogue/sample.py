"""Answers made up for a preview: each the first good one that comes to mind."""

import re
from datetime import date
from itertools import takewhile
from typing import Final, assert_never

from events.case import AnswerValue
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
from services.catalogue.judging import limits_of
from services.catalogue.patterns import PIECE

DOCUMENT: Final = "00000000-0000-7000-8000-000000000001"
_CANDIDATES: Final = "A0ax-. /ÆØÅæøå"


def sample_answers(form: Form, today: date) -> dict[str, object]:
    """Good answers to all that is asked when each question is answered so."""
    raw: dict[str, object] = {}
    known: dict[str, AnswerValue] = {}
    for asked in form.questions():
        if asked.when is None or asked.when.holds(known, today):
            value = _sample(asked.field, today)
            known[asked.field.id] = value
            raw[asked.field.id] = list(value) if isinstance(value, tuple) else value
    return raw


def _sample(field: FormField, today: date) -> AnswerValue:
    value: AnswerValue
    match field:
        case TextField() | LongTextField():
            value = _text(field)
        case IntegerField() | PropertyField():
            value = limits_of(field)[0]
        case DecimalField() | AmountField():
            value = str(field.min)
        case YesNoField():
            value = True
        case DateField():
            value = _day(field, today).isoformat()
        case ChoiceField():
            value = field.options[0].value
        case ChoicesField():
            value = tuple(option.value for option in field.options[: field.min])
        case DocumentsField():
            value = (DOCUMENT,)
        case EmailField() | PhoneField() | AddressField() | CadastreField() | CvrField():
            value = _WRITTEN[field.type]
        case _:
            assert_never(field)
    return value


_WRITTEN: Final = {
    "email": "anna@example.dk",
    "phone": "+45 12 34 56 78",
    "address": "Algade 1, 9800 Hjørring",
    "cadastre": "11ba Hjørring Bygrunde",
    "cvr": "12345678",
}


def _day(field: DateField, today: date) -> date:
    """Today where that is allowed, else the nearest day that is."""
    first = today if field.min is None else max(today, day_of(field.min, today))
    return first if field.max is None else min(first, day_of(field.max, today))


def _text(field: TextField | LongTextField) -> str:
    if isinstance(field, TextField) and field.pattern is not None:
        return _matching(field.pattern, field.min_length)
    return f"({field.label.da})"[: field.max_length].ljust(field.min_length, ".")


def _matching(pattern: str, least: int) -> str:
    """The shortest text of a usable pattern's first alternatives, or the longest if need be."""
    pieces = list(PIECE.finditer(pattern))
    shortest = "".join(_first(pieces, longest=False))
    return shortest if len(shortest) >= least else "".join(_first(pieces, longest=True))


def _first(pieces: list[re.Match[str]], *, longest: bool) -> list[str]:
    """One part of text for each character that the first alternative asks for."""
    written: list[str] = []
    place = 0
    while place < len(pieces):
        piece = pieces[place]
        if piece["either"]:
            break
        if piece["repeat"]:
            written[-1] *= int(piece["most"] or piece["least"]) if longest else int(piece["least"])
        elif piece["perhaps"]:
            written[-1] *= longest
        elif piece["open"]:
            inner = _inside(pieces[place + 1 :])
            written.append("".join(_first(inner, longest=longest)))
            place += len(inner) + 1
        else:
            written.append(_character(piece))
        place += 1
    return written


def _inside(pieces: list[re.Match[str]]) -> list[re.Match[str]]:
    """Up to the bracket that closes what was opened before the first of these."""
    depth = 1

    def is_inside(piece: re.Match[str]) -> bool:
        nonlocal depth
        depth += bool(piece["open"]) - bool(piece["close"])
        return depth > 0

    return list(takewhile(is_inside, pieces))


def _character(piece: re.Match[str]) -> str:
    written: str = piece.group()
    if not piece["class"]:
        return written.removeprefix("\\")
    near = _CANDIDATES + written.strip("[]^").replace("\\", "")
    return next(sign for sign in near if re.fullmatch(written, sign))

"""Every difference between two versions is told, and what is told can be read by anybody."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import ValidationError

from services.catalogue.changes import changes
from services.catalogue.service import Service
from services.catalogue.yaml_file import Place, read_yaml
from services.config import ROOT
from tests.services.test_catalogue_mistakes import SERVICE

SHIPPED = sorted((ROOT / "organisations").glob("*/services/*.yaml"))


def read(text: str, tmp_path: Path) -> Service:
    path = tmp_path / "visit.v2.yaml"
    path.write_text(text, encoding="utf-8")
    return Service.model_validate_json(json.dumps(read_yaml(path).data))


@pytest.mark.parametrize(
    ("old", "new", "sign", "words"),
    [
        (
            "        - id: note\n",
            (
                "        - id: area\n          type: decimal\n          min: 0.5\n"
                "          max: 9\n          label: {da: Areal, en: Area}\n        - id: note\n"
            ),
            "+",
            (
                "'Area' (area) is asked always: a number with decimals, at most 2 decimals, "
                "at least 0.5, at most 9, not required."
            ),
        ),
        (
            "          max: 9\n          label",
            "          max: 9\n          required: true\n          label",
            "~",
            "'Number' (persons) is now required.",
        ),
        (
            "          max: 9",
            "          max: 8",
            "~",
            (
                "'Number' (persons) takes a whole number, at least 1, at most 8; "
                "it took a whole number, at least 1, at most 9."
            ),
        ),
        (
            "shown_when: {field: reason, is: [talk, look]}",
            "shown_when: {any: [{field: persons, at_least: 3}, {not: {field: reason, is: talk}}]}",
            "~",
            (
                "'Note' (note) is asked if persons is at least 3 or not (reason is talk); "
                "it was if reason is talk or look."
            ),
        ),
        ("da: Hvorfor", "da: Årsag", "~", "reason: label (da): “Hvorfor” → “Årsag”"),
        (
            "            - {value: look, label: {da: Se, en: Look}}",
            (
                "            - {value: look, label: {da: Se, en: Look}}\n"
                "            - {value: ask, label: {da: Spørge, en: Ask}}"
            ),
            "+",
            "'Why' (reason) has the option 'Ask' (ask).",
        ),
        (
            "days: 5, unit: working-days",
            "days: 10, unit: calendar-days, rolls: true",
            "~",
            (
                "deadline 'first-reply': 5 working days after it is received → "
                "10 calendar days after it is received, rolling past days off"
            ),
        ),
        ("en: Visit}", "en: A visit}", "~", "title (en): “Visit” → “A visit”"),
        ("login_level: low", "login_level: high", "~", "login_level: low → high"),
        ("who: [citizen]", "who: [citizen, company]", "~", "who: citizen → citizen, company"),
    ],
)
def test_a_change_is_told_in_words(
    tmp_path: Path, old: str, new: str, sign: str, words: str
) -> None:
    assert old in SERVICE
    found = changes(read(SERVICE, tmp_path), read(SERVICE.replace(old, new, 1), tmp_path), "en")
    assert [(str(change.sign), change.words) for change in found] == [(sign, words)]


def test_a_promise_that_goes_before_another_is_told_with_both_their_places(tmp_path: Path) -> None:
    conditional = (
        "  - deadline: first-reply\n    when: [{field: reason, is: look}]\n"
        "    period: {days: 8, unit: working-days}\n"
    )
    before = "  - deadline: first-reply\n"
    new = SERVICE.replace(before, conditional + before, 1)
    found = changes(read(SERVICE, tmp_path), read(new, tmp_path), "en")
    assert [(str(change.sign), change.words) for change in found] == [
        (
            "+",
            (
                "deadline 'first-reply, if reason is look': "
                "number 1 to be looked at, 8 working days after it is received"
            ),
        ),
        (
            "~",
            (
                "deadline 'first-reply': 5 working days after it is received → "
                "number 2 to be looked at, 5 working days after it is received"
            ),
        ),
    ]


def test_a_field_that_is_gone_is_told(tmp_path: Path) -> None:
    begins, ends = SERVICE.index("        - id: note"), SERVICE.index("bring:")
    without = SERVICE[:begins] + SERVICE[ends:]
    (change,) = changes(read(SERVICE, tmp_path), read(without, tmp_path), "en")
    assert (change.sign, change.words) == ("-", "'Note' (note) is no longer asked.")


DANISH = {
    "          required: true\n          max: 9": "'Antal' (persons) skal nu besvares.",
    "          max: 8": (
        "'Antal' (persons) tager imod et helt tal, mindst 1, højst 8; "
        "før et helt tal, mindst 1, højst 9."
    ),
}


@pytest.mark.parametrize("new", DANISH)
def test_who_reads_danish_is_told_in_danish(tmp_path: Path, new: str) -> None:
    other = read(SERVICE.replace("          max: 9", new, 1), tmp_path)
    (change,) = changes(read(SERVICE, tmp_path), other, "da")
    assert change.words == DANISH[new]


def test_what_is_counted_and_asked_on_conditions_is_told_in_danish(tmp_path: Path) -> None:
    new = SERVICE.replace(
        "days: 5, unit: working-days", "days: 1, unit: calendar-days, rolls: true", 1
    ).replace(
        "shown_when: {field: reason, is: [talk, look]}",
        "shown_when: {any: [{field: persons, at_least: 3}, {not: {field: reason, is: talk}}]}",
        1,
    )
    asked, promised = changes(read(SERVICE, tmp_path), read(new, tmp_path), "da")
    assert asked.words == (
        "'Note' (note) stilles hvis persons er mindst 3 eller ikke (reason er talk); "
        "før hvis reason er talk eller look."
    )
    assert promised.words == (
        "fristen 'first-reply': 5 arbejdsdage efter modtagelsen → "
        "1 kalenderdag efter modtagelsen, rykket forbi fridage"
    )


def leaves(part: object, place: Place = ()) -> Iterator[Place]:
    match part:
        case dict():
            for key, value in part.items():
                yield from leaves(value, (*place, key))
        case list():
            yield place
            for index, value in enumerate(part):
                yield from leaves(value, (*place, index))
        case _:
            yield place


def changed(part: object) -> object:
    match part:
        case bool():
            return not part
        case int():
            return part + 1
        case str():
            return f"{part}x"
        case list():
            return part[:-1]
        case _:
            raise TypeError(part)


def edited(data: dict[str, object], place: Place) -> Service | None:
    """The service with one thing changed, or None when it is then no service at all."""
    whole = copy.deepcopy(data)
    here: object = whole
    for part in place[:-1]:
        here = here[part]  # type: ignore[index]  # the place is one of this data
    here[place[-1]] = changed(here[place[-1]])  # type: ignore[index]  # likewise
    try:
        return Service.model_validate_json(json.dumps(whole))
    except ValidationError:
        return None


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: f"{path.parents[1].name}-{path.stem}")
def test_no_difference_is_passed_over(path: Path) -> None:
    data = read_yaml(path).data
    assert isinstance(data, dict)
    service = Service.model_validate_json(json.dumps(data))
    assert changes(service, service, "en") == []
    told = 0
    for place in leaves(data):
        other = edited(data, place)
        if other is not None and place not in {("id",), ("version",)}:
            assert changes(service, other, "da"), place
            assert changes(other, service, "en"), place
            told += 1
    assert told > 40

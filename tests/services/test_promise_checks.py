"""Which promises are made to nobody, found by looking through the answers there can be."""

from pathlib import Path

import pytest

from services.catalogue.loading import check
from tests.services.test_catalogue_mistakes import SERVICE, put

PERIOD = "period: {days: 1, unit: working-days}"
FIELDS = """\
        - {id: urgent, type: yes-no, required: true, label: {da: Haster, en: Urgent}}
        - id: where
          type: choices
          required: true
          max: 2
          label: {da: Hvor, en: Where}
          options:
            - {value: town, label: {da: By, en: Town}}
            - {value: coast, label: {da: Kyst, en: Coast}}
            - {value: forest, label: {da: Skov, en: Forest}}
        - {id: height, type: decimal, min: 0, max: 20, decimals: 1, label: {da: Højde, en: Height}}
        - id: day
          type: date
          required: true
          min: {days_from_today: 1}
          label: {da: Dag, en: Day}
        - id: roof
          type: yes-no
          required: true
          label: {da: Tag, en: Roof}
          shown_when: {field: reason, is: talk}
bring:
"""


def checked(folder: Path, *whens: str) -> list[str]:
    """What is said of as many promises of one kind, `""` being one without conditions."""
    promised = "".join(
        f"  - deadline: processing\n    {f'when: [{when}]' if when else ''}\n    {PERIOD}\n"
        for when in whens
    )
    text = SERVICE.replace("bring:\n", FIELDS).replace("retention:", f"{promised}retention:")
    return [f"{mistake.path} {mistake.message.en}" for mistake in check(put(folder, text))]


@pytest.mark.parametrize(
    "whens",
    [
        ("{field: reason, is: look}", ""),
        ("{field: persons, at_least: 5}", "{field: persons, at_least: 2}", ""),
        ("{field: persons, at_least: 1}", ""),
        ("{field: where, is: town}", "{field: where, is: coast}", ""),
        ("{field: height, at_least: 3}", "{field: height, at_most: '2.9'}", ""),
        ("{field: day, at_most: {days_from_today: 9}}", ""),
        ("{field: day, at_most: 2026-12-01}", "{field: day, at_most: 2026-11-01}", ""),
        ("{field: reason, is: talk}, {field: roof, is: yes}", "{field: reason, is: talk}", ""),
    ],
)
def test_a_promise_that_some_answers_lead_to_is_none_to_complain_of(
    tmp_path: Path, whens: tuple[str, ...]
) -> None:
    assert checked(tmp_path, *whens) == []


@pytest.mark.parametrize(
    ("whens", "never"),
    [
        (("", "{field: reason, is: look}"), 2),
        (("", ""), 2),
        (("{field: reason, is: [look, talk]}", ""), 2),
        (("{field: reason, is: look}", "{field: reason, is: [look]}", ""), 2),
        (("{field: persons, at_least: 2}", "{field: persons, at_least: 5}", ""), 2),
        (("{field: urgent, is: yes}", "{field: urgent, is: no}", ""), 3),
        (("{field: where, is: [town, coast]}", "{not: {field: where, is: forest}}", ""), 2),
        (("{field: height, at_least: 3}", "{field: height, at_least: '3.1'}", ""), 2),
        (
            (
                "{field: day, at_most: {days_from_today: 9}}",
                "{field: day, at_least: {days_from_today: 10}}",
                "",
            ),
            3,
        ),
        (("{field: reason, is: look}, {field: roof, is: yes}", ""), 1),
    ],
)
def test_a_promise_that_no_answers_lead_to_is_named(
    tmp_path: Path, whens: tuple[str, ...], never: int
) -> None:
    (told,) = checked(tmp_path, *whens)
    assert told.startswith(f"deadlines[{never}].deadline This 'processing' is never promised")


def test_without_a_last_one_for_everybody_else_nothing_may_be_promised(tmp_path: Path) -> None:
    told = checked(tmp_path, "{field: reason, is: look}", "{field: urgent, is: yes}")
    assert told == ["deadlines[2].when With other answers no 'processing' is promised."]

"""Conditions that look at what is not asked, or at answers that are never given."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, TypeAlias, assert_never

from events.text import Text
from services.catalogue.condition import (
    AllOf,
    Answered,
    AnyOf,
    Bound,
    Compared,
    Condition,
    FromToday,
    Negated,
    is_day,
)
from services.catalogue.findings import (
    NAME_ONE,
    Finding,
    Findings,
    no_field,
    placed_fields,
    placed_sections,
)
from services.catalogue.form import (
    AmountField,
    ChoiceField,
    ChoicesField,
    DateField,
    DecimalField,
    FormField,
    IntegerField,
    PropertyField,
    YesNoField,
)
from services.catalogue.mistakes import suggestion
from services.catalogue.service import Service
from services.catalogue.yaml_file import Place

LOOKS_BACK: Final = Text(
    da="En betingelse ser på felter før den: Flyt det felt op.",
    en="A condition looks back: move that field up.",
)
Placed: TypeAlias = tuple[Place, Condition]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """The fields that a condition may look at, and the names of those it may not yet."""

    usable: Mapping[str, FormField]
    later: Collection[str]


def conditions_of_form(service: Service) -> Findings:
    before: dict[str, FormField] = {}
    everywhere = {asked.id for _, asked in placed_fields(service)}
    for place, section in placed_sections(service):
        seen = _Seen(usable=dict(before), later=everywhere)
        if section.shown_when is not None:
            yield from _condition(section.shown_when, (*place, "shown_when"), seen)
        for index, asked in enumerate(section.fields):
            seen = _Seen(usable=before, later=everywhere)
            if asked.shown_when is not None:
                here = (*place, "fields", index, "shown_when")
                yield from _condition(asked.shown_when, here, seen)
            before.setdefault(asked.id, asked)


def conditions_elsewhere(service: Service, placed: Iterator[Placed]) -> Findings:
    """Conditions outside the form, which may look at all of it."""
    fields: dict[str, FormField] = {}
    for _, asked in placed_fields(service):
        fields.setdefault(asked.id, asked)
    for place, condition in placed:
        yield from _condition(condition, place, _Seen(usable=fields, later=()))


def _condition(condition: Condition, place: Place, seen: _Seen) -> Findings:
    match condition:
        case Answered() | Compared():
            yield from _looking_at(condition, place, seen)
        case AllOf():
            for index, each in enumerate(condition.all):
                yield from _condition(each, (*place, "all", index), seen)
        case AnyOf():
            for index, each in enumerate(condition.any):
                yield from _condition(each, (*place, "any", index), seen)
        case Negated():
            yield from _condition(condition.not_, (*place, "not"), seen)
        case _:
            assert_never(condition)


def _looking_at(condition: Answered | Compared, place: Place, seen: _Seen) -> Findings:
    name = condition.field
    asked = seen.usable.get(name)
    if asked is None:
        if name in seen.later:
            later = Text(da=f"Feltet '{name}' kommer først senere.", en=f"'{name}' is asked later.")
            yield Finding((*place, "field"), later, LOOKS_BACK)
        else:
            remedy = suggestion(name, seen.usable, NAME_ONE)
            yield Finding((*place, "field"), no_field(name), remedy)
    elif isinstance(condition, Answered):
        yield from _answered(condition, asked, place)
    else:
        yield from _compared(condition, asked, place)


def _answered(condition: Answered, asked: FormField, place: Place) -> Findings:
    known = _fixed_answers(asked)
    if not known:
        yield Finding(
            place=(*place, "field"),
            message=Text(
                da=f"'{asked.id}' har ikke faste svarmuligheder.",
                en=f"'{asked.id}' has no fixed answers.",
            ),
            remedy=Text(
                da="'is' ser på et felt af typen choice, choices eller yes-no.",
                en="'is' looks at a field of type choice, choices or yes-no.",
            ),
        )
        return
    written = [_as_written(answer) for answer in known]
    for value in condition.is_:
        if value not in known:
            given, names = _as_written(value), ", ".join(written)
            message = Text(
                da=f"'{given}' er ikke et svar på '{asked.id}'.",
                en=f"'{given}' is no answer to '{asked.id}'.",
            )
            advice = Text(da=f"Brug {names}.", en=f"Use {names}.")
            yield Finding((*place, "is"), message, suggestion(given, written, advice))


def _compared(condition: Compared, asked: FormField, place: Place) -> Findings:
    if not isinstance(asked, IntegerField | PropertyField | DecimalField | AmountField | DateField):
        yield Finding(
            place=(*place, "field"),
            message=Text(
                da=f"'{asked.id}' er hverken et tal eller en dag.",
                en=f"'{asked.id}' is no number and no day.",
            ),
            remedy=Text(
                da="'at_least' og 'at_most' ser på et tal, et beløb eller en dato.",
                en="'at_least' and 'at_most' look at a number, an amount or a date.",
            ),
        )
        return
    limits = {"at_least": condition.at_least, "at_most": condition.at_most}
    found = [
        finding
        for name, limit in limits.items()
        for finding in misfit(asked, limit, (*place, name))
    ]
    yield from found
    if not found and are_crossed(condition.at_least, condition.at_most):
        yield Finding(
            place=(*place, "at_least"),
            message=Text(
                da="Intet er på én gang så stort og så lille.",
                en="Nothing is at once so large and so small.",
            ),
            remedy=Text(
                da="'at_least' må ikke være større end 'at_most'.",
                en="Let 'at_least' be no larger than 'at_most'.",
            ),
        )


def misfit(asked: FormField, limit: Bound | None, place: Place) -> Findings:
    """A limit that is none for this field: a day for a number, or a day that does not exist."""
    if limit is None:
        return
    match asked:
        case DateField() if not is_day(limit):
            message = Text(da=f"'{limit}' er ikke en dag.", en=f"'{limit}' is no day.")
            remedy = Text(da="Skriv den som 2026-12-01.", en="Write it as 2026-12-01.")
            yield Finding(place, message, remedy)
        case DateField() if isinstance(limit, str) and not _exists(limit):
            message = Text(da=f"Dagen '{limit}' findes ikke.", en=f"There is no day '{limit}'.")
            yield Finding(place, message, Text(da="Se i en kalender.", en="Look at a calendar."))
        case IntegerField() | PropertyField() if not isinstance(limit, int):
            message = Text(
                da=f"'{limit}' er ikke et helt tal.", en=f"'{limit}' is no whole number."
            )
            remedy = Text(da="Skriv et uden punktum.", en="Write one without a point.")
            yield Finding(place, message, remedy)
        case DecimalField() | AmountField() if is_day(limit):
            message = Text(da=f"'{limit}' er ikke et tal.", en=f"'{limit}' is no number.")
            remedy = Text(da="Skriv et som 12.5.", en="Write one such as 12.5.")
            yield Finding(place, message, remedy)
        case _:
            pass


def are_crossed(least: Bound | None, most: Bound | None) -> bool:
    """Whether nothing can lie between two limits of the same field."""
    match least, most:
        case FromToday(), FromToday():
            return least.days_from_today > most.days_from_today
        case (None, _) | (_, None) | (FromToday(), _) | (_, FromToday()):
            return False
        case _ if is_day(least):
            return str(least) > str(most)
        case _:
            return Decimal(str(least)) > Decimal(str(most))


def _exists(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


def _fixed_answers(asked: FormField) -> tuple[bool | str, ...]:
    match asked:
        case YesNoField():
            return (True, False)
        case ChoiceField() | ChoicesField():
            return tuple(option.value for option in asked.options)
        case _:
            return ()


def _as_written(value: bool | str) -> str:  # noqa: FBT001 an answer, not a switch
    return value if isinstance(value, str) else "yes" if value else "no"

"""What has changed from one version of a service to another, in words for those who review it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from services.catalogue.described import (
    conditions_words,
    day_words,
    fee_words,
    plain_words,
    span_words,
)
from services.catalogue.fee import Fee
from services.catalogue.form_changes import form_changes, text_changes
from services.catalogue.service import PromisedDeadline, Service, Step, Thing
from services.catalogue.words import Words


class Sign(StrEnum):
    ADDED = "+"
    REMOVED = "-"
    CHANGED = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`section` is a key of the file."""

    section: str
    sign: Sign
    words: str


Lines: TypeAlias = Iterator[tuple[str, str]]
"""Each a sign and its words."""

UNTOLD: Final = frozenset({"id", "version"})


def changes(old: Service, new: Service) -> list[Change]:
    """Every difference, by section in the order of the file; none between equals."""
    return [
        Change(section=section, sign=Sign(sign), words=words)
        for section in Service.model_fields
        if section not in UNTOLD and getattr(old, section) != getattr(new, section)
        for sign, words in _of_section(section, old, new)
    ]


def _of_section(section: str, old: Service, new: Service) -> Lines:
    before, after = getattr(old, section), getattr(new, section)
    teller = TELLERS.get(section)
    told = [] if teller is None else list(teller(old, new))
    if told:
        yield from told
    elif isinstance(before, Words) and isinstance(after, Words):
        yield from text_changes(section, before, after)
    else:
        # Whatever else may stand in a file: no difference is passed over.
        yield "~", f"{section}: {plain_words(before)} → {plain_words(after)}"


def _form(old: Service, new: Service) -> Lines:
    return form_changes(old.form, new.form)


def _bring(old: Service, new: Service) -> Lines:
    return _by_name(_things(old.bring), _things(new.bring), "to bring")


def _fees(old: Service, new: Service) -> Lines:
    return _by_name(_owed(old.fees), _owed(new.fees), "fee")


def _deadlines(old: Service, new: Service) -> Lines:
    return _by_name(_promised(old.deadlines), _promised(new.deadlines), "deadline")


def _next_steps(old: Service, new: Service) -> Lines:
    return _by_name(_steps(old.next_steps), _steps(new.next_steps), "next step")


def _by_name(before: Mapping[str, str], after: Mapping[str, str], noun: str) -> Lines:
    for name, words in after.items():
        if name not in before:
            yield "+", f"{noun} '{name}': {words}"
        elif before[name] != words:
            yield "~", f"{noun} '{name}': {before[name]} → {words}"
    for name, words in before.items():
        if name not in after:
            yield "-", f"{noun} '{name}': {words}"


def _things(bring: Sequence[Thing]) -> dict[str, str]:
    return {
        thing.what.en: f"“{thing.what.da}”, because “{thing.why.da}” / “{thing.why.en}”, "
        f"if {conditions_words(thing.when)}"
        for thing in bring
    }


def _owed(fees: Sequence[Fee]) -> dict[str, str]:
    return {fee.what.en: f"“{fee.what.da}”, {fee_words(fee)}" for fee in fees}


def _promised(deadlines: Sequence[PromisedDeadline]) -> dict[str, str]:
    """Those of one kind are told apart by their conditions, and by which is looked at first."""
    found: dict[str, str] = {}
    kinds = [promised.deadline for promised in deadlines]
    for index, promised in enumerate(deadlines):
        kind = promised.deadline
        said = [span_words(promised.period)]
        if kinds.count(kind) > 1:
            said.insert(0, f"number {kinds[: index + 1].count(kind)} to be looked at")
        said += [plain_words(each) for each in (promised.text, promised.basis) if each is not None]
        named = f"{kind}, if {conditions_words(promised.when)}" if promised.when else kind
        found[named] = ", ".join(said)
    return found


def _steps(steps: Sequence[Step]) -> dict[str, str]:
    return {
        f"{number}": f"“{step.text.da}” / “{step.text.en}”, by {day_words(step.by)}"
        for number, step in enumerate(steps, 1)
    }


TELLERS: Final[Mapping[str, Callable[[Service, Service], Lines]]] = {
    "form": _form,
    "bring": _bring,
    "fees": _fees,
    "deadlines": _deadlines,
    "next_steps": _next_steps,
}

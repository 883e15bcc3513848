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
from services.catalogue.review_words import Telling
from services.catalogue.service import PromisedDeadline, Service, Step, Thing
from services.catalogue.words import Language, Words


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


def changes(old: Service, new: Service, language: Language) -> list[Change]:
    """Every difference, by section in the order of the file; none between equals."""
    tell = Telling(language)
    return [
        Change(section=section, sign=Sign(sign), words=words)
        for section in Service.model_fields
        if section not in UNTOLD and getattr(old, section) != getattr(new, section)
        for sign, words in _of_section(tell, section, old, new)
    ]


def _of_section(tell: Telling, section: str, old: Service, new: Service) -> Lines:
    before, after = getattr(old, section), getattr(new, section)
    teller = TELLERS.get(section)
    told = [] if teller is None else list(teller(tell, old, new))
    if told:
        yield from told
    elif isinstance(before, Words) and isinstance(after, Words):
        yield from text_changes(tell, section, before, after)
    else:
        # Whatever else may stand in a file: no difference is passed over.
        yield "~", f"{section}: {plain_words(tell, before)} → {plain_words(tell, after)}"


def _form(tell: Telling, old: Service, new: Service) -> Lines:
    return form_changes(tell, old.form, new.form)


def _bring(tell: Telling, old: Service, new: Service) -> Lines:
    return _by_name(tell, "bring", _things(tell, old.bring), _things(tell, new.bring))


def _fees(tell: Telling, old: Service, new: Service) -> Lines:
    return _by_name(tell, "fee", _owed(tell, old.fees), _owed(tell, new.fees))


def _deadlines(tell: Telling, old: Service, new: Service) -> Lines:
    before, after = (_promised(tell, each.deadlines) for each in (old, new))
    return _by_name(tell, "deadline", before, after)


def _next_steps(tell: Telling, old: Service, new: Service) -> Lines:
    return _by_name(tell, "next step", _steps(tell, old.next_steps), _steps(tell, new.next_steps))


def _by_name(
    tell: Telling, noun: str, before: Mapping[str, str], after: Mapping[str, str]
) -> Lines:
    for name, words in after.items():
        if name not in before:
            yield "+", f"{tell.say(noun, name=name)}: {words}"
        elif before[name] != words:
            yield "~", f"{tell.say(noun, name=name)}: {before[name]} → {words}"
    for name, words in before.items():
        if name not in after:
            yield "-", f"{tell.say(noun, name=name)}: {words}"


def _things(tell: Telling, bring: Sequence[Thing]) -> dict[str, str]:
    """By the English name, whatever the language: what has another name is another thing."""
    return {
        thing.what.en: tell.say(
            "bring because",
            what=thing.what.da,
            why_da=thing.why.da,
            why_en=thing.why.en,
            when=conditions_words(tell, thing.when),
        )
        for thing in bring
    }


def _owed(tell: Telling, fees: Sequence[Fee]) -> dict[str, str]:
    return {fee.what.en: f"“{fee.what.da}”, {fee_words(tell, fee)}" for fee in fees}


def _promised(tell: Telling, deadlines: Sequence[PromisedDeadline]) -> dict[str, str]:
    """Those of one kind are told apart by their conditions, and by which is looked at first."""
    found: dict[str, str] = {}
    kinds = [promised.deadline for promised in deadlines]
    for index, promised in enumerate(deadlines):
        kind = promised.deadline
        said = [span_words(tell, promised.period)]
        if kinds.count(kind) > 1:
            said.insert(0, tell.say("number looked at", number=kinds[: index + 1].count(kind)))
        texts = (promised.text, promised.basis)
        said += [plain_words(tell, each) for each in texts if each is not None]
        when = conditions_words(tell, promised.when)
        found[f"{kind}, {when}" if promised.when else kind] = ", ".join(said)
    return found


def _steps(tell: Telling, steps: Sequence[Step]) -> dict[str, str]:
    return {
        f"{number}": tell.say(
            "by", text_da=step.text.da, text_en=step.text.en, day=day_words(tell, step.by)
        )
        for number, step in enumerate(steps, 1)
    }


TELLERS: Final[Mapping[str, Callable[[Telling, Service, Service], Lines]]] = {
    "form": _form,
    "bring": _bring,
    "fees": _fees,
    "deadlines": _deadlines,
    "next_steps": _next_steps,
}

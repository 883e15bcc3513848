"""What the shape of a service cannot show: names that fit nothing, limits that cannot be met."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from events.case import CaseKind
from services.catalogue.form import (
    ChoiceField,
    ChoicesField,
    Condition,
    FormField,
    IntegerField,
    YesNoField,
)
from services.catalogue.mistakes import Mistake, suggestion
from services.catalogue.promises import PLACEHOLDER, TAKEN, known_placeholders
from services.catalogue.service import CountedFrom, Service, Span
from services.catalogue.shape import Reading
from services.catalogue.words import Part, Words
from services.catalogue.yaml_file import Place, YamlFile

NOT_MET: Final = {
    CaseKind.HEARING_RESPONSE: CountedFrom.MEETING,
    CaseKind.MEETING: CountedFrom.HEARING_CLOSES,
}
NAME_ONE, LOOKS_BACK = "Name a field of the form.", "A condition looks back: move that field up."
FILLED: Final = frozenset({"subject", "receipt", "next_steps"})


@dataclass(frozen=True, slots=True)
class Finding:
    place: Place
    message: str
    remedy: str


Findings: TypeAlias = Iterator[Finding]
Check: TypeAlias = Callable[[Service], Findings]


def check_service(reading: Reading[Service], file: YamlFile) -> tuple[Mistake, ...]:
    """Mistakes of meaning, in the sections whose shape is right."""
    return tuple(
        file.mistake(finding.place, finding.message, finding.remedy)
        for needed, check in CHECKS
        if needed <= reading.sound
        for finding in check(reading.parts)
    )


def _repeated_fields(service: Service) -> Findings:
    seen = set(TAKEN)
    for place, asked in _placed(service):
        if asked.id in seen:
            yield Finding(
                place=(*place, "id"),
                message=f"The name '{asked.id}' is taken.",
                remedy="Give each field its own id, and none that texts fill in by themselves.",
            )
        seen.add(asked.id)


def _repeated_options(service: Service) -> Findings:
    for place, asked in _placed(service):
        if not isinstance(asked, ChoiceField | ChoicesField):
            continue
        values = [option.value for option in asked.options]
        for index, value in enumerate(values):
            if value in values[:index]:
                yield Finding(
                    place=(*place, "options", index, "value"),
                    message=f"Another option has the value '{value}' too.",
                    remedy="Give each option its own value.",
                )


def _impossible_limits(service: Service) -> Findings:
    for place, asked in _placed(service):
        if isinstance(asked, IntegerField) and asked.min > asked.max:
            yield Finding(
                place=(*place, "min"),
                message=f"No number is at least {asked.min} and at most {asked.max}.",
                remedy="Let 'min' be no larger than 'max'.",
            )


def _conditions_of_form(service: Service) -> Findings:
    before: dict[str, FormField] = {}
    everywhere = {asked.id for _, asked in _placed(service)}
    for place, asked in _placed(service):
        if asked.shown_when is not None:
            yield from _condition(asked.shown_when, (*place, "shown_when"), before, everywhere)
        before.setdefault(asked.id, asked)


def _conditions_of_bring(service: Service) -> Findings:
    fields: dict[str, FormField] = {}
    for _, asked in _placed(service):
        fields.setdefault(asked.id, asked)
    for index, thing in enumerate(service.bring):
        for number, condition in enumerate(thing.when):
            place = ("bring", index, "when", number)
            yield from _condition(condition, place, fields, fields.keys())


def _condition(
    condition: Condition,
    place: Place,
    usable: Mapping[str, FormField],
    everywhere: Collection[str],
) -> Findings:
    name = condition.field
    if name not in usable:
        is_later = name in everywhere
        message = f"'{name}' is asked later." if is_later else f"No field is called '{name}'."
        remedy = LOOKS_BACK if is_later else suggestion(name, usable, NAME_ONE)
        yield Finding((*place, "field"), message, remedy)
        return
    known = _fixed_answers(usable[name])
    if not known:
        yield Finding(
            place=(*place, "field"),
            message=f"'{name}' has no fixed answers.",
            remedy="A condition looks at a field of type choice, choices or yes-no.",
        )
        return
    written = [_as_written(answer) for answer in known]
    for value in condition.is_:
        if value not in known:
            yield Finding(
                place=(*place, "is"),
                message=f"'{_as_written(value)}' is no answer to '{name}'.",
                remedy=suggestion(_as_written(value), written, f"Use {', '.join(written)}."),
            )


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


def _property_of_esdh(service: Service) -> Findings:
    name, fields = service.esdh.property, {asked.id for _, asked in _placed(service)}
    if name is not None and name not in fields:
        yield Finding(("esdh", "property"), f"No field is called '{name}'.", NAME_ONE)


def _repeated_deadlines(service: Service) -> Findings:
    kinds = [promised.deadline for promised in service.deadlines]
    for index, kind in enumerate(kinds):
        if kind in kinds[:index]:
            yield Finding(
                place=("deadlines", index, "deadline"),
                message=f"The deadline '{kind}' is promised twice.",
                remedy="Keep one.",
            )


def _days_that_never_come(service: Service) -> Findings:
    never = NOT_MET[service.kind]
    for index, step in enumerate(service.next_steps):
        after = step.by.after if isinstance(step.by, Span) else step.by
        if after == never:
            yield _never(("next_steps", index, "by"), never, service.kind)
    for index, promised in enumerate(service.deadlines):
        if promised.period.after is never:
            yield _never(("deadlines", index, "period", "after"), never, service.kind)


def _never(place: Place, event: CountedFrom, kind: CaseKind) -> Finding:
    return Finding(
        place=place,
        message=f"A service of kind '{kind}' never sees the day '{event}'.",
        remedy="Count from another day.",
    )


def _placeholders(section: str) -> Check:
    def check(service: Service) -> Findings:
        known = known_placeholders(service) if section in FILLED else frozenset[str]()
        for place, text in _texts(getattr(service, section), (section,)):
            for name in PLACEHOLDER.findall(text):
                if name not in known:
                    names = ", ".join(sorted(known))
                    advice = f"Known here: {names}." if known else "This text takes none."
                    yield Finding(
                        place=place,
                        message=f"Nothing fills '{{{name}}}'.",
                        remedy=suggestion(name, known, advice),
                    )
            if {"{", "}"} & set(PLACEHOLDER.sub("", text)):
                yield Finding(
                    place=place,
                    message="A curly bracket stands alone.",
                    remedy="Curly brackets only go around the name of what is filled in.",
                )

    return check


def _texts(part: object, place: Place) -> Iterator[tuple[Place, str]]:
    """Every text for people within a part of the file."""
    match part:
        case Words():
            yield (*place, "da"), part.da
            yield (*place, "en"), part.en
        case Part():
            for name in type(part).model_fields:
                yield from _texts(getattr(part, name), (*place, name))
        case tuple():
            for index, item in enumerate(part):
                yield from _texts(item, (*place, index))
        case str() if place == ("subject",):
            yield place, part
        case _:
            pass


def _placed(service: Service) -> Iterator[tuple[Place, FormField]]:
    for number, section in enumerate(service.form.sections):
        for index, asked in enumerate(section.fields):
            yield ("form", "sections", number, "fields", index), asked


def _with_sections(section: str) -> frozenset[str]:
    return frozenset({section, "form", "kind"} if section in FILLED else {section})


CHECKS: Final[tuple[tuple[frozenset[str], Check], ...]] = (
    (frozenset({"form"}), _repeated_fields),
    (frozenset({"form"}), _repeated_options),
    (frozenset({"form"}), _impossible_limits),
    (frozenset({"form"}), _conditions_of_form),
    (frozenset({"form", "bring"}), _conditions_of_bring),
    (frozenset({"form", "esdh"}), _property_of_esdh),
    (frozenset({"deadlines"}), _repeated_deadlines),
    (frozenset({"kind", "next_steps", "deadlines"}), _days_that_never_come),
    *((_with_sections(section), _placeholders(section)) for section in Service.model_fields),
)
"""Each check with the sections that it reads."""

"""What the shape of a service cannot show: names that fit nothing, limits that cannot be met."""

from collections.abc import Iterator
from typing import Final

from events.case import CaseKind
from services.catalogue.condition_checks import Placed, conditions_elsewhere, conditions_of_form
from services.catalogue.findings import NAME_ONE, Check, Finding, Findings, placed_fields
from services.catalogue.form_checks import (
    impossible_limits,
    repeated_fields,
    repeated_options,
    unusable_patterns,
)
from services.catalogue.mistakes import Mistake
from services.catalogue.service import CountedFrom, Service, Span
from services.catalogue.shape import Reading
from services.catalogue.text_checks import placeholders, sections_read
from services.catalogue.yaml_file import Place, YamlFile

NOT_MET: Final = {
    CaseKind.HEARING_RESPONSE: CountedFrom.MEETING,
    CaseKind.MEETING: CountedFrom.HEARING_CLOSES,
}


def check_service(reading: Reading[Service], file: YamlFile) -> tuple[Mistake, ...]:
    """Mistakes of meaning, in the sections whose shape is right."""
    return tuple(
        file.mistake(finding.place, finding.message, finding.remedy)
        for needed, check in CHECKS
        if needed <= reading.sound
        for finding in check(reading.parts)
    )


def _conditions_of_bring(service: Service) -> Findings:
    def placed() -> Iterator[Placed]:
        for index, thing in enumerate(service.bring):
            for number, condition in enumerate(thing.when):
                yield ("bring", index, "when", number), condition

    return conditions_elsewhere(service, placed())


def _property_of_esdh(service: Service) -> Findings:
    name, fields = service.esdh.property, {asked.id for _, asked in placed_fields(service)}
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


CHECKS: Final[tuple[tuple[frozenset[str], Check], ...]] = (
    (frozenset({"form"}), repeated_fields),
    (frozenset({"form"}), repeated_options),
    (frozenset({"form"}), impossible_limits),
    (frozenset({"form"}), unusable_patterns),
    (frozenset({"form"}), conditions_of_form),
    (frozenset({"form", "bring"}), _conditions_of_bring),
    (frozenset({"form", "esdh"}), _property_of_esdh),
    (frozenset({"deadlines"}), _repeated_deadlines),
    (frozenset({"kind", "next_steps", "deadlines"}), _days_that_never_come),
    *((sections_read(section), placeholders(section)) for section in Service.model_fields),
)
"""Each check with the sections that it reads."""

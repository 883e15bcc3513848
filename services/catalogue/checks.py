"""What the shape of a service cannot show: names that fit nothing, limits that cannot be met."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from events.case import CaseKind
from events.text import Text
from services.catalogue.condition_checks import Placed, conditions_elsewhere, conditions_of_form
from services.catalogue.fee import Fee
from services.catalogue.findings import (
    NAME_ONE,
    Check,
    Finding,
    Findings,
    no_field,
    placed_fields,
)
from services.catalogue.form import DocumentsField
from services.catalogue.form_checks import (
    impossible_limits,
    repeated_fields,
    repeated_options,
    unusable_patterns,
)
from services.catalogue.mistakes import Mistake
from services.catalogue.promise_checks import conditions_of_deadlines, deadlines_promised
from services.catalogue.service import (
    Audience,
    ComplaintOver,
    CountedFrom,
    EsdhRule,
    Service,
    Span,
    Thing,
)
from services.catalogue.shape import Reading
from services.catalogue.text_checks import placeholders, sections_read
from services.catalogue.yaml_file import Place, YamlFile

DAYS_OF_KIND: Final[Mapping[CaseKind, CountedFrom]] = {
    CaseKind.HEARING_RESPONSE: CountedFrom.HEARING_CLOSES,
    CaseKind.MEETING: CountedFrom.MEETING,
    CaseKind.APPLICATION: CountedFrom.COMPLETE,
}
"""The day that a kind has beside the one that it was received on."""


def check_service(reading: Reading[Service], file: YamlFile) -> tuple[Mistake, ...]:
    """Mistakes of meaning, in the sections whose shape is right."""
    return tuple(
        file.mistake(finding.place, finding.message, finding.remedy)
        for needed, check in CHECKS
        if needed <= reading.sound
        for finding in check(reading.parts)
    )


def _conditions_of_bring(service: Service) -> Findings:
    return conditions_elsewhere(service, _whens("bring", service.bring))


def _conditions_of_fees(service: Service) -> Findings:
    return conditions_elsewhere(service, _whens("fees", service.fees))


def _whens(section: str, parts: Sequence[Thing | Fee]) -> Iterator[Placed]:
    for index, part in enumerate(parts):
        for number, condition in enumerate(part.when):
            yield (section, index, "when", number), condition


def _representatives_of_nobody(service: Service) -> Findings:
    if set(service.who) == {Audience.REPRESENTATIVE}:
        yield Finding(
            place=("who",),
            message=Text(
                da="En partsrepræsentant handler for en anden, og der er ikke nævnt andre.",
                en="A representative acts for somebody, and nobody else is named.",
            ),
            remedy=Text(da="Tilføj citizen eller company.", en="Add citizen or company."),
        )


def _anonymous_who_must_be_known(service: Service) -> Findings:
    is_answered_by_all = service.kind is CaseKind.HEARING_RESPONSE
    is_complaint_of_service = service.complaint_over is ComplaintOver.SERVICE
    if Audience.ANONYMOUS in service.who and not (is_answered_by_all or is_complaint_of_service):
        yield Finding(
            place=("who",),
            message=Text(
                da=f"I en sag af typen '{service.kind}' får parten en afgørelse eller skal videre"
                " med sagen, og ingen ved, hvem en anonym er.",
                en=f"A case of kind '{service.kind}' is decided or gone on with by its party, and"
                " nobody knows who is anonymous.",
            ),
            remedy=Text(
                da="Fjern 'anonymous'; det er til høringssvar og klager over betjening.",
                en="Take out 'anonymous'; it is for hearing responses and complaints over service.",
            ),
        )


def _documents_of_anonymous(service: Service) -> Findings:
    if Audience.ANONYMOUS not in service.who:
        return
    for place, asked in placed_fields(service):
        if isinstance(asked, DocumentsField) and asked.required:
            yield Finding(
                place=(*place, "required"),
                message=Text(
                    da="En anonym kan ikke lægge filer op, men dette dokument er et krav.",
                    en="Who is anonymous cannot upload, and this document is demanded.",
                ),
                remedy=Text(
                    da="Udelad 'required', eller fjern 'anonymous' fra 'who'.",
                    en="Leave out 'required', or take 'anonymous' out of 'who'.",
                ),
            )


def _property_of_esdh(service: Service) -> Findings:
    name, fields = service.esdh.property, {asked.id for _, asked in placed_fields(service)}
    if name is not None and name not in fields:
        yield Finding(("esdh", "property"), no_field(name), NAME_ONE)


def _days_that_never_come(service: Service) -> Findings:
    come = {None, CountedFrom.RECEIVED, DAYS_OF_KIND.get(service.kind)}
    for index, step in enumerate(service.next_steps):
        named = step.by.after if isinstance(step.by, Span) else step.by
        after = None if named is None else CountedFrom(named)
        if after is not None and after not in come:
            yield _never(("next_steps", index, "by"), after, service.kind)
    for index, promised in enumerate(service.deadlines):
        if promised.period.after not in come:
            place = ("deadlines", index, "period", "after")
            yield _never(place, promised.period.after, service.kind)


def _complaints_over_nothing(service: Service) -> Findings:
    is_complaint = service.kind is CaseKind.COMPLAINT
    if is_complaint and service.complaint_over is None:
        message = Text(
            da="Det står ingen steder, hvad der klages over.",
            en="Nothing says what the complaint is over.",
        )
        remedy = Text(
            da="Tilføj 'complaint_over: decision' eller 'service'.",
            en="Add 'complaint_over: decision' or 'service'.",
        )
        yield Finding(("kind",), message, remedy)
    if not is_complaint and service.complaint_over is not None:
        message = Text(
            da=f"En selvbetjeningsløsning af typen '{service.kind}' er ikke en klage.",
            en=f"A service of kind '{service.kind}' is no complaint.",
        )
        yield Finding(("complaint_over",), message, Text(da="Fjern det.", en="Remove it."))


def _complained_of_by_nothing(service: Service) -> Findings:
    is_of_complaint = service.esdh.rule is EsdhRule.COMPLAINED_OF_CASE
    if is_of_complaint and service.complaint_over is not ComplaintOver.DECISION:
        message = Text(
            da="Kun en klage over en afgørelse har en sag, der klages over.",
            en="Only a complaint over a decision has a case that it complains of.",
        )
        remedy = Text(
            da="Brug 'new-case' eller 'property-case'.", en="Use 'new-case' or 'property-case'."
        )
        yield Finding(("esdh", "rule"), message, remedy)


def _never(place: Place, event: CountedFrom, kind: CaseKind) -> Finding:
    return Finding(
        place=place,
        message=Text(
            da=f"Dagen '{event}' findes ikke for en selvbetjeningsløsning af typen '{kind}'.",
            en=f"A service of kind '{kind}' never sees the day '{event}'.",
        ),
        remedy=Text(da="Regn fra en anden dag.", en="Count from another day."),
    )


CHECKS: Final[tuple[tuple[frozenset[str], Check], ...]] = (
    (frozenset({"form"}), repeated_fields),
    (frozenset({"form"}), repeated_options),
    (frozenset({"form"}), impossible_limits),
    (frozenset({"form"}), unusable_patterns),
    (frozenset({"form"}), conditions_of_form),
    (frozenset({"form", "bring"}), _conditions_of_bring),
    (frozenset({"form", "fees"}), _conditions_of_fees),
    (frozenset({"who"}), _representatives_of_nobody),
    (frozenset({"who", "kind", "complaint_over"}), _anonymous_who_must_be_known),
    (frozenset({"who", "form"}), _documents_of_anonymous),
    (frozenset({"form", "esdh"}), _property_of_esdh),
    (frozenset({"kind", "complaint_over"}), _complaints_over_nothing),
    (frozenset({"complaint_over", "esdh"}), _complained_of_by_nothing),
    (frozenset({"form", "deadlines"}), conditions_of_deadlines),
    (frozenset({"form", "deadlines"}), deadlines_promised),
    (frozenset({"kind", "next_steps", "deadlines"}), _days_that_never_come),
    *((sections_read(section), placeholders(section)) for section in Service.model_fields),
)
"""Each check with the sections that it reads."""

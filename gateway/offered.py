"""What a service says of itself beforehand, in one language."""

from collections.abc import Mapping

from events.case_deadline import DeadlineKind
from gateway.offer_shapes import (
    AppealShape,
    AskedForShape,
    DocumentsAskedShape,
    FeeShape,
    MoneyShape,
    OfferedDeadlineShape,
    OfferedFeeShape,
    OfferedThingShape,
)
from services.catalogue.appeal import AppealGuidance
from services.catalogue.fee import Fee
from services.catalogue.form import DocumentsField
from services.catalogue.service import PromisedDeadline, Service
from services.catalogue.words import Language, Words


def things(service: Service, language: Language) -> list[OfferedThingShape]:
    return [
        OfferedThingShape(
            what=thing.what.read_in(language),
            why=thing.why.read_in(language),
            depends_on_answers=bool(thing.when),
        )
        for thing in service.bring
    ]


def asked_for(service: Service, language: Language) -> DocumentsAskedShape:
    return DocumentsAskedShape(
        at_most=service.documents.at_most,
        text=_read(service.documents.text, language),
        asked_for=[
            AskedForShape(
                field=asked.field.id,
                what=asked.field.label.read_in(language),
                why=_read(asked.field.help, language),
                required=asked.field.required,
                at_most=asked.field.at_most,
                depends_on_answers=asked.when is not None,
            )
            for asked in service.form.questions()
            if isinstance(asked.field, DocumentsField)
        ],
    )


def deadlines(service: Service, language: Language) -> list[OfferedDeadlineShape]:
    return [_deadline(service, promised, language) for promised in service.deadlines]


def processing_target(service: Service, language: Language) -> OfferedDeadlineShape | None:
    return next(
        (
            _deadline(service, promised, language)
            for promised in service.deadlines
            if promised.deadline is DeadlineKind.PROCESSING and not promised.when
        ),
        None,
    )


def fees(service: Service, language: Language) -> list[OfferedFeeShape]:
    return [
        OfferedFeeShape(**dict(fee_shape(fee, language)), depends_on_answers=bool(fee.when))
        for fee in service.fees
    ]


def fee_shape(fee: Fee, language: Language) -> FeeShape:
    return FeeShape(
        what=fee.what.read_in(language),
        amount=MoneyShape(amount=fee.kroner, currency="DKK"),
        per=_read(fee.per, language),
        basis=fee.basis,
    )


def appeals(
    service: Service, known: Mapping[str, AppealGuidance], language: Language
) -> list[AppealShape]:
    return [_appeal(known[name], language) for name in service.appeals]


def _appeal(guidance: AppealGuidance, language: Language) -> AppealShape:
    period = guidance.deadline
    return AppealShape(
        basis=guidance.basis,
        body=guidance.body.read_in(language),
        days=None if period is None else period.days,
        unit=None if period is None else period.unit,
        how=guidance.how.read_in(language),
        source=guidance.source,
    )


def _deadline(
    service: Service, promised: PromisedDeadline, language: Language
) -> OfferedDeadlineShape:
    kinds = [each.deadline for each in service.deadlines]
    return OfferedDeadlineShape(
        deadline=promised.deadline,
        days=promised.period.days,
        unit=promised.period.unit,
        counted_from=promised.period.after,
        text=_read(promised.text, language),
        basis=promised.basis,
        depends_on_answers=kinds.count(promised.deadline) > 1,
    )


def _read(words: Words | None, language: Language) -> str | None:
    return None if words is None else words.read_in(language)

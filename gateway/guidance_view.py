"""The appeal guidance of decisions as it is read: with its last day, in the reader's language."""

from collections.abc import Collection
from dataclasses import dataclass

from events.case_decision import AppealGuidance
from events.day_unit import DayUnit
from gateway.asked import Asked
from gateway.procedure_shapes import DecisionShape, ProcedureShape
from services import decisions
from services.catalogue import appeal
from services.catalogue.words import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    language: Language
    known: Collection[appeal.AppealGuidance]


def guided(shape: ProcedureShape, asked: Asked) -> ProcedureShape:
    known = asked.organisation.catalogue.appeals.values()
    reader = _Reader(language=asked.language.value, known=list(known))
    decision = None if shape.decision is None else _read(shape.decision, reader)
    earlier = [_read(each, reader) for each in shape.earlier_decisions]
    return shape.model_copy(update={"decision": decision, "earlier_decisions": earlier})


def _read(decision: DecisionShape, reader: _Reader) -> DecisionShape:
    given = decision.appeal
    if given is None:
        return decision
    recorded = AppealGuidance(
        basis=given.basis,
        body=given.body,
        text=given.text,
        days=given.days,
        unit=DayUnit(given.unit),
        rolls=given.rolls,
    )
    told = decisions.told(recorded, decision.appeal_until, reader.language, reader.known)
    read = {"body": told.body, "text": told.text, "language": told.language}
    return decision.model_copy(update={"appeal": given.model_copy(update=read)})

"""Our references as they are found again on a case of SBSYS."""

from collections.abc import Iterable, Mapping

from services.esdh.sbsys_calls import Exchange
from services.esdh.sbsys_cases import path_of
from services.esdh.sbsys_shapes import (
    Erindring,
    read_documents,
    read_notes,
    read_reminders,
)
from services.journal.references import references_in


async def references_of(exchange: Exchange, esdh_id: str, case: int) -> Mapping[str, str]:
    """Each reference with the ids of what carries it, joined by a space.

    A document that somebody deleted there was filed all the same, and is not to be filed again;
    it is left out only where another of the same reference remains.
    """
    documents = await exchange.ask(read_documents, "GET", path_of(esdh_id, "dokumenter"))
    notes = await exchange.ask(read_notes, "GET", path_of(esdh_id, "journalarknotes"))
    reminders = await _reminders(exchange, case)
    texts = [(row.beskrivelse, str(row.id)) for row in documents if not row.is_deleted]
    texts += [(row.overskrift, row.id) for row in notes]
    texts += [(row.beskrivelse, str(row.id)) for row in reminders]
    deleted = _by_reference((row.beskrivelse, str(row.id)) for row in documents if row.is_deleted)
    return {**deleted, **_by_reference(texts)}


async def own_reminders(exchange: Exchange, case: int, reference: str) -> list[Erindring]:
    return [
        row
        for row in await _reminders(exchange, case)
        if reference in references_in(row.beskrivelse or "")
    ]


async def _reminders(exchange: Exchange, case: int) -> list[Erindring]:
    return await exchange.ask(read_reminders, "GET", f"erindring/sag/{case}")


def _by_reference(texts: Iterable[tuple[str | None, str]]) -> dict[str, str]:
    found: dict[str, list[str]] = {}
    for text, receipt in texts:
        for reference in references_in(text or ""):
            found.setdefault(reference, []).append(receipt)
    return {reference: " ".join(receipts) for reference, receipts in found.items()}

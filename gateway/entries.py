"""Entries of a timeline as people read them."""

import json
from collections.abc import Mapping
from typing import Final, NamedTuple

from events.ids import ActorId
from gateway import procedure_entries
from gateway.journal_entries import JOURNALISED, is_told, mark_of
from gateway.language import Language
from gateway.sentences import Facts, Names, name_of, text_of
from gateway.withholding import as_seen
from projections.timeline import Entry
from services.sight import Sight

PROMISED_BY_US: Final = frozenset(
    {"deadline-set", "deadline-missed", "next-steps-announced", "things-to-bring-listed"}
)
"""What the authority says in the same breath as the party's own act."""

HIDDEN_FROM_PARTIES: Final = frozenset(
    {
        # Bookkeeping: what met the deadline is an entry of its own.
        "deadline-met",
        "protection-recorded",
        # A caseworker finds the property then; the party has said what it knows.
        "property-not-identified",
        # How the authority keeps its records is its own affair; that they are kept is not.
        "esdh-case-choice-requested",
        "esdh-case-chosen",
        "journalising-refused",
        "journalising-retried",
        "difference-found",
        "difference-settled",
        # That it was sent, or was not, is told; how is not.
        "notification-queued",
        "notification-in-doubt",
        "notification-retried",
        *procedure_entries.HIDDEN_FROM_PARTIES,
    }
)


NOT_FOR_PARTIES: Final[Mapping[str, frozenset[str]]] = {
    # Colleagues write it to each other; a party who asks for access finds it in the records.
    "transferred": frozenset({"reason"}),
    # They are told of their own hearing only, as »you«.
    **dict.fromkeys(procedure_entries.HEARING, frozenset({"party"})),
}
"""Facts of an entry that is itself for everybody."""


class Audience(NamedTuple):
    """`sight` is what a party may see of the others, None for staff, who see all."""

    language: Language
    sight: Sight | None

    @property
    def is_party(self) -> bool:
        return self.sight is not None


def told(entry: Entry, audience: Audience, names: Names) -> dict[str, object] | None:
    """The entry in words, None when it is not for this audience."""
    if not _concerns(entry, audience):
        return None
    seen = as_seen(entry, audience.sight)
    return None if seen is None else _as_json(seen, audience, names)


def _concerns(entry: Entry, audience: Audience) -> bool:
    if not audience.is_party:
        return True
    if entry.kind == JOURNALISED:
        return is_told(entry.facts)
    return entry.kind not in HIDDEN_FROM_PARTIES


def _as_json(entry: Entry, audience: Audience, names: Names) -> dict[str, object]:
    return {
        "position": entry.position,
        "at": entry.at.isoformat(),
        "kind": entry.kind,
        "text": text_of(entry.kind, _facts_for(entry, audience), audience.language, names),
        "by": name_of(_speaker(entry), audience.language, names),
        "message": entry.facts.get("message"),
        "journal": None if entry.journal is None else mark_of(entry.journal, audience.is_party),
        "documents": [
            {"id": document["document_id"], "name": document["name"],
             "media_type": document["media_type"], "size": document["size"]}
            for document in entry.documents
        ],
    }  # fmt: skip


def _facts_for(entry: Entry, audience: Audience) -> Facts:
    withheld = NOT_FOR_PARTIES.get(entry.kind, frozenset()) if audience.is_party else ()
    return {name: fact for name, fact in entry.facts.items() if name not in withheld}


def _speaker(entry: Entry) -> ActorId:
    return ActorId("system:promises") if entry.kind in PROMISED_BY_US else entry.actor


def frame(entry: Entry, audience: Audience, names: Names) -> bytes:
    """One server-sent event; nothing for an entry that is not for this audience."""
    given = told(entry, audience, names)
    if given is None:
        return b""
    data = json.dumps(given, ensure_ascii=False)
    return f"id: {entry.position}\ndata: {data}\n\n".encode()

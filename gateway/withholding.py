"""What of a timeline or a case a party is not shown, because another's name or address is in it.

Whatever a hidden party did is withheld unless it stands here that it is not: a kind of entry that
nobody has thought of is told without its contents.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final, cast
from uuid import UUID

from events.ids import ActorId, PartyId
from projections.caseload import CaseloadEntry
from projections.documents import CaseDocument
from projections.timeline import Entry
from services.sight import Sight

WITHHELD: Final = "withheld"
HIDDEN: Final = "hidden:party"
"""Stands for a person or a company that is not named."""

_OF_ONE_DOCUMENT: Final = frozenset(
    {"party-added-document", "caseworker-added-document", "redacted-copy-added"}
)
_ONLY_FOR_THEIR_OWN: Final = frozenset({"representative-proposed", "representative-declined"})
_OF_ONE_HEARING: Final = "party-hearing-"
"""Whom the authority hears about what, and what they answer, is between it and each party."""
_HEARING_OPENED: Final = "party-hearing-opened"
_POST: Final = "notification-"
_RECEIPT: Final = "message-read"
_NAMING: Final = ("party", "representative")

_PROMISED_TO_THE_FIRST: Final = frozenset(
    {
        "next-steps-announced",
        "things-to-bring-listed",
        "property-identified",
        "property-stated",
        "deadline-set",
        "deadline-met",
        "deadline-missed",
        "meeting-booked",
        "meeting-moved",
        "meeting-cancelled",
        "meeting-missed",
        "meeting-given-from-waiting-list",
        "put-on-waiting-list",
        "taken-off-waiting-list",
    }
)
"""What is between the authority and the one whose matter it is, in the words of their answers."""

_ADDRESSED_TO_THE_FIRST: Final = frozenset({"journalised", "esdh-case-linked"})
"""»Your message lies on case …«: for the one who wrote it."""


def as_seen(entry: Entry, sight: Sight | None) -> Entry | None:
    """The entry as it is told with that sight; None when it is not told at all."""
    if sight is None:
        return entry
    if _is_for_others(entry, sight):
        return None
    return _unless_hidden(entry, sight)


def _unless_hidden(entry: Entry, sight: Sight) -> Entry:
    origin = _origin(entry)
    if origin in sight.own:
        return entry
    if origin is not None and (sight.hides(origin) or _is_hidden_representative(entry, sight)):
        return _withheld(entry)
    return _without_names(_without_papers(entry, sight), sight)


def _is_for_others(entry: Entry, sight: Sight) -> bool:
    if entry.kind in _ONLY_FOR_THEIR_OWN or entry.kind.startswith(_POST):
        return entry.facts.get("party") not in sight.own
    if entry.kind.startswith(_OF_ONE_HEARING):
        return (entry.facts.get("party") or sight.first) not in sight.own
    if entry.kind in _ADDRESSED_TO_THE_FIRST:
        return not sight.is_first
    return sight.hides_first and entry.kind in _PROMISED_TO_THE_FIRST


def documents_seen(
    documents: Sequence[CaseDocument], entries: Iterable[Entry], sight: Sight | None
) -> list[CaseDocument]:
    """Those that are still on their entry. One whose entry is not known yet waits for it.

    What another was heard about and answered is there for whoever is heard about it in turn.
    """
    if sight is None:
        return list(documents)
    entries = list(entries)
    heard_about = _heard_about(entries, sight)
    shown = {
        (entry.position, document)
        for entry in entries
        for document in _documents_on(entry, sight, heard_about)
    }
    return [each for each in documents if (each.position, each.document_id) in shown]


def _documents_on(entry: Entry, sight: Sight, heard_about: frozenset[UUID]) -> set[UUID]:
    told = as_seen(entry, sight)
    if told is None and entry.kind.startswith(_OF_ONE_HEARING):
        return _ids(_unless_hidden(entry, sight)) & heard_about
    return set() if told is None else _ids(told)


def _heard_about(entries: Iterable[Entry], sight: Sight) -> frozenset[UUID]:
    """The material of one's own hearings."""
    own = (each for each in entries if as_seen(each, sight) is not None)
    material = (each.facts.get("material") for each in own if each.kind == _HEARING_OPENED)
    return frozenset(UUID(document) for each in material for document in cast("list[str]", each))


def _ids(entry: Entry) -> set[UUID]:
    return {UUID(document["document_id"]) for document in entry.documents}


def messages_seen(entries: Iterable[Entry], sight: Sight) -> set[str]:
    """The ids of the messages that are still in their entry, as rows have them."""
    told = (as_seen(entry, sight) for entry in entries)
    return {
        str(entry.facts["message"])
        for entry in told
        if entry is not None and "message" in entry.facts and entry.kind != _RECEIPT
    }


def case_seen(case: CaseloadEntry, title: str, sight: Sight | None) -> CaseloadEntry:
    """Without what the first party has answered, when they are hidden; `title` is the service's."""
    if sight is None or not sight.hides_first:
        return case
    return replace(
        case,
        party=PartyId(HIDDEN),
        subject=title,
        next_steps=[],
        deadlines=[],
        due_on=None,
        meeting=None,
        waiting_day=None,
    )


def _origin(entry: Entry) -> PartyId | None:
    """The party who did it, or for whom it was done; None for staff and machines."""
    if entry.on_behalf_of is not None:
        return entry.on_behalf_of
    return PartyId(entry.actor) if _is_party(entry.actor) else None


def _is_hidden_representative(entry: Entry, sight: Sight) -> bool:
    """Their own address may stand in what they write for another; who works for a company
    writes as the company does.
    """
    actor = PartyId(entry.actor)
    return actor in sight.representatives and sight.hides(actor)


def _is_party(actor: str) -> bool:
    return not actor.startswith(("staff:", "system:"))


def _withheld(entry: Entry) -> Entry:
    return replace(entry, kind=WITHHELD, facts={}, actor=ActorId(HIDDEN), documents=[])


def _without_papers(entry: Entry, sight: Sight) -> Entry:
    hidden = sight.papers
    if not (sight.is_first and _origin(entry) is None):
        # What the authority sent to the one whose matter it is, it has sent.
        hidden |= sight.redacted
    kept = [each for each in entry.documents if UUID(each["document_id"]) not in hidden]
    if len(kept) == len(entry.documents):
        return entry
    # Its name may say what its content does.
    return _withheld(entry) if entry.kind in _OF_ONE_DOCUMENT else replace(entry, documents=kept)


def _without_names(entry: Entry, sight: Sight) -> Entry:
    hidden: dict[str, object] = {
        name: HIDDEN
        for name in _NAMING
        if entry.facts.get(name) and sight.hides(PartyId(str(entry.facts[name])))
    }
    actor = entry.actor
    if _is_party(actor) and sight.hides(PartyId(actor)):
        actor = ActorId(HIDDEN)
    return replace(entry, facts={**entry.facts, **hidden}, actor=actor)

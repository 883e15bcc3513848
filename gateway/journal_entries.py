"""What a timeline says of the way to the records system (ESDH), and to whom."""

from collections.abc import Mapping
from typing import Final

from projections.timeline_journal import ON_ITS_WAY, WAITS, Mark

JOURNALISED: Final = "journalised"
LIES_ON_CASE: Final = frozenset({JOURNALISED, "esdh-case-linked"})

SENT: Final = "sent"
"""Handed over to a records system that tells no case number (the e-mail route)."""

TOLD_WHEN_JOURNALISED: Final = frozenset(
    {
        "opened",
        "party-wrote",
        "party-added-document",
        "caseworker-wrote",
        "caseworker-added-document",
        "hearing-response-answered",
        "information-delivered",
        "decision-dispatched",
        "completion-notified",
        "complaint-answered",
    }
)
"""Of these facts a party is told, in a line of its own, that they lie in the records system.

Not of an answer to a party hearing: the line would tell the others that somebody has answered. On
the answer itself, which only its party sees, stands where it lies.
"""


def is_told(facts: Mapping[str, object]) -> bool:
    """Whether a party is told that this fact lies there.

    That bookkeeping lies there too is on the entries themselves; a line for each is noise.
    """
    return _kind(facts) in TOLD_WHEN_JOURNALISED


def journalised_variant(facts: Mapping[str, object]) -> str:
    return f"{JOURNALISED}.{_kind(facts)}" if is_told(facts) else JOURNALISED


def mark_of(mark: Mark, is_party: bool) -> dict[str, object]:  # noqa: FBT001  # who looks
    """How far an entry is; that a caseworker must help it on its way is nothing to the party."""
    if mark["number"] == "":
        return {"state": SENT, "number": None}
    hidden = is_party and mark["state"] == WAITS
    return {"state": ON_ITS_WAY if hidden else mark["state"], "number": mark["number"]}


def _kind(facts: Mapping[str, object]) -> str:
    """As in the fact's wire name; empty for a fact that nobody could read."""
    return str(facts["fact"]).partition(".")[2].partition(".")[0]

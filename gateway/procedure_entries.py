"""How what happens in the procedure reads on a timeline, and what a party is not yet to read."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, TypeAlias, cast

Facts: TypeAlias = Mapping[str, object]

HIDDEN_FROM_PARTIES: Final = frozenset(
    {
        # A decision is the party's when it is sent, and so is a correction of it.
        "decision-recorded",
        "decision-corrected",
        # Bookkeeping: what the exemption means is said in the decision.
        "party-hearing-exempted",
        "retention-classed",
    }
)

HEARING: Final = (
    "party-hearing-opened",
    "party-hearing-answered",
    "party-hearing-closed",
    "party-hearing-exempted",
)
JOINED: Final = "joined"
"""Of a party who joined the case, as those who see all of them are told of it."""

VARIED_BY: Final[Mapping[str, str]] = {
    "deadline-suspended": "deadline",
    "deadline-resumed": "deadline",
    "deadline-extended": "deadline",
    "information-request-ended": "because",
    "decision-recorded": "outcome",
    "decision-reassessed": "outcome",
    "board-decided": "outcome",
}
"""The fact that chooses a kind's sentence."""

NAMED: Final[Mapping[str, tuple[str, ...]]] = {
    "deadline-resumed": ("due_on",),
    "deadline-extended": ("due_on", "reason"),
    "information-requested": ("due_on", "items"),
    "information-delivered": ("delivered", "text"),
    "party-hearing-opened": ("party", "due_on", "text"),
    "party-hearing-answered": ("party", "text"),
    "party-hearing-closed": ("party",),
    "party-hearing-exempted": ("party", "ground", "reason"),
    "decision-recorded": ("legal_basis", "grounds"),
    "decision-dispatched": ("appeal_until",),
    "decision-corrected": ("correction",),
    "application-completed": ("complete_on",),
    "inspection-scheduled": ("on", "place"),
    "inspection-held": ("remarks",),
    "completion-notified": ("completed_on", "text"),
    "decision-reassessed": ("text",),
    "complaint-forwarded": ("board", "remarks"),
    "board-decided": ("text",),
    "complaint-answered": ("text",),
    "redacted-copy-added": ("name", "reason"),
    "retention-classed": ("years", "basis"),
    "retention-began": ("kept_until",),
}
"""What each kind's sentences may name."""

DATES: Final = (
    "appeal_until",
    "complete_on",
    "on",
    "completed_on",
    "kept_until",
)
VERBATIM: Final = (
    "ground",
    "legal_basis",
    "grounds",
    "correction",
    "remarks",
    "board",
    "years",
    "basis",
)


def items(facts: Facts) -> str:
    return "\n".join(f"- {item['text']}" for item in cast("list[Facts]", facts["items"]))


def delivered(facts: Facts) -> str:
    return ", ".join(cast("list[str]", facts["items"]))


def _by_appeal(facts: Facts) -> str:
    return "decision-dispatched" + (".with-appeal" if facts["appeal_until"] else "")


def _by_answer(facts: Facts) -> str:
    answered = "party-hearing-answered" + ("" if facts["text"] else ".nothing")
    return _of_joined(answered, facts)


def _by_end(facts: Facts) -> str:
    return _of_joined(f"party-hearing-closed.{facts['because']}", facts)


def _of_joined(sentence: str, facts: Facts) -> str:
    return f"{sentence}.{JOINED}" if facts.get("party") else sentence


def _by_inspection(facts: Facts) -> str:
    return "inspection-held." + ("approved" if facts["is_approved"] else "not-approved")


def _by_lateness(facts: Facts) -> str:
    return "complaint-over-decision." + ("late" if facts["is_late"] else "in-time")


CHOSEN: Final[Mapping[str, Callable[[Facts], str]]] = {
    "decision-dispatched": _by_appeal,
    "party-hearing-opened": partial(_of_joined, "party-hearing-opened"),
    "party-hearing-answered": _by_answer,
    "party-hearing-closed": _by_end,
    "party-hearing-exempted": partial(_of_joined, "party-hearing-exempted"),
    "inspection-held": _by_inspection,
    "complaint-over-decision": _by_lateness,
}
"""Kinds whose sentence follows from more than one fact's value."""

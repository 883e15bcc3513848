"""A case's timeline as two stories: what was said to each other, and what has happened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final
from uuid import UUID

from gateway.case_shapes import CaseShape, EntryShape
from gateway.procedure_shapes import MessageStateShape

SAID_BY_PARTY: Final = "party-wrote"
SAID_BY_AUTHORITY: Final = "caseworker-wrote"
SAID: Final = frozenset({SAID_BY_PARTY, SAID_BY_AUTHORITY})

DULL: Final = frozenset(
    {
        "journalised",
        "esdh-case-linked",
        "esdh-case-renumbered",
        "message-read",
        "notification-sent",
        "notification-delivered",
        "notification-given-to-paper",
        "notification-posted",
        "property-identified",
        "property-stated",
        "retention-classed",
        "retention-began",
    }
)
"""True, and for nobody to read one by one: that something was filed, or an e-mail sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """`state` is whether the other side has opened it, None where that is not known."""

    entry: EntryShape
    by_party: bool
    state: MessageStateShape | None

    @property
    def is_new(self) -> bool:
        """Whether the party has still to open it."""
        return not self.by_party and self.state is not None and self.state.read_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """Entries one after another; several where they are dull."""

    entries: Sequence[EntryShape]
    is_dull: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """`said` begins with the first, `happened` with the last; `last` is the last position."""

    said: Sequence[Said]
    happened: Sequence[Happened]
    last: int
    to_bring: EntryShape | None


def story_of(case: CaseShape, entries: Sequence[EntryShape]) -> Story:
    states: dict[UUID, MessageStateShape] = {each.message: each for each in case.messages}
    return Story(
        said=[
            Said(
                entry=each,
                by_party=each.kind == SAID_BY_PARTY,
                state=None if each.message is None else states.get(each.message),
            )
            for each in entries
            if each.kind in SAID
        ],
        happened=list(_happened([each for each in entries if each.kind not in SAID])),
        last=entries[-1].position if entries else 0,
        to_bring=next((e for e in reversed(entries) if e.kind == "things-to-bring-listed"), None),
    )


def _happened(entries: Sequence[EntryShape]) -> Iterator[Happened]:
    latest_first = reversed(entries)
    for is_dull, run in groupby(latest_first, key=lambda each: each.kind in DULL):
        together = list(run)
        if is_dull:
            yield Happened(entries=together, is_dull=True)
        else:
            yield from (Happened(entries=[each], is_dull=False) for each in together)

"""Whose each case is: said by its first fact, and never different afterwards."""

from collections.abc import Iterable, Mapping
from typing import Final, cast

from pydantic_core import from_json

from events.case import CaseOpened
from events.catalogue import Event, names_of
from events.envelope import Envelope
from events.ids import CaseId
from services.privacy.data_subject import case_of, named_party, said_by
from services.privacy.person_keys import Database
from services.streams import case_stream

REMEMBERED_AT_MOST: Final = 50_000

_FIRST: Final = b"""
    SELECT originator_id, state FROM events
    WHERE originator_id = ANY (%s::text[]) AND originator_version = 1
        AND topic = ANY (%s::text[])"""
_OPENED: Final = sorted(names_of([CaseOpened]))


class WhoseCases:
    """One organisation's. Safe to share between threads."""

    def __init__(self) -> None:
        self._known: dict[CaseId, str] = {}

    def of(self, db: Database, facts: Iterable[tuple[Event, Envelope]]) -> Mapping[CaseId, str]:
        """Whose those cases are that decide whose the facts are; at most one statement.

        A case that is nowhere opened is nobody's.
        """
        wanted, opened = set[CaseId](), dict[CaseId, str]()
        for event, envelope in facts:
            if isinstance(event, CaseOpened):
                # Not to be remembered: whether it is opened so, the append decides.
                opened[event.case_id] = event.party
            elif named_party(event) is None and said_by(envelope) is None:
                case_id = case_of(event)
                if case_id is not None:
                    wanted.add(case_id)
        found = {each: self._known[each] for each in wanted & self._known.keys()}
        unknown = {case_stream(each): each for each in wanted - found.keys() - opened.keys()}
        if unknown:
            rows = db.execute(_FIRST, [list(unknown), _OPENED]).fetchall()
            asked = {unknown[cast("str", stream)]: _party(state) for stream, state in rows}
            self._remember(asked)
            found |= asked
        return {**found, **opened}

    def _remember(self, found: Mapping[CaseId, str]) -> None:
        if len(self._known) > REMEMBERED_AT_MOST:
            self._known = {}
        self._known.update(found)


def _party(state: object) -> str:
    # Never sealed: it is by whom a case is found to be somebody's.
    party: str = from_json(cast("bytes", state))["party"]
    return party

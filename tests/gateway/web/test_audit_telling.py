"""Auditors are told everything in words: no event, field or choice is without."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import get_args, get_type_hints

import pytest

from aggregates.case_state import Case
from events.case_decision import Outcome
from events.catalogue import WIRE_NAMES
from gateway.language import Language
from gateway.web.audit_events import TITLES
from gateway.web.audit_fields import FIELDS
from gateway.web.audit_telling import CHOSEN, Changed, Line, Teller
from gateway.web.audit_values import VALUES
from gateway.web.words import translations
from tests.shipped import HJORRING

OF_A_CASE = {
    cls: name for cls, name in WIRE_NAMES.items() if name.startswith(("case.", "journal.", "post."))
}
TELLER = Teller(
    language=Language.DANISH,
    names={"staff:karen": "Karen Kristensen"},
    organisation=HJORRING,
)


def parts(kind: object, seen: set[object]) -> Iterator[object]:
    """Every class that stands in the fields of a class, the class itself first."""
    kind = getattr(kind, "__supertype__", kind)
    if kind in seen:
        return
    seen.add(kind)
    yield kind
    within = list(get_args(kind))
    if isinstance(kind, type) and is_dataclass(kind):
        within += get_type_hints(kind).values()
    for each in within:
        yield from parts(each, seen)


def everything() -> list[type]:
    seen: set[object] = set()
    found = [each for cls in (*OF_A_CASE, Case) for each in parts(cls, seen)]
    return [each for each in found if isinstance(each, type)]


def test_every_event_of_a_case_has_a_title_and_no_title_is_left_over() -> None:
    assert set(TITLES) == {name.rpartition(".")[0] for name in OF_A_CASE.values()}


def test_every_field_has_a_word_and_no_word_is_left_over() -> None:
    found = {field.name for cls in everything() if is_dataclass(cls) for field in fields(cls)}
    assert found == set(FIELDS)


def test_every_choice_has_a_word_and_no_word_is_left_over() -> None:
    choices = {
        member.value if isinstance(member.value, str) else member.name.lower()
        for cls in everything()
        if issubclass(cls, Enum)
        for member in cls
    }
    assert choices == set(VALUES)


def test_a_choice_is_told_wherever_one_stands() -> None:
    chosen = {
        name
        for cls in everything()
        if is_dataclass(cls)
        for name, kind in get_type_hints(cls).items()
        if any(isinstance(each, type) and issubclass(each, Enum) for each in direct(kind))
    }
    assert chosen == CHOSEN


def direct(kind: object) -> Iterator[object]:
    """What a field's type is made of, without the fields of classes in it."""
    yield kind
    for each in get_args(kind):
        yield from direct(each)


@pytest.mark.parametrize("words", [*TITLES.values(), *FIELDS.values(), *VALUES.values()])
def test_all_of_it_is_told_in_danish(words: str) -> None:
    assert translations(Language.DANISH).gettext(words)


def test_a_state_is_told_by_what_it_says() -> None:
    state = {
        "status": "open",
        "team": "byggeri-natur",
        "assigned_to": "staff:karen",
        "is_answered": False,
        "decision": {"outcome": "granted", "decided_on": "2026-11-02", "appeal": None},
        "unread": {"4ac91e2d-0000-4000-8000-000000000001": True},
        "meeting": {"starts_at": "2026-12-01T09:00:00+01:00", "place": "open"},
        "documents": [],
    }
    assert list(TELLER.lines(state)) == [
        Line(what="status", words="åben"),
        Line(what="team", words="Byggeri & Natur"),
        Line(what="sagsbehandler", words="Karen Kristensen (staff:karen)"),
        Line(what="afgørelse: udfald", words="imødekommet"),
        Line(what="afgørelse: afgjort den", words="mandag den 2. november 2026"),
        Line(what="ulæste beskeder: 4ac91e2d…", words="ja"),
        Line(what="møde: begynder", words="tirsdag den 1. december 2026 kl. 9.00"),
        Line(what="møde: sted", words="open"),
    ]


def test_what_people_wrote_is_never_taken_for_a_word_of_ours() -> None:
    payload = {"text": "granted", "reason": "staff:karen", "number": "open", "title": "2026-11-02"}
    assert [line.words for line in TELLER.lines(payload)] == [*payload.values()]


def test_a_text_in_two_languages_is_told_in_one() -> None:
    steps = {"steps": [{"text": {"da": "Vi svarer.", "en": "We reply."}, "by": "2026-11-09"}]}
    (line,) = TELLER.lines(steps)
    assert line.words == "tekst: Vi svarer., ved: mandag den 9. november 2026"


def test_a_change_is_told_with_what_was_and_what_is() -> None:
    assert TELLER.changed(["decision", "outcome"], None, Outcome.REFUSED) == Changed(
        what="afgørelse: udfald", was="", now="afslået"
    )
    was, now = False, True
    told = TELLER.changed(["is_answered"], was, now)
    assert told == Changed(what="besvaret", was="nej", now="ja")
    assert TELLER.changed(["parties", "roles", "person:bo"], None, "owner").now == "ejer"

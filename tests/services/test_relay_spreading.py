"""What leaves the house with a fact, and above all what does not."""

import json
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import NewType, get_args, get_origin, get_type_hints
from uuid import UUID

import pytest

from events.case import CaseOpened
from events.catalogue import WIRE_NAMES, Event
from events.envelope import Recorded
from events.ids import ActorId, CalendarDayId, PartyId, SlotId, TeamId
from events.journal import EsdhCase, EsdhCaseRenumbered, Journalised, JournalisingRefused
from events.post import NotificationFailed, NotificationQueued
from events.tender import TenderEvent
from services.codec import encode
from services.relay.cloud_events import Message, message
from services.relay.spreading import SPREAD, spread
from tests.events.generated import EVERY_CLASS
from tests.examples import MEETING_CASE, drawing, meeting_case_opened, numbered, party_wrote
from tests.services.writes import envelope

PERSONAL = "0101011234-Hemmelig-Hansen"
NOON = datetime(2026, 12, 1, 12, tzinfo=UTC)

OURS = {TeamId, SlotId, CalendarDayId}
"""Kinds of text that we make ourselves, from the catalogue and the calendar."""

NO_PERSONS = {
    (CaseOpened, "service"),
    (EsdhCase, "id"),
    (EsdhCase, "number"),
    (EsdhCaseRenumbered, "former_number"),
    (Journalised, "fact"),
    (Journalised, "receipts"),
    (JournalisingRefused, "code"),
    (NotificationQueued, "fact"),
    (NotificationFailed, "code"),
}
"""Plain texts that are keys in our catalogues or in the records system, so they may go out."""


def recorded(event: Event) -> Recorded:
    return Recorded(
        event=event,
        stream=f"case-{MEETING_CASE}",
        version=3,
        position=2**40,
        event_id=numbered(71),
        recorded_at=NOON,
        envelope=replace(envelope(numbered(72)), correlation_id=numbered(73), causation_id=None),
    )


PLAIN: dict[object, object] = {
    UUID: numbered(7),
    int: 7,
    bool: True,
    date: date(2026, 12, 1),
    datetime: NOON,
    **dict.fromkeys(OURS, "ours"),
}


def made_personal(kind: object, owner: object = None, field: str = "") -> object:
    """A value in which every text that is not plainly ours is personal."""
    if kind in PLAIN:
        return PLAIN[kind]
    if kind is str:
        return "ours" if (owner, field) in NO_PERSONS else PERSONAL
    if isinstance(kind, NewType):
        return made_personal(kind.__supertype__, owner, field)
    if isinstance(kind, type):
        return an_instance(kind)
    first = made_personal(get_args(kind)[0], owner, field)
    return (first,) if get_origin(kind) is tuple else first


def an_instance(cls: type) -> object:
    if issubclass(cls, Enum):
        return next(iter(cls))
    hints = get_type_hints(cls)
    return cls(**{name: made_personal(kind, cls, name) for name, kind in hints.items()})


def personal_event(cls: type[Event]) -> Event:
    made = made_personal(cls)
    assert isinstance(made, cls)
    return made


def everything(sent: Message) -> bytes:
    return b"\n".join([sent.key, sent.value, *(value for _, value in sent.headers)])


@pytest.mark.parametrize("cls", EVERY_CLASS)
def test_no_text_of_anybody_leaves_the_house(cls: type[Event]) -> None:
    fact = recorded(personal_event(cls))
    told = replace(
        fact.envelope,
        actor=ActorId(PERSONAL),
        on_behalf_of=PartyId(PERSONAL),
        service_version=PERSONAL,
        traceparent=PERSONAL,
    )

    assert PERSONAL.encode() not in everything(message(replace(fact, envelope=told)))


def test_the_same_search_finds_it_where_it_is_kept() -> None:
    found = {cls for cls in EVERY_CLASS if PERSONAL.encode() in encode(personal_event(cls))[1]}

    assert CaseOpened in found
    assert JournalisingRefused in found
    assert len(found) > len(EVERY_CLASS) // 3


def test_the_same_search_finds_it_in_every_part_of_a_message() -> None:
    sent = message(recorded(meeting_case_opened))
    leak = PERSONAL.encode()
    leaks = [
        replace(sent, key=leak),
        replace(sent, value=leak),
        replace(sent, headers=[("x", leak)]),
    ]

    assert all(leak in everything(each) for each in leaks)


def parts(kind: object) -> Iterator[type]:
    """Every class that a published value of this kind is made of."""
    if isinstance(kind, type) and is_dataclass(kind):
        yield kind
        hints = get_type_hints(kind)
        for name in SPREAD[kind]:
            yield from parts(hints[name])
    for member in get_args(kind):
        yield from parts(member)


def test_every_class_of_the_catalogue_says_what_goes_out_and_nothing_else_does() -> None:
    assert {part for cls in WIRE_NAMES for part in parts(cls)} == set(SPREAD)


@pytest.mark.parametrize("cls", SPREAD)
def test_what_goes_out_are_fields_of_the_class(cls: type) -> None:
    assert set(SPREAD[cls]) <= set(get_type_hints(cls))
    assert len(set(SPREAD[cls])) == len(SPREAD[cls])


def test_who_and_what_somebody_wrote_stay_at_home() -> None:
    assert spread(party_wrote) == {
        "case_id": str(MEETING_CASE),
        "message": str(party_wrote.message),
        "documents": [{"document_id": str(party_wrote.documents[0].document_id)}],
    }
    assert drawing.name == "tegning.pdf"


def test_an_opened_case_is_published_without_its_party_its_subject_and_its_answers() -> None:
    assert spread(meeting_case_opened) == {
        "case_id": str(MEETING_CASE),
        "kind": "meeting",
        "service": "building-meeting",
        "service_version": 1,
        "team": "byggeri-natur",
        "received_on": "2026-12-01",
        "hearing": None,
    }
    withheld = {field.name for field in fields(CaseOpened)} - set(SPREAD[CaseOpened])
    assert withheld == {"reference", "party", "subject", "answers"}


def test_a_fact_is_a_cloud_event() -> None:
    sent = message(recorded(meeting_case_opened))

    assert json.loads(sent.value) == {
        "specversion": "1.0",
        "id": str(numbered(71)),
        "source": "urn:julelys:hjorring",
        "type": "dk.julelys.case.opened.v1",
        "subject": f"case-{MEETING_CASE}",
        "time": "2026-12-01T12:00:00+00:00",
        "datacontenttype": "application/json",
        "dataschema": "urn:julelys:schema:case.opened.v1",
        "streamversion": 3,
        "position": str(2**40),
        "correlationid": str(numbered(73)),
        "traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "data": spread(meeting_case_opened),
    }
    assert sent.key == f"case-{MEETING_CASE}".encode()


def test_the_headers_say_what_a_consumer_needs_before_it_reads_the_value() -> None:
    assert sorted(message(recorded(meeting_case_opened)).headers) == [
        ("content-type", b"application/cloudevents+json; charset=utf-8"),
        ("correlation", str(numbered(73)).encode()),
        ("event_id", str(numbered(71)).encode()),
        ("position", str(2**40).encode()),
        ("schema_version", b"1"),
        ("stream_version", b"3"),
        ("tenant", b"hjorring"),
        ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("type", b"case.opened.v1"),
    ]


def test_a_cause_goes_along_where_there_is_one() -> None:
    fact = recorded(meeting_case_opened)
    caused = replace(fact, envelope=replace(fact.envelope, causation_id=numbered(74)))

    assert json.loads(message(caused).value)["causationid"] == str(numbered(74))
    assert ("causation", str(numbered(74)).encode()) in message(caused).headers


@pytest.mark.parametrize("name", WIRE_NAMES.values())
def test_the_attributes_have_names_that_cloud_events_allows(name: str) -> None:
    [cls] = [cls for cls in WIRE_NAMES if WIRE_NAMES[cls] == name]

    attributes = json.loads(message(recorded(personal_event(cls))).value)

    assert all(re.fullmatch(r"[a-z0-9]{1,20}", attribute) for attribute in attributes)
    assert ("streamversion" in attributes) is not issubclass(cls, get_args(TenderEvent))
    assert -(2**31) <= attributes.get("streamversion", 0) < 2**31

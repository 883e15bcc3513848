"""From what was typed to the property it stands for, and a register that is away meanwhile."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregates.case import decider
from commands.case_property import (
    GiveUpIdentifying,
    IdentifyProperty,
    PropertyCommand,
    StateProperty,
)
from events.case import Answer, CaseOpened
from events.case_property import NotIdentified, PropertyIdentified, PropertyNotIdentified, Register
from events.ids import CaseId
from events.property import AddressId, BfeNumber, Property
from projections import properties
from services.clock import SetClock
from services.config import ROOT
from services.desk import Desk
from services.ids import new_id
from services.memory import MemoryEventStore
from services.registers.absent import absent_registers
from services.registers.demo import demo_registers
from services.registers.finding import AWAY_SECONDS, ROUND_SECONDS, Finder
from services.registers.identifying import Sought, identify, sought
from services.registers.ports import Registers, RegisterUnavailable, Suggestion
from services.request import unattended
from services.streams import case_stream
from tests import examples
from tests.examples import MEETING_CASE, NOW
from tests.projections.views import Views, recorded, shown, views
from tests.shipped import HJORRING

__all__ = ["shown", "views"]

MEETING_V2 = HJORRING.version("building-meeting", 2)
ALGADE = AddressId(UUID("00000000-0000-4000-8000-000000000004"))
DEMO = demo_registers(ROOT / "organisations")


def opened(**given: str | int) -> CaseOpened:
    answers = tuple(Answer(field=name, value=value) for name, value in given.items())
    return replace(examples.meeting_case_opened, service_version=2, answers=answers)


def asked(text: str, bfe: int | None = None) -> PropertyCommand:
    number = None if bfe is None else BfeNumber(bfe)
    wanted = Sought(case_id=MEETING_CASE, text=text, bfe=number)
    return asyncio.run(identify(wanted, DEMO, HJORRING.municipality))


def found(text: str, bfe: int | None = None) -> Property:
    command = asked(text, bfe)
    assert isinstance(command, IdentifyProperty)
    assert command.unless_known
    assert command.register is Register.DEMO
    return command.property


def not_found(text: str, bfe: int | None = None) -> NotIdentified:
    command = asked(text, bfe)
    assert isinstance(command, GiveUpIdentifying)
    return command.reason


def test_a_number_goes_before_an_address_and_nothing_before_neither() -> None:
    both = sought(opened(address="Algade 1", bfe=900000003), MEETING_V2)
    assert both == Sought(case_id=MEETING_CASE, text="900000003", bfe=BfeNumber(900000003))
    address = sought(opened(address="Algade 1"), MEETING_V2)
    assert address == Sought(case_id=MEETING_CASE, text="Algade 1", bfe=None)
    assert sought(opened(), MEETING_V2) is None


def test_an_address_for_letters_is_no_property() -> None:
    access = HJORRING.version("access-request", 1)
    letters = replace(opened(postal_address="Algade 1"), service="access-request")
    assert sought(letters, access) is None


def test_of_several_addresses_it_is_the_one_that_is_called_so() -> None:
    soil = HJORRING.version("soil-transport", 1)
    both = sought(opened(destination_address="Bispensgade 1", address="Algade 1"), soil)
    assert both == Sought(case_id=MEETING_CASE, text="Algade 1", bfe=None)
    assert sought(opened(destination_address="Bispensgade 1"), soil) is None


def test_what_was_typed_is_kept_beside_what_was_found() -> None:
    exact = found("algade 1  9800 HJØRRING")
    assert (exact.text, exact.bfe) == ("algade 1  9800 HJØRRING", 900000003)
    assert found("900000001", 900000001).text == "900000001"


def test_flats_of_one_house_are_one_property_and_no_one_address() -> None:
    house = found("Bispensgade 12")
    assert (house.bfe, house.address) == (900000002, None)
    assert found("Bispensgade 12, 1. tv, 9800 Hjørring").address is not None


def test_what_fits_several_or_none_is_for_a_person() -> None:
    assert not_found("Bispensgade") is NotIdentified.SEVERAL
    assert not_found("Findesikke 4") is NotIdentified.NONE
    assert not_found("5", 5) is NotIdentified.NONE


@pytest.mark.parametrize("text", ["Algad", "Bispensgade 1, 8000", "Bispen 12", ",", "Algade 10"])
def test_what_only_begins_like_an_address_is_not_guessed_at(text: str) -> None:
    assert not_found(text) is NotIdentified.NONE


def test_an_address_in_another_municipality_is_none_of_ours() -> None:
    assert not_found("Kirketorvet 22, 7100 Vejle") is NotIdentified.NONE


def test_the_first_of_very_many_is_taken_only_if_it_is_the_very_one() -> None:
    street = Street([f"Algade 1, {number}. th" for number in range(1, 40)])
    command = asyncio.run(
        identify(
            Sought(case_id=MEETING_CASE, text="Algade 1", bfe=None),
            replace(DEMO, addresses=street),
            None,
        )
    )
    assert command == GiveUpIdentifying(
        case_id=MEETING_CASE,
        text="Algade 1",
        reason=NotIdentified.SEVERAL,
        register=Register.DEMO,
    )


@given(st.text(max_size=40))
def test_whatever_was_typed_is_settled_one_way_or_the_other(text: str) -> None:
    command = asked(text)
    assert isinstance(command, GiveUpIdentifying) or command.property.text == text


@dataclass
class Street:
    """An address register whose every suggestion is one of these; they lie nowhere."""

    texts: Sequence[str]
    register: Register = field(default=Register.DEMO)

    async def suggest(
        self, text: str, *, municipality: str | None, at_most: int
    ) -> Sequence[Suggestion]:
        del text, municipality
        found = [
            Suggestion(address=AddressId(examples.numbered(number)), text=each)
            for number, each in enumerate(self.texts)
        ]
        return found[:at_most]

    async def address(self, address: AddressId) -> Property | None:
        raise AssertionError(address)


@dataclass
class Unsteady:
    """An address register that is away now and then, and always when it is asked of `poison`."""

    is_away: bool = False
    poison: str | None = None
    asked: int = 0
    register: Register = field(default=Register.ADRESSEVAELGER)

    async def suggest(
        self, text: str, *, municipality: str | None, at_most: int
    ) -> Sequence[Suggestion]:
        self.asked += 1
        if self.is_away or text == self.poison:
            raise RegisterUnavailable("timeout")
        return await DEMO.addresses.suggest(text, municipality=municipality, at_most=at_most)

    async def address(self, address: AddressId) -> Property | None:
        return await DEMO.addresses.address(address)


@dataclass
class Town:
    """A log, a desk on it and the view of what is still to be found."""

    views: Views
    store: MemoryEventStore
    desk: Desk
    register: Unsteady = field(default_factory=Unsteady)
    shown: int = 0

    def finder(self) -> Finder:
        registers: Registers = replace(DEMO, addresses=self.register)
        return Finder(HJORRING, self.store, self.desk, registers)

    def look(self, finder: Finder) -> float:
        facts, self.shown = self.store.read_log(after=self.shown, limit=100)
        self.views.take_in(properties.projection, facts)
        return asyncio.run(finder.round(self.views.db))

    def submit(self, number: int, address: str, **more: int) -> None:
        case = replace(
            examples.open_meeting_case,
            case_id=CaseId(examples.numbered(number)),
            service_version=2,
            documents=(),
            answers=(
                Answer(field="address", value=address),
                *(Answer(field=name, value=value) for name, value in more.items()),
            ),
        )
        request = unattended(
            case,
            command_id=examples.numbered(500 + number),
            organisation="hjorring",
            actor=examples.KAREN,
        )
        self.desk.hand_in(request).result()

    def state(self, number: int, said: Property) -> None:
        """What a caseworker says while no register answers."""
        request = unattended(
            StateProperty(case_id=CaseId(examples.numbered(number)), property=said),
            command_id=new_id(),
            organisation="hjorring",
            actor=examples.KAREN,
        )
        self.desk.hand_in(request).result()

    def told(self, number: int) -> list[type]:
        events = self.store.read(case_stream(CaseId(examples.numbered(number)))).events
        return [
            type(e) for e in events if isinstance(e, PropertyIdentified | PropertyNotIdentified)
        ]


@pytest.fixture
def town(views: Views) -> Iterator[Town]:
    store = MemoryEventStore(SetClock(NOW))
    desk = Desk(store)
    desk.start()
    yield Town(views, store, desk)
    desk.stop()


def test_a_submission_is_taken_while_the_register_is_away_and_looked_up_later(town: Town) -> None:
    finder = town.finder()
    town.register.is_away = True
    town.submit(1, "Algade 1, 9800 Hjørring")
    town.submit(2, "Findesikke 4")
    assert town.look(finder) == AWAY_SECONDS
    assert town.look(finder) == AWAY_SECONDS
    assert town.register.asked == 2
    assert town.told(1) == town.told(2) == []
    town.register.is_away = False
    assert town.look(finder) == ROUND_SECONDS
    assert town.told(1) == [PropertyIdentified]
    assert town.told(2) == [PropertyNotIdentified]


def test_what_waits_is_looked_up_after_a_restart_too(town: Town) -> None:
    town.register.is_away = True
    town.submit(1, "Algade 1, 9800 Hjørring")
    assert town.look(town.finder()) == AWAY_SECONDS
    town.register.is_away = False
    assert town.look(town.finder()) == ROUND_SECONDS
    assert town.told(1) == [PropertyIdentified]


def test_a_register_that_is_away_keeps_nobody_from_the_other(town: Town) -> None:
    town.register.is_away = True
    town.submit(1, "Algade 1")
    town.submit(2, "Algade 1", bfe=900000003)
    assert town.look(town.finder()) == AWAY_SECONDS
    assert (town.told(1), town.told(2)) == ([], [PropertyIdentified])


def test_a_text_that_a_register_never_answers_to_holds_up_no_other(town: Town) -> None:
    town.register.poison = "%"
    town.submit(1, "%")
    town.submit(2, "Algade 1")
    finder = town.finder()
    town.look(finder)
    town.look(finder)
    assert (town.told(1), town.told(2)) == ([], [PropertyIdentified])


def test_a_register_that_is_not_configured_is_not_waited_for(town: Town) -> None:
    town.submit(1, "Algade 1")
    finder = town.finder()
    finder.registers = absent_registers()
    assert town.look(finder) == ROUND_SECONDS
    assert (town.told(1), finder.waiting) == ([], {})
    assert town.look(town.finder()) == ROUND_SECONDS
    assert town.told(1) == [PropertyIdentified]


def test_an_older_day_that_was_brought_back_is_looked_at_from_its_beginning(town: Town) -> None:
    finder = town.finder()
    town.submit(1, "Algade 1")
    finder.server, finder.reached = "another", 1000
    town.look(finder)
    assert town.told(1) == [PropertyIdentified]


def said(text: str, bfe: int | None = None, address: AddressId | None = None) -> Property:
    number = None if bfe is None else BfeNumber(bfe)
    return Property(text=text, bfe=number, parcels=(), address=address, municipality=None)


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        (said("BFE 900000003", bfe=900000003), "BFE 900000003"),
        (said("Algade et", address=ALGADE), "Algade 1, 9800 Hjørring"),
        (said("Algade 1"), "Algade 1"),
    ],
    ids=["by number", "by address", "by words"],
)
def test_what_a_caseworker_stated_is_verified_when_the_register_answers(
    town: Town, stated: Property, text: str
) -> None:
    """Also on a case whose property another one was taken for."""
    finder = town.finder()
    town.submit(1, "Bispensgade 1", bfe=900000002)
    town.look(finder)
    town.register.is_away = True
    town.state(1, stated)
    town.look(finder)
    town.register.is_away = False
    town.look(finder)
    town.look(finder)
    (*_, last) = town.store.read(case_stream(CaseId(examples.numbered(1)))).events
    assert town.told(1) == [PropertyIdentified] * 2
    assert isinstance(last, PropertyIdentified)
    assert (last.property.text, last.property.bfe) == (text, 900000003)


def test_what_a_caseworker_took_back_meanwhile_is_not_what_is_verified(town: Town) -> None:
    finder = town.finder()
    town.register.is_away = True
    town.submit(1, "Findesikke 4")
    town.state(1, said("Algade 1"))
    town.look(finder)
    town.state(1, said("Findesikke 5"))
    town.register.is_away = False
    # The finder has not heard of the second: it still looks for the first.
    asyncio.run(finder.round(town.views.db))
    assert town.told(1) == []
    town.look(finder)
    assert town.told(1) == [PropertyNotIdentified]


def test_two_finders_and_a_view_that_lags_find_it_once(town: Town) -> None:
    town.submit(1, "Algade 1, 9800 Hjørring")
    first, second = town.finder(), town.finder()
    town.look(first)
    # The second has not heard of the first: the view still shows the case as unknown.
    asyncio.run(second.round(town.views.db))
    assert town.told(1) == [PropertyIdentified]
    asked_so_far = town.register.asked
    town.look(first)
    town.look(town.finder())
    assert town.register.asked == asked_so_far


def test_a_case_whose_answers_name_no_property_keeps_nobody_waiting(town: Town) -> None:
    unanswered = replace(examples.meeting_case_opened, service_version=2, answers=())
    assert decider.replay([unanswered]).property is None
    town.views.take_in(properties.projection, recorded(unanswered))
    assert asyncio.run(town.finder().round(town.views.db)) == ROUND_SECONDS
    assert town.register.asked == 0

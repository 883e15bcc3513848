"""Every adapter of the public registers keeps the same promises; the real ones over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

import httpx
import pytest

from events.case_property import Register
from events.property import AddressId, BfeNumber, Parcel
from gateway.simulator.installation import INSTALLATIONS
from services.clock import SetClock
from services.config import ROOT, Config
from services.identity import demo_entries
from services.registers.adressevaelger import Adressevaelger
from services.registers.calls import Calls
from services.registers.configuring import open_registers
from services.registers.datafordeler import Datafordeler
from services.registers.demo import DemoData, demo_registers
from services.registers.graphql import GraphQl
from services.registers.ports import Registers, RegisterUnavailable
from tests.examples import NOW
from tests.services.register_server import FLAT_BFE, KEY, Fault, RegisterServer, serving

T = TypeVar("T")
FOLDER = ROOT / "organisations"
BISPENSGADE = AddressId(UUID("00000000-0000-4000-8000-000000000001"))
NOWHERE = AddressId(UUID(int=9))
PARCELS = (Parcel(district=9990001, number="12c"), Parcel(district=9990001, number="12d"))


@pytest.fixture(scope="module")
def registers_over_http() -> Iterator[RegisterServer]:
    with serving(DemoData.read(FOLDER)) as server:
        yield server


@pytest.fixture
def server(registers_over_http: RegisterServer) -> RegisterServer:
    registers_over_http.fault = Fault()
    registers_over_http.asked.clear()
    return registers_over_http


@dataclass(frozen=True)
class Asking:
    """Asks one adapter; over HTTP with a client and a breaker of its own each time."""

    server: RegisterServer | None

    def __call__(self, question: Callable[[Registers], Awaitable[T]]) -> T:
        async def asked() -> T:
            async with self._registers() as registers:
                return await question(registers)

        return asyncio.run(asked())

    @asynccontextmanager
    async def _registers(self) -> AsyncIterator[Registers]:
        demo = demo_registers(FOLDER)
        if self.server is None:
            yield demo
            return
        async with httpx.AsyncClient(timeout=0.3) as client:
            yield _over_http(demo, client, self.server.url)


def _over_http(demo: Registers, client: httpx.AsyncClient, url: str) -> Registers:
    graphql = GraphQl(Calls(client, url, {"apiKey": KEY}), SetClock(NOW))
    datafordeler = Datafordeler(graphql)
    addresses = Adressevaelger(Calls(client, url, {"token": KEY}), datafordeler)
    # For CPR there is none but the demo's.
    return replace(demo, addresses=addresses, properties=datafordeler, companies=datafordeler)


@pytest.fixture(params=["demo", "http"])
def ask(request: pytest.FixtureRequest, server: RegisterServer) -> Asking:
    return Asking(server if request.param == "http" else None)


def test_the_demos_persons_are_the_same_to_all_who_know_them() -> None:
    """One who is protected by one file only would be shown by the other."""
    registers = DemoData.read(FOLDER)
    # Who acts for a company is no party themselves, and nobody asks the register for them.
    parties = [entry for entry in demo_entries(FOLDER) if entry.party == entry.actor]
    logins = {entry.cpr: entry for entry in parties if entry.cpr is not None}
    registered = {entry.cpr: entry for entry in registers.persons}
    assert logins.keys() == registered.keys()
    for cpr, login in logins.items():
        contact, known = login.contact, registered[cpr]
        assert contact is not None
        assert (login.name, contact.address, contact.protected) == (
            *(known.name, known.address, known.protected),
        )
    for installation in INSTALLATIONS:
        assert {
            each.cpr.replace("-", ""): (each.name, each.protected)
            for each in installation.residents
        } == {cpr: (known.name, known.protected) for cpr, known in registered.items()}


def test_the_demos_companies_are_the_same_to_all_who_know_them() -> None:
    registered = {f"company:{each.cvr}": each for each in DemoData.read(FOLDER).companies}
    logins = {entry.party: entry for entry in demo_entries(FOLDER) if entry.party in registered}
    assert logins.keys() == registered.keys()
    for party, login in logins.items():
        assert login.contact is not None
        assert login.name.endswith(registered[str(party)].name)
        assert login.contact.address == registered[str(party)].address


def test_what_is_typed_gives_addresses_as_the_register_writes_them(ask: Asking) -> None:
    found = ask(lambda r: r.addresses.suggest("bispensgade 12", municipality=None, at_most=10))
    assert [each.text for each in found] == [
        "Bispensgade 12, 1. th, 9800 Hjørring",
        "Bispensgade 12, 1. tv, 9800 Hjørring",
    ]
    assert len(ask(lambda r: r.addresses.suggest("bis", municipality=None, at_most=2))) == 2
    assert ask(lambda r: r.addresses.suggest("bis", municipality="0630", at_most=9)) == []
    assert ask(lambda r: r.addresses.suggest("  ", municipality=None, at_most=9)) == []
    assert ask(lambda r: r.addresses.suggest("Findesikke 4", municipality=None, at_most=9)) == []


def test_an_address_has_its_property(ask: Asking) -> None:
    found = ask(lambda r: r.addresses.address(BISPENSGADE))
    assert found is not None
    assert (found.text, found.address) == ("Bispensgade 1, 9800 Hjørring", BISPENSGADE)
    assert (found.bfe, found.municipality) == (900000001, "0860")
    assert found.parcels == (Parcel(district=9990001, number="11ba"),)
    assert ask(lambda r: r.addresses.address(NOWHERE)) is None


def test_a_property_has_its_parcels(ask: Asking) -> None:
    found = ask(lambda r: r.properties.property(BfeNumber(900000002)))
    assert found is not None
    assert (found.bfe, found.parcels, found.text) == (900000002, PARCELS, "BFE 900000002")
    assert ask(lambda r: r.properties.property(BfeNumber(5))) is None


def test_a_company_has_its_name_address_and_production_units(ask: Asking) -> None:
    found = ask(lambda r: r.companies.company("99999991"))
    assert found is not None
    assert found.name == "Vendsyssel Tømrerforretning ApS"
    assert found.address == ("Algade 1", "9800 Hjørring")
    assert found.p_numbers == ("9999999901",)
    assert ask(lambda r: r.companies.company("12345678")) is None


def test_a_person_is_protected_or_not(ask: Asking) -> None:
    anna = ask(lambda r: r.persons.person("6101700002"))
    bo = ask(lambda r: r.persons.person("6202700001"))
    assert anna is not None
    assert bo is not None
    assert (anna.protected, bo.protected) == (False, True)
    assert ask(lambda r: r.persons.person("6101700000")) is None


def test_an_owners_flat_lies_on_the_parcels_of_its_property(server: RegisterServer) -> None:
    found = Asking(server)(lambda r: r.properties.property(BfeNumber(FLAT_BFE)))
    assert found is not None
    assert found.bfe == FLAT_BFE
    assert found.parcels == (Parcel(district=9990001, number="11ba"),)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(status=503), "status-503"),
        (Fault(status=401), "status-401"),
        (Fault(body=b"<html>"), "bad-answer"),
        (Fault(body=b"[]"), "bad-answer"),
        (Fault(body=b'{"data":null,"errors":[{"message":"x"}]}'), "graphql-error"),
        (Fault(body=b'{"data":{"CVR_Virksomhed":{"nodes":[{"id":7}]}}}'), "bad-answer"),
        (
            Fault(body=b'{"data":{"CVR_Virksomhed":' + b" " * 2_000_000 + b"null}}"),
            "answer-too-large",
        ),
        (Fault(seconds=1.0), "timeout"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_a_register_that_cannot_answer_says_so_and_gives_nothing_away(
    server: RegisterServer, fault: Fault, reason: str
) -> None:
    server.fault = fault
    with pytest.raises(RegisterUnavailable) as caught:
        Asking(server)(lambda r: r.companies.company("99999991"))
    assert caught.value.reason == reason
    # The key is in the address, and the address in the text of the client's own errors.
    assert caught.value.__cause__ is None
    assert KEY not in str(caught.value)


def test_a_register_that_is_away_is_left_alone_for_a_while(server: RegisterServer) -> None:
    now = 0.0

    async def run() -> None:
        nonlocal now
        async with httpx.AsyncClient(timeout=0.3) as client:
            calls = Calls(client, server.url, {"token": KEY}, seconds=lambda: now)
            lookup = Adressevaelger(calls, None)

            async def reason() -> str:
                try:
                    await lookup.suggest("Algade", municipality=None, at_most=5)
                except RegisterUnavailable as away:
                    return away.reason
                return "answered"

            server.fault = Fault(status=500)
            assert [await reason() for _ in range(5)] == ["status-500"] * 5
            assert [await reason() for _ in range(3)] == ["left-alone"] * 3
            assert len(server.asked) == 5
            server.fault = Fault()
            now = 1.0
            assert await reason() == "answered"
            assert await reason() == "answered"

    asyncio.run(run())


def test_a_register_that_is_nowhere_is_away() -> None:
    async def run() -> None:
        async with httpx.AsyncClient(timeout=0.3) as client:
            calls = Calls(client, "http://127.0.0.1:9", {"token": KEY})
            await Adressevaelger(calls, None).suggest("Algade", municipality=None, at_most=5)

    with pytest.raises(RegisterUnavailable, match="ConnectError"):
        asyncio.run(run())


def test_without_datafordeler_an_address_is_still_an_address(server: RegisterServer) -> None:
    async def run() -> None:
        async with httpx.AsyncClient() as client:
            lookup = Adressevaelger(Calls(client, server.url, {"token": KEY}), None)
            found = await lookup.address(BISPENSGADE)
        assert found is not None
        assert (found.bfe, found.parcels, found.municipality) == (None, (), "0860")

    asyncio.run(run())


@pytest.mark.parametrize("secret", [None, "ADDRESSES_TOKEN", "DATAFORDELER_KEY"])
def test_only_what_is_set_up_is_asked(server: RegisterServer, secret: str | None) -> None:
    urls = {"JULELYS_ADDRESSES_URL": server.url, "JULELYS_DATAFORDELER_URL": server.url}
    config = Config(
        data=ROOT,
        database_url=None,
        organisations=FOLDER,
        host="",
        port=0,
        demo=False,
        secrets=urls if secret is None else urls | {f"JULELYS_{secret}": KEY},
    )

    async def run() -> list[str]:
        async with open_registers(config, SetClock(NOW)) as registers:
            suggestions = registers.addresses.suggest("a", municipality=None, at_most=1)
            return [
                await _outcome(suggestions, registers.addresses.register),
                await _outcome(
                    registers.properties.property(BfeNumber(900000001)),
                    registers.properties.register,
                ),
                await _outcome(registers.persons.person("6101700002"), Register.DEMO),
            ]

    absent = "not-configured"
    expected = {
        None: [absent, absent, absent],
        "ADDRESSES_TOKEN": ["adressevaelger", absent, absent],
        "DATAFORDELER_KEY": [absent, "datafordeler", absent],
    }
    assert asyncio.run(run()) == expected[secret]


async def _outcome(question: Awaitable[object], register: Register) -> str:
    try:
        await question
    except RegisterUnavailable as away:
        return away.reason
    return register.value

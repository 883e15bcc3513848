"""The organisations that a gateway serves: those there are when it starts, and those that come."""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress

from gateway.asked import Gateway
from gateway.limits import Limiter, read_limits
from gateway.live import Hub
from gateway.live_queues import QueueHub
from gateway.meters import new_meters
from gateway.names import Register, learning
from services.bootstrap import Application, Organisation, open_organisation
from services.case_parties import CaseParties
from services.catalogue.organisation import Organisation as Described
from services.demo.logins import introduce
from services.identity import demo_entries, known_people
from services.login.office import LoginOffice, open_login
from services.login.settings import login_settings
from services.opened_cases import OpenedCases
from services.roster import LEFT_OUT, LOOK_SECONDS


@asynccontextmanager
async def serving(application: Application) -> AsyncIterator[Gateway]:
    """A gateway for as long as the block lasts.

    Raises:
        CatalogueInvalid, WrongSchema: there is no organisation to serve, and why.
        ValueError: the limits are none.
    """
    async with AsyncExitStack() as stack:
        meters = new_meters()
        limits = Limiter(read_limits(application.config.limits), meters.count_limited)
        gateway = Gateway(application=application, meters=meters, limits=limits)
        first = await asyncio.to_thread(application.roster.first)
        await _take_up(gateway, stack, first)
        stop = asyncio.Event()
        following = asyncio.create_task(_follow(gateway, stack, stop), name="roster")
        try:
            yield gateway
        finally:
            # Not cancelled: what is half opened then would be closed by nobody.
            stop.set()
            await following


async def _follow(gateway: Gateway, stack: AsyncExitStack, stop: asyncio.Event) -> None:
    while not stop.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(LOOK_SECONDS):
                await stop.wait()
                return
        arrived = await asyncio.to_thread(gateway.application.roster.arrivals)
        await _take_up(gateway, stack, arrived)


async def _take_up(gateway: Gateway, stack: AsyncExitStack, arrived: Sequence[Described]) -> None:
    roster = gateway.application.roster
    for described in arrived:
        try:
            await _open(gateway, stack, described)
        except LEFT_OUT as error:
            roster.leave_out(described.id, error)
        else:
            roster.taken_up(described.id)


async def _open(gateway: Gateway, stack: AsyncExitStack, described: Described) -> None:
    """Everything of the organisation is there before the door knows its name."""
    application, name = gateway.application, described.id
    async with AsyncExitStack() as opened:
        organisation = await opened.enter_async_context(open_organisation(application, described))
        register = Register(described, known_people(application.config).values())
        await opened.enter_async_context(learning(register, organisation.reads))
        office = await _open_login(application, organisation, opened)
        living = None if office is None else office.sessions.living
        hub = Hub(name, application.views, organisation.reads, register.names, living)
        gateway.hubs[name] = await opened.enter_async_context(hub)
        queue_hub = QueueHub(
            name, application.views, organisation.reads, organisation.store, living
        )
        gateway.queue_hubs[name] = await opened.enter_async_context(queue_hub)
        # Closed here and now if anything fails, for it is tried again; else with all the others.
        await stack.enter_async_context(opened.pop_all())
    gateway.people[name], gateway.names[name] = register.people, register.names
    gateway.opened[name] = OpenedCases(organisation.store)
    gateway.parties[name] = CaseParties(organisation.store)
    if office is not None:
        gateway.logins[name] = office
    application.organisations[name] = organisation


async def _open_login(
    application: Application, organisation: Organisation, opened: AsyncExitStack
) -> LoginOffice | None:
    """Where people log in; None where there is no `login.yaml`.

    Raises:
        CatalogueInvalid: it has mistakes, or a secret without value.
    """
    config = application.config
    settings = login_settings(config, organisation.name)
    if settings is None:
        return None
    opening = open_login(
        settings, organisation.reads, organisation.keys, application.clock, time.monotonic
    )
    office = await opened.enter_async_context(opening)
    if config.demo:
        await introduce(demo_entries(config.organisations), office.party.pseudonyms, office.known)
    return office

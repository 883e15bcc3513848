"""Which registers this installation asks, from its own settings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Final

from services.config import Config
from services.ports import Clock
from services.registers.absent import absent_registers
from services.registers.adressevaelger import Adressevaelger
from services.registers.calls import Calls, new_client
from services.registers.datafordeler import Datafordeler
from services.registers.demo import demo_registers
from services.registers.graphql import GraphQl
from services.registers.ports import Registers

ADDRESSES_URL: Final = "https://adressevaelger.dk"
DATAFORDELER_URL: Final = "https://graphql.datafordeler.dk"


ADDRESSES_TOKEN: Final = "JULELYS_ADDRESSES_TOKEN"  # noqa: S105 - the name of a variable
DATAFORDELER_KEY: Final = "JULELYS_DATAFORDELER_KEY"


def finds_properties(config: Config) -> bool:
    """Whether an address that was typed can become a BFE number: that takes both registers."""
    secrets = config.secrets
    return config.demo or bool(secrets.get(ADDRESSES_TOKEN) and secrets.get(DATAFORDELER_KEY))


@asynccontextmanager
async def open_registers(config: Config, clock: Clock) -> AsyncIterator[Registers]:
    """In the demo its invented data; otherwise those whose keys are set, and no others.

    There is no adapter for CPR: what is published of SF1520 does not suffice to write one, and
    nobody is shown to another party while none says that they may be.
    """
    if config.demo:
        yield demo_registers(config.organisations)
        return
    token = config.secrets.get(ADDRESSES_TOKEN)
    key = config.secrets.get(DATAFORDELER_KEY)
    found = absent_registers()
    async with new_client() as client:
        datafordeler = None
        if key:
            url = config.secrets.get("JULELYS_DATAFORDELER_URL") or DATAFORDELER_URL
            datafordeler = Datafordeler(GraphQl(Calls(client, url, {"apiKey": key}), clock))
            found = replace(found, properties=datafordeler, companies=datafordeler)
        if token:
            url = config.secrets.get("JULELYS_ADDRESSES_URL") or ADDRESSES_URL
            calls = Calls(client, url, {"token": token})
            found = replace(found, addresses=Adressevaelger(calls, datafordeler))
        yield found

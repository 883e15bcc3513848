"""The processes behind the gateway, when something is wrong with one of several organisations."""

import asyncio
from collections.abc import MutableMapping
from functools import partial
from pathlib import Path

import psycopg
import pytest
from structlog.testing import capture_logs

from events.text import Text
from gateway.background import Preparing, Work, for_each
from services.catalogue.mistakes import CatalogueInvalid, Mistake
from services.config import ROOT
from services.entrusting import Premises, open_premises
from services.preparing import prepare
from services.privacy.key_ring import KekMissing
from services.roster import LOOK_SECONDS, Roster
from tests.keys import RING

LOOKS = 2.5
"""So many looks at who was added: the one at the start, one after 2 and one after 4 seconds."""
SAID = Text(da="Filen er tom.", en="The file is empty.")
EMPTY = Mistake(file=Path("esdh.yaml"), line=3, path="", message=SAID, remedy=SAID)


@pytest.mark.parametrize(
    "error",
    [
        CatalogueInvalid(
            [Mistake(file=Path("esdh.yaml"), line=3, path="", message=SAID, remedy=SAID)]
        ),
        psycopg.OperationalError("too many connections"),
        FileNotFoundError("no such certificate"),
        KekMissing("no key"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_whoever_cannot_be_taken_up_is_told_of_once_and_harms_nobody(
    database: str, error: Exception
) -> None:
    for name in ("hjorring", "vejle"):
        prepare(database, name)
    worked: list[str] = []

    def preparing(premises: Premises) -> Work:
        if premises.name == "vejle":
            raise error

        async def work(stop: asyncio.Event) -> None:
            await stop.wait()
            worked.append(premises.name)

        return work

    with Roster(database, ROOT / "organisations") as roster, capture_logs() as said:
        asyncio.run(_for_a_while(database, roster, preparing))
    assert worked == ["hjorring"]
    assert _named(said, "organisation_taken_up") == ["hjorring"]
    assert _named(said, "organisation_left_out") == ["vejle"]
    assert roster.left_out == {"vejle": type(error).__name__}


async def _for_a_while(database: str, roster: Roster, preparing: Preparing) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(LOOKS * LOOK_SECONDS, stop.set)
    opening = partial(open_premises, database, ring=RING)
    await for_each(opening, roster, preparing, stop)


def _named(said: list[MutableMapping[str, object]], event: str) -> list[object]:
    return [line["organisation"] for line in said if line["event"] == event]

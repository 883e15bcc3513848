"""Ending sessions at the command line, as whoever runs the site does."""

import asyncio
import re
from datetime import timedelta

import pytest
from typer.testing import CliRunner, Result

from events.ids import ActorId
from events.personal import FORGOTTEN
from gateway import cli_sessions
from services.clock import SystemClock
from services.database import async_pool, connect
from services.login.postgres import PostgresSessions
from tests.services.test_login_stores import session

ANNA, KAREN = ActorId("person:anna"), ActorId("staff:karen")


@pytest.fixture(autouse=True)
def _at_a_terminal(postgres: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JULELYS_DATABASE_URL", postgres)
    monkeypatch.setattr(cli_sessions.console, "width", 200)


def keep(postgres: str, organisation: str) -> None:
    """Two sessions of Anna's, one of Karen's, and one of Bo's whose time is up."""
    now = SystemClock().now()
    owners = (ANNA, ANNA, KAREN, ActorId("person:bo"))

    async def kept() -> None:
        async with async_pool(postgres, organisation) as pool:
            for number, owner in enumerate(owners):
                ends = now + timedelta(hours=-1 if owner.endswith("bo") else 8)
                one = session(number, owner=owner, used_at=now, ends_at=ends)
                await PostgresSessions(pool).keep(b"%d" % number, one, replacing=None)

    asyncio.run(kept())


def left(postgres: str, organisation: str) -> dict[ActorId, int]:
    async def counted() -> dict[ActorId, int]:
        async with async_pool(postgres, organisation) as pool:
            sessions = PostgresSessions(pool)
            return {who: len(await sessions.of(who)) for who in (ANNA, KAREN)}

    return asyncio.run(counted())


def told(*arguments: str) -> Result:
    return CliRunner().invoke(cli_sessions.app, [*arguments])


def test_sessions_of_one_or_of_all_are_ended(postgres: str, organisation: str) -> None:
    here = ("--organisation", organisation)
    keep(postgres, organisation)
    listed = told("list", *here).output
    assert re.findall(r"(person:\w+|staff:\w+)\W+(\d)\W", listed) == [(ANNA, "2"), (KAREN, "1")]
    assert "person:bo" not in listed

    ended = told("end", ANNA, *here)
    assert (ended.exit_code, "2 sessions ended." in ended.output) == (0, True)
    assert left(postgres, organisation) == {ANNA: 0, KAREN: 1}
    again = told("end", ANNA, *here)
    assert (again.exit_code, "0 sessions ended." in again.output) == (1, True)

    assert told("end", "--everybody", *here).exit_code == 0
    assert left(postgres, organisation) == {ANNA: 0, KAREN: 0}


def test_a_colleague_who_is_logged_out_is_given_no_more_cases(
    postgres: str, organisation: str
) -> None:
    here = ("--organisation", organisation)
    with connect(postgres, organisation) as db:
        for person in (KAREN, ActorId("staff:niels"), ANNA):
            db.execute(
                "INSERT INTO known_person (person, told) VALUES (%s, %s)", [person, FORGOTTEN]
            )

    def who_left() -> set[object]:
        with connect(postgres, organisation) as db:
            rows = db.execute("SELECT person FROM known_person WHERE has_left").fetchall()
        return {person for (person,) in rows}

    assert told("end", "--everybody", *here).exit_code == 0
    assert who_left() == set()
    # Also where they have no session just then; and a citizen is given none anyhow.
    ended = told("end", KAREN, *here)
    assert (ended.exit_code, "no more cases" in ended.output) == (0, True)
    assert told("end", ANNA, *here).exit_code == 1
    assert who_left() == {KAREN}


@pytest.mark.parametrize("arguments", [(), (ANNA, "--everybody")])
def test_nobody_is_logged_out_by_leaving_something_out(
    postgres: str, organisation: str, arguments: tuple[str, ...]
) -> None:
    keep(postgres, organisation)
    refused = told("end", *arguments, "--organisation", organisation)
    assert (refused.exit_code, "not both" in refused.output) == (2, True)
    assert left(postgres, organisation) == {ANNA: 2, KAREN: 1}


def test_an_organisation_that_is_not_there_is_told(postgres: str) -> None:
    del postgres
    refused = told("list", "--organisation", "atlantis")
    assert refused.exit_code == 1
    assert "migrate" in refused.output

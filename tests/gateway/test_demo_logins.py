"""Whoever logs in to a shipped organisation as a test person is that person, with their cases."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from gateway.issuer.claims import told_of
from gateway.issuer.clients import all_clients
from services.catalogue.mistakes import CatalogueInvalid
from services.catalogue.service import LoginLevel
from services.config import ROOT, Config
from services.demo.logins import introduce
from services.identity import demo_entries
from services.login.acting import actor_of
from services.login.description import Issuer
from services.login.memory import MemoryKnownPersons
from services.login.person import identify
from services.login.provider import preset_of
from services.login.pseudonyms import open_pseudonyms
from services.login.settings import LoginSettings, login_settings
from tests.shipped import ORGANISATIONS

CONFIG: Final = Config(
    data=Path("unused"),
    database_url=None,
    organisations=ROOT / "organisations",
    host="127.0.0.1",
    port=8000,
    demo=True,
)
ADDRESS: Final = "http://127.0.0.1:8803"
PERSONS: Final = demo_entries(CONFIG.organisations)


def settings_of(organisation: str, config: Config = CONFIG) -> LoginSettings:
    found = login_settings(config, organisation)
    assert found is not None
    return found


def admitted() -> Iterator[tuple[str, str, str]]:
    for client in all_clients(CONFIG, ADDRESS):
        key = client.path.rpartition("/")[2]
        for person in PERSONS:
            if client.admits(person):
                yield client.organisation, key, person.key


@pytest.mark.parametrize(("organisation", "key", "name"), [*admitted()])
def test_they_are_themselves(organisation: str, key: str, name: str) -> None:
    settings, known = settings_of(organisation), MemoryKnownPersons()
    issuer: Issuer = settings.described.issuers[key]
    person = next(each for each in PERSONS if each.key == name)
    client = next(
        each for each in all_clients(CONFIG, ADDRESS) if each.path == f"/{organisation}/{key}"
    )
    told = told_of(person, client, LoginLevel.SUBSTANTIAL, datetime(2026, 12, 1, tzinfo=UTC), "s")
    pseudonyms = open_pseudonyms(settings)
    claims = {**told.user_info, **told.id_token}
    found = identify(claims, preset_of(issuer).claims, issuer, pseudonyms)

    async def logged_in() -> None:
        await introduce(PERSONS, pseudonyms, known)
        assert await actor_of(found, organisation, known) == person.as_actor()

    asyncio.run(logged_in())


def test_every_test_person_has_a_way_in_at_home_and_no_staff_one_elsewhere() -> None:
    ways = {(organisation, name) for organisation, _, name in admitted()}
    for person in PERSONS:
        homes = [person.organisation] if person.organisation else [*ORGANISATIONS]
        assert {home for home, name in ways if name == person.key} == {*homes}


@pytest.mark.parametrize("organisation", [*ORGANISATIONS])
def test_the_groups_name_teams_that_there_are(organisation: str) -> None:
    teams = {*ORGANISATIONS[organisation].teams}
    for issuer in settings_of(organisation).described.issuers.values():
        assert {team for group in issuer.groups.values() for team in group.teams} <= teams


@pytest.mark.parametrize("organisation", [*ORGANISATIONS])
def test_outside_the_demo_the_demos_issuer_is_no_way_in(organisation: str) -> None:
    with pytest.raises(CatalogueInvalid) as bare:
        login_settings(replace(CONFIG, demo=False), organisation)
    assert "The environment has no 'JULELYS_" in str(bare.value)
    secrets = {
        name: value.get_secret_value() for name, value in settings_of(organisation).secrets.items()
    }
    with pytest.raises(CatalogueInvalid) as refused:
        login_settings(replace(CONFIG, demo=False, secrets=secrets), organisation)
    assert str(refused.value).count("it logs anybody in as anybody") == 2
    assert "login.yaml:" in str(refused.value)


def test_the_site_is_at_the_gateways_port_and_given_secrets_go_before_the_demos() -> None:
    assert settings_of("vejle").described.site == "http://127.0.0.1:8000"
    elsewhere = settings_of("vejle", replace(CONFIG, port=9000))
    assert elsewhere.described.site == "http://127.0.0.1:9000"
    given = replace(CONFIG, secrets={"JULELYS_VEJLE_MITID_SECRET": "own"})
    assert settings_of("vejle", given).secret("JULELYS_VEJLE_MITID_SECRET") == "own"
    assert settings_of("vejle").secret("JULELYS_VEJLE_MITID_SECRET") != "own"

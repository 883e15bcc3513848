"""Each broker's words for a person lead to the same person, and a CPR number goes no further."""

from collections.abc import Mapping
from typing import Final

import pytest

from events.ids import ActorId, TeamId
from services.catalogue.service import LoginLevel
from services.identity import Role
from services.login.description import Issuer
from services.login.levels import level_of
from services.login.person import Citizen, Employee, Person, Representative, identify
from services.login.presets import Broker
from services.login.provider import preset_of
from services.login.refusal import LoginRefused
from tests.services import login_examples as told
from tests.services.login_examples import CASEWORKERS, CPR, CVR, LEADERS, issuer_of, pseudonyms

CITIZENS: Final = [
    (Broker.IDURA, told.IDURA_CITIZEN),
    (Broker.NETS_EID_BROKER, told.NEB_CITIZEN),
    (Broker.NEMLOGIN, told.NEMLOGIN_CITIZEN),
    (Broker.NEMLOGIN, told.OLDER_CITIZEN),
]
COMPANIES: Final = [
    (Broker.NETS_EID_BROKER, told.NEB_COMPANY),
    (Broker.NEMLOGIN, told.NEMLOGIN_COMPANY),
]
ENTRA: Final = issuer_of(Broker.ENTRA_ID)


def who(broker: Broker, claims: Mapping[str, object], issuer: Issuer | None = None) -> Person:
    issuer = issuer or issuer_of(broker)
    return identify(claims, preset_of(issuer).claims, issuer, pseudonyms())


def refusal_of(broker: Broker, claims: Mapping[str, object], issuer: Issuer | None = None) -> str:
    with pytest.raises(LoginRefused) as refused:
        who(broker, claims, issuer)
    return refused.value.code


@pytest.mark.parametrize(("broker", "claims"), CITIZENS, ids=lambda value: str(value)[:20])
def test_a_citizen_is_the_same_by_every_broker(
    broker: Broker, claims: Mapping[str, object]
) -> None:
    found = who(broker, claims)
    assert found == Citizen(pseudonyms=pseudonyms().of("cpr", CPR), name="Anna Andersen", cpr=CPR)
    assert level_of(claims, preset_of(issuer_of(broker)).levels) is LoginLevel.SUBSTANTIAL
    assert CPR not in repr(found)


@pytest.mark.parametrize(("broker", "claims"), COMPANIES, ids=lambda value: str(value)[:20])
def test_behind_a_company_stands_a_person(broker: Broker, claims: Mapping[str, object]) -> None:
    found = who(broker, claims)
    assert isinstance(found, Representative)
    assert (found.cvr, found.company) == (CVR, "Vendsyssel Tømrerforretning ApS")
    assert found.name == "Tove Tømrer"
    assert "72131748" not in repr(found)
    assert "5d33f8a0" not in repr(found)
    with_cpr = who(broker, {**claims, preset_of(issuer_of(broker)).claims.cpr[-1]: CPR})
    assert isinstance(with_cpr, Representative)
    assert with_cpr.pseudonyms == pseudonyms().of("cpr", CPR) != found.pseudonyms


def test_idura_tells_of_a_company_by_the_older_names() -> None:
    claims = {**told.IDURA_CITIZEN, "cvrNumberIdentifier": CVR}
    found = who(Broker.IDURA, claims)
    assert isinstance(found, Representative)
    assert found.pseudonyms == pseudonyms().of("cpr", CPR)


def test_groups_make_roles_and_teams_and_those_we_do_not_know_make_none() -> None:
    assert who(Broker.ENTRA_ID, told.ENTRA_STAFF) == Employee(
        id=ActorId("staff:00000000-0000-0000-66f3-3332eca7ea81"),
        name="Karen Kristensen",
        roles=frozenset({Role.CASEWORKER}),
        teams=frozenset({TeamId("byggeri-natur")}),
    )
    both = who(Broker.ENTRA_ID, {**told.ENTRA_STAFF, "groups": [LEADERS, CASEWORKERS]})
    assert isinstance(both, Employee)
    assert both.roles == {Role.CASEWORKER, Role.TEAM_LEADER}
    assert both.teams == {"byggeri-natur", "vej-trafik"}


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"groups": []}, "login-no-role"),
        ({"groups": None}, "login-no-role"),
        ({"groups": [CASEWORKERS.upper()]}, "login-no-role"),
        ({"groups": [CASEWORKERS + " "]}, "login-no-role"),
        ({"groups": CASEWORKERS}, "login-claim-malformed"),
        ({"groups": [1]}, "login-claim-malformed"),
        ({"groups": ["x"] * 1_001}, "login-claim-malformed"),
        ({"groups": None, "_claim_names": {"groups": "src1"}}, "login-groups-elsewhere"),
        ({"hasgroups": True}, "login-groups-elsewhere"),
        ({"oid": "karen@hjorring"}, "login-claim-malformed"),
        ({"oid": ["x"]}, "login-claim-malformed"),
        ({"oid": None}, "login-person-unknown"),
        ({"name": "x" * 201}, "login-claim-malformed"),
        ({"name": "Karen\nadmin"}, "login-claim-malformed"),
    ],
    ids=repr,
)
def test_staff_without_a_place_here_are_not_let_in(claims: dict[str, object], code: str) -> None:
    assert refusal_of(Broker.ENTRA_ID, {**told.ENTRA_STAFF, **claims}) == code


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"cprNumberIdentifier": None}, "login-person-unknown"),
        ({"cprNumberIdentifier": ""}, "login-person-unknown"),
        ({"cprNumberIdentifier": "61017000"}, "login-cpr-invalid"),
        ({"cprNumberIdentifier": "\uff16101700002"}, "login-cpr-invalid"),
        ({"cprNumberIdentifier": 6101700002}, "login-claim-malformed"),
        ({"cprNumberIdentifier": [CPR]}, "login-claim-malformed"),
        ({"cvrNumberIdentifier": "123"}, "login-cvr-invalid"),
        ({"cvrNumberIdentifier": {}}, "login-claim-malformed"),
    ],
    ids=repr,
)
def test_what_is_no_number_is_nobody(claims: dict[str, object], code: str) -> None:
    refused = refusal_of(Broker.IDURA, {**told.IDURA_CITIZEN, **claims})
    assert refused == code


def test_an_issuer_logs_in_only_those_it_is_trusted_for() -> None:
    only_citizens = issuer_of(Broker.NETS_EID_BROKER, admits=["citizens"])
    only_companies = issuer_of(Broker.NETS_EID_BROKER, admits=["companies"])
    neb = Broker.NETS_EID_BROKER
    assert refusal_of(neb, told.NEB_COMPANY, only_citizens) == "login-kind-not-admitted"
    assert refusal_of(neb, told.NEB_CITIZEN, only_companies) == "login-kind-not-admitted"
    # An eID for citizens cannot make anybody staff, whatever it says.
    mixed = {**told.NEB_CITIZEN, "oid": "x", "groups": [CASEWORKERS]}
    assert isinstance(who(neb, mixed), Citizen)
    # Nor can an issuer of staff name a citizen.
    assert refusal_of(Broker.ENTRA_ID, {"sub": "x", "dk.cpr": CPR}) == "login-person-unknown"


def test_a_company_without_anybody_behind_it_is_nobody() -> None:
    claims = {**told.NEB_COMPANY, "nemlogin.persistent_professional_id": None}
    assert refusal_of(Broker.NETS_EID_BROKER, claims) == "login-person-unknown"


def test_settings_name_claims_and_levels_in_the_presets_place() -> None:
    issuer = issuer_of(
        Broker.IDURA,
        claims={"cpr": ["my:cpr"], "name": ["my:name"]},
        levels={"my:level": {"2": "high"}},
        asking={"high": {"acr_values": "2"}},
        scopes=["openid", "cpr"],
    )
    preset = preset_of(issuer)
    assert preset.scopes == ("openid", "cpr")
    assert level_of({"my:level": "2"}, preset.levels) is LoginLevel.HIGH
    assert preset.asking == {LoginLevel.HIGH: {"acr_values": "2"}}
    found = identify({"my:cpr": CPR, "my:name": "A"}, preset.claims, issuer, pseudonyms())
    assert found == Citizen(pseudonyms=pseudonyms().of("cpr", CPR), name="A", cpr=CPR)


def test_a_pseudonym_is_by_key_organisation_and_kind() -> None:
    mine = pseudonyms().of("cpr", CPR)
    assert len({*mine, *pseudonyms("vejle").of("cpr", CPR), *pseudonyms().of("subject", CPR)}) == 6
    assert mine == pseudonyms().of("cpr", CPR)
    assert [each.partition(".")[0] for each in mine] == ["a", "b"]
    assert pseudonyms(current="b").of("cpr", CPR) == mine[::-1]
    assert pseudonyms().of("x", "ab", "c") != pseudonyms().of("x", "a", "bc")
    assert all(len(each.partition(".")[2]) == 52 for each in mine)

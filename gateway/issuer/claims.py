"""What the demo issuer tells of a test person, in the shape of each broker (docs/security.md)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, TypeAlias
from uuid import UUID

from gateway.issuer.clients import Client
from services.catalogue.service import LoginLevel
from services.identity import Person
from services.ids import derived_id
from services.login.presets import Broker

_NAMESPACE: Final = UUID("5b5f5a11-0000-5000-8000-000000008803")
_NSIS: Final = "https://data.gov.dk/concept/core/nsis/"
_EID: Final = "https://data.gov.dk/model/core/eid/"

Claims: TypeAlias = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """In the ID token, and beside it."""

    id_token: Claims
    user_info: Claims


def subject_of(person: Person, client: Client) -> str:
    """Another for each client, so that they cannot compare what they know of the person."""
    return str(derived_id(_NAMESPACE, f"{client.organisation} {client.path} {person.key}"))


def told_of(person: Person, client: Client, level: LoginLevel, at: datetime, session: str) -> Told:
    return _SHAPES[client.issuer.preset](person, level, at, session)


def _idura(person: Person, level: LoginLevel, at: datetime, session: str) -> Told:
    claims: dict[str, object] = {
        "identityscheme": "dkmitid",
        "authenticationtype": f"urn:grn:authn:dk:mitid:{level}",
        "authenticationinstant": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.000Z",
        "loA": level.value.upper(),
        "sessionindex": session,
        "uuid": _uuid(person),
        "name": _name(person),
        "country": "DK",
    }
    cvr = _cvr(person)
    if cvr is not None:
        claims |= {"cvrNumberIdentifier": cvr, "organizationName": _company(person)}
    if person.cpr is not None:
        claims["cprNumberIdentifier"] = person.cpr
    return Told(id_token=claims, user_info={})


def _nets_eid_broker(person: Person, level: LoginLevel, at: datetime, session: str) -> Told:
    del at
    cvr = _cvr(person)
    nsis = f"{_NSIS}{level.value.capitalize()}"
    claims: dict[str, object] = {
        "idp": "mitid" if cvr is None else "mitid_erhverv",
        "identity_type": "private" if cvr is None else "professional",
        "loa": nsis,
        "ial": nsis,
        "aal": nsis,
        "neb_sid": session,
        "amr": ["code_app"],
    }
    if cvr is not None:
        beside: dict[str, object] = {
            "nemlogin.cvr": cvr,
            "nemlogin.org_name": _company(person),
            "nemlogin.name": _name(person),
            "nemlogin.persistent_professional_id": f"urn:uuid:{_uuid(person)}",
        }
        if person.cpr is not None:
            beside["nemlogin.cpr"] = person.cpr
    else:
        beside = {"mitid.uuid": _uuid(person), "mitid.identity_name": _name(person)}
        beside |= {"mitid.has_cpr": "true", "dk.cpr": person.cpr}
    return Told(id_token=claims, user_info=beside)


def _nemlogin(person: Person, level: LoginLevel, at: datetime, session: str) -> Told:
    del at, session
    claims: dict[str, object] = {
        f"{_EID}fullName": _name(person),
        "https://data.gov.dk/concept/core/nsis/loa": level.value.capitalize(),
    }
    cvr = _cvr(person)
    if cvr is not None:
        claims |= {
            f"{_EID}professional/cvr": cvr,
            f"{_EID}professional/orgName": _company(person),
            f"{_EID}professional/uuid/persistent": _uuid(person),
        }
    if person.cpr is not None:
        claims[f"{_EID}cprNumber"] = person.cpr
    return Told(id_token=claims, user_info={})


def _entra_id(person: Person, level: LoginLevel, at: datetime, session: str) -> Told:
    """A group for each role in each team: `caseworker.byggeri-natur`, `auditor`."""
    del at, session
    signed_in: dict[LoginLevel, dict[str, object]] = {
        LoginLevel.LOW: {"amr": ["pwd"]},
        LoginLevel.SUBSTANTIAL: {"amr": ["pwd", "mfa"], "acrs": ["p1", "c1"]},
        LoginLevel.HIGH: {"acrs": ["p1", "c1", "c2"]},
    }
    groups = [
        f"{role}.{team}" if team else role.value
        for role in person.roles
        for team in person.teams or ("",)
    ]
    claims: dict[str, object] = {
        "oid": person.actor.partition(":")[2],
        "preferred_username": f"{person.key}@{person.organisation}.example",
        "name": person.name,
        "groups": ["00000000-0000-0000-0000-000000000000", *groups],
    }
    return Told(id_token=claims | signed_in[level], user_info={})


_SHAPES: Final[Mapping[Broker, Callable[[Person, LoginLevel, datetime, str], Told]]] = {
    Broker.IDURA: _idura,
    Broker.NETS_EID_BROKER: _nets_eid_broker,
    Broker.NEMLOGIN: _nemlogin,
    Broker.ENTRA_ID: _entra_id,
}


def _uuid(person: Person) -> str:
    return str(derived_id(_NAMESPACE, person.key))


def _cvr(person: Person) -> str | None:
    kind, _, number = (person.party or "").partition(":")
    return number if kind == "company" else None


def _name(person: Person) -> str:
    """Of a representative, whose entry has both: the person's own."""
    return person.name.partition(", ")[0]


def _company(person: Person) -> str:
    return person.name.partition(", ")[2]

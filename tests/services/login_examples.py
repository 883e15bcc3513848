"""What each broker tells of a person, in its own words (docs/security.md has the sources).

The numbers are the demo's: nobody has them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from services.login.description import Issuer, LoginDescription
from services.login.presets import Broker
from services.login.pseudonyms import Pseudonyms
from services.login.settings import LoginSettings
from services.settings_file import Settings

CPR: Final = "6101700002"
CVR: Final = "99999991"
NSIS: Final = "https://data.gov.dk/concept/core/nsis/"
EID: Final = "https://data.gov.dk/model/core/eid/"
CASEWORKERS: Final = "7f0e4f3c-9c47-4a53-9a4f-0d7c7f1f0001"
LEADERS: Final = "7f0e4f3c-9c47-4a53-9a4f-0d7c7f1f0002"

Claims = Mapping[str, object]

IDURA_CITIZEN: Final[Claims] = {
    "identityscheme": "dkmitid",
    "authenticationtype": "urn:grn:authn:dk:mitid:substantial",
    "authenticationmethod": "app:1692621888956:SUBSTANTIAL:SUBSTANTIAL:HIGH:HIGH",
    "authenticationinstant": "2026-12-01T08:59:55.733Z",
    "nameidentifier": "29d14ea06e16473286ac5de87a941784",
    "sub": "{29d14ea0-6e16-4732-86ac-5de87a941784}",
    "sessionindex": "531690ce-9792-4949-8a11-f3f5a4c504b5",
    "loA": "SUBSTANTIAL",
    "uuid": "74ffcd31-fbaf-4c33-bdac-169f25c1e416",
    "cprNumberIdentifier": CPR,
    "birthdate": "1970-01-21",
    "name": "Anna Andersen",
    "country": "DK",
}
NEB_CITIZEN: Final[Claims] = {
    "sub": "b7e5ab3c-4c47-4b6a-8f0f-000000000001",
    "idp": "mitid",
    "identity_type": "private",
    "loa": f"{NSIS}Substantial",
    "ial": f"{NSIS}Substantial",
    "aal": f"{NSIS}High",
    "amr": ["code_app"],
    "neb_sid": "0b6b3ad0-5d45-4f59-9a3b-000000000001",
    "mitid.uuid": "74ffcd31-fbaf-4c33-bdac-169f25c1e416",
    "mitid.identity_name": "Anna Andersen",
    "mitid.has_cpr": "true",
    "dk.cpr": CPR,
}
NEB_COMPANY: Final[Claims] = {
    "sub": "b7e5ab3c-4c47-4b6a-8f0f-000000000002",
    "idp": "mitid_erhverv",
    "identity_type": "professional",
    "loa": f"{NSIS}Substantial",
    "neb_sid": "0b6b3ad0-5d45-4f59-9a3b-000000000002",
    "nemlogin.cvr": CVR,
    "nemlogin.org_name": "Vendsyssel Tømrerforretning ApS",
    "nemlogin.name": "Tove Tømrer",
    "nemlogin.persistent_professional_id": "urn:uuid:5d33f8a0-1f0b-4c05-a9a1-000000000003",
    "nemlogin.nemid.rid": "72131748",
}
NEMLOGIN_CITIZEN: Final[Claims] = {
    "sub": "https://data.gov.dk/model/core/eid/person/uuid/123e4567-e89b-12d3-a456-426655440000",
    f"{EID}cprNumber": CPR,
    f"{EID}fullName": "Anna Andersen",
    "https://data.gov.dk/concept/core/nsis/loa": "Substantial",
}
NEMLOGIN_COMPANY: Final[Claims] = {
    "sub": "https://data.gov.dk/model/core/eid/professional/uuid/5d33f8a0",
    f"{EID}professional/cvr": CVR,
    f"{EID}professional/orgName": "Vendsyssel Tømrerforretning ApS",
    f"{EID}professional/rid": "72131748",
    f"{EID}fullName": "Tove Tømrer",
    "https://data.gov.dk/concept/core/nsis/loa": f"{NSIS}Substantial",
}
OLDER_CITIZEN: Final[Claims] = {
    "sub": "1",
    "dk:gov:saml:attribute:CprNumberIdentifier": "610170-0002",
    "name": "Anna Andersen",
    "https://data.gov.dk/concept/core/nsis/loa": "Substantial",
}
ENTRA_STAFF: Final[Claims] = {
    "sub": "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ",
    "oid": "00000000-0000-0000-66f3-3332eca7ea81",
    "tid": "9122040d-6c67-4c5b-b112-36a304b66dad",
    "preferred_username": "karen@hjorring.example",
    "name": "Karen Kristensen",
    "groups": [CASEWORKERS, "00000000-aaaa-bbbb-cccc-000000000000"],
    "acrs": ["p1", "c1"],
}

SECRET: Final = "correct horse"  # noqa: S105 - an example
VARIABLES: Final[Mapping[str, str]] = {
    "JULELYS_LOGIN_SECRET": SECRET,
    "JULELYS_PSEUDONYM_KEY": "5a" * 32,
}


def issuer_of(broker: Broker, **changes: object) -> Issuer:
    staff = broker is Broker.ENTRA_ID
    described: dict[str, object] = {
        "preset": broker.value,
        "title": {"da": "Log ind", "en": "Log in"},
        "issuer": "https://eid.example",
        "client_id": "julelys-hjorring",
        "authentication": {
            "method": "client-secret-basic",
            "secret_variable": "JULELYS_LOGIN_SECRET",
        },
        "admits": ["staff"] if staff else ["citizens", "companies"],
    }
    if staff:
        described["groups"] = {
            CASEWORKERS: {"roles": ["caseworker"], "teams": ["byggeri-natur"]},
            LEADERS: {"roles": ["team-leader", "caseworker"], "teams": ["vej-trafik"]},
        }
    return Issuer.model_validate(described | changes, strict=False)


def settings_of(site: str = "https://selvbetjening.example", **issuers: Issuer) -> LoginSettings:
    described = LoginDescription.model_validate(
        {
            "site": site,
            "pseudonyms": {"current": "a", "keys": {"a": "JULELYS_PSEUDONYM_KEY"}},
            "issuers": {key: issuer.model_dump() for key, issuer in issuers.items()},
        },
        strict=False,
    )
    return Settings(
        organisation="hjorring",
        file=Path("organisations/hjorring/login.yaml"),
        described=described,
        secrets={name: SecretStr(value) for name, value in VARIABLES.items()},
    )


def pseudonyms(organisation: str = "hjorring", current: str = "a") -> Pseudonyms:
    keys = {"a": b"a" * 32, "b": b"b" * 32}
    return Pseudonyms(organisation, current, {current: keys[current], **keys})

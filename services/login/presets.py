"""What the brokers call things (docs/security.md): names of claims, levels and parameters, as data.

An organisation's `login.yaml` may name its own in the place of any. The examples that each is
tested with are in `tests/services/login_examples.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from services.catalogue.service import LoginLevel
from services.login.levels import LevelClaim

LOW, SUBSTANTIAL, HIGH = LoginLevel.LOW, LoginLevel.SUBSTANTIAL, LoginLevel.HIGH


class Broker(StrEnum):
    IDURA = "idura"
    NETS_EID_BROKER = "nets-eid-broker"
    NEMLOGIN = "nemlog-in"
    ENTRA_ID = "entra-id"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimNames:
    """By which claim each thing is told; the first that is there counts, an empty tuple is never.

    `professional` names the person within a company where no CPR number is given. `session` is the
    issuer's own session, by which it ends ours. `elsewhere` is a claim that says that groups were
    too many to fit.
    """

    cpr: tuple[str, ...] = ()
    cvr: tuple[str, ...] = ()
    company_name: tuple[str, ...] = ()
    professional: tuple[str, ...] = ()
    name: tuple[str, ...] = ("name",)
    staff: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()
    authenticated_at: tuple[str, ...] = ("auth_time",)
    session: tuple[str, ...] = ("sid",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """`asking` are the parameters that ask for a level; with `user_info` some claims are there
    and not in the ID token.

    `keeps_hint`: the ID token has no CPR number, so it may be shown back to the issuer at logout,
    which goes through the browser.
    """

    scopes: tuple[str, ...]
    claims: ClaimNames
    levels: tuple[LevelClaim, ...]
    asking: Mapping[LoginLevel, Mapping[str, str]] = field(default_factory=dict)
    user_info: bool = False
    keeps_hint: bool = False


_NSIS: Final = {
    "https://data.gov.dk/concept/core/nsis/Low": LOW,
    "https://data.gov.dk/concept/core/nsis/Substantial": SUBSTANTIAL,
    "https://data.gov.dk/concept/core/nsis/High": HIGH,
}
_MITID: Final = {level: f"urn:grn:authn:dk:mitid:{level}" for level in LoginLevel}

IDURA: Final = Preset(
    scopes=("openid",),
    claims=ClaimNames(
        cpr=("cprNumberIdentifier",),
        cvr=("cvrNumberIdentifier",),
        company_name=("organizationName",),
        professional=("ridNumberIdentifier", "uuid"),
        authenticated_at=("auth_time", "authenticationinstant"),
        session=("sid", "sessionindex"),
    ),
    levels=(
        LevelClaim(name="authenticationtype", values={urn: each for each, urn in _MITID.items()}),
        LevelClaim(name="loA", values={"LOW": LOW, "SUBSTANTIAL": SUBSTANTIAL, "HIGH": HIGH}),
    ),
    asking={level: {"acr_values": urn} for level, urn in _MITID.items()},
)

NETS_EID_BROKER: Final = Preset(
    scopes=("openid", "mitid", "nemlogin", "ssn"),
    claims=ClaimNames(
        cpr=("dk.cpr", "nemlogin.cpr"),
        cvr=("nemlogin.cvr",),
        company_name=("nemlogin.org_name",),
        professional=("nemlogin.persistent_professional_id", "nemlogin.cpr_uuid"),
        name=("mitid.identity_name", "nemlogin.name"),
        session=("sid", "neb_sid"),
    ),
    levels=(LevelClaim(name="loa", values=_NSIS),),
    asking={
        level: {"idp_params": f'{{"mitid":{{"loa_value":"{level}"}}}}'} for level in LoginLevel
    },
    user_info=True,
    keeps_hint=True,
)

_EID: Final = "https://data.gov.dk/model/core/eid/"

NEMLOGIN: Final = Preset(
    scopes=("openid",),
    claims=ClaimNames(
        # The older names are still met behind the municipalities' own gateways.
        cpr=(f"{_EID}cprNumber", "dk:gov:saml:attribute:CprNumberIdentifier"),
        cvr=(f"{_EID}professional/cvr", "dk:gov:saml:attribute:CvrNumberIdentifier"),
        company_name=(f"{_EID}professional/orgName",),
        professional=(
            f"{_EID}professional/uuid/persistent",
            f"{_EID}professional/rid",
            "dk:gov:saml:attribute:RidNumberIdentifier",
        ),
        name=(f"{_EID}fullName", "name"),
    ),
    levels=(
        LevelClaim(name="https://data.gov.dk/concept/core/nsis/loa", values=_NSIS | {
            "Low": LOW, "Substantial": SUBSTANTIAL, "High": HIGH,
        }),
    ),
    asking={each: {"acr_values": urn} for urn, each in _NSIS.items()},
)  # fmt: skip

ENTRA_ID: Final = Preset(
    scopes=("openid", "profile"),
    claims=ClaimNames(staff=("oid",), groups=("groups",), elsewhere=("_claim_names", "hasgroups")),
    # Which authentication context is which level is the municipality's own choice; c1 and c2 are
    # those that docs/security.md has it make. A password alone is low.
    levels=(
        LevelClaim(name="acrs", values={"c1": SUBSTANTIAL, "c2": HIGH}),
        LevelClaim(name="amr", values={"pwd": LOW, "mfa": SUBSTANTIAL, "ngcmfa": SUBSTANTIAL}),
    ),
    asking={
        SUBSTANTIAL: {"claims": '{"id_token":{"acrs":{"essential":true,"value":"c1"}}}'},
        HIGH: {"claims": '{"id_token":{"acrs":{"essential":true,"value":"c2"}}}'},
    },
)

PRESETS: Final[Mapping[Broker, Preset]] = {
    Broker.IDURA: IDURA,
    Broker.NETS_EID_BROKER: NETS_EID_BROKER,
    Broker.NEMLOGIN: NEMLOGIN,
    Broker.ENTRA_ID: ENTRA_ID,
}

"""What `login.yaml` says of who may log in to an organisation, and by whom (docs/security.md)."""

from typing import Annotated, Literal, TypeAlias

from pydantic import Field

from services.catalogue.service import LoginLevel
from services.catalogue.words import Line, Part, Words
from services.esdh.description import Url, Variable
from services.identity import Role
from services.login.compact import Algorithm
from services.login.presets import Broker

Key: TypeAlias = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
KeyId: TypeAlias = Annotated[str, Field(pattern=r"^[a-z0-9]{1,16}$")]
Parameters: TypeAlias = dict[Line, Line]


class Secret(Part):
    """`client_secret_basic`: a password that the issuer gave us, in the environment's variable."""

    method: Literal["client-secret-basic"]
    secret_variable: Variable


class PrivateKey(Part):
    """`private_key_jwt` (RFC 7523): the variable has our key (PEM), of which the issuer knows the
    public half as `key_id`. `audience` is whom the proof is for: an issuer that takes several
    must not be shown one that another would take as well.
    """

    method: Literal["private-key-jwt"]
    key_variable: Variable
    key_id: Line
    algorithm: Literal["RS256", "PS256", "ES256", "Ed25519"]
    audience: Literal["issuer", "token-endpoint"] = "issuer"


class Group(Part):
    """What a member of a group of the municipality's is here."""

    roles: Annotated[tuple[Role, ...], Field(min_length=1)]
    teams: tuple[Key, ...] = ()


class Claims(Part):
    """Claim names in the place of the preset's; the first that is there counts."""

    cpr: tuple[Line, ...] | None = None
    cvr: tuple[Line, ...] | None = None
    company_name: tuple[Line, ...] | None = None
    professional: tuple[Line, ...] | None = None
    name: tuple[Line, ...] | None = None
    staff: tuple[Line, ...] | None = None
    groups: tuple[Line, ...] | None = None
    authenticated_at: tuple[Line, ...] | None = None
    session: tuple[Line, ...] | None = None


class Issuer(Part):
    """One OpenID provider. `admits` says whom it may log in; `level` is the least that is let in.

    With `max_age_seconds` nobody is let in who proved who they are longer ago. `levels` and
    `asking` take the place of the preset's; `parameters` go along with every request. With
    `renewed_every_minutes` it is asked so often who somebody is by now, and their groups followed.
    """

    preset: Broker
    title: Words
    issuer: Url
    client_id: Line
    authentication: Annotated[Secret | PrivateKey, Field(discriminator="method")]
    admits: Annotated[
        tuple[Literal["citizens", "companies", "staff"], ...], Field(min_length=1, max_length=3)
    ]
    level: LoginLevel = LoginLevel.SUBSTANTIAL
    max_age_seconds: Annotated[int, Field(ge=0, le=86_400)] | None = None
    algorithms: Annotated[tuple[Algorithm, ...], Field(min_length=1)] = ("RS256", "PS256", "ES256")
    scopes: tuple[Line, ...] | None = None
    claims: Claims = Claims()
    levels: dict[Line, dict[Line, LoginLevel]] | None = None
    asking: dict[LoginLevel, Parameters] | None = None
    parameters: Parameters = Field(default_factory=dict)
    groups: dict[Line, Group] = Field(default_factory=dict)
    renewed_every_minutes: Annotated[int, Field(ge=1, le=480)] | None = None
    ca_bundle: Line | None = None
    plain_http: bool = False


class PseudonymKeys(Part):
    """The keys that CPR numbers become pseudonyms with, by id: the variable has 32 bytes as 64
    hexadecimal digits. `current` makes new ones, the others find those that were made with them.
    """

    current: KeyId
    keys: Annotated[dict[KeyId, Variable], Field(min_length=1, max_length=8)]


class SessionLimits(Part):
    """A session ends so long after it was last used, and after it began."""

    idle_minutes: Annotated[int, Field(ge=1, le=1_440)] = 30
    absolute_minutes: Annotated[int, Field(ge=5, le=1_440)] = 480


class LoginDescription(Part):
    """`site` is where browsers meet us, without a slash at its end."""

    site: Url
    pseudonyms: PseudonymKeys
    sessions: SessionLimits = SessionLimits()
    issuers: Annotated[dict[Key, Issuer], Field(min_length=1)]

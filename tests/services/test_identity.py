"""Demo tokens: who they stand for, how long, and that nobody else can make them."""

import asyncio
import stat
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from services.clock import COPENHAGEN, SetClock
from services.config import ROOT, Config
from services.identity import (
    ALGORITHM,
    AUDIENCE,
    LoginFailed,
    Role,
    demo_identity,
    open_identity,
)

NOW = datetime(2026, 12, 1, 9, 0, tzinfo=COPENHAGEN)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(
        data=tmp_path / "data",
        database_url=None,
        organisations=ROOT / "organisations",
        host="127.0.0.1",
        port=0,
        demo=True,
    )


def refusal_of(config: Config, clock: SetClock, bearer: str) -> str:
    with pytest.raises(LoginFailed) as failed:
        asyncio.run(open_identity(config, clock).actor(bearer))
    return failed.value.code


def test_a_token_stands_for_its_person(config: Config) -> None:
    identity = demo_identity(config, SetClock(NOW))
    actor = asyncio.run(identity.actor(identity.token("karen")))
    assert (actor.id, actor.organisation) == ("staff:karen", "hjorring")
    assert actor.roles == {Role.CASEWORKER}
    carpenter = asyncio.run(identity.actor(identity.token("tomrer")))
    assert carpenter.party == carpenter.on_behalf_of == "company:99999991"


def test_a_token_ends_after_thirty_days(config: Config) -> None:
    clock = SetClock(NOW)
    identity = demo_identity(config, clock)
    token = identity.token("anna")
    clock.set(NOW + timedelta(days=30, seconds=-1))
    assert asyncio.run(identity.actor(token)).id == "person:anna"
    clock.set(NOW + timedelta(days=30))
    # Both for one who has seen the token before and for one who has not.
    with pytest.raises(LoginFailed, match="token-expired"):
        asyncio.run(identity.actor(token))
    assert refusal_of(config, clock, token) == "token-expired"


@pytest.mark.parametrize(
    ("header", "claims"),
    [
        ({"alg": ALGORITHM}, {"sub": "anna", "aud": "another", "exp": 1}),
        ({"alg": ALGORITHM}, {"sub": "nobody", "aud": AUDIENCE, "exp": 1}),
        ({"alg": ALGORITHM}, {"aud": AUDIENCE, "exp": 1}),
        ({"alg": ALGORITHM}, {"sub": "anna", "aud": AUDIENCE}),
        ({"alg": "HS512"}, {"sub": "anna", "aud": AUDIENCE, "exp": 1}),
    ],
)
def test_a_token_that_is_not_quite_ours_is_invalid(
    config: Config, header: dict[str, str], claims: dict[str, object]
) -> None:
    clock = SetClock(NOW)
    demo_identity(config, clock)
    key = OctKey.import_key((config.data / "demo-token.key").read_bytes() * 2)
    if "exp" in claims:
        claims = claims | {"exp": int(NOW.timestamp()) + 60}
    signed = jwt.encode(header, claims, key, [header["alg"]])
    assert refusal_of(config, clock, signed) == "token-invalid"
    own = OctKey.import_key((config.data / "demo-token.key").read_bytes())
    ours = jwt.encode(header, claims, own, [header["alg"]])
    assert refusal_of(config, clock, ours) == "token-invalid"


def test_a_token_without_a_signature_is_invalid(config: Config) -> None:
    identity = demo_identity(config, SetClock(NOW))
    _, payload, _ = identity.token("anna").split(".")
    unsigned = f"eyJhbGciOiJub25lIn0.{payload}."
    assert refusal_of(config, SetClock(NOW), unsigned) == "token-invalid"


def test_the_key_is_made_once_and_for_its_owner_only(config: Config) -> None:
    token = demo_identity(config, SetClock(NOW)).token("anna")
    path = config.data / "demo-token.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert asyncio.run(demo_identity(config, SetClock(NOW)).actor(token)).id == "person:anna"


def test_outside_the_demo_nobody_logs_in(config: Config) -> None:
    token = demo_identity(config, SetClock(NOW)).token("anna")
    real = replace(config, demo=False)
    assert refusal_of(real, SetClock(NOW), token) == "login-unavailable"
    with pytest.raises(LoginFailed, match="login-unavailable"):
        demo_identity(real, SetClock(NOW))

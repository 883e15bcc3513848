"""No token but the issuer's own answer to our question is believed: each other has its code."""

import asyncio
import base64
import hashlib
import json
import random
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Final

import pytest
from joserfc.jwk import RSAKey

from services.login.compact import ALGORITHMS
from services.login.id_token import Believed, Wanted, believe
from services.login.keys import AGAIN_SECONDS, KEPT_SECONDS, IssuerKeys, keys_of
from services.login.refusal import LoginRefused
from tests.services.login_tokens import (
    AT,
    CLAIMS,
    CLIENT,
    ISSUER,
    NONCE,
    NOW,
    ec,
    ed25519,
    encoded,
    key_set,
    rsa,
    shared_secret,
    signed,
    with_header,
    without,
)

WANTED: Final = Wanted(
    issuer=ISSUER,
    client_id=CLIENT,
    nonce=NONCE,
    max_age=None,
    authenticated_at=("auth_time", "authenticationinstant"),
    access_token="SlAV32hkKG",  # noqa: S106 - an example
    now=NOW,
)
FRESH: Final = replace(WANTED, max_age=300)


class Published:
    """An issuer's document of keys, how often it was fetched, and a clock to set."""

    def __init__(self, document: bytes | None = None) -> None:
        self.document = key_set() if document is None else document
        self.fetched = 0
        self.seconds = 0.0
        self.keys = IssuerKeys(self._fetch, lambda: self.seconds)

    async def _fetch(self) -> bytes:
        self.fetched += 1
        return self.document


async def checked(
    token: str, wanted: Wanted = WANTED, published: Published | None = None
) -> Believed:
    keys = (published or Published()).keys
    return believe(*await keys.signed(token, ALGORITHMS), wanted)


def refusal_of(token: str, wanted: Wanted = WANTED, published: Published | None = None) -> str:
    with pytest.raises(LoginRefused) as refused:
        asyncio.run(checked(token, wanted, published))
    return refused.value.code


@pytest.mark.parametrize("key", [rsa(), ec(), ed25519()], ids=["RS256", "ES256", "Ed25519"])
def test_the_issuers_answer_is_believed(key: RSAKey) -> None:
    found = asyncio.run(checked(signed(CLAIMS, key)))
    assert found.subject == CLAIMS["sub"]
    assert found.authenticated_at == NOW - timedelta(seconds=5)


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"])
def test_each_algorithm_hashes_the_access_token_its_own_way(algorithm: str) -> None:
    digest = hashlib.new(f"sha{algorithm[2:]}", b"SlAV32hkKG").digest()
    half = base64.urlsafe_b64encode(digest[: len(digest) // 2]).decode().rstrip("=")
    token = signed({**CLAIMS, "at_hash": half}, rsa(), alg=algorithm)
    assert asyncio.run(checked(token)).subject


def test_what_may_be_left_out_or_written_otherwise_is_no_reason_to_refuse() -> None:
    claims = without("auth_time") | {"aud": [CLIENT], "azp": CLIENT, "exp": AT + 0.5, "extra": {}}
    assert asyncio.run(checked(signed(claims, typ=None))).authenticated_at is None
    instant = {"authenticationinstant": "2026-12-01T08:59:01.733Z"}
    found = asyncio.run(checked(signed(without("auth_time") | instant), FRESH))
    assert found.authenticated_at == NOW - timedelta(seconds=59)


OWN: Final = rsa("ours-alone")
PUBLIC_KEY: Final = rsa().as_pem(private=False)
HALF: Final = signed(CLAIMS).rpartition(".")[0]
SIGNATURE: Final = signed(CLAIMS).rpartition(".")[2]


def changed(**claims: object) -> str:
    return signed({**CLAIMS, **claims})


def headed(**header: object) -> str:
    return signed(CLAIMS, None, **header)


def headless(header: object) -> str:
    return with_header(header, CLAIMS, ec(), "ES256")


CASES: Final[Mapping[str, tuple[str, str]]] = {
    # What is no token at all.
    "empty": ("", "login-token-malformed"),
    "one part": ("abc", "login-token-malformed"),
    "four parts": (f"{HALF}.{SIGNATURE}.x", "login-token-malformed"),
    "encrypted": (f"{HALF}.{SIGNATURE}.x.y", "login-token-encrypted"),
    "too large": (changed(padding="x" * 40_000), "login-token-too-large"),
    "large header": (headed(x="y" * 2_000), "login-token-too-large"),
    "padded": (signed(CLAIMS) + "=", "login-signature-invalid"),
    "header with padding": (signed(CLAIMS).replace(".", "=.", 1), "login-token-malformed"),
    "header not base64": (f"!!.{encoded(dict(CLAIMS))}.{SIGNATURE}", "login-token-malformed"),
    "header no JSON": (headless("{"), "login-json-malformed"),
    "header no object": (headless("[1]"), "login-json-malformed"),
    "header text": (headless('"alg"'), "login-json-malformed"),
    "header not UTF-8": (f"_____w.{encoded('{}')}.{SIGNATURE}", "login-json-malformed"),
    "header twice alg": (
        headless('{"alg":"ES256","kid":"ec","alg":"none"}'),
        "login-json-duplicate",
    ),
    "header without alg": (headless({"kid": "ec"}), "login-token-malformed"),
    "alg a number": (headless({"alg": 256, "kid": "ec"}), "login-token-malformed"),
    "kid a number": (headless({"alg": "ES256", "kid": 1}), "login-token-malformed"),
    "typ a list": (headless({"alg": "ES256", "kid": "ec", "typ": []}), "login-token-malformed"),
    # How it is to be checked is not for the token to say.
    "alg none": (f"{encoded({'alg': 'none'})}.{encoded(dict(CLAIMS))}.", "login-token-unsigned"),
    "alg NoNe": (headed(alg="NoNe"), "login-token-unsigned"),
    "alg none with a signature": (headed(alg="none"), "login-token-unsigned"),
    "alg empty": (headed(alg=""), "login-token-algorithm"),
    "alg HS256 by the public key": (
        shared_secret(CLAIMS, PUBLIC_KEY, kid="rsa"),
        "login-token-algorithm",
    ),
    "alg HS256 by a published oct": (
        shared_secret(CLAIMS, b"secret", kid="shared"),
        "login-token-algorithm",
    ),
    "alg EdDSA, which is two": (headed(alg="EdDSA"), "login-token-algorithm"),
    "alg ES256K": (headed(alg="ES256K"), "login-token-algorithm"),
    "alg of another kind of key": (
        with_header({"alg": "RS256", "kid": "ec"}, CLAIMS, OWN, "RS256"),
        "login-key-unsuitable",
    ),
    "alg of another curve": (headed(kid="ec-384"), "login-key-unsuitable"),
    "no signature": (f"{HALF}.", "login-token-malformed"),
    "no claims": (f"{HALF.partition('.')[0]}..{SIGNATURE}", "login-token-malformed"),
    "crit": (headed(crit=["exp"], exp=1), "login-token-critical-header"),
    "crit empty": (headed(crit=[]), "login-token-critical-header"),
    "b64 false": (headed(b64=False, crit=["b64"]), "login-token-critical-header"),
    "b64 true": (headed(b64=True), "login-token-critical-header"),
    "jwk": (
        signed(CLAIMS, OWN, jwk={"kty": "EC", "crv": "P-256", "x": "x", "y": "y"}),
        "login-token-embedded-key",
    ),
    "jku": (signed(CLAIMS, OWN, jku="https://evil.example/keys"), "login-token-embedded-key"),
    "x5u": (signed(CLAIMS, OWN, x5u="https://evil.example/x"), "login-token-embedded-key"),
    "x5c": (signed(CLAIMS, OWN, x5c=["MIIB"]), "login-token-embedded-key"),
    "no kid": (headed(kid=None), "login-key-id-missing"),
    "unknown kid": (headed(kid="who"), "login-key-unknown"),
    "kid a path": (headed(kid="../../etc/passwd"), "login-key-unknown"),
    "kid of a key for encryption": (
        signed(CLAIMS, rsa("for-encryption")),
        "login-key-unknown",
    ),
    "another's key under our kid": (signed(CLAIMS, OWN, kid="rsa"), "login-signature-invalid"),
    "another of its keys": (
        signed(CLAIMS, ec("ec-384", "P-384"), kid="ec"),
        "login-signature-invalid",
    ),
    "claims changed": (
        f"{HALF.partition('.')[0]}.{encoded({**CLAIMS, 'sub': 'x'})}.{SIGNATURE}",
        "login-signature-invalid",
    ),
    "signature of zeros": (f"{HALF}.{encoded(chr(0) * 64)}", "login-signature-invalid"),
    "signature cut": (f"{HALF}.{SIGNATURE[:-4]}", "login-signature-invalid"),
    # Signed by the issuer, and still no answer to us.
    "claims no object": (signed("[]"), "login-json-malformed"),
    "claims no JSON": (signed("{'iss'}"), "login-json-malformed"),
    "claims NaN": (signed('{"exp": NaN}'), "login-json-malformed"),
    "claims nested deeply": (signed('{"a":' * 9_000 + "1" + "}" * 9_000), "login-token-too-large"),
    "claims nested": (signed('{"a":' * 900 + "1" + "}" * 900), "login-json-malformed"),
    "claims twice": (
        signed(json.dumps(dict(CLAIMS))[:-1] + ', "sub": "somebody else"}'),
        "login-json-duplicate",
    ),
    "a logout token": (headed(typ="logout+jwt"), "login-token-type"),
    "an access token": (headed(typ="at+jwt"), "login-token-type"),
    "iss missing": (signed(without("iss")), "login-claim-missing"),
    "iss another": (changed(iss="https://evil.example"), "login-issuer-mismatch"),
    "iss with a slash": (changed(iss=ISSUER + "/"), "login-issuer-mismatch"),
    "iss a list": (changed(iss=[ISSUER]), "login-claim-malformed"),
    "aud missing": (signed(without("aud")), "login-claim-missing"),
    "aud another": (changed(aud="another"), "login-audience-mismatch"),
    "aud another in a list": (changed(aud=["another"]), "login-audience-mismatch"),
    "aud two": (changed(aud=[CLIENT, "another"], azp=CLIENT), "login-audience-untrusted"),
    "aud none": (changed(aud=[]), "login-claim-malformed"),
    "aud a number": (changed(aud=7), "login-claim-malformed"),
    "azp another": (changed(azp="another"), "login-authorised-party-mismatch"),
    "azp null": (changed(azp=None), "login-authorised-party-mismatch"),
    "sub missing": (signed(without("sub")), "login-claim-missing"),
    "sub empty": (changed(sub=""), "login-claim-malformed"),
    "sub long": (changed(sub="x" * 256), "login-claim-malformed"),
    "sub with a line break": (changed(sub="a\nb"), "login-claim-malformed"),
    "sub a number": (changed(sub=1), "login-claim-malformed"),
    "exp missing": (signed(without("exp")), "login-claim-missing"),
    "exp text": (changed(exp=str(AT + 300)), "login-claim-malformed"),
    "exp true": (changed(exp=True), "login-claim-malformed"),
    "exp endless": (changed(exp=10**40), "login-claim-malformed"),
    "exp infinite": (signed({**CLAIMS, "exp": 1.0}), "login-token-expired"),
    "expired": (changed(exp=AT - 61), "login-token-expired"),
    "iat missing": (signed(without("iat")), "login-claim-missing"),
    "iat to come": (changed(iat=AT + 61), "login-token-not-yet-valid"),
    "nbf to come": (changed(nbf=AT + 61), "login-token-not-yet-valid"),
    "nbf text": (changed(nbf="now"), "login-claim-malformed"),
    "made long ago": (changed(iat=AT - 661), "login-token-stale"),
    "nonce missing": (signed(without("nonce")), "login-claim-missing"),
    "nonce another": (changed(nonce="another"), "login-nonce-mismatch"),
    "nonce longer": (changed(nonce=NONCE + "x"), "login-nonce-mismatch"),
    "nonce a list": (changed(nonce=[NONCE]), "login-claim-malformed"),
    "at_hash of another": (changed(at_hash="77QmUPtjPfzW"), "login-access-token-mismatch"),
    "at_hash null": (changed(at_hash=None), "login-claim-missing"),
    "auth_time to come": (changed(auth_time=AT + 61), "login-authentication-in-future"),
    "auth_time text": (changed(auth_time="2026"), "login-claim-malformed"),
    "auth_time no day": (changed(auth_time="2026-13-01T09:00:00Z"), "login-claim-malformed"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_every_other_token_is_refused_with_its_code(case: str) -> None:
    token, code = CASES[case]
    assert refusal_of(token) == code


def test_who_was_to_prove_themselves_just_now_must_have_done_so() -> None:
    assert refusal_of(signed(without("auth_time")), FRESH) == "login-authentication-time-missing"
    assert refusal_of(changed(auth_time=None), FRESH) == "login-authentication-time-missing"
    assert refusal_of(changed(auth_time=AT - 361), FRESH) == "login-authentication-stale"
    assert asyncio.run(checked(changed(auth_time=AT - 360), FRESH)).authenticated_at


@pytest.mark.parametrize("seconds", [-60.0, 59.9])
def test_clocks_may_be_a_minute_apart(seconds: float) -> None:
    token = signed({**CLAIMS, "exp": AT + 1, "iat": AT, "nbf": AT})
    wanted = replace(WANTED, now=NOW + timedelta(seconds=seconds))
    assert asyncio.run(checked(token, wanted)).subject


def test_the_time_zone_we_are_in_makes_no_difference() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))
    found = asyncio.run(checked(signed(CLAIMS), replace(WANTED, now=elsewhere)))
    assert isinstance(found.authenticated_at, datetime)


MUTATED: Final = 10_000


def mutation(token: str, rng: random.Random) -> str:
    """The token with some of its characters changed, lost, doubled, swapped or moved."""
    characters = list(token)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        at = rng.randrange(len(characters))
        match rng.randrange(5):
            case 0:
                characters[at] = rng.choice(
                    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ \0æ"
                )
            case 1:
                del characters[at]
            case 2:
                characters.insert(at, characters[at])
            case 3:
                other = rng.randrange(len(characters))
                characters[at], characters[other] = characters[other], characters[at]
            case _:
                characters = characters[at:] + characters[:at]
    return "".join(characters)


def test_ten_thousand_mutated_tokens_are_refused_and_nothing_else_is_raised() -> None:
    rng = random.Random(20261201)
    good = [signed(CLAIMS, key) for key in (ec(), rsa(), ed25519())]
    codes: dict[str, int] = {}

    async def all_of_them() -> int:
        published, tried = Published(), 0
        while tried < MUTATED:
            token = mutation(rng.choice(good), rng)
            if token in good:
                continue
            tried += 1
            try:
                await checked(token, published=published)
            except LoginRefused as refused:
                codes[refused.code] = codes.get(refused.code, 0) + 1
        return tried

    assert asyncio.run(all_of_them()) == sum(codes.values()) == MUTATED
    # The mutations reach every step up to the signature.
    assert {
        "login-token-malformed",
        "login-json-malformed",
        "login-token-algorithm",
        "login-key-unknown",
        "login-signature-invalid",
    } <= codes.keys()
    assert codes["login-signature-invalid"] > MUTATED // 3


def test_the_same_tokens_unharmed_are_believed() -> None:
    for key in (ec(), rsa(), ed25519()):
        assert asyncio.run(checked(signed(CLAIMS, key))).subject == CLAIMS["sub"]


def test_keys_are_fetched_once_until_one_is_unknown_and_not_too_often() -> None:
    async def scenario() -> None:
        published = Published()
        for _ in range(3):
            await checked(signed(CLAIMS), published=published)
        assert published.fetched == 1
        published.seconds = AGAIN_SECONDS - 1
        for _ in range(20):
            with pytest.raises(LoginRefused, match="login-key-unknown"):
                await checked(headed(kid="invented"), published=published)
        assert published.fetched == 1
        published.seconds = AGAIN_SECONDS
        with pytest.raises(LoginRefused, match="login-key-unknown"):
            await checked(headed(kid="invented"), published=published)
        assert published.fetched == 2

    asyncio.run(scenario())


def test_a_new_key_is_found_and_a_withdrawn_one_forgotten_within_the_hour() -> None:
    async def scenario() -> None:
        published = Published()
        await checked(signed(CLAIMS), published=published)
        new = ec("new")
        published.document = json.dumps({"keys": [new.as_dict(private=False)]}).encode()
        published.seconds = AGAIN_SECONDS
        await checked(signed(CLAIMS, new), published=published)
        with pytest.raises(LoginRefused, match="login-key-unknown"):
            await checked(signed(CLAIMS), published=published)

        published.document = key_set()
        await checked(signed(CLAIMS, new), published=published)
        published.seconds += KEPT_SECONDS
        with pytest.raises(LoginRefused, match="login-key-unknown"):
            await checked(signed(CLAIMS, new), published=published)

    asyncio.run(scenario())


def test_many_who_wait_for_keys_have_them_fetched_once() -> None:
    async def scenario() -> None:
        published = Published()
        await asyncio.gather(*(checked(signed(CLAIMS), published=published) for _ in range(20)))
        assert published.fetched == 1

    asyncio.run(scenario())


WEAK: Final = {"kty": "RSA", "kid": "weak", "n": encoded("x" * 128), "e": "AQAB"}
P256: Final = ec().as_dict(private=False)


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (b"<html>", "login-json-malformed"),
        (b"{}", "login-keys-unusable"),
        (b'{"keys": {}}', "login-keys-unusable"),
        (b'{"keys": [1]}', "login-keys-unusable"),
        (b'{"keys": [{"kid": "x"}]}', "login-keys-unusable"),
        (json.dumps({"keys": [WEAK]}).encode(), "login-key-unsuitable"),
        (json.dumps({"keys": [P256 | {"x": "AA"}]}).encode(), "login-keys-unusable"),
        (json.dumps({"keys": [P256 | {"crv": "P-1"}]}).encode(), "login-keys-unusable"),
        (json.dumps({"keys": [P256 | {"x": 1}]}).encode(), "login-keys-unusable"),
        (json.dumps({"keys": [P256] * 65}).encode(), "login-keys-unusable"),
    ],
    ids=lambda value: value if isinstance(value, str) else "document",
)
def test_a_document_of_keys_that_cannot_be_used_is_refused(document: bytes, code: str) -> None:
    with pytest.raises(LoginRefused) as refused:
        keys_of(document)
    assert refused.value.code == code


def test_two_keys_of_one_name_that_both_fit_are_one_too_many() -> None:
    twice = json.dumps({"keys": [P256, ec("other").as_dict(private=False) | {"kid": "ec"}]})
    assert refusal_of(signed(CLAIMS), published=Published(twice.encode())) == "login-key-unsuitable"


def test_a_private_key_that_an_issuer_publishes_by_mistake_is_not_kept() -> None:
    found = keys_of(json.dumps({"keys": [ec().as_dict(private=True)]}).encode())
    assert not found["ec"][0].is_private

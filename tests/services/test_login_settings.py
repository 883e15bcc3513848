"""Every mistake in `login.yaml` is told by its line, and no secret stands in it."""

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey

from services.catalogue.mistakes import CatalogueInvalid
from services.catalogue.service import LoginLevel
from services.login.authorising import (
    Question,
    address_of,
    asking_for,
    is_secret,
    local_place,
    new_secret,
    nonce_of,
    verifier_of,
)
from services.login.client_proof import proof
from services.login.presets import Broker
from services.login.pseudonyms import open_pseudonyms
from services.login.refusal import LoginRefused
from services.login.settings import FILE
from tests.services.login_examples import VARIABLES, issuer_of

GOOD: Final = """
site: https://selvbetjening.hjorring.example
pseudonyms: {current: "2026", keys: {"2026": JULELYS_PSEUDONYM_KEY}}
issuers:
  mitid:
    preset: idura
    title: {da: MitID, en: MitID}
    issuer: https://hjorring.idura.example
    client_id: urn:my:application
    authentication: {method: client-secret-basic, secret_variable: JULELYS_LOGIN_SECRET}
    admits: [citizens]
    max_age_seconds: 3600
  staff:
    preset: entra-id
    title: {da: Medarbejder, en: Staff}
    issuer: https://login.example/9122040d/v2.0
    client_id: abc
    authentication: {method: client-secret-basic, secret_variable: JULELYS_LOGIN_SECRET}
    admits: [staff]
    groups:
      7f0e: {roles: [caseworker], teams: [byggeri-natur]}
"""


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "login.yaml").write_text(text, encoding="utf-8")
    return tmp_path


def test_settings_are_read_with_their_secrets(tmp_path: Path) -> None:
    found = FILE.load(folder(tmp_path, GOOD), VARIABLES)
    assert found is not None
    assert found.secret("JULELYS_LOGIN_SECRET") == VARIABLES["JULELYS_LOGIN_SECRET"]
    assert "correct horse" not in repr(found)
    assert found.described.issuers["staff"].groups["7f0e"].teams == ("byggeri-natur",)
    assert found.described.sessions.idle_minutes == 30
    assert open_pseudonyms(found).of("cpr", "1")[0].startswith("2026.")
    assert FILE.check(tmp_path) == []
    assert FILE.load(tmp_path / "elsewhere", {}) is None
    assert FILE.check(tmp_path / "elsewhere") == []


@pytest.mark.parametrize(
    ("written", "instead", "line", "told"),
    [
        ("https://hjorring.idura", "http://hjorring.idura", 8, "http would let others"),
        ("example\npseudonyms", "example/\npseudonyms", 2, "ends with a slash"),
        ('current: "2026"', 'current: "2027"', 3, "none of the keys"),
        ("admits: [staff]", "admits: [staff, nobody]", 19, "nobody"),
        ("admits: [citizens]", "admits: []", 11, "admits"),
        ("preset: idura", "preset: nemid", 6, "nemid"),
        (GOOD[GOOD.index("    groups:") :], "", 13, "groups"),
        ("https://login.example/9122040d/v2.0", "https://hjorring.idura.example", 8, "the same"),
        ("max_age_seconds: 3600", "ca_bundle: nowhere.pem", 12, "no file"),
        ("max_age_seconds: 3600", "client_secret: abc", 12, "client_secret"),
        ("max_age_seconds: 3600", "algorithms: [HS256]", 12, "HS256"),
        ("max_age_seconds: 3600", "algorithms: [none]", 12, "none"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_by_its_line(
    tmp_path: Path, written: str, instead: str, line: int, told: str
) -> None:
    assert written in GOOD
    mistakes = FILE.check(folder(tmp_path, GOOD.replace(written, instead)))
    assert mistakes
    assert mistakes[0].line == line
    assert told in str(mistakes[0])
    with pytest.raises(CatalogueInvalid):
        FILE.load(tmp_path, VARIABLES)


@pytest.mark.parametrize("key", ["", "5a5a", "zz" * 32, "5a" * 33])
def test_a_secret_without_a_proper_value_is_a_mistake(tmp_path: Path, key: str) -> None:
    wrong = {**VARIABLES, "JULELYS_PSEUDONYM_KEY": key}
    with pytest.raises(CatalogueInvalid, match="JULELYS_PSEUDONYM_KEY") as invalid:
        FILE.load(folder(tmp_path, GOOD), wrong)
    assert not key or key not in str(invalid.value)


def test_a_password_is_sent_as_the_standard_has_it() -> None:
    issuer = issuer_of(Broker.IDURA, client_id="urn:my:application")
    header = proof(issuer, "p:ss wørd", "https://x", datetime.now(UTC)).headers["Authorization"]  # noqa: TID251
    decoded = base64.b64decode(header.removeprefix("Basic ")).decode()
    assert decoded == "urn%3Amy%3Aapplication:p%3Ass+w%C3%B8rd"


@pytest.mark.parametrize(
    ("audience", "named"),
    [("issuer", "https://eid.example"), ("token-endpoint", "https://eid.example/token")],
)
def test_a_proof_by_key_names_whom_it_is_for(audience: str, named: str) -> None:
    now = datetime(2026, 12, 1, tzinfo=UTC)
    by = {
        "method": "private-key-jwt",
        "key_variable": "JULELYS_LOGIN_SECRET",
        "key_id": "2026",
        "algorithm": "ES256",
        "audience": audience,
    }
    key = ECKey.generate_key("P-256")
    issuer = issuer_of(Broker.IDURA, authentication=by)
    proofs = [
        proof(issuer, key.as_pem(private=True).decode(), "https://eid.example/token", now)
        for _ in range(2)
    ]
    tokens = [
        jwt.decode(each.form["client_assertion"], key, algorithms=["ES256"]) for each in proofs
    ]
    assert tokens[0].header["kid"] == "2026"
    claims = tokens[0].claims
    assert claims["iss"] == claims["sub"] == "julelys-hjorring"
    assert claims["aud"] == named
    assert claims["exp"] == claims["iat"] + 60 == now.timestamp() + 60
    assert claims["jti"] != tokens[1].claims["jti"]
    with pytest.raises(LoginRefused, match="login-client-key-unusable"):
        proof(issuer, "no key", "https://eid.example/token", now)


def question(**changes: object) -> Question:
    given: dict[str, object] = {
        "endpoint": "https://eid.example/authorize?tenant=1",
        "client_id": "c",
        "redirect_uri": "https://site.example/callback",
        "scopes": ("openid", "ssn"),
        "max_age": None,
        "language": "da",
        "extra": {},
    }
    return Question(**{**given, **changes})  # type: ignore[arg-type]  # each test's own fields


def test_the_request_asks_all_that_it_must_and_hints_at_nobody() -> None:
    browser, state = new_secret(), new_secret()
    extra = {"acr_values": "high", "state": "overridden?", "response_type": "token"}
    address = urlsplit(address_of(question(extra=extra, max_age=0), browser, state))
    asked = parse_qs(address.query)
    assert all(len(values) == 1 for values in asked.values())
    assert {name: value for name, (value,) in asked.items()} == {
        "tenant": "1",
        "acr_values": "high",
        "response_type": "code",
        "client_id": "c",
        "redirect_uri": "https://site.example/callback",
        "scope": "openid ssn",
        "state": state,
        "nonce": nonce_of(browser, state),
        "code_challenge": asked["code_challenge"][0],
        "code_challenge_method": "S256",
        "ui_locales": "da",
        "max_age": "0",
    }
    assert browser not in address.query
    assert verifier_of(browser, state) not in address.query
    assert "max_age" not in address_of(question(), browser, state)


def test_nonce_and_verifier_follow_from_both_secrets_and_differ() -> None:
    one, two, state = new_secret(), new_secret(), new_secret()
    made = {
        nonce_of(one, state),
        verifier_of(one, state),
        nonce_of(two, state),
        verifier_of(two, state),
        nonce_of(one, two),
        verifier_of(one, two),
    }
    assert len(made) == 6
    assert all(is_secret(each) for each in made)


def test_the_lowest_level_that_suffices_is_asked_for() -> None:
    both = {LoginLevel.SUBSTANTIAL: {"acr": "s"}, LoginLevel.HIGH: {"acr": "h"}}
    assert asking_for(LoginLevel.LOW, both) == {"acr": "s"}
    assert asking_for(LoginLevel.SUBSTANTIAL, both) == {"acr": "s"}
    assert asking_for(LoginLevel.HIGH, both) == {"acr": "h"}
    assert asking_for(LoginLevel.HIGH, {LoginLevel.LOW: {"acr": "l"}}) == {}


@pytest.mark.parametrize("place", ["/", "/cases", "/cases/1?tab=x&y=%C3%A6", "/a//b"])
def test_a_place_of_our_own_may_be_returned_to(place: str) -> None:
    assert local_place(place) == place


@pytest.mark.parametrize(
    "place",
    ["", "cases", "//evil.example", "/\\evil.example", "https://evil.example", "/\t/evil.example",
     "/x\n", "/ x", "/#x", "/" + "a" * 1_000, "javascript:alert(1)", "/æ", "\\\\evil"],
)  # fmt: skip
def test_no_other_place_may(place: str) -> None:
    with pytest.raises(LoginRefused, match="login-return-invalid"):
        local_place(place)


@given(st.text())
def test_whatever_may_be_returned_to_is_on_our_own_site(place: str) -> None:
    try:
        kept = local_place(place)
    except LoginRefused:
        return
    parts = urlsplit(kept)
    assert (parts.scheme, parts.netloc) == ("", "")
    assert kept.startswith("/")

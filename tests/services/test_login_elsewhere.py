"""The same code against an OpenID provider that others wrote (npm oidc-provider, run by node), so
that we do not only agree with ourselves.
"""

import asyncio
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final
from urllib.parse import parse_qsl, urljoin, urlsplit

import pytest
from joserfc.jwk import ECKey
from pydantic import SecretStr

from services.catalogue.service import LoginLevel
from services.clock import SystemClock
from services.login.acting import actor_of
from services.login.authorising import Begun
from services.login.description import Issuer, SessionLimits
from services.login.logout import address_of, end_by_logout_token
from services.login.memory import MemoryKnownPersons, MemorySessions
from services.login.person import Citizen
from services.login.presets import Broker
from services.login.refusal import LoginRefused
from services.login.sessions import Sessions
from services.login.settings import LoginSettings
from services.settings_file import Settings
from tests.services.login_examples import (
    IDURA_CITIZEN,
    NEB_CITIZEN,
    SECRET,
    issuer_of,
    settings_of,
)
from tests.services.login_town import Answer, Browser, Site, our_site, relying

PACKAGE: Final = "oidc-provider@9.13.3"
SCRIPT: Final = Path(__file__).parent / "oidc_provider.mjs"
KEY: Final = ECKey.generate_key("P-256")
HOPS: Final = 8
TOLD_OF: Final[Mapping[Broker, Mapping[str, object]]] = {
    Broker.IDURA: IDURA_CITIZEN,
    Broker.NETS_EID_BROKER: NEB_CITIZEN,
}


@pytest.fixture(scope="module")
def package() -> Iterator[Path]:
    """A folder with the package; without node, npm or a registry these tests are left out."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        pytest.skip(f"npm's {PACKAGE} was NOT run against: node or npm is missing")
    with tempfile.TemporaryDirectory(prefix="julelys-npm-") as folder:
        install = [npm, "install", "--prefix", folder, "--ignore-scripts", "--no-audit"]
        try:
            subprocess.run(
                [*install, "--no-fund", PACKAGE], check=True, capture_output=True, timeout=120
            )
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
            pytest.skip(f"npm's {PACKAGE} was NOT run against: npm cannot get it")
        yield Path(folder)


@contextmanager
def standing(package: Path, broker: Broker, site: Site, *, cancel: bool = False) -> Iterator[str]:
    """The provider, telling of Anna in the broker's words; gives its address."""
    claims = {name: value for name, value in TOLD_OF[broker].items() if name != "sub"}
    home = f"{site.address}/api/v1/hjorring/login"
    common = {
        "redirect_uris": [f"{home}/callback/mitid"],
        "post_logout_redirect_uris": [f"{home}/ended"],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
        "backchannel_logout_uri": f"{home}/back-channel/mitid",
        "backchannel_logout_session_required": True,
    }
    by_secret = {"client_id": "by-secret", "client_secret": SECRET}
    by_key = {
        "client_id": "by-key",
        "token_endpoint_auth_method": "private_key_jwt",
        "token_endpoint_auth_signing_alg": "ES256",
        "id_token_signed_response_alg": "ES256",
        "jwks": {"keys": [{**KEY.as_dict(private=False), "kid": "2026", "use": "sig"}]},
    }
    told = {
        "clients": [common | by_secret, common | by_key],
        "claims": claims,
        "subject": str(TOLD_OF[broker]["sub"]),
        "conform": broker is Broker.NETS_EID_BROKER,
        "cancel": cancel,
    }
    with subprocess.Popen(
        ["node", SCRIPT, package],  # noqa: S607 - looked for by the fixture
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(json.dumps(told))
            process.stdin.close()
            address = process.stdout.readline().strip()
            assert address, "oidc-provider has not started"
            yield address
        finally:
            process.terminate()


def settings_for(
    address: str, broker: Broker, site: Site, *, by_key: bool, secret: str = SECRET
) -> LoginSettings:
    authentication = {
        "method": "private-key-jwt",
        "key_variable": "JULELYS_LOGIN_SECRET",
        "key_id": "2026",
        "algorithm": "ES256",
    }
    described: dict[str, object] = {"client_id": "by-key" if by_key else "by-secret"}
    if by_key:
        described["authentication"] = authentication
        secret = KEY.as_pem(private=True).decode()
    issuer: Issuer = issuer_of(
        broker, issuer=address, asking={}, max_age_seconds=3_600, **described
    )
    settings = settings_of(site.address, mitid=issuer)
    changed = {**settings.secrets, "JULELYS_LOGIN_SECRET": SecretStr(secret)}
    return Settings(
        organisation=settings.organisation,
        file=settings.file,
        described=settings.described,
        secrets=changed,
    )


async def answer_to(begun: Begun, browser: Browser, site: Site) -> Answer:
    """What comes back to us after the provider has sent the browser around."""
    address = begun.address
    for _ in range(HOPS):
        found = await browser.get(address)
        assert found.status_code in {302, 303}, found.text
        address = urljoin(address, found.headers["Location"])
        if address.startswith(site.address):
            return parse_qsl(urlsplit(address).query)
    raise AssertionError("The provider never came back to us.")


@pytest.mark.parametrize("by_key", [False, True], ids=["by secret", "by key"])
@pytest.mark.parametrize("broker", TOLD_OF)
def test_a_citizen_logs_in_and_out(package: Path, broker: Broker, by_key: bool) -> None:  # noqa: FBT001 - a case
    async def scenario(site: Site, settings: LoginSettings) -> None:
        async with relying(settings) as party:
            clock, browser = SystemClock(), Browser()
            begun = await party.begin("mitid")
            answer = await answer_to(begun, browser, site)
            assert {"code", "state", "iss"} <= dict(answer).keys()
            found = await party.complete("mitid", answer, begun.browser)
            assert isinstance(found.person, Citizen)
            assert found.person.name == "Anna Andersen"
            assert found.level is LoginLevel.SUBSTANTIAL
            assert found.authenticated_at is not None
            assert found.session
            with pytest.raises(LoginRefused, match="login-state-unknown"):
                await party.complete("mitid", answer, begun.browser)

            keys = party.pseudonyms
            sessions = Sessions("hjorring", MemorySessions(), SessionLimits(), keys, clock)
            actor = await actor_of(found.person, "hjorring", MemoryKnownPersons())
            cookie = await sessions.begin(found, actor, replacing=None)
            provider = party.providers["mitid"]
            ended = f"{site.address}/api/v1/hjorring/login/ended"
            address = await address_of(provider, hint=found.hint, return_to=ended, state="s")
            assert address is not None
            page = await browser.get(address)
            form = re.search(r'name="xsrf" value="(\w+)"', page.text)
            assert form is not None, page.text
            confirm = urljoin(address, "/session/end/confirm")
            left = await browser.post(confirm, {"xsrf": form[1], "logout": "yes"})
            assert left.headers["Location"] == f"{ended}?state=s"
            token = site.tokens[-1]
            assert await end_by_logout_token(provider, token, sessions, clock, "hjorring") == 1
            assert await sessions.find(cookie) is None

    with our_site() as site, standing(package, broker, site) as address:
        asyncio.run(scenario(site, settings_for(address, broker, site, by_key=by_key)))


def test_what_the_provider_refuses_is_told_by_its_code(package: Path) -> None:
    async def code_of(settings: LoginSettings, site: Site) -> str:
        async with relying(settings) as party:
            begun = await party.begin("mitid")
            answer = await answer_to(begun, Browser(), site)
            with pytest.raises(LoginRefused) as refused:
                await party.complete("mitid", answer, begun.browser)
            return refused.value.code

    async def code_with_another_verifier(settings: LoginSettings, site: Site) -> str:
        async with relying(settings) as party:
            victim, own = await party.begin("mitid"), await party.begin("mitid")
            stolen = dict(await answer_to(victim, Browser(), site))
            his = dict(await answer_to(own, Browser(), site))
            mixed = {**his, "code": stolen["code"]}
            with pytest.raises(LoginRefused) as refused:
                await party.complete("mitid", [*mixed.items()], own.browser)
            return refused.value.code

    idura = Broker.IDURA
    with our_site() as site, standing(package, idura, site) as address:
        wrong = settings_for(address, idura, site, by_key=False, secret="wrong")  # noqa: S106
        assert asyncio.run(code_of(wrong, site)) == "login-client-refused"
        right = settings_for(address, idura, site, by_key=False)
        assert asyncio.run(code_with_another_verifier(right, site)) == "login-code-refused"
    with our_site() as site, standing(package, idura, site, cancel=True) as address:
        settings = settings_for(address, idura, site, by_key=False)
        assert asyncio.run(code_of(settings, site)) == "login-denied"

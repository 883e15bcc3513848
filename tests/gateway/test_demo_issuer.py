"""The demo's login provider as a process: only in the demo, with a client for each login.yaml."""

import subprocess
import sys
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner

from gateway.cli import app
from services.config import own_environment
from tests.services.login_examples import VARIABLES

LOGIN = """
site: http://127.0.0.1:8000
pseudonyms: {{current: "2026", keys: {{"2026": JULELYS_PSEUDONYM_KEY}}}}
issuers:
  mitid:
    preset: idura
    title: {{da: MitID, en: MitID}}
    issuer: {issuer}
    client_id: julelys-vejle
    authentication: {{method: client-secret-basic, secret_variable: JULELYS_LOGIN_SECRET}}
    admits: [citizens]
"""
PERSONS = """
- {key: anna, name: Anna Andersen, actor: "person:anna", party: "person:anna", roles: [citizen]}
"""


@pytest.fixture
def organisations(tmp_path: Path) -> Path:
    folder = tmp_path / "organisations"
    (folder / "vejle").mkdir(parents=True)
    (folder / "demo-persons.yaml").write_text(PERSONS, encoding="utf-8")
    return folder


def environment(organisations: Path, demo: str) -> dict[str, str]:
    return {**VARIABLES, "JULELYS_ORGANISATIONS": str(organisations), "JULELYS_DEMO": demo}


def refused(organisations: Path, demo: str = "1") -> str:
    """What is told before it ends without having started."""
    result = CliRunner().invoke(app, ["demo-issuer"], env=environment(organisations, demo))
    assert result.exit_code == 1
    return " ".join(result.output.split())


def test_it_refuses_to_start_outside_the_demo(organisations: Path) -> None:
    assert "JULELYS_DEMO=1" in refused(organisations, demo="")


def test_it_serves_a_provider_for_each_login_that_points_to_it(organisations: Path) -> None:
    told = LOGIN.format(issuer="http://127.0.0.1:8803/vejle/mitid")
    (organisations / "vejle" / "login.yaml").write_text(told, encoding="utf-8")
    with subprocess.Popen(
        [sys.executable, "-m", "gateway", "demo-issuer", "--port", "0"],
        env=own_environment(**environment(organisations, "1")),
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            address = process.stdout.readline().strip()
            assert address.startswith("http://127.0.0.1:"), address
            overview = httpx.get(address)
            metadata = httpx.get(f"{address}/vejle/mitid/.well-known/openid-configuration")
        finally:
            process.terminate()
            process.wait(timeout=30)
    assert "MitID" in overview.text
    assert metadata.json()["issuer"] == "http://127.0.0.1:8803/vejle/mitid"


def test_a_mistake_in_a_login_is_told(organisations: Path) -> None:
    told = LOGIN.format(issuer="http://eid.example")
    (organisations / "vejle" / "login.yaml").write_text(told, encoding="utf-8")
    assert "http would let others log in as anybody" in refused(organisations)

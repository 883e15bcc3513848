"""Files of the pages: named by what is in them, kept for ever, and light."""

import gzip
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from gateway.web.assets import OWN, Assets, gathered
from gateway.web.packages import HERE, fetched
from services.config import ROOT
from tests.gateway.running import System

FIRST_VISIT_AT_MOST = 150 * 1024
NEXT_AT_MOST = 20 * 1024

_USED = re.compile(r'(?:href|src)="(/assets/[^"]+)"')


@pytest.fixture
def assets() -> Assets:
    return gathered()


def test_another_content_is_another_address() -> None:
    one, other = Assets(), Assets()
    one.add("a.css", b"a {}")
    other.add("a.css", b"b {}")
    assert one.address("a.css") != other.address("a.css")
    assert re.fullmatch(r"/assets/a\.[0-9a-f]{16}\.css", one.address("a.css"))


def test_a_file_may_be_kept_for_ever_and_comes_packed(system: System, assets: Assets) -> None:
    url = system.address + assets.address("site.css")
    plain = system.client.get(url, headers={"Accept-Encoding": "identity"})
    packed = system.client.get(url, headers={"Accept-Encoding": "gzip"})

    assert plain.content == packed.content == (OWN / "site.css").read_bytes()
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Content-Encoding"] == "gzip"
    for answer in (plain, packed):
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert answer.headers["Content-Type"] == "text/css; charset=utf-8"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "Set-Cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/assets/site.css", "/assets/none.css", "/assets/..%2fda.po"])
def test_nothing_else_lies_there(system: System, path: str) -> None:
    assert system.client.get(system.address + path).status_code == 404


def test_what_is_packed_into_no_file_is_asked_of_nobody_else(assets: Assets) -> None:
    if fetched() is None:
        pytest.skip("No packages of npm: python -m gateway assets fetches them.")
    for asset in assets:
        if asset.media_type.startswith(("text/css", "text/javascript")):
            text = asset.content.decode()
            assert re.findall(r"url\([\"']?(?!data:|/assets/)[^)]*\)", text) == []
            assert "sourceMappingURL" not in text


def test_a_page_is_light(system: System, assets: Assets) -> None:
    if fetched() is None:
        pytest.skip("No packages of npm: python -m gateway assets fetches them.")
    page = system.client.get(system.address + "/hjorring", headers={"Accept-Encoding": "gzip"})
    html = len(gzip.compress(page.content, 5))
    by_address = {asset.address: asset for asset in assets}
    used = [by_address[address] for address in _USED.findall(page.text)]
    letters = [asset for asset in assets if asset.media_type == "font/woff2"]
    sent = sum(len(each.gzipped or each.content) for each in (*used, *letters))

    assert len(used) >= 3
    assert html <= NEXT_AT_MOST
    assert html + sent <= FIRST_VISIT_AT_MOST


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A checkout whose environment is stood in for, and a PATH with nothing but a shell's needs."""
    for name in ("Makefile", "requirements.txt", "requirements-node.txt"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("pip", "python"):
        _program(tmp_path / ".venv" / "bin" / name, f'echo {name} "$@" >> asked')
    (tmp_path / ".venv" / ".installed").touch()
    for name in ("sh", "touch"):
        (tmp_path / "path").mkdir(exist_ok=True)
        (tmp_path / "path" / name).symlink_to(_found(name))
    return tmp_path


def _program(path: Path, does: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{does}\n", encoding="utf-8")
    path.chmod(0o755)


def _found(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"No {name} on this machine.")
    return found


def _make_assets(machine: Path) -> list[str]:
    """What `make assets` asks for, in order."""
    asked = machine / "asked"
    asked.unlink(missing_ok=True)
    path = {"PATH": str(machine / "path")}
    subprocess.run([_found("make"), "assets"], cwd=machine, env=path, check=True)
    return asked.read_text(encoding="utf-8").splitlines()


WHEEL_ASKED = "pip install --quiet --require-hashes --requirement requirements-node.txt"


def test_npm_of_the_machine_is_taken(machine: Path) -> None:
    _program(machine / "path" / "npm", "exit 1")
    assert _make_assets(machine) == ["python -m gateway assets"]


def test_without_npm_a_wheel_brings_it_once(machine: Path) -> None:
    assert _make_assets(machine) == [WHEEL_ASKED, "python -m gateway assets"]
    assert _make_assets(machine) == ["python -m gateway assets"]


def test_where_neither_can_be_had_the_pages_are_fetched_for_all_the_same(machine: Path) -> None:
    _program(machine / ".venv" / "bin" / "pip", 'echo pip "$@" >> asked; exit 1')
    assert _make_assets(machine) == [WHEEL_ASKED, "python -m gateway assets"]
    assert _make_assets(machine) == [WHEEL_ASKED, "python -m gateway assets"]


def test_the_lock_has_what_is_asked_for_and_no_address() -> None:
    lock = (HERE / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert lock.count('"integrity": "sha512-') == 6

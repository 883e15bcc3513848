"""The virus scanner's adapter, held to one contract over TCP, a Unix socket, and Debian's clamd."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from services.documents.clamd import Clamd, ClamdAddress, clamd_address
from services.documents.scanner import Clean, Infected, ScannerUnavailable, Unscannable, Verdict
from tests.services.virus_scanner import (
    EICAR,
    SIGNATURE,
    STREAM_AT_MOST,
    Behaviour,
    a_port,
    clamd_program,
    real_clamd,
    small_clamd,
)


@pytest.fixture(params=["small clamd, TCP", "small clamd, Unix socket", "Debian's clamd"])
def scanner(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ClamdAddress]:
    if request.param == "Debian's clamd":
        program = clamd_program()
        if program is None:
            pytest.skip("Debian's clamd is not on the PATH: apt-get install clamav-daemon")
        with real_clamd(program, tmp_path) as address:
            yield address
        return
    unix = ClamdAddress(socket=str(tmp_path / "clamd.sock"))
    address = a_port() if request.param.endswith("TCP") else unix
    with small_clamd(address):
        yield address


def scanned(address: ClamdAddress, path: Path, content: bytes, seconds: float = 20.0) -> Verdict:
    path.write_bytes(content)
    return asyncio.run(Clamd(address, seconds=seconds).scan(path))


def test_the_contract(scanner: ClamdAddress, tmp_path: Path) -> None:
    """In one test, for starting Debian's takes a second."""
    file = tmp_path / "file"
    assert scanned(scanner, file, b"Carport") == Clean()
    assert scanned(scanner, file, bytes(700_000)) == Clean()
    found = scanned(scanner, file, EICAR)
    # Signatures that are not ClamAV's own are marked so.
    assert isinstance(found, Infected)
    assert found.signature.removesuffix(".UNOFFICIAL") == SIGNATURE
    assert isinstance(scanned(scanner, file, bytes(300_000) + EICAR + bytes(300_000)), Infected)
    too_large = scanned(scanner, file, bytes(STREAM_AT_MOST * 3))
    assert too_large == Unscannable("INSTREAM size limit exceeded. ERROR")


def test_several_are_scanned_at_once(tmp_path: Path) -> None:
    files = [tmp_path / str(number) for number in range(12)]
    for number, file in enumerate(files):
        file.write_bytes(EICAR if number % 3 == 0 else b"Carport")

    async def scan_all(clamd: Clamd) -> list[Verdict]:
        return await asyncio.gather(*(clamd.scan(file) for file in files))

    address = a_port()
    with small_clamd(address):
        found = asyncio.run(scan_all(Clamd(address)))
    assert [isinstance(each, Infected) for each in found] == [n % 3 == 0 for n in range(12)]


@pytest.mark.parametrize(
    "behaviour",
    [
        Behaviour(answer=b"stream: Can't allocate memory ERROR"),
        Behaviour(answer=b"COMMAND READ TIMED OUT ERROR"),
        Behaviour(answer=b"UNKNOWN COMMAND"),
        Behaviour(answer=b"stream: OK but not quite"),
        Behaviour(hangs_up=True),
        Behaviour(is_silent=True),
    ],
    ids=["no memory", "timed out", "unknown command", "not quite OK", "hangs up", "silent"],
)
def test_what_is_no_verdict_lets_nothing_through(tmp_path: Path, behaviour: Behaviour) -> None:
    address = a_port()
    with small_clamd(address, behaviour), pytest.raises(ScannerUnavailable):
        scanned(address, tmp_path / "file", bytes(200_000), seconds=0.5)


def test_a_scanner_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(ScannerUnavailable):
        scanned(a_port(), tmp_path / "file", b"Carport")
    with pytest.raises(ScannerUnavailable):
        scanned(ClamdAddress(socket=str(tmp_path / "none")), tmp_path / "file", b"Carport")


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("clamav:3310", ClamdAddress(host="clamav", port=3310)),
        ("[::1]:3310", ClamdAddress(host="::1", port=3310)),
        ("/run/clamav/clamd.ctl", ClamdAddress(socket="/run/clamav/clamd.ctl")),
    ],
)
def test_where_it_is(given: str, address: ClamdAddress) -> None:
    assert clamd_address(given) == address


@pytest.mark.parametrize("given", ["clamav", ":3310", "clamav:", "clamav:0", "clamav:99999", "a:b"])
def test_a_bad_address_is_told_by_its_setting(given: str) -> None:
    with pytest.raises(ValueError, match="JULELYS_CLAMAV"):
        clamd_address(given)

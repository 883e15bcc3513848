"""A clamd for the tests: its INSTREAM protocol over real sockets, and its faults on demand.

`real_clamd` runs Debian's own, when there is one, under the same tests.
"""

import shutil
import socket
import socketserver
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from services.documents.clamd import ClamdAddress
from tests.gateway.running import wait_until
from tests.services.killing import free_port

EICAR: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""In two parts, so that this file is none (eicar.org)."""

SIGNATURE: Final = "Eicar-Test-Signature"
STREAM_AT_MOST: Final = 1024 * 1024


@dataclass(slots=True)
class Behaviour:
    """`answer` is given whatever was sent; `is_silent` never answers; `asked` counts."""

    answer: bytes | None = None
    is_silent: bool = False
    hangs_up: bool = False
    finds: bool = True
    asked: int = 0
    released: threading.Event = field(default_factory=threading.Event)


class _Conversation(socketserver.StreamRequestHandler):
    server: "SmallClamd"

    def handle(self) -> None:
        behaviour = self.server.behaviour
        behaviour.asked += 1
        if behaviour.hangs_up:
            return
        if behaviour.is_silent:
            behaviour.released.wait(30)
            return
        answer = behaviour.answer or self._scan()
        self.wfile.write(answer + b"\0")

    def _scan(self) -> bytes:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        content = b""
        while size := int.from_bytes(self.rfile.read(4), "big"):
            if len(content) + size > STREAM_AT_MOST:
                return b"INSTREAM size limit exceeded. ERROR"
            content += self.rfile.read(size)
        found = EICAR in content and self.server.behaviour.finds
        return f"stream: {SIGNATURE} FOUND".encode() if found else b"stream: OK"


class SmallClamd(socketserver.ThreadingMixIn, socketserver.BaseServer):
    daemon_threads = True
    behaviour: Behaviour


class _OverTcp(SmallClamd, socketserver.TCPServer):
    allow_reuse_address = True


class _OverUnix(SmallClamd, socketserver.UnixStreamServer):
    pass


@contextmanager
def small_clamd(address: ClamdAddress, behaviour: Behaviour | None = None) -> Iterator[Behaviour]:
    """While the block lasts."""
    server: SmallClamd
    if address.socket is None:
        server = _OverTcp((address.host, address.port), _Conversation)
    else:
        server = _OverUnix(address.socket, _Conversation)
    server.behaviour = behaviour or Behaviour()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server.behaviour
    finally:
        server.behaviour.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def a_port() -> ClamdAddress:
    return ClamdAddress(host="127.0.0.1", port=free_port())


@contextmanager
def real_clamd(program: str, folder: Path) -> Iterator[ClamdAddress]:
    """Debian's clamd with one signature of our own, for theirs are 200 MB to fetch."""
    address = a_port()
    database = folder / "database"
    database.mkdir()
    (database / "ours.ndb").write_text(f"{SIGNATURE}:0:*:{EICAR.hex()}\n")
    settings = folder / "clamd.conf"
    settings.write_text(
        f"DatabaseDirectory {database}\nTCPSocket {address.port}\nTCPAddr {address.host}\n"
        f"StreamMaxLength {STREAM_AT_MOST}\nForeground yes\nLogFile {folder}/clamd.log\n"
    )
    with (folder / "clamd.out").open("wb") as out:
        process = subprocess.Popen([program, "-c", str(settings)], stdout=out, stderr=out)
    try:
        wait_until(lambda: _listens(address) or process.poll() is not None, 60.0)
        assert process.poll() is None, (folder / "clamd.out").read_text()
        yield address
    finally:
        process.terminate()
        process.wait(timeout=30)


def clamd_program() -> str | None:
    return shutil.which("clamd")


def _listens(address: ClamdAddress) -> bool:
    try:
        socket.create_connection((address.host, address.port), timeout=1).close()
    except OSError:
        return False
    return True

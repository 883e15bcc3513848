"""ClamAV's daemon, by its INSTREAM command: the file is sent, so it need not lie on the same host.

The protocol is clamd(8)'s: `zINSTREAM\\0`, chunks each with its length in four bytes, a length of
nothing at the end, and an answer that ends with a zero byte.
"""

import asyncio
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from socket import AF_UNIX, create_connection, socket
from typing import BinaryIO, Final

from services.documents.scanner import Clean, Infected, ScannerUnavailable, Unscannable, Verdict

CONNECT_SECONDS: Final = 5.0
SCAN_SECONDS: Final = 120.0
"""From the first byte sent to the answer; clamd's own MaxScanTime is 120 s."""

AT_ONCE: Final = 4
"""clamd works on ten at a time (MaxThreads), for all who ask it."""

_CHUNK: Final = 128 * 1024
_ANSWER_AT_MOST: Final = 4_096
_FOUND: Final = re.compile(r"stream: (?P<signature>.+) FOUND")
_TOO_LARGE: Final = "INSTREAM size limit exceeded"


@dataclass(frozen=True, slots=True)
class ClamdAddress:
    """A TCP address, or the path of a Unix socket."""

    host: str = ""
    port: int = 0
    socket: str | None = None


class Clamd:
    """`services.documents.scanner.Scanner` over a clamd."""

    def __init__(self, address: ClamdAddress, *, seconds: float = SCAN_SECONDS) -> None:
        self._address = address
        self._seconds = seconds
        self._turn = asyncio.Semaphore(AT_ONCE)

    async def scan(self, path: Path) -> Verdict:
        """Raises ScannerUnavailable, and OSError for a file that cannot be read."""
        file = await asyncio.to_thread(_open, path)
        try:
            async with self._turn:
                answer = await self._ask(file)
        finally:
            file.close()
        if answer == "stream: OK":
            return Clean()
        if found := _FOUND.fullmatch(answer):
            return Infected(found["signature"])
        if answer.startswith(_TOO_LARGE):
            return Unscannable(answer)
        raise ScannerUnavailable(answer or "clamd hung up without an answer")

    async def _ask(self, file: BinaryIO) -> str:
        try:
            connection = await asyncio.to_thread(_connect, self._address)
            with connection:
                async with asyncio.timeout(self._seconds):
                    answer = await _converse(connection, file)
        except (OSError, TimeoutError) as away:
            raise ScannerUnavailable(str(away) or type(away).__name__) from away
        return answer.decode("utf-8", "replace").rstrip("\0").strip()


async def _converse(connection: socket, file: BinaryIO) -> bytes:
    """Listen from the start: past its limit clamd answers in the middle, and hangs up.

    On the bare socket, for a stream of asyncio forgets what was said when it cannot send on.
    """
    listening = asyncio.create_task(_listen(connection))
    try:
        with suppress(BrokenPipeError, ConnectionResetError):
            await _send(connection, file, listening)
        return await listening
    finally:
        listening.cancel()
        await asyncio.wait((listening,))


async def _send(connection: socket, file: BinaryIO, listening: asyncio.Task[bytes]) -> None:
    loop = asyncio.get_running_loop()
    await loop.sock_sendall(connection, b"zINSTREAM\0")
    while not listening.done() and (chunk := await asyncio.to_thread(file.read, _CHUNK)):
        await loop.sock_sendall(connection, len(chunk).to_bytes(4, "big") + chunk)
    await loop.sock_sendall(connection, bytes(4))


async def _listen(connection: socket) -> bytes:
    loop = asyncio.get_running_loop()
    answer = b""
    while not answer.endswith(b"\0") and len(answer) < _ANSWER_AT_MOST:
        more = await loop.sock_recv(connection, _ANSWER_AT_MOST)
        if not more:
            break
        answer += more
    return answer


def _connect(address: ClamdAddress) -> socket:
    if address.socket is None:
        connection = create_connection((address.host, address.port), CONNECT_SECONDS)
    else:
        connection = socket(AF_UNIX)
        try:
            connection.settimeout(CONNECT_SECONDS)
            connection.connect(address.socket)
        except OSError:
            connection.close()
            raise
    connection.settimeout(0)
    return connection


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def clamd_address(given: str) -> ClamdAddress:
    """What `JULELYS_CLAMAV` says: `host:port`, or the path of a Unix socket.

    Raises:
        ValueError: it is neither.
    """
    if given.startswith("/"):
        return ClamdAddress(socket=given)
    host, _, port = given.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 1 << 16:
        raise ValueError(f"JULELYS_CLAMAV is {given!r}; write host:port, or /path/of/a/socket.")
    return ClamdAddress(host=host.strip("[]"), port=int(port))

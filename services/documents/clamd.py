"""ClamAV's daemon, by its INSTREAM command: the file is sent, so it need not lie on the same host.

The protocol is clamd(8)'s: `zINSTREAM\\0`, chunks each with its length in four bytes, a length of
nothing at the end, and an answer that ends with a zero byte.
"""

import asyncio
import re
from asyncio import StreamReader, StreamWriter
from dataclasses import dataclass
from pathlib import Path
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
            async with asyncio.timeout(CONNECT_SECONDS):
                reader, writer = await self._connect()
        except (OSError, TimeoutError) as away:
            raise ScannerUnavailable(str(away) or type(away).__name__) from away
        try:
            async with asyncio.timeout(self._seconds):
                await _send(file, writer)
                answer = await reader.read(_ANSWER_AT_MOST)
                while answer and not answer.endswith(b"\0") and len(answer) < _ANSWER_AT_MOST:
                    more = await reader.read(_ANSWER_AT_MOST)
                    answer += more
                    if not more:
                        break
        except (OSError, TimeoutError) as away:
            raise ScannerUnavailable(str(away) or type(away).__name__) from away
        finally:
            writer.close()
        return answer.decode("utf-8", "replace").rstrip("\0").strip()

    async def _connect(self) -> tuple[StreamReader, StreamWriter]:
        if self._address.socket is not None:
            return await asyncio.open_unix_connection(self._address.socket)
        return await asyncio.open_connection(self._address.host, self._address.port)


async def _send(file: BinaryIO, writer: StreamWriter) -> None:
    try:
        writer.write(b"zINSTREAM\0")
        while chunk := await asyncio.to_thread(file.read, _CHUNK):
            writer.write(len(chunk).to_bytes(4, "big") + chunk)
            await writer.drain()
        writer.write(bytes(4))
        await writer.drain()
    except (BrokenPipeError, ConnectionResetError):
        # Past its limit clamd answers and hangs up; why stands in the answer, if one came.
        return


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

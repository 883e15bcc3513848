"""A proxy before PostgreSQL's Unix socket that cuts the wire after a chosen protocol message."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

MESSAGE_HEAD = 5
STARTUP_HEAD = 4


class Wire:
    """Counts the messages of both directions together, from `arm` on."""

    def __init__(self, target: str, folder: Path) -> None:
        given = conninfo_to_dict(target)
        name = f".s.PGSQL.{given.get('port') or 5432}"
        self._target = str(Path(str(given["host"])) / name)
        self.conninfo = make_conninfo(target, host=str(folder))
        self._lock = threading.Lock()
        self._left: int | None = None
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self.cuts = 0
        self.is_refusing = False
        self.is_silent = False
        self.refuses_after_cut = False
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(folder / name))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def arm(self, messages: int) -> None:
        """Let so many messages through, then cut."""
        with self._lock:
            self._left = messages

    def disarm(self) -> None:
        with self._lock:
            self._left = None

    def close(self) -> None:
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for pair in self._pairs:
            _end(*pair)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            if self.is_refusing:
                client.close()
                continue
            server = socket.socket(socket.AF_UNIX)
            server.connect(self._target)
            self._pairs.append((client, server))
            for source, sink, is_starting in ((client, server, True), (server, client, False)):
                threading.Thread(
                    target=self._pump, args=(source, sink, is_starting), daemon=True
                ).start()

    def _pump(self, source: socket.socket, sink: socket.socket, is_starting: bool) -> None:  # noqa: FBT001  # a thread's positional argument
        waiting = b""
        with suppress(OSError):
            while data := source.recv(65536):
                waiting += data
                while (size := _size(waiting, is_starting=is_starting)) <= len(waiting):
                    message, waiting = waiting[:size], waiting[size:]
                    is_starting = False
                    if not self._passes():
                        _end(source, sink)
                        return
                    if not self.is_silent:
                        sink.sendall(message)
        _end(source, sink)

    def _passes(self) -> bool:
        with self._lock:
            if self._left is None:
                return True
            self._left -= 1
            if self._left >= 0:
                return True
            self._left = None
            self.cuts += 1
            self.is_refusing = self.refuses_after_cut
            return False


def _size(waiting: bytes, *, is_starting: bool) -> int:
    """How long the first message is; one more than there is while that cannot be told."""
    head, offset = (STARTUP_HEAD, 0) if is_starting else (MESSAGE_HEAD, 1)
    if len(waiting) < head:
        return len(waiting) + 1
    return int.from_bytes(waiting[offset : offset + 4]) + offset


def _end(*ends: socket.socket) -> None:
    for end in ends:
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


@contextmanager
def wire_to(target: str, folder: Path) -> Iterator[Wire]:
    wire = Wire(target, folder)
    try:
        yield wire
    finally:
        wire.close()

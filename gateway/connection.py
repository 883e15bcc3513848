"""What one connection may cost before there is a request to refuse: bytes and time.

The server's parser keeps a header, a chunk's extension or a trailer for as long as it grows, and
waits for its end for ever.
"""

from asyncio import TimerHandle, Transport
from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

KEEP_ALIVE_SECONDS: Final = 75
"""An idle connection is the client's to close: whoever closes first may cut a request that is just
being sent. Proxies in front of us give up theirs after a minute."""

HEAD_SECONDS: Final = 20.0
"""From the first byte of a request to the end of its headers."""

LEFTOVER_SECONDS: Final = 20.0
"""For the rest of a body whose request is answered already."""

FRAMING_AT_MOST: Final = 64 * 1024
"""Bytes of a request that are none of its body."""

FRAMING_OF_A_BYTE: Final = 8
"""Bytes of framing that each byte of a body may bring along: `1\\r\\na\\r\\n` is a whole chunk."""

_TOO_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"content-length: 0\r\ncache-control: no-store\r\nconnection: close\r\n\r\n"
)


class GuardedProtocol(HttpToolsProtocol):
    """Closes a connection that is not getting anywhere."""

    _patience: TimerHandle | None = None
    _framing = 0
    _is_in_head = False

    def connection_made(self, transport: Transport) -> None:  # type: ignore[override]  # as it is called
        super().connection_made(transport)
        self._wait(KEEP_ALIVE_SECONDS)

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._framing += len(data)
        super().data_received(data)
        if self._framing > FRAMING_AT_MOST and not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete or self._is_in_head:
                self.transport.write(_TOO_LARGE)
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._framing, self._is_in_head = 0, True
        self._wait(HEAD_SECONDS)

    def on_header(self, name: bytes, value: bytes) -> None:
        # The same is called for trailers, which nobody has asked for: they may be dropped (RFC 9110
        # § 6.5.1), and must not come among the headers, which have been believed by then.
        if self._is_in_head:
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        self._is_in_head = False
        self._calm()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._framing -= len(body) * (1 + FRAMING_OF_A_BYTE)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._framing = 0
        self._calm()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.more_body and not self.transport.is_closing():
            self._wait(LEFTOVER_SECONDS)

    def _wait(self, seconds: float) -> None:
        self._calm()
        self._patience = self.loop.call_later(seconds, self._give_up)

    def _calm(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _give_up(self) -> None:
        if not self.transport.is_closing():
            self.transport.close()

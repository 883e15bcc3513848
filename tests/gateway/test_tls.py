"""The gateway's own TLS: today's versions and ciphers, and nothing in the clear beside it."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import httpx
import pytest
import uvicorn
from starlette.responses import PlainTextResponse

from gateway.edge import Edge
from gateway.headers import HTTPS_ONLY
from gateway.listening import listening
from gateway.tls import context_of
from services.config import from_environment
from tests.gateway.running import wait_until
from tests.services.certificates import certify
from tests.services.killing import free_port


class Served:
    """Something served over TLS, and how to come to it."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder, self.port = folder, port

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.folder / "ca.pem")

    def handshake(self, context: ssl.SSLContext) -> tuple[str | None, str]:
        """The version and cipher that are agreed on."""
        with (
            socket.create_connection(("127.0.0.1", self.port), timeout=5) as plain,
            context.wrap_socket(plain, server_hostname="localhost") as secret,
        ):
            cipher = secret.cipher()
            assert cipher is not None
            return secret.version(), cipher[0]


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder, port = tmp_path_factory.mktemp("tls"), free_port()
    certify(folder)
    config = from_environment(
        {
            "JULELYS_PORT": str(port),
            "JULELYS_TLS_CERTIFICATE": str(folder / "ca.pem"),
            "JULELYS_TLS_KEY": str(folder / "key.pem"),
        }
    )
    server = uvicorn.Server(listening(Edge(PlainTextResponse("here")), config))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        wait_until(lambda: server.started, 30.0)
        yield Served(folder, port)
    finally:
        server.should_exit = True
        thread.join()


def test_it_answers_over_tls_and_says_that_it_will_again(served: Served) -> None:
    answer = httpx.get(f"https://localhost:{served.port}/", verify=served.trusting())
    name, value = (part.decode() for part in HTTPS_ONLY)
    assert (answer.text, answer.headers[name]) == ("here", value)


def test_the_newest_version_is_chosen_and_the_one_before_has_forward_secrecy(
    served: Served,
) -> None:
    assert served.handshake(served.trusting())[0] == "TLSv1.3"
    older = served.trusting()
    older.maximum_version = ssl.TLSVersion.TLSv1_2
    version, cipher = served.handshake(older)
    assert (version, cipher[:5]) == ("TLSv1.2", "ECDHE")
    assert "GCM" in cipher or "CHACHA20" in cipher


OLD: Final = {
    "TLS 1.1": (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0", "unsupported protocol"),
    "no forward secrecy": (ssl.TLSVersion.TLSv1_2, "AES256-GCM-SHA384", "no shared cipher"),
    "not authenticated": (ssl.TLSVersion.TLSv1_2, "ECDHE+AES+SHA", "no shared cipher"),
}


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
@pytest.mark.parametrize("what", OLD)
def test_what_is_too_weak_is_refused_by_the_server(served: Served, what: str) -> None:
    most, ciphers, why = OLD[what]
    weak = served.trusting()
    weak.minimum_version = min(most, ssl.TLSVersion.TLSv1_2)
    weak.maximum_version = most
    weak.set_ciphers(ciphers)
    with pytest.raises(ssl.SSLError):
        served.handshake(weak)
    # The server hangs up without a word, so what it thought is asked of its side by itself.
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        weak.wrap_bio(to_client, to_server, server_hostname="localhost").do_handshake()
    ours = context_of(served.folder / "ca.pem", served.folder / "key.pem")
    with pytest.raises(ssl.SSLError) as refused:
        ours.wrap_bio(to_server, to_client, server_side=True).do_handshake()
    assert why in str(refused.value).lower().replace("_", " ")


def test_nothing_is_answered_in_the_clear(served: Served) -> None:
    received = b""
    with (
        socket.create_connection(("127.0.0.1", served.port), timeout=5) as connection,
        suppress(ConnectionError),
    ):
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = connection.recv(65_536)
    assert b"HTTP" not in received
    assert b"here" not in received


@pytest.mark.parametrize("missing", ["ca.pem", "key.pem"])
def test_files_that_do_not_fit_are_named_with_their_setting(tmp_path: Path, missing: str) -> None:
    certify(tmp_path)
    (tmp_path / missing).write_text("none")
    config = from_environment(
        {
            "JULELYS_TLS_CERTIFICATE": str(tmp_path / "ca.pem"),
            "JULELYS_TLS_KEY": str(tmp_path / "key.pem"),
        }
    )
    with pytest.raises(ValueError, match="JULELYS_TLS_CERTIFICATE"):
        listening(PlainTextResponse("here"), config)


def test_a_certificate_without_a_key_is_said_to_lack_it() -> None:
    with pytest.raises(ValueError, match="JULELYS_TLS_KEY"):
        from_environment({"JULELYS_TLS_CERTIFICATE": "/c.pem"})

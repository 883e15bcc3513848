"""A database elsewhere is spoken with by TLS, unless somebody has said in words that it is not."""

import socket
import threading

import pytest
from psycopg import OperationalError
from psycopg.conninfo import conninfo_to_dict

from services.config import from_environment
from services.database import connect, guarded, server

FULL = {"sslmode": "verify-full", "sslrootcert": "system"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("postgresql://julelys@db.example/julelys", FULL),
        ("host=db.example dbname=julelys", FULL),
        ("host=10.1.2.3", FULL),
        ("hostaddr=10.1.2.3", FULL),
        ("host=localhost,db.example", FULL),
        ("host=db.example sslrootcert=/ca.pem", FULL | {"sslrootcert": "/ca.pem"}),
        ("host=db.example sslmode=disable", {"sslmode": "disable"}),
        ("postgresql://postgres/julelys?sslmode=require", {"sslmode": "require"}),
        ("host=localhost", {}),
        ("host=127.0.0.1 port=5433", {}),
        ("host=::1", {}),
        ("host=/run/postgresql", {}),
        ("dbname=julelys", {}),
        ("service=julelys", {}),
    ],
)
def test_whatever_is_elsewhere_must_prove_itself(given: str, expected: dict[str, str]) -> None:
    told = conninfo_to_dict(guarded(given))
    assert {name: value for name, value in told.items() if name.startswith("ssl")} == expected
    before = conninfo_to_dict(given)
    assert {name: told[name] for name in before} == before


def test_it_is_so_wherever_a_server_is_asked_for() -> None:
    config = from_environment({"JULELYS_DATABASE_URL": "host=db.example"})
    with server(config) as conninfo:
        assert conninfo == guarded("host=db.example")


def test_a_server_that_has_no_tls_is_told_nothing() -> None:
    """So that the words which we add do what they say: by libpq, to something that says no."""
    heard = bytearray()

    def say_no(listening: socket.socket) -> None:
        connection, _ = listening.accept()
        with connection:
            while more := connection.recv(1_024):
                heard.extend(more)
                connection.sendall(b"N")

    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        answering = threading.Thread(target=say_no, args=[listening])
        answering.start()
        elsewhere = guarded(f"host=db.example hostaddr=127.0.0.1 port={port} user=julelys")
        with pytest.raises(OperationalError, match="SSL"):
            connect(elsewhere, "hjorring")
        answering.join(10)
    assert len(heard) == 8, "It was asked for TLS, and then left alone."

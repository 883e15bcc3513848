"""Connections to PostgreSQL, each pinned to one organisation's schema."""

import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import Final, TypeAlias

from psycopg import AsyncConnection, Connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from psycopg_pool import AsyncConnectionPool

from services import embedded
from services.config import Config
from services.hosts import is_this_machine

Row: TypeAlias = tuple[object, ...]

SHARED_SCHEMA: Final = "julelys"
"""Holds what belongs to no organisation: the list of them."""

STATEMENT_SECONDS: Final = 30.0
IDLE_TRANSACTION_SECONDS: Final = 60.0

_NAME: Final = re.compile(r"[a-z][a-z0-9_-]{0,39}")
_TAKEN: Final = {SHARED_SCHEMA, "public", "information_schema"}


class BadSchemaName(ValueError):
    """Not a name that an organisation's schema may have."""


SERVER: Final = """SELECT system_identifier, pg_postmaster_start_time(),
    to_regclass('events')::oid::bigint FROM pg_control_system()"""
"""Another answer than before: an older day may have been brought back, by another server, by the
same one started anew, or by the organisation's schema made anew."""


@contextmanager
def server(config: Config) -> Iterator[str]:
    """Have a server while the block lasts: the one that is named, or else the embedded one."""
    if config.database_url is not None:
        yield guarded(config.database_url)
    else:
        with embedded.running(config.data) as found:
            yield found


def conninfo(config: Config) -> str:
    """The server that `config` names, or the embedded one that is running.

    Raises:
        embedded.ServerNotRunning: none is named and the embedded one is not started.
    """
    return guarded(config.database_url) if config.database_url else embedded.address(config.data)


def guarded(conninfo: str) -> str:
    """The connection string, by TLS and to nobody but that host unless it says otherwise itself.

    libpq's own `prefer` would take the clear from a server, or whoever stands before it, that
    offers nothing else. What a service file names is left to that file.
    """
    given = conninfo_to_dict(conninfo)
    hosts = str(given.get("host") or given.get("hostaddr") or "").split(",")
    if "sslmode" in given or "service" in given or all(map(_is_here, hosts)):
        return conninfo
    roots = {} if "sslrootcert" in given else {"sslrootcert": "system"}
    return make_conninfo(conninfo, sslmode="verify-full", **roots)


def _is_here(host: str) -> bool:
    """No host, a socket, or this machine by its name or address."""
    return not host or host[0] in "/@" or is_this_machine(host)


def schema_name(organisation: str) -> str:
    """The schema of an organisation has the organisation's own name.

    Raises:
        BadSchemaName: PostgreSQL or we need the name ourselves, or it is not 1 to 40 of
            a-z, 0-9, `_` and `-` with a letter first.
    """
    allowed = _NAME.fullmatch(organisation) and not organisation.startswith("pg_")
    if not allowed or organisation in _TAKEN:
        raise BadSchemaName(organisation)
    return organisation


def pinned(
    conninfo: str,
    schema: str,
    *,
    application_name: str = "julelys",
    statement_seconds: float = STATEMENT_SECONDS,
    options: str = "",
) -> str:
    """Add to a connection string what every connection of ours has.

    Names without a schema mean the organisation's; times come in UTC; a peer that vanished is
    noticed within half a minute; no statement and no idle transaction lasts for ever.
    `options` are more settings, written `-c name=value`.
    """
    return _settled(
        conninfo, schema_name(schema), application_name, statement_seconds, options=options
    )


def shared(conninfo: str, *, application_name: str) -> Connection[Row]:
    """Open one connection, in autocommit, that sees what belongs to no organisation."""
    wanted = _settled(conninfo, SHARED_SCHEMA, application_name, STATEMENT_SECONDS)
    return Connection[Row].connect(wanted, autocommit=True)


def _settled(
    conninfo: str,
    schema: str,
    application_name: str,
    statement_seconds: float,
    *,
    options: str = "",
) -> str:
    given = conninfo_to_dict(conninfo)
    settings = [
        f'-c search_path="{schema}"',
        "-c TimeZone=UTC",
        f"-c statement_timeout={round(statement_seconds * 1000)}",
        f"-c idle_in_transaction_session_timeout={round(IDLE_TRANSACTION_SECONDS * 1000)}",
    ]
    ours: dict[str, str | int] = {
        "application_name": application_name,
        "connect_timeout": 5,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 25_000,
    }
    kept = {name: value for name, value in ours.items() if name not in given}
    all_options = " ".join([str(given.get("options") or ""), *settings, options]).strip()
    return make_conninfo(conninfo, **kept, options=all_options)


def connect(
    conninfo: str,
    schema: str,
    *,
    application_name: str = "julelys",
    statement_seconds: float = STATEMENT_SECONDS,
) -> Connection[Row]:
    """Open one connection, in autocommit, that sees `schema` and nothing else by bare name."""
    wanted = pinned(
        conninfo, schema, application_name=application_name, statement_seconds=statement_seconds
    )
    return Connection[Row].connect(wanted, autocommit=True)


def async_pool(
    conninfo: str,
    schema: str,
    *,
    size: int = 8,
    application_name: str = "julelys",
    configure: Callable[[AsyncConnection[Row]], Awaitable[None]] | None = None,
    check: Callable[[AsyncConnection[Row]], Awaitable[None]] = AsyncConnectionPool.check_connection,
) -> AsyncConnectionPool[AsyncConnection[Row]]:
    """A pool that is not open yet; every connection it lends is in autocommit and answers.

    `configure` is called with each that is opened, `check` with each before it is lent; it raises
    `psycopg.OperationalError` for one that is to be replaced.
    """
    return AsyncConnectionPool(
        pinned(conninfo, schema, application_name=application_name),
        connection_class=AsyncConnection[Row],
        kwargs={"autocommit": True},
        min_size=1,
        max_size=size,
        timeout=5.0,
        check=check,
        configure=configure,
        open=False,
        name=f"{application_name}.{schema}",
    )

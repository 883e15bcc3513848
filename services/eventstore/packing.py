"""Arrays in PostgreSQL's binary form, made here because an append sends eleven of them.

The general way takes 5 to 10 microseconds for each, a third of what an append costs the client.
"""

from collections.abc import Iterable
from struct import Struct
from typing import Final
from uuid import UUID

from psycopg import Connection
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

from services.database import Row

# Dimensions, has nulls, type of the elements; then length and lower bound of the one dimension.
_HEAD: Final = Struct("!iiIii")
_EMPTY_HEAD: Final = Struct("!iiI")
_LENGTH: Final = Struct("!i")
_INT4: Final = Struct("!ii")
_INT8: Final = Struct("!iq")

BYTEA_OID: Final = 17
INT8_OID: Final = 20
INT4_OID: Final = 23
TEXT_OID: Final = 25
UUID_OID: Final = 2950


class Packed(bytes):
    """An array ready to be sent; the statement says of which type by a cast."""

    __slots__ = ()


class PackedDumper(Dumper):
    format = Format.BINARY

    def dump(self, obj: Buffer) -> Buffer:
        return obj


def register(connection: Connection[Row]) -> None:
    connection.adapters.register_dumper(Packed, PackedDumper)


def byteas(values: Iterable[bytes]) -> Packed:
    return _packed(BYTEA_OID, [_LENGTH.pack(len(value)) + value for value in values])


def texts(values: Iterable[str]) -> Packed:
    return _packed(
        TEXT_OID, [_LENGTH.pack(len(value)) + value for value in map(str.encode, values)]
    )


def uuids(values: Iterable[UUID]) -> Packed:
    return _packed(UUID_OID, [_LENGTH.pack(16) + value.bytes for value in values])


def int4s(values: Iterable[int]) -> Packed:
    return _packed(INT4_OID, [_INT4.pack(4, value) for value in values])


def int8s(values: Iterable[int]) -> Packed:
    return _packed(INT8_OID, [_INT8.pack(8, value) for value in values])


def _packed(oid: int, elements: list[bytes]) -> Packed:
    if not elements:
        return Packed(_EMPTY_HEAD.pack(0, 0, oid))
    return Packed(_HEAD.pack(1, 0, oid, len(elements), 1) + b"".join(elements))

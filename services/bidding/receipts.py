"""Receipts of bids, signed by a key of the organisation: anybody can check them, for ever.

Each is a JWS in its compact form (RFC 7515), by Ed25519 and nothing else (RFC 8037, RFC 9864). A
key is called by its thumbprint (RFC 7638), so nobody can put another in the place of the one that
a receipt names. All that have ever signed stay published; one that signs no more loses its private
part, so that nobody can date a receipt back.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey
from psycopg import AsyncConnection, Connection
from psycopg.rows import class_row, tuple_row
from psycopg_pool import AsyncConnectionPool
from pydantic_core import from_json, to_json

from events.tender_bid import BidReceived
from services.database import Row
from services.privacy.person_keys import ORGANISATION, PersonKeys
from services.privacy.words import sealed_words

ALGORITHM: Final = "Ed25519"
FORM: Final = "julelys-receipt+jws"

Told: TypeAlias = Mapping[str, object]


class ReceiptNotSigned(Exception):
    """A receipt is not what its issuer signed; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """An organisation's key that signs now."""

    organisation: str
    key: OKPKey = field(repr=False)

    def sign(self, told: Told) -> str:
        header = {"alg": ALGORITHM, "kid": self.key.thumbprint(), "typ": FORM}
        claims = {"organisation": self.organisation, **told}
        return jws.serialize_compact(header, to_json(claims), self.key, algorithms=[ALGORITHM])


@dataclass(frozen=True, slots=True)
class _Kept:
    """As a row has it; the connection opens `private_key`."""

    kid: str
    public_key: str
    private_key: str


class Receipts:
    """One organisation's keys for receipts; the first is made when it is asked for."""

    def __init__(
        self, name: str, pool: AsyncConnectionPool[AsyncConnection[Row]], keys: PersonKeys
    ) -> None:
        self._name, self._pool, self._keys = name, pool, keys

    async def signer(self) -> Signer:
        """Asked anew for each receipt: a key is retired without any process being told."""
        async with self._pool.connection() as db:
            found = await _signing(db)
            while found is None:
                await self._make(db)
                found = await _signing(db)
        told: dict[str, str | list[str]] = {
            "kty": "OKP",
            "crv": ALGORITHM,
            "x": found.public_key,
            "d": found.private_key,
        }
        return Signer(organisation=self._name, key=OKPKey.import_key(told))

    async def published(self) -> list[Mapping[str, str]]:
        """Every key that signs or has signed, as a JWK, the last first."""
        await self.signer()
        async with self._pool.connection() as db, db.cursor(row_factory=tuple_row) as cursor:
            await cursor.execute(
                "SELECT kid, public_key FROM receipt_key ORDER BY made_at DESC, kid"
            )
            return [_jwk(str(kid), str(x)) for kid, x in await cursor.fetchall()]

    async def _make(self, db: AsyncConnection[Row]) -> None:
        """Another process may do the same; one of both keys is kept."""
        key = OKPKey.generate_key(ALGORITHM)
        told, kid = key.as_dict(private=True), key.thumbprint()
        sealer = await self._keys.of_one(db, ORGANISATION)
        place = f"kid={kid}/receipt_key/private_key"
        await db.execute(
            "INSERT INTO receipt_key (kid, public_key, private_key) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            (kid, told["x"], sealed_words(sealer, ORGANISATION, place, told["d"])),
        )


def retire(db: Connection[Row]) -> str | None:
    """The key signs no more and its private part is gone; its id, None where there was none."""
    found = db.execute(
        "UPDATE receipt_key SET private_key = NULL, retired_at = now() WHERE retired_at IS NULL"
        " RETURNING kid"
    ).fetchone()
    return None if found is None else str(found[0])


def told_of(fact: BidReceived) -> dict[str, object]:
    """What a receipt says of a bid, but for its place in the log."""
    return {
        "tender": str(fact.tender_id),
        "bid": str(fact.bid_id),
        "lot": fact.lot,
        "version": fact.version,
        "received_at": fact.received_at.isoformat(),
        "sha256": fact.envelope.sha256,
        "size": fact.envelope.size,
        "commitment": fact.envelope.commitment,
    }


def verified(signed: str, keys: Iterable[Mapping[str, str]]) -> Told:
    """What was signed, by one of the keys that an organisation has published.

    Raises:
        ReceiptNotSigned: `receipt-malformed`, `receipt-key-unknown`, `receipt-forged`.
    """
    try:
        header = jws.extract_compact(signed.encode()).headers()
        known = {kid: key for each in keys for kid, key in [_key(each)]}
    except (JoseError, KeyError, ValueError) as wrong:
        raise ReceiptNotSigned("receipt-malformed") from wrong
    if (header.get("alg"), header.get("typ")) != (ALGORITHM, FORM):
        raise ReceiptNotSigned("receipt-malformed")
    key = known.get(str(header.get("kid")))
    if key is None:
        raise ReceiptNotSigned("receipt-key-unknown")
    try:
        payload = jws.deserialize_compact(signed, key, algorithms=[ALGORITHM]).payload
        told: Told = from_json(payload)
    except (JoseError, ValueError) as wrong:
        raise ReceiptNotSigned("receipt-forged") from wrong
    return told


def _key(published: Mapping[str, str]) -> tuple[str, OKPKey]:
    """By its thumbprint, whatever it is called."""
    key = OKPKey.import_key({name: published[name] for name in ("kty", "crv", "x")})
    return key.thumbprint(), key


def _jwk(kid: str, x: str) -> Mapping[str, str]:
    return {"kty": "OKP", "crv": ALGORITHM, "x": x, "kid": kid, "alg": ALGORITHM, "use": "sig"}


async def _signing(db: AsyncConnection[Row]) -> _Kept | None:
    async with db.cursor(row_factory=class_row(_Kept)) as cursor:
        await cursor.execute(
            "SELECT kid, public_key, private_key FROM receipt_key WHERE retired_at IS NULL"
        )
        return await cursor.fetchone()

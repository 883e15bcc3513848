"""What members of a committee have given for an opening or a replacement, until it is used."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeAlias
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import class_row, dict_row
from psycopg.types.json import Jsonb

from events.ids import ActorId, BidId, ReplacementId, SittingId
from services.database import Row
from services.privacy.person_keys import ORGANISATION, PersonKeys
from services.privacy.words import sealed_words

Db: TypeAlias = AsyncConnection[Row]
Shares: TypeAlias = Mapping[BidId, bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """`pieces` by bid, hexadecimal, sealed to the receiver; `is_sum`: of what was sent before."""

    sender: ActorId
    receiver: ActorId
    is_sum: bool
    pieces: Mapping[str, str]


_GIVE: Final = """
    INSERT INTO given_share (sitting, member, shares, given_at)
    VALUES (%(sitting)s, %(member)s, %(shares)s, %(now)s)
    ON CONFLICT (sitting, member) DO UPDATE SET shares = excluded.shares
"""
_SEND: Final = """
    INSERT INTO replacement_piece (replacement, sender, receiver, is_sum, pieces)
    VALUES (%(replacement)s, %(sender)s, %(receiver)s, %(is_sum)s, %(pieces)s)
    ON CONFLICT (replacement, sender, receiver, is_sum) DO UPDATE SET pieces = excluded.pieces
"""


async def give(
    db: Db, keys: PersonKeys, sitting: SittingId, member: ActorId, shares: Shares, now: datetime
) -> None:
    """Keep a member's shares until enough have given theirs."""
    sealer = await keys.of_one(db, ORGANISATION)
    told = {str(bid): share.hex() for bid, share in shares.items()}
    place = f"sitting={sitting}/given_share/{member}"
    given = {
        "sitting": sitting,
        "member": member,
        "shares": sealed_words(sealer, ORGANISATION, place, told),
        "now": now,
    }
    await db.execute(_GIVE, given)


async def given_in(db: Db, sitting: SittingId) -> Mapping[ActorId, Shares]:
    """By member; the connection opens what it reads."""
    async with db.cursor(row_factory=dict_row) as cursor:
        await cursor.execute(
            "SELECT sitting, member, shares FROM given_share WHERE sitting = %s", (sitting,)
        )
        rows = await cursor.fetchall()
    return {
        ActorId(row["member"]): {
            BidId(UUID(bid)): bytes.fromhex(share) for bid, share in row["shares"].items()
        }
        for row in rows
    }


async def forget_given(db: Db, sitting: SittingId) -> None:
    await db.execute("DELETE FROM given_share WHERE sitting = %s", (sitting,))


async def send(
    db: Db,
    replacement: ReplacementId,
    sender: ActorId,
    receiver: ActorId,
    pieces: Mapping[BidId, str],
    *,
    is_sum: bool = False,
) -> None:
    """Leave pieces for whom they are sealed to."""
    row = {
        "replacement": replacement,
        "sender": sender,
        "receiver": receiver,
        "is_sum": is_sum,
        "pieces": Jsonb({str(bid): sealed for bid, sealed in pieces.items()}),
    }
    await db.execute(_SEND, row)


async def sent_in(db: Db, replacement: ReplacementId) -> list[Sent]:
    async with db.cursor(row_factory=class_row(Sent)) as cursor:
        await cursor.execute(
            "SELECT sender, receiver, is_sum, pieces FROM replacement_piece"
            " WHERE replacement = %s ORDER BY sender, receiver",
            (replacement,),
        )
        return await cursor.fetchall()


async def forget_sent(db: Db, replacement: ReplacementId) -> None:
    await db.execute("DELETE FROM replacement_piece WHERE replacement = %s", (replacement,))

"""What is answered to who bids."""

from datetime import datetime
from uuid import UUID

from gateway.shapes import Shape
from gateway.tender_shapes import TenderRowShape, TenderShape


class MemberKeyShape(Shape):
    """`public_key` is X25519 (RFC 7748), 64 hexadecimal digits."""

    member: str
    name: str
    key_id: str
    public_key: str


class CommitteeKeysShape(Shape):
    """To whom a bid is sealed; `digest` is what it is bound to."""

    threshold: int
    digest: str
    members: list[MemberKeyShape]


class ReceiptShape(Shape):
    """That a bid has come: when, by the database's clock, and what; `sha256` and `size` in bytes
    are those of the file that was sent, `commitment` is to its key. `position` is its place in the
    log. `signed` says all of it once more, and of which organisation: a JWS (RFC 7515, Ed25519) by
    one of `GET /receipt-keys`.
    """

    tender: UUID
    bid: UUID
    lot: str
    version: int
    received_at: datetime
    sha256: str
    size: int
    commitment: str
    position: int
    signed: str


class ReceiptKeyShape(Shape):
    """A public key (JWK, RFC 8037); `kid` is its thumbprint (RFC 7638)."""

    kty: str
    crv: str
    x: str
    kid: str
    alg: str
    use: str


class ReceiptKeysShape(Shape):
    """Every key that receipts are or were signed by, the last first (JWK Set, RFC 7517)."""

    keys: list[ReceiptKeyShape]


class OwnBidShape(Shape):
    """`state` is received, replaced, withdrawn, opened or unreadable; `position` is the log's, and
    `signed` as of the receipt.
    """

    bid: UUID
    lot: str
    version: int
    received_at: datetime
    sha256: str
    size: int
    commitment: str
    position: int
    signed: str
    state: str


class OwnScoreShape(Shape):
    """`points` from 0 to 10."""

    criterion: str
    points: float
    reasons: list[str]


class OwnResultShape(Shape):
    """What became of one's bid for a lot; `place` from 1, totals from 0 to 10."""

    lot: str
    is_winner: bool
    place: int
    bids: int
    total: float
    best: float
    scores: list[OwnScoreShape]


class LotToBidShape(Shape):
    """`next_version` is what the next bid for it is sealed as."""

    lot: str
    title: str
    next_version: int


class BiddingShape(Shape):
    """`bidder` is what bids are bound to; `why_not` the code of why none is received, if so.

    `committee` is null where nobody can be sealed to yet.
    """

    tender: TenderShape
    bidder: str
    why_not: str | None
    has_requested: bool
    committee: CommitteeKeysShape | None
    lots: list[LotToBidShape]
    bids: list[OwnBidShape]
    results: list[OwnResultShape]


class TakingPartShape(Shape):
    tenders: list[TenderRowShape]

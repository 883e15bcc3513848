"""Opening all bids of a tender at once, when enough members have given their shares."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, islice
from typing import Final

from commands.tender_bid import Found
from events.document import Document
from events.ids import ActorId, BidId, DocumentId
from services.bidding.contents import Contents
from services.bidding.envelope import CannotOpen
from services.bidding.envelopes import Envelopes
from services.bidding.given import Shares
from services.bidding.opening import SealedBid, Sealing, contents_of
from services.documents.store import DocumentStore
from services.ids import derived_id

COMBINATIONS_AT_MOST: Final = 1_000
"""Of members' shares that are tried: with more of them than open a bid, one spoilt share is no
matter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    envelopes: Envelopes
    documents: DocumentStore


async def found_in(
    sealing: Sealing, given: Mapping[ActorId, Shares], stores: Stores, now: datetime
) -> tuple[Found, ...]:
    """What is in each bid that stands; its files are documents of the bidder's from now on."""
    return tuple([await _found(bid, sealing, given, stores, now) for bid in sealing.bids.values()])


async def _found(
    bid: SealedBid,
    sealing: Sealing,
    given: Mapping[ActorId, Shares],
    stores: Stores,
    now: datetime,
) -> Found:
    try:
        content = await _content(bid, stores.envelopes)
        shares = [of_all[bid.bid_id] for of_all in given.values() if bid.bid_id in of_all]
        contents = await asyncio.to_thread(
            _contents, bid, content, shares, sealing.committee.threshold
        )
    except CannotOpen as cannot:
        return Found(bid_id=bid.bid_id, unreadable=cannot.code)
    documents = await _documents(bid, contents, stores.documents, now)
    return Found(bid_id=bid.bid_id, documents=documents, price_minor=contents.price_minor)


async def _content(bid: SealedBid, envelopes: Envelopes) -> bytes:
    """Raises:
    CannotOpen: `envelope-missing`.
    """
    try:
        return await envelopes.content(bid.sha256)
    except FileNotFoundError as missing:
        raise CannotOpen("envelope-missing") from missing


def _contents(bid: SealedBid, content: bytes, shares: Sequence[bytes], threshold: int) -> Contents:
    """By whichever shares open it: a new member's may be wrong, and only the key can tell.

    Raises:
        CannotOpen: none do.
    """
    last = CannotOpen("shares-too-few")
    for some in islice(combinations(shares, threshold), COMBINATIONS_AT_MOST):
        try:
            return contents_of(bid, content, some, threshold)
        except CannotOpen as cannot:
            last = cannot
    raise last


async def _documents(
    bid: SealedBid, contents: Contents, store: DocumentStore, now: datetime
) -> tuple[Document, ...]:
    kept = [
        await store.take(
            each.content,
            each.name,
            document_id=_document_id(bid.bid_id, number),
            owner=bid.bidder,
            now=now,
        )
        for number, each in enumerate(contents.files)
    ]
    return tuple(each.document() for each in kept)


def _document_id(bid: BidId, number: int) -> DocumentId:
    """The same when an opening that was interrupted is done again."""
    return DocumentId(derived_id(bid, f"file {number}"))

"""How the demo's bids are sealed and opened: as bidders and members do, with real keys."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, cast

from commands.tender_bid import RecordOpening, SubmitBid
from events.ids import ActorId, BidId, LotId, PartyId, SittingId, TenderId
from events.tender import TenderEvent
from events.tender_bid import Envelope
from services.bidding.bid_file import read_heading, written
from services.bidding.committee_opening import Stores, found_in
from services.bidding.contents import BidFile, Contents
from services.bidding.envelope import Binding, opened_share, seal
from services.bidding.envelopes import Envelopes
from services.bidding.key_file import Keys, made_keys, read_keys
from services.bidding.opening import Sealing, sealing_of
from services.core import Core
from services.demo.ids import demo_id
from services.demo.papers import DRAWING
from services.documents.spooling import Pace
from services.documents.store import DocumentStore
from services.privacy.opening import reading_pool
from services.streams import tender_stream

PASSWORD: Final = "stol lampe trappe regn"  # noqa: S105  # the demo's, told to whoever starts it


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the demo keeps documents, sealed bids, and its members' key files."""

    documents: Path
    bids: Path
    keys: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """`price` in kroner."""

    bidder: PartyId
    price: int
    lot: LotId


class Safe:
    """Keys of a committee, and the store of its bids."""

    def __init__(self, core: Core, places: Places) -> None:
        self._core, self._places = core, places
        self._envelopes = Envelopes(places.bids, Pace())

    def keys_of(self, members: Sequence[ActorId]) -> Mapping[ActorId, Keys]:
        """A pair for each, in a file of theirs that is made the first time."""
        self._places.keys.mkdir(mode=0o700, parents=True, exist_ok=True)
        return {member: self._keys_of(member) for member in members}

    def _keys_of(self, member: ActorId) -> Keys:
        path = self._places.keys / f"{member.partition(':')[2]}.json"
        if path.exists():
            return read_keys(path.read_text(encoding="utf-8"), PASSWORD)
        keys, text = made_keys(PASSWORD)
        path.write_text(text, encoding="utf-8")
        return keys

    def sealing(self, tender: TenderId) -> Sealing:
        found = self._core.store.read(tender_stream(tender)).events
        # Nothing else is ever written to the stream.
        return sealing_of(cast("Iterable[TenderEvent]", found))

    def sealed(self, tender: TenderId, offer: Offer, at: datetime) -> SubmitBid:
        """A bid as its bidder's browser makes it."""
        committee = self.sealing(tender).committee
        binding = Binding(
            tender=str(tender),
            lot=offer.lot,
            bidder=offer.bidder,
            version=1,
            committee=committee.digest,
        )
        files = (
            BidFile(name="tilbud.pdf", media_type="application/pdf", content=DRAWING.read_bytes()),
        )
        contents = Contents(price_minor=offer.price * 100, files=files)
        content = written(binding, seal(contents, binding, committee))
        kept = asyncio.run(self._envelopes.keep(_at_once(content)))
        heading, _ = read_heading(content)
        return SubmitBid(
            tender_id=tender,
            bid_id=BidId(demo_id(self._core.name, f"bid {tender} {offer.bidder} {offer.lot}")),
            lot=offer.lot,
            bidder=offer.bidder,
            version=1,
            envelope=Envelope(
                sha256=kept.sha256,
                size=kept.size,
                commitment=heading.commitment,
                shares=heading.shares,
            ),
            now=at,
        )

    def opened(
        self, tender: TenderId, sitting: SittingId, keys: Mapping[ActorId, Keys], at: datetime
    ) -> RecordOpening:
        """What these members find together."""
        sealing = self.sealing(tender)
        given = {
            member: {
                bid.bid_id: opened_share(bid.shares[member], of.private, bid.binding)
                for bid in sealing.bids.values()
            }
            for member, of in keys.items()
        }

        async def find() -> RecordOpening:
            core = self._core
            async with reading_pool(core.conninfo, core.name, core.keys) as pool:
                documents = DocumentStore(self._places.documents, pool, core.keys)
                stores = Stores(envelopes=self._envelopes, documents=documents)
                found = await found_in(sealing, given, stores, at)
            return RecordOpening(tender_id=tender, sitting=sitting, found=found, now=at)

        return asyncio.run(find())


async def _at_once(content: bytes) -> AsyncIterator[bytes]:
    yield content

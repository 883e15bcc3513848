"""What a committee finds in the bids of a tender, once enough members have given their shares."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from events.ids import ActorId, BidId, LotId, PartyId
from events.tender import TenderEvent
from events.tender_bid import BidReceived, BidWithdrawn, SealedShare
from events.tender_committee import (
    CommitteeAppointed,
    MemberKeyLost,
    MemberKeyRegistered,
    MemberReplaced,
    ReplacementBegan,
)
from services.bidding.bid_file import BidFileUnreadable, read
from services.bidding.contents import Contents
from services.bidding.envelope import Binding, CannotOpen, Committee, opened, require_share


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedBid:
    """A bid that stands, `binding` with the committee to which it was sealed."""

    bid_id: BidId
    lot: LotId
    bidder: PartyId
    sha256: str
    commitment: str
    binding: Binding
    shares: Mapping[ActorId, SealedShare]


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealing:
    """What a tender's facts say of whom bids are sealed to, and which there are."""

    committee: Committee
    bids: Mapping[BidId, SealedBid]


def sealing_of(facts: Iterable[TenderEvent]) -> Sealing:
    """The committee and the bids as they stand; one replaced by its bidder stands no more."""
    found = Sealing(committee=Committee(threshold=0, keys={}), bids={})
    begun: dict[object, ReplacementBegan] = {}
    for fact in facts:
        match fact:
            case CommitteeAppointed():
                keys = {each: found.committee.keys.get(each, b"") for each in fact.members}
                committee = Committee(threshold=fact.threshold, keys=keys)
                found = replace(found, committee=committee)
            case MemberKeyRegistered():
                found = _with_key(found, fact.member, fact.public_key)
            case MemberKeyLost():
                left = {m: key for m, key in found.committee.keys.items() if m != fact.member}
                found = replace(found, committee=replace(found.committee, keys=left))
            case ReplacementBegan():
                begun[fact.replacement] = fact
            case MemberReplaced():
                found = _replaced(found, fact, begun[fact.replacement].public_key)
            case BidReceived():
                found = _received(found, fact)
            case BidWithdrawn():
                rest = {each: bid for each, bid in found.bids.items() if each != fact.bid_id}
                found = replace(found, bids=rest)
            case _:
                pass
    return found


def require_shares(given: Mapping[BidId, bytes], member: ActorId, sealing: Sealing) -> None:
    """A member gives the share of every bid, each as its bidder sealed it.

    Raises:
        CannotOpen: `shares-missing`, `share-corrupted`.
    """
    if given.keys() != sealing.bids.keys():
        raise CannotOpen("shares-missing")
    for bid_id, share in given.items():
        bid = sealing.bids[bid_id]
        if member not in bid.shares:
            raise CannotOpen("share-foreign")
        require_share(share, bid.shares[member], bid.binding)


def contents_of(bid: SealedBid, content: bytes, given: Sequence[bytes], threshold: int) -> Contents:
    """What is in a bid's file.

    Raises:
        CannotOpen: `bid-malformed` too when the file is not one.
    """
    try:
        _, sealed = read(content)
    except BidFileUnreadable as unreadable:
        raise CannotOpen("bid-malformed") from unreadable
    return opened(sealed, bid.commitment, given, threshold, bid.binding)


def _with_key(sealing: Sealing, member: ActorId, public_key: str) -> Sealing:
    keys = {**sealing.committee.keys, member: bytes.fromhex(public_key)}
    return replace(sealing, committee=replace(sealing.committee, keys=keys))


def _received(sealing: Sealing, fact: BidReceived) -> Sealing:
    place = (fact.bidder, fact.lot)
    rest = {each: bid for each, bid in sealing.bids.items() if (bid.bidder, bid.lot) != place}
    binding = Binding(
        tender=str(fact.tender_id),
        lot=fact.lot,
        bidder=fact.bidder,
        version=fact.version,
        committee=sealing.committee.digest,
    )
    bid = SealedBid(
        bid_id=fact.bid_id,
        lot=fact.lot,
        bidder=fact.bidder,
        sha256=fact.envelope.sha256,
        commitment=fact.envelope.commitment,
        binding=binding,
        shares={share.member: share for share in fact.envelope.shares},
    )
    return replace(sealing, bids={**rest, fact.bid_id: bid})


def _replaced(sealing: Sealing, fact: MemberReplaced, public_key: str) -> Sealing:
    """Bids stay bound to the committee they were sealed to; the new member has a share of each."""
    keys = {each: key for each, key in sealing.committee.keys.items() if each != fact.member}
    keys[fact.new_member] = bytes.fromhex(public_key)
    new = {each.bid_id: each.share for each in fact.shares}
    bids = {}
    for bid_id, bid in sealing.bids.items():
        stay = {each: share for each, share in bid.shares.items() if each != fact.member}
        bids[bid_id] = replace(bid, shares={**stay, fact.new_member: new[bid_id]})
    return Sealing(committee=replace(sealing.committee, keys=keys), bids=bids)

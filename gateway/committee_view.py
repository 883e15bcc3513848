"""A committee as its members see it: keys, rehearsals, the sitting, and who is being replaced."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from itertools import count
from uuid import UUID

from events.ids import ActorId
from events.tender_bid import SealedShare
from events.tender_committee import MemberReplaced, ReplacementBegan
from gateway.committee_shapes import (
    BindingShape,
    CommitteeMemberShape,
    CommitteeShape,
    FromHelperShape,
    PieceShape,
    ReplacementShape,
    SealedShareShape,
    ShareToOpenShape,
    SittingShape,
)
from gateway.rehearsing import rehearsal_shape
from gateway.running_tender import rehearsals
from gateway.tender_door import OnTender
from gateway.tenders import tender_shape
from services.bidding.envelope import Binding
from services.bidding.given import Sent, sent_in
from services.bidding.opening import sealing_of


async def committee_shape(on: OnTender) -> CommitteeShape:
    me, now = on.asked.who.id, await on.now()
    is_member = me in on.state.committee
    replacements = [each async for each in _replacements(on, me)]
    helps = any(
        me in (*each.helpers, each.new_member) and not each.is_completed for each in replacements
    )
    shows_shares = helps or (is_member and _is_sitting(on, now))
    return CommitteeShape(
        tender=tender_shape(on.asked, await on.shown()),
        me=me,
        is_member=is_member,
        members=list(_members(on)),
        rehearsal=rehearsal_shape(on, now),
        sitting=_sitting(on, now, me),
        shares=list(_shares(on, me)) if shows_shares else [],
        replacements=replacements,
    )


def _members(on: OnTender) -> Iterator[CommitteeMemberShape]:
    keys, shown = sealing_of(on.facts).committee.keys, rehearsals(on)
    for member, each in sorted(on.state.committee.items()):
        key = keys.get(member, b"") if each.key_id is not None else b""
        yield CommitteeMemberShape(
            member=member,
            name=on.name(member),
            key_id=each.key_id,
            public_key=key.hex() or None,
            rehearsed_at=shown.get(member) if each.has_rehearsed else None,
        )


def _is_sitting(on: OnTender, now: datetime) -> bool:
    sitting = on.state.sitting
    return sitting is not None and now < sitting.ends_at


def _sitting(on: OnTender, now: datetime, me: ActorId) -> SittingShape | None:
    found = on.state.sitting
    if found is None or not _is_sitting(on, now):
        return None
    return SittingShape(
        sitting=found.sitting,
        ends_at=found.ends_at,
        given=sorted(on.name(each) for each in found.given),
        is_mine_given=me in found.given,
    )


def _shares(on: OnTender, me: ActorId) -> Iterator[ShareToOpenShape]:
    for bid in sealing_of(on.facts).bids.values():
        binding, share = bid.binding, bid.shares.get(me)
        places: dict[str, int] = {member: each.place for member, each in bid.shares.items()}
        yield ShareToOpenShape(
            bid=bid.bid_id,
            binding=binding_shape(binding),
            places=places,
            new_place=next(place for place in count(1) if place not in places.values()),
            share=None if share is None else share_shape(share),
        )


def binding_shape(binding: Binding) -> BindingShape:
    return BindingShape(
        tender=binding.tender,
        lot=binding.lot,
        bidder=binding.bidder,
        version=binding.version,
        committee=binding.committee,
    )


def share_shape(share: SealedShare) -> SealedShareShape:
    return SealedShareShape(
        member=share.member,
        key_id=share.key_id,
        place=share.place,
        commitment=share.commitment,
        sealed=share.sealed,
    )


async def _replacements(on: OnTender, me: ActorId) -> AsyncIterator[ReplacementShape]:
    ended = {fact.replacement for fact in on.facts if isinstance(fact, MemberReplaced)}
    async with on.asked.organisation.reads.connection() as db:
        for fact in on.facts:
            if isinstance(fact, ReplacementBegan):
                sent = await sent_in(db, fact.replacement)
                yield ReplacementShape(
                    replacement=fact.replacement,
                    member=fact.member,
                    member_name=on.name(fact.member),
                    new_member=fact.new_member,
                    new_member_name=on.name(fact.new_member),
                    public_key=fact.public_key,
                    helpers=list(fact.helpers),
                    sent_by=sorted({each.sender for each in sent if not each.is_sum}),
                    summed_by=sorted({each.sender for each in sent if each.is_sum}),
                    pieces=[_pieces(each) for each in sent if each.receiver == me],
                    is_completed=fact.replacement in ended,
                )


def _pieces(sent: Sent) -> FromHelperShape:
    pieces = [PieceShape(bid=UUID(bid), sealed=sealed) for bid, sealed in sent.pieces.items()]
    return FromHelperShape(helper=sent.sender, pieces=pieces)

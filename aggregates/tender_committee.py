"""The rules of the committee: who can open bids together, and that they can."""

from typing import assert_never

from aggregates.tender_state import Status, Tender, require_draft
from commands.refusal import Refused
from commands.tender_committee import (
    AppointCommittee,
    BeginReplacement,
    CommitteeCommand,
    CompleteReplacement,
    RecordRehearsal,
    RegisterMemberKey,
    ReportKeyLost,
)
from events.ids import ActorId
from events.tender import TenderCancelled, TenderEvent
from events.tender_committee import (
    CommitteeAppointed,
    MemberKeyLost,
    MemberKeyRegistered,
    MemberRehearsed,
    MemberReplaced,
    ReplacementBegan,
)

LEAST_THRESHOLD = 2


def decide(command: CommitteeCommand, tender: Tender) -> list[TenderEvent]:
    match command:
        case AppointCommittee():
            return _appoint(command, tender)
        case RegisterMemberKey():
            return _register_key(command, tender)
        case RecordRehearsal():
            return _rehearse(command, tender)
        case ReportKeyLost():
            return _report_lost(command, tender)
        case BeginReplacement():
            return _begin_replacement(command, tender)
        case CompleteReplacement():
            return _complete_replacement(command, tender)
        case _:
            assert_never(command)


def _appoint(command: AppointCommittee, tender: Tender) -> list[TenderEvent]:
    """No minority opens, none can keep bids shut: at least two, and n ≥ 2k - 1."""
    require_draft(tender)
    members, threshold = command.members, command.threshold
    if len(set(members)) < len(members):
        raise Refused("member-twice", "Every member is another person.")
    if threshold < LEAST_THRESHOLD or len(members) < 2 * threshold - 1:
        least = max(2 * threshold - 1, 2 * LEAST_THRESHOLD - 1)
        raise Refused(
            "committee-too-small",
            "At least two open together, and a majority is never needed to do so.",
            least=str(least),
        )
    return [CommitteeAppointed(tender_id=command.tender_id, members=members, threshold=threshold)]


def _register_key(command: RegisterMemberKey, tender: Tender) -> list[TenderEvent]:
    """Until publication: from then on bidders seal to it, and nobody is told whether any has."""
    _require_member(command.member, tender)
    require_draft(tender)
    return [
        MemberKeyRegistered(
            tender_id=command.tender_id,
            member=command.member,
            key_id=command.key_id,
            public_key=command.public_key,
        )
    ]


def _rehearse(command: RecordRehearsal, tender: Tender) -> list[TenderEvent]:
    _require_member(command.member, tender)
    _require_running(tender)
    if tender.committee[command.member].key_id != command.key_id:
        raise Refused("key-not-registered", "The member's registered key is another one.")
    return [
        MemberRehearsed(
            tender_id=command.tender_id,
            member=command.member,
            key_id=command.key_id,
            rehearsed_at=command.now,
        )
    ]


def _report_lost(command: ReportKeyLost, tender: Tender) -> list[TenderEvent]:
    """A tender whose bids nobody can open any more is cancelled at once, and says why."""
    _require_member(command.member, tender)
    _require_running(tender)
    key_id = tender.committee[command.member].key_id
    if key_id is None:
        return []
    lost: list[TenderEvent] = [
        MemberKeyLost(
            tender_id=command.tender_id,
            member=command.member,
            key_id=key_id,
            lost_at=command.now,
        )
    ]
    if tender.status is Status.PUBLISHED and tender.keys_to_spare < 1:
        reason = "For få af udvalgets medlemmer har deres nøgle: tilbuddene kan ikke åbnes."
        lost.append(
            TenderCancelled(tender_id=command.tender_id, reason=reason, cancelled_at=command.now)
        )
    return lost


def _begin_replacement(command: BeginReplacement, tender: Tender) -> list[TenderEvent]:
    """Not before the deadline: helpers open their shares of each bid, and until then nobody knows
    whether there is one. Meanwhile bids are sealed to those who have a key.
    """
    _require_member(command.member, tender)
    _require_running(tender)
    if not tender.takes_bids or not tender.is_closed(command.now):
        raise Refused("replacement-waits", "A member is replaced once the deadline has passed.")
    if command.new_member in tender.committee:
        raise Refused("member-twice", "Every member is another person.")
    able = {
        member
        for member, each in tender.committee.items()
        if each.key_id is not None and member != command.member
    }
    helpers = set(command.helpers)
    if len(helpers) != tender.threshold or not helpers <= able:
        raise Refused(
            "helpers-unclear",
            "As many members with a key as open bids together give the new one its shares.",
            threshold=str(tender.threshold),
        )
    return [
        ReplacementBegan(
            tender_id=command.tender_id,
            replacement=command.replacement,
            member=command.member,
            new_member=command.new_member,
            key_id=command.key_id,
            public_key=command.public_key,
            helpers=command.helpers,
        )
    ]


def _complete_replacement(command: CompleteReplacement, tender: Tender) -> list[TenderEvent]:
    _require_running(tender)
    found = [each for each in tender.replacements if each[0] == command.replacement]
    if not found or found[0][2] != command.new_member:
        raise Refused("replacement-not-found", "Nobody is replaced by this member.")
    if {each.bid_id for each in command.shares} != {bid.bid_id for bid in tender.bids.values()}:
        raise Refused("shares-missing", "The new member has a share of every bid, and no other.")
    return [
        MemberReplaced(
            tender_id=command.tender_id,
            replacement=command.replacement,
            member=found[0][1],
            new_member=command.new_member,
            shares=command.shares,
            replaced_at=command.now,
        )
    ]


def _require_member(member: ActorId, tender: Tender) -> None:
    if tender.status is Status.UNKNOWN:
        raise Refused("tender-not-found", "There is no such tender.")
    if member not in tender.committee:
        raise Refused("not-a-member", "Only a member of the committee does this.")


def _require_running(tender: Tender) -> None:
    if tender.status is Status.CANCELLED:
        raise Refused("tender-cancelled", "The tender is cancelled.")
    if tender.status is Status.OPENED:
        raise Refused("tender-opened", "The bids are opened.")

"""What is answered to the members of a committee."""

from datetime import datetime
from uuid import UUID

from gateway.shapes import Shape
from gateway.tender_shapes import RehearsalShape, TenderShape


class SealedShareShape(Shape):
    """HPKE (RFC 9180), hexadecimal."""

    member: str
    key_id: str
    place: int
    commitment: str
    sealed: str


class BindingShape(Shape):
    """What a bid, and each share of its key, is bound to."""

    tender: str
    lot: str
    bidder: str
    version: int
    committee: str


class ShareToOpenShape(Shape):
    """`places` are those of all members' shares of this bid; `new_place` is the first that is
    free, for a new member, who has no `share` yet.
    """

    bid: UUID
    binding: BindingShape
    places: dict[str, int]
    new_place: int
    share: SealedShareShape | None


class TrialShape(Shape):
    """A share of no bid, for a rehearsal: whoever opens it has the key at hand."""

    trial: str
    binding: BindingShape
    share: SealedShareShape


class SittingShape(Shape):
    """`given` are the members who have given their shares."""

    sitting: UUID
    ends_at: datetime
    given: list[str]
    is_mine_given: bool


class CommitteeMemberShape(Shape):
    """`rehearsed_at` is null before the member has rehearsed for the deadline that stands."""

    member: str
    name: str
    key_id: str | None
    public_key: str | None
    rehearsed_at: datetime | None


class PieceShape(Shape):
    """What one helper has sealed to another for the new member's share of one bid."""

    bid: UUID
    sealed: str


class FromHelperShape(Shape):
    helper: str
    pieces: list[PieceShape]


class ReplacementShape(Shape):
    """`helpers` stand in the order of their places; `place` is the new member's.

    `pieces` are those sealed to whoever asks: by the other helpers, or the sums of all of them.
    """

    replacement: UUID
    member: str
    member_name: str
    new_member: str
    new_member_name: str
    public_key: str
    helpers: list[str]
    sent_by: list[str]
    summed_by: list[str]
    pieces: list[FromHelperShape]
    is_completed: bool


class CommitteeShape(Shape):
    """`me` is null for whoever would only become a member; `shares` are one's own of every bid,
    told during a sitting and for a replacement that one helps with. `rehearsal` is null where no
    bids come.
    """

    tender: TenderShape
    me: str
    is_member: bool
    members: list[CommitteeMemberShape]
    rehearsal: RehearsalShape | None
    sitting: SittingShape | None
    shares: list[ShareToOpenShape]
    replacements: list[ReplacementShape]


class SittingIdShape(Shape):
    sitting: UUID


class GivenShape(Shape):
    """`is_opened` once enough have given theirs, and every bid has been opened."""

    given: int
    threshold: int
    is_opened: bool

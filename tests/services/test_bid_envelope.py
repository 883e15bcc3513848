"""Sealed bids: every k members open every bid, fewer none, and nothing can be moved or changed."""

from dataclasses import replace
from itertools import combinations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from events.ids import ActorId
from services.bidding.contents import (
    SMALLEST,
    BidFile,
    Contents,
    ContentsUnreadable,
    packed,
    padded_size,
    unpacked,
)
from services.bidding.envelope import (
    Binding,
    CannotOpen,
    Committee,
    Sealed,
    opened,
    opened_share,
    require_share,
    seal,
)
from services.bidding.shares import SharesUnusable, combine, split, times, weight_at

SIZES = [(2, 3), (3, 5), (4, 7)]
BID = Contents(
    price_minor=123_456_00,
    files=(
        BidFile(name="tilbud æøå.pdf", media_type="application/pdf", content=b"%PDF-1.7 bid"),
        BidFile(name="tom.txt", media_type="text/plain", content=b""),
    ),
)


class Keys:
    """A committee with the members' private keys."""

    def __init__(self, threshold: int, count: int) -> None:
        self.private = {
            ActorId(f"staff:{number}"): X25519PrivateKey.generate() for number in range(count)
        }
        public = {
            member: key.public_key().public_bytes_raw() for member, key in self.private.items()
        }
        self.committee = Committee(threshold=threshold, keys=public)
        self.binding = Binding(
            tender="t", lot="1", bidder="company:1", version=1, committee=self.committee.digest
        )

    def open_share(self, sealed: Sealed, member: ActorId) -> bytes:
        share = next(each for each in sealed.shares if each.member == member)
        return opened_share(share, self.private[member].private_bytes_raw(), self.binding)


def refused(action: object) -> str:
    assert callable(action)
    with pytest.raises(CannotOpen) as caught:
        action()
    return caught.value.code


@pytest.mark.parametrize(("threshold", "count"), SIZES)
def test_every_k_members_open_a_bid_and_no_fewer(threshold: int, count: int) -> None:
    keys = Keys(threshold, count)
    sealed = seal(BID, keys.binding, keys.committee)
    shares = {member: keys.open_share(sealed, member) for member in keys.private}

    for some in combinations(shares.values(), threshold):
        found = opened(sealed.sealed, sealed.commitment, some, threshold, keys.binding)
        assert found == BID
    for some in combinations(shares.values(), threshold - 1):
        too_few = lambda some=some: opened(  # noqa: E731
            sealed.sealed, sealed.commitment, some, threshold, keys.binding
        )
        assert refused(too_few) == "shares-too-few"
        # Whoever pretends that fewer are enough gets another key, and the commitment says so.
        forced = lambda some=some: opened(  # noqa: E731
            sealed.sealed, sealed.commitment, some, threshold - 1, keys.binding
        )
        assert refused(forced) == "key-corrupted"


@pytest.mark.parametrize(("threshold", "count"), SIZES)
def test_a_share_that_is_foreign_swapped_or_corrupted_is_named(threshold: int, count: int) -> None:
    keys = Keys(threshold, count)
    one = seal(BID, keys.binding, keys.committee)
    other = seal(BID, replace(keys.binding, version=2), keys.committee)
    first, second = one.shares[:2]
    own = keys.private[first.member].private_bytes_raw()

    foreign = keys.private[second.member].private_bytes_raw()
    assert refused(lambda: opened_share(first, foreign, keys.binding)) == "share-foreign"
    swapped = replace(first, sealed=second.sealed)
    assert refused(lambda: opened_share(swapped, own, keys.binding)) == "share-foreign"
    of_other_bid = replace(first, sealed=other.shares[0].sealed)
    assert refused(lambda: opened_share(of_other_bid, own, keys.binding)) == "share-foreign"
    lying = replace(first, commitment=second.commitment)
    assert refused(lambda: opened_share(lying, own, keys.binding)) == "share-corrupted"
    share = keys.open_share(one, first.member)
    for at in range(len(share)):
        changed = share[:at] + bytes([share[at] ^ 1]) + share[at + 1 :]
        code = refused(lambda changed=changed: require_share(changed, first, keys.binding))
        assert code == "share-corrupted"


def test_nothing_can_be_moved_to_another_tender_lot_bidder_version_or_committee() -> None:
    keys = Keys(2, 3)
    sealed = seal(BID, keys.binding, keys.committee)
    shares = [keys.open_share(sealed, member) for member in list(keys.private)[:2]]
    for changed in (
        replace(keys.binding, tender="u"),
        replace(keys.binding, lot="2"),
        replace(keys.binding, bidder="company:2"),
        replace(keys.binding, version=2),
        replace(keys.binding, committee=Keys(2, 3).committee.digest),
    ):
        moved = lambda changed=changed: opened(  # noqa: E731
            sealed.sealed, sealed.commitment, shares, 2, changed
        )
        assert refused(moved) == "key-corrupted"


def test_a_changed_envelope_is_told_from_a_changed_key() -> None:
    keys = Keys(2, 3)
    sealed = seal(BID, keys.binding, keys.committee)
    shares = [keys.open_share(sealed, member) for member in list(keys.private)[:2]]
    for at in (0, 12, len(sealed.sealed) - 1):
        changed = bytearray(sealed.sealed)
        changed[at] ^= 1
        spoilt = lambda changed=changed: opened(  # noqa: E731
            bytes(changed), sealed.commitment, shares, 2, keys.binding
        )
        assert refused(spoilt) == "envelope-corrupted"
    twice = [shares[0], shares[0]]
    again = lambda: opened(sealed.sealed, sealed.commitment, twice, 2, keys.binding)  # noqa: E731
    assert refused(again) == "share-twice"


def test_who_is_in_the_committee_is_in_its_digest() -> None:
    keys = Keys(2, 3)
    digests = {keys.committee.digest, replace(keys.committee, threshold=3).digest}
    first, *rest = keys.committee.keys.items()
    digests.add(replace(keys.committee, keys=dict(rest)).digest)
    digests.add(replace(keys.committee, keys=dict([(first[0], rest[0][1]), *rest])).digest)
    assert len(digests) == 4
    assert replace(keys.committee, keys=dict([*rest, first])).digest == keys.committee.digest


@given(st.binary(min_size=1, max_size=64), st.integers(2, 6), st.integers(0, 5), st.randoms())
@settings(max_examples=100)
def test_any_k_shares_in_any_order_give_the_secret(
    secret: bytes, threshold: int, more: int, random: object
) -> None:
    shares = split(secret, threshold + more, threshold)
    random.shuffle(shares)  # type: ignore[attr-defined]  # a random.Random
    assert combine(shares[:threshold], threshold) == secret
    assert combine(shares, threshold) == secret


def test_fewer_shares_tell_nothing() -> None:
    """For every secret there is a share that goes with those that somebody has."""
    known = split(b"\x2a", 3, 2)[0]
    fitting = set()
    for value in range(256):
        fitting.add(combine([known, bytes([value, 2])], 2))
    assert fitting == {bytes([secret]) for secret in range(256)}


def test_the_field_is_one() -> None:
    assert times(0x57, 0x83) == 0xC1  # FIPS 197, section 4.2
    for one in range(1, 256):
        assert len({times(one, other) for other in range(256)}) == 256
    assert weight_at(0, 1, [1]) == 1


@pytest.mark.parametrize(
    "shares", [[b"a\x01", b"bb\x02"], [b"a\x00", b"b\x01"], [b"\x01", b"\x02"]]
)
def test_what_is_no_share_is_refused(shares: list[bytes]) -> None:
    with pytest.raises(SharesUnusable, match="share-malformed"):
        combine(shares, 2)


@pytest.mark.parametrize(("count", "threshold"), [(3, 1), (1, 2), (256, 2)])
def test_no_committee_is_refused(count: int, threshold: int) -> None:
    with pytest.raises(ValueError, match="At least two"):
        split(b"key", count, threshold)


_NAMES = st.text(min_size=1, max_size=20)
_FILES = st.lists(
    st.builds(BidFile, name=_NAMES, media_type=st.text(max_size=10), content=st.binary()),
    max_size=4,
)


@given(st.builds(Contents, price_minor=st.none() | st.integers(0, 10**15), files=_FILES.map(tuple)))
@settings(max_examples=100)
def test_what_was_packed_is_unpacked_and_its_size_tells_little(contents: Contents) -> None:
    plain = packed(contents)
    assert len(plain) == SMALLEST
    assert unpacked(plain) == contents


@given(st.integers(1, 10**9))
def test_padding_costs_little_and_tells_little(size: int) -> None:
    padded = padded_size(size)
    assert size <= padded <= max(SMALLEST, size * 1.12)
    assert padded_size(padded) == padded


@given(st.binary(max_size=200))
def test_what_is_no_bid_is_told_so(plain: bytes) -> None:
    for given_ in (plain, b"JLB1" + plain):
        with pytest.raises(ContentsUnreadable):
            unpacked(given_)

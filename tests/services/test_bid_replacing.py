"""A lost member's successor opens bids, and nobody has learnt anything on the way."""

from itertools import combinations

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from events.ids import ActorId
from services.bidding.bid_file import BidFileUnreadable, read, written
from services.bidding.contents import Contents
from services.bidding.envelope import Binding, Committee, seal
from services.bidding.replacing import added, contribution, cut, new_share
from services.bidding.shares import SharesUnusable, combine, split

KEY = bytes(range(32))


@pytest.mark.parametrize(("threshold", "count"), [(2, 3), (3, 5), (4, 7)])
def test_a_new_member_has_a_share_like_all_others(threshold: int, count: int) -> None:
    shares = split(KEY, count, threshold)
    lost, *rest = shares
    new_place = count + 1
    for helping in combinations(rest, threshold):
        places = [each[-1] for each in helping]
        pieces = [cut(contribution(each, places, new_place), threshold) for each in helping]
        # Each helper is given one piece by each, and hands on their sum alone.
        sums = [added([of_one[at] for of_one in pieces]) for at in range(threshold)]
        new = new_share(sums, new_place)

        assert new not in shares
        others = [each for each in rest if each not in helping][: threshold - 1]
        fill = [*others, *helping][: threshold - 1]
        assert combine([new, *fill], threshold) == KEY
        assert combine([lost, new, *rest][:threshold], threshold) == KEY


def test_what_a_helper_shows_to_one_is_random() -> None:
    share = split(KEY, 3, 2)[0]
    value = contribution(share, [1, 2], 4)
    assert cut(value, 2) != cut(value, 2)
    assert added(cut(value, 5)) == value


@pytest.mark.parametrize(("helpers", "new"), [([2, 3], 4), ([1, 1], 4), ([1, 2], 2), ([1, 2], 0)])
def test_places_are_distinct_and_ones_own_is_among_them(helpers: list[int], new: int) -> None:
    with pytest.raises(SharesUnusable, match="share-malformed"):
        contribution(KEY + b"\x01", helpers, new)


def test_a_bid_file_is_read_as_it_was_written_and_nothing_else_is() -> None:
    committee = Committee(threshold=2, keys=_keys())
    binding = Binding(tender="t", lot="1", bidder="b", version=3, committee=committee.digest)
    sealed = seal(Contents(price_minor=1, files=()), binding, committee)
    content = written(binding, sealed)
    heading, envelope = read(content)
    assert (heading.binding, heading.commitment) == (binding, sealed.commitment)
    assert (heading.shares, envelope) == (sealed.shares, sealed.sealed)
    spoilt = (
        b"",
        content[:7],
        b"JLSX" + content[4:],
        content[:200],
        content.replace(b'"version":3', b'"version":0'),
        content.replace(b'"lot"', b'"lut"'),
        content[:4] + b"\xff\xff\xff\xff" + content[8:],
    )
    for each in spoilt:
        with pytest.raises(BidFileUnreadable):
            read(each)


def _keys() -> dict[ActorId, bytes]:
    return {
        ActorId(f"staff:{name}"): X25519PrivateKey.generate().public_key().public_bytes_raw()
        for name in "abc"
    }

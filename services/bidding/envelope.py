"""A sealed bid: nobody opens it but k of its n committee members together.

The bidder makes a key for this one bid, seals the contents with it (AES-256-GCM), splits it
(`shares`), and seals a share to each member (HPKE, RFC 9180: X25519, HKDF-SHA-256, AES-256-GCM).
All of it is bound to tender, lot, bidder, version and committee, so that nothing can be moved;
SHA-256 commitments to key and shares show later that nobody gave something else. Bidders' browsers
do the same in `gateway/web/browser/sealing.js`, held to the same vectors.
"""

import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from events.ids import ActorId, KeyId
from events.tender_bid import SealedShare
from services.bidding.contents import Contents, ContentsUnreadable, packed, unpacked
from services.bidding.shares import SharesUnusable, combine, split

FORM: Final = "julelys.bid.v1"
KEY_BYTES: Final = 32
NONCE_BYTES: Final = 12
_SUITE: Final = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class CannotOpen(Exception):
    """`code` says why, for good: `share-foreign`, `share-corrupted`, `share-malformed`,
    `share-twice`, `shares-too-few`, `key-corrupted`, `envelope-corrupted`, `bid-malformed`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Committee:
    """Each member's public key (X25519, 32 bytes); any `threshold` of them open a bid."""

    threshold: int
    keys: Mapping[ActorId, bytes]

    @property
    def digest(self) -> str:
        """What a bid is bound to: who opens it, with which keys, and how many it takes."""
        lines = [f"{FORM} committee", str(self.threshold)]
        lines += [f"{member} {key.hex()}" for member, key in sorted(self.keys.items())]
        return sha256("\n".join(lines).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """What a bid is for; none of it can be another without its being unreadable."""

    tender: str
    lot: str
    bidder: str
    version: int
    committee: str

    def data(self, purpose: str) -> bytes:
        parts = (purpose, self.tender, self.lot, self.bidder, str(self.version), self.committee)
        return "\n".join((FORM, *parts)).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """`sealed` is what is sent and kept; `commitment` is to its key."""

    sealed: bytes
    commitment: str
    shares: tuple[SealedShare, ...]


def key_id_of(public_key: bytes) -> KeyId:
    return KeyId(sha256(public_key).hexdigest()[:16])


def seal(contents: Contents, binding: Binding, committee: Committee) -> Sealed:
    """As a bidder does it.

    Raises:
        ValueError: the contents are too large.
    """
    key, nonce = secrets.token_bytes(KEY_BYTES), secrets.token_bytes(NONCE_BYTES)
    sealed = nonce + AESGCM(key).encrypt(nonce, packed(contents), binding.data("contents"))
    members = sorted(committee.keys)
    shares = split(key, len(members), committee.threshold)
    return Sealed(
        sealed=sealed,
        commitment=_commitment("key", key, binding),
        shares=tuple(
            sealed_share(share, member, committee.keys[member], binding)
            for member, share in zip(members, shares, strict=True)
        ),
    )


def sealed_share(share: bytes, member: ActorId, public_key: bytes, binding: Binding) -> SealedShare:
    """A share that its member alone can read."""
    to = X25519PublicKey.from_public_bytes(public_key)
    sealed = _SUITE.encrypt(share, to, info=binding.data(f"share of {member}"))
    return SealedShare(
        member=member,
        key_id=key_id_of(public_key),
        place=share[-1],
        commitment=_commitment(f"share of {member}", share, binding),
        sealed=sealed.hex(),
    )


def opened_share(share: SealedShare, private_key: bytes, binding: Binding) -> bytes:
    """As a member does it.

    Raises:
        CannotOpen: `share-foreign`, `share-corrupted`.
    """
    key = X25519PrivateKey.from_private_bytes(private_key)
    try:
        opened = _SUITE.decrypt(
            bytes.fromhex(share.sealed), key, info=binding.data(f"share of {share.member}")
        )
    except (InvalidTag, ValueError) as wrong:
        raise CannotOpen("share-foreign") from wrong
    require_share(opened, share, binding)
    return opened


def require_share(given: bytes, share: SealedShare, binding: Binding) -> None:
    """What a member gives is what the bidder sealed to them.

    Raises:
        CannotOpen: `share-corrupted`.
    """
    is_met = _meets(share.commitment, f"share of {share.member}", given, binding)
    if not is_met or given[-1] != share.place:
        raise CannotOpen("share-corrupted")


def opened(
    sealed: bytes, commitment: str, given: Sequence[bytes], threshold: int, binding: Binding
) -> Contents:
    """The bid itself, from the shares of as many members as it takes.

    Raises:
        CannotOpen: says which part is not what it was sealed as.
    """
    try:
        key = combine(given, threshold)
    except SharesUnusable as unusable:
        raise CannotOpen(unusable.code) from unusable
    if len(key) != KEY_BYTES or not _meets(commitment, "key", key, binding):
        raise CannotOpen("key-corrupted")
    nonce, rest = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
    try:
        return unpacked(AESGCM(key).decrypt(nonce, rest, binding.data("contents")))
    except (InvalidTag, ValueError) as wrong:
        raise CannotOpen("envelope-corrupted") from wrong
    except ContentsUnreadable as wrong:
        raise CannotOpen("bid-malformed") from wrong


def _commitment(what: str, secret: bytes, binding: Binding) -> str:
    """The secret is random and long enough to hide itself."""
    return sha256(binding.data(f"commitment to {what}") + b"\n" + secret).hexdigest()


def _meets(commitment: str, what: str, given: bytes, binding: Binding) -> bool:
    return hmac.compare_digest(_commitment(what, given, binding), commitment)

"""A trial for each member: a share of no bid, which only the registered key opens.

Nothing is kept of one: what is in it follows from what it is called, by a key of the organisation.
"""

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from events.ids import ActorId, TenderId
from events.tender_bid import SealedShare
from services.bidding.envelope import Binding, sealed_share

VALID_FOR: Final = timedelta(minutes=15)
PURPOSE: Final = "julelys.trial.v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """`called` names it and says until when it is good."""

    called: str
    binding: Binding
    share: SealedShare


class Trials:
    """One organisation's; `key` is its own for this purpose."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def trial(self, tender: TenderId, member: ActorId, public_key: bytes, now: datetime) -> Trial:
        called = f"{int((now + VALID_FOR).timestamp())}.{secrets.token_hex(16)}"
        binding = _binding(tender, called)
        secret = self._secret(tender, member, public_key, called)
        share = sealed_share(secret, member, public_key, binding)
        return Trial(called=called, binding=binding, share=share)

    def is_opened(
        self,
        tender: TenderId,
        member: ActorId,
        public_key: bytes,
        called: str,
        opened: bytes,
        now: datetime,
    ) -> bool:
        """Whether that is what was in it, and it is still good."""
        until, _, rest = called.partition(".")
        if not until.isdecimal() or not rest or now.timestamp() > int(until):
            return False
        return hmac.compare_digest(opened, self._secret(tender, member, public_key, called))

    def _secret(self, tender: TenderId, member: ActorId, public_key: bytes, called: str) -> bytes:
        told = "\n".join((str(tender), member, public_key.hex(), called)).encode()
        return hmac.digest(self._key, told, "sha256")


def _binding(tender: TenderId, called: str) -> Binding:
    return Binding(
        tender=str(tender),
        lot="trial",
        bidder="trial",
        version=1,
        committee=sha256(called.encode()).hexdigest(),
    )

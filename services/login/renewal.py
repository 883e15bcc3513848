"""Asking an issuer once more who somebody is, while they are logged in (OpenID Connect Core § 12).

Only for issuers whose settings say how often: for staff, whose groups may change during the day. A
refresh token stands sealed in the session, so it can be used only while the person's browser asks.
"""

from dataclasses import dataclass
from typing import Final

from services.login.id_token import Wanted
from services.login.person import Person, identify
from services.login.provider import Provider
from services.login.pseudonyms import Pseudonyms
from services.login.sealing import Renewable
from services.login.tokens import renew
from services.ports import Clock

PASSING: Final = frozenset({"login-provider-unavailable"})
"""Refusals that say nothing of the person: asked again the next time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewed:
    """Who they are by now; `refresh_token` is for the next time."""

    person: Person
    subject: str
    refresh_token: str


async def ask_again(
    provider: Provider, renewable: Renewable, pseudonyms: Pseudonyms, clock: Clock
) -> Renewed:
    """Who somebody is by now.

    Raises:
        LoginRefused: the issuer will not say any longer, or they are nobody here now.
    """
    now = clock.now()
    endpoint = (await provider.metadata()).token_endpoint
    proof = await provider.proof(now)
    granted = await renew(provider.calls, endpoint, proof, renewable.refresh_token)
    wanted = Wanted(
        issuer=provider.issuer.issuer,
        client_id=provider.issuer.client_id,
        nonce=renewable.nonce,
        is_renewal=True,
        # When they logged in is known already, and does not change.
        max_age=None,
        authenticated_at=(),
        access_token=granted.access_token,
        now=clock.now(),
    )
    believed, claims = await provider.told(granted, wanted)
    return Renewed(
        person=identify(claims, provider.preset.claims, provider.issuer, pseudonyms),
        subject=believed.subject,
        refresh_token=granted.refresh_token or renewable.refresh_token,
    )

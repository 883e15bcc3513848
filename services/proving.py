"""How surely and how lately one must have shown who one is to do some things (RFC 9470)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from services.authorisation import Action
from services.catalogue.service import LoginLevel
from services.identity import Login
from services.login.levels import suffices


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand:
    """A level, and how long ago the person may have logged in; None is as long as a session is."""

    level: LoginLevel
    max_age: timedelta | None = None


DEMANDS: Final[Mapping[Action, Demand]] = {
    # A decision has effect by being sent and nothing takes that back, so it is not done by whoever
    # comes to a desk that somebody has left.
    Action.SEND_DECISION: Demand(level=LoginLevel.SUBSTANTIAL, max_age=timedelta(minutes=30)),
    # Every fact of anybody's case, and who looked at it.
    Action.AUDIT: Demand(level=LoginLevel.SUBSTANTIAL, max_age=timedelta(hours=1)),
    # A share once given is given; each member does it himself, and now.
    Action.OPEN_BIDS: Demand(level=LoginLevel.SUBSTANTIAL, max_age=timedelta(minutes=15)),
    # Whoever is named acts for somebody from then on, and sees what they see.
    Action.NAME_REPRESENTATIVE: Demand(level=LoginLevel.SUBSTANTIAL),
}
"""What other things want is that one may do them; and of a submission, what its service says."""


def is_sure(login: Login, demand: Demand) -> bool:
    return suffices(login.level, demand.level)


def is_recent(login: Login, demand: Demand, now: datetime) -> bool:
    """Never, where it is asked for and the issuer did not tell when it was."""
    if demand.max_age is None:
        return True
    return login.authenticated_at is not None and now - login.authenticated_at <= demand.max_age

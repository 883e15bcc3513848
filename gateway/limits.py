"""How often somebody may ask: a budget for each kind of request, of each person or address.

Each process counts for itself (docs/adr/0024): behind a balancer, n gateways together let n times
as much through, which is still a bound, and no read becomes a write.
"""

import math
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import IPv6Address, ip_address
from typing import Final

from gateway.problems import Problem

OFF: Final = "off"
KEPT_AT_MOST: Final = 100_000
"""Budgets remembered at once, about 20 MB; whoever is forgotten begins with a whole one."""


class Budget(StrEnum):
    """The first four are of an address, for nobody is known there; the others of a person."""

    LOGIN = "login"
    ANONYMOUS = "anonymous"
    PUBLIC = "public"
    REFUSED = "refused"
    UPLOAD = "upload"
    WRITE = "write"
    READ = "read"
    SEARCH = "search"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`times` at once, and as many again every `seconds`, evenly."""

    times: int
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """`streams` are how many timelines one person may have open here; None is as many as they like.
    A budget that is not in `rates` is never spent.
    """

    rates: Mapping[Budget, Rate] = field(default_factory=dict)
    streams: int | None = None


DEFAULTS: Final = Limits(
    rates={
        # An address may be a whole town hall's, which logs in at eight, or a library's.
        Budget.LOGIN: Rate(times=1_200, seconds=600),
        Budget.ANONYMOUS: Rate(times=60, seconds=3_600),
        Budget.PUBLIC: Rate(times=6_000, seconds=300),
        Budget.REFUSED: Rate(times=600, seconds=300),
        Budget.UPLOAD: Rate(times=120, seconds=600),
        Budget.WRITE: Rate(times=600, seconds=300),
        Budget.READ: Rate(times=3_000, seconds=300),
        # Addresses are looked up at every letter that is typed.
        Budget.SEARCH: Rate(times=1_200, seconds=300),
    },
    streams=30,
)


def read_limits(text: str) -> Limits:
    """What `JULELYS_LIMITS` says: `write=600/300, streams=30` in the place of the defaults, or
    `off`.

    Raises:
        ValueError: which part of it is no limit.
    """
    if text.strip() == OFF:
        return Limits()
    rates, streams = dict(DEFAULTS.rates), DEFAULTS.streams
    for part in filter(None, (each.strip() for each in text.split(","))):
        name, _, value = part.partition("=")
        times, _, seconds = value.partition("/")
        if not times.isdecimal() or not int(times):
            raise ValueError(f"JULELYS_LIMITS: '{part}' is no limit; write name=times/seconds.")
        if name == "streams" and not seconds:
            streams = int(times)
        elif name in set(Budget) and seconds.isdecimal() and int(seconds):
            rates[Budget(name)] = Rate(times=int(times), seconds=int(seconds))
        else:
            known = ", ".join([*Budget, "streams"])
            raise ValueError(f"JULELYS_LIMITS: '{part}' is no limit; there are {known}.")
    return Limits(rates=rates, streams=streams)


class Limiter:
    """What has been spent in this process; `on_limited` is told of whoever is turned away."""

    def __init__(
        self,
        limits: Limits,
        on_limited: Callable[[str], None] = lambda _: None,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limits = limits
        self._on_limited = on_limited
        self._now = now
        self._full_at: dict[tuple[Budget, str], float] = {}
        self._streams: Counter[str] = Counter()

    def spend(self, budget: Budget, whose: str) -> None:
        """Take one from somebody's budget.

        The generic cell rate algorithm (ITU-T I.371): one number says all, when the budget will be
        whole again.

        Raises:
            Problem: `too-many-requests`, when there is none left; nothing is taken then.
        """
        rate = self._limits.rates.get(budget)
        if rate is None:
            return
        now = self._now()
        full_at = max(self._full_at.get((budget, whose), now), now) + rate.seconds / rate.times
        wait = full_at - now - rate.seconds
        # What is less than a microsecond is the arithmetic's own.
        if wait > 1e-6:  # noqa: PLR2004
            self._on_limited(budget)
            seconds = str(math.ceil(wait))
            raise Problem(
                "too-many-requests", headers={"Retry-After": seconds}, facts={"seconds": seconds}
            )
        self._full_at[budget, whose] = full_at
        if len(self._full_at) > KEPT_AT_MOST:
            self._forget(now)

    @contextmanager
    def streaming(self, whose: str) -> Iterator[None]:
        """One more open stream of somebody's, for as long as the block lasts.

        Raises:
            Problem: `too-many-streams`.
        """
        most = self._limits.streams
        if most is not None and self._streams[whose] >= most:
            self._on_limited("streams")
            raise Problem(
                "too-many-streams", headers={"Retry-After": "60"}, facts={"limit": str(most)}
            )
        self._streams[whose] += 1
        try:
            yield
        finally:
            self._streams[whose] -= 1
            if not self._streams[whose]:
                del self._streams[whose]

    def _forget(self, now: float) -> None:
        """Whose budget is whole again; and when that is too few, the half that was first here."""
        kept = {key: full_at for key, full_at in self._full_at.items() if full_at > now}
        if len(kept) > KEPT_AT_MOST // 2:
            kept = dict(list(kept.items())[-(KEPT_AT_MOST // 2) :])
        self._full_at = kept


def address_of(client: object) -> str:
    """Whom an address is counted as: who has one of IPv6 has all of its network of 64 bits."""
    host = str(client) if client else ""
    try:
        found = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(found, IPv6Address) and found.ipv4_mapped is None:
        return f"{IPv6Address(int(found) >> 64 << 64)}/64"
    return host

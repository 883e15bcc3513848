"""Levels of assurance: what a token says of one, in the order of Regulation (EU) 910/2014, art. 8.

Whoever relies on an eID chooses the level it needs and checks the one it got (NSIS 3.2.1). What is
missing, unknown or contradicts itself is never a level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from services.catalogue.service import LoginLevel
from services.login.refusal import LoginRefused

_RANK: Final = {LoginLevel.LOW: 1, LoginLevel.SUBSTANTIAL: 2, LoginLevel.HIGH: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelClaim:
    """A claim that tells the level, and what each of its values stands for."""

    name: str
    values: Mapping[str, LoginLevel]


def suffices(level: LoginLevel, required: LoginLevel) -> bool:
    return _RANK[level] >= _RANK[required]


def higher(one: LoginLevel, other: LoginLevel) -> LoginLevel:
    return one if suffices(one, other) else other


def level_of(claims: Mapping[str, object], told_by: Sequence[LevelClaim]) -> LoginLevel:
    """The level of a login: the lowest, where several claims tell of it.

    Raises:
        LoginRefused: `login-level-missing`, or `login-level-unknown` for a value that we cannot
            tell the level of.
    """
    told = [_told(claims[each.name], each) for each in told_by if claims.get(each.name) is not None]
    if not told:
        raise LoginRefused("login-level-missing")
    return min(told, key=_RANK.__getitem__)


def require_level(level: LoginLevel, required: LoginLevel) -> None:
    """Raises LoginRefused: `login-level-too-low`."""
    if not suffices(level, required):
        raise LoginRefused("login-level-too-low")


def _told(value: object, claim: LevelClaim) -> LoginLevel:
    match value:
        case str() if value in claim.values:
            return claim.values[value]
        case list():
            # Of what was done to know who it is, the best counts: a password and a second factor.
            known = [claim.values[str(each)] for each in value if str(each) in claim.values]
            if known:
                return max(known, key=_RANK.__getitem__)
        case _:
            pass
    raise LoginRefused("login-level-unknown")

"""Asking somebody who has logged in to do so once more, more surely or just now (RFC 9470)."""

from typing import Final
from urllib.parse import urlencode

from gateway.asked import Asked
from gateway.problems import Problem
from services.proving import Demand, is_recent, is_sure

CODES: Final = ("login-not-sure", "login-not-recent")


def require(asked: Asked, demand: Demand) -> None:
    """Go on only if whoever asks has shown who they are as surely and as lately as it takes.

    Raises:
        Problem: `login-not-sure`, `login-not-recent`; `login` is where a browser goes, to which a
            page adds its own `return_to`.
    """
    if not is_sure(asked.proof, demand):
        raise _again(asked, demand, "login-not-sure")
    if not is_recent(asked.proof, demand, asked.now()):
        raise _again(asked, demand, "login-not-recent")


def _again(asked: Asked, demand: Demand, code: str) -> Problem:
    wanted = {"level": demand.level.value}
    challenge = (
        'Bearer realm="julelys", error="insufficient_user_authentication", '
        f'error_description="{code}", acr_values="{demand.level}"'
    )
    if demand.max_age is not None:
        seconds = str(int(demand.max_age.total_seconds()))
        wanted["max_age"] = seconds
        challenge += f", max_age={seconds}"
    issuer = "" if asked.session is None else f"/{asked.session.stored.issuer}"
    login = f"{asked.path('/login')}{issuer}?{urlencode(wanted)}"
    return Problem(code, facts={**wanted, "login": login}, headers={"WWW-Authenticate": challenge})

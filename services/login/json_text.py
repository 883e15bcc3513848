"""JSON from outside, read so that two readers cannot understand it differently (RFC 8725 § 2.4)."""

import json
from typing import Final, NoReturn, TypeAlias

from services.login.refusal import LoginRefused

Members: TypeAlias = dict[str, object]

DEEPEST: Final = 16
"""Levels of brackets. Tokens have three; a parser that recurses is not to be run out of stack."""


class _Twice(Exception):
    """A name stands twice in one object."""


def members_of(text: bytes) -> Members:
    """The members of the one object that the text is.

    Raises:
        LoginRefused: `login-json-malformed`, or `login-json-duplicate`: a name stands twice.
    """
    if text.count(b"{") + text.count(b"[") > DEEPEST and _is_deep(text):
        raise LoginRefused("login-json-malformed")
    try:
        found: object = json.loads(
            text.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number
        )
    except _Twice as twice:
        raise LoginRefused("login-json-duplicate") from twice
    except (ValueError, RecursionError):
        # The error would quote the text.
        raise LoginRefused("login-json-malformed") from None
    if not isinstance(found, dict):
        raise LoginRefused("login-json-malformed")
    return found


def _once(pairs: list[tuple[str, object]]) -> Members:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise _Twice
    return found


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _is_deep(text: bytes) -> bool:
    """Also brackets within strings count: better one odd text refused than a stack run out."""
    depth = 0
    for byte in text:
        if byte in b"{[":
            depth += 1
            if depth > DEEPEST:
                return True
        elif byte in b"}]":
            depth -= 1
    return False

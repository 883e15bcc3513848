"""Regular expressions that every reader of a form understands alike, and none is slow on."""

import re
from dataclasses import dataclass
from typing import Final

from events.text import Text

# The characters themselves, not escapes, so that the form's JSON Schema can hold the same patterns
# whatever dialect of regular expressions its reader speaks.
VISIBLE: Final = "[^ \t\n\r\u00a0\u1680\u2000-\u200d\u2028\u2029\u202f\u205f\u2060\u3000\ufeff]"
"""A character that can be seen: an answer of blanks and joiners is no answer."""

CONTROL_IN_LINE: Final = "[\x00-\x1f\x7f-\x9f]"
CONTROL_IN_TEXT: Final = "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
DATE: Final = "^(19|20|21)[0-9]{2}-[0-9]{2}-[0-9]{2}$"

EMAIL: Final = (
    "^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@"
    "[a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?"
    "([.][a-zA-Z0-9]([a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$"
)
"""As the HTML standard has it for `input type=email`, but with at least one point in the domain."""

PHONE: Final = "^[+]?[0-9]( ?[0-9]){7,14}$"
"""Eight to fifteen digits (ITU-T E.164), perhaps in groups, perhaps with a country's number."""

CVR: Final = "^[0-9]{8}$"
CADASTRE: Final = (
    "^[1-9][0-9]{0,4}[a-zæøå]{0,4},? [0-9A-Za-zÆØÅæøåÉéÜüÖö][^\x00-\x1f\x7f-\x9f]{0,98}$"
)
"""A cadastral number and its district by name or code: `11ba Hjørring Bygrunde`."""

DOCUMENT: Final = "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
"""The id of an uploaded document, as uploading it answers."""

WAYS_AT_MOST: Final = 10_000
"""In how many ways a pattern may be tried on a text, which bounds how long that takes."""

PIECE: Final = re.compile(
    r"""
    (?P<class>\[\^?(?:[^][\\^&~|-](?:-[^][\\^&~|-])?|\\[][\\^-])+\])
    | (?P<escaped>\\[][\\^$.|?*+(){}])
    | (?P<repeat>\{(?P<least>[0-9]{1,3})(?P<to>,(?P<most>[0-9]{1,3}))?\})
    | (?P<perhaps>\?)
    | (?P<open>\((?!\?))
    | (?P<close>\))
    | (?P<either>\|)
    | (?P<literal>[^][\\^$.|?*+(){}])
    """,
    re.VERBOSE,
)


NOT_CLOSED: Final = Text(da="En parentes er ikke lukket.", en="A bracket is not closed.")
NOT_OPENED: Final = Text(
    da="En parentes lukker uden at være åbnet.", en="A bracket closes that was not opened."
)
TOO_MANY_WAYS: Final = Text(
    da="Det kan læses på for mange måder.", en="It can be read in too many ways."
)
NOT_REPEATABLE: Final = Text(
    da="Kun et tegn eller […] kan gentages.", en="Only a character or a […] can be repeated."
)


class Unusable(Exception):
    """Why a pattern cannot be used, in words."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.en)
        self.reason = reason


@dataclass(slots=True)
class _Reading:
    depth: int = 0
    ways: int = 1
    last: str = ""


def require_usable(pattern: str) -> None:
    """Refuse what two readers might take differently, or might be slow on.

    Allowed are characters, `[…]`, `(…)`, `|`, `?`, `{n}` and `{n,m}`, where a group is never
    repeated. The whole answer must match, so there is no `^` or `$`.

    Raises:
        Unusable: with the reason in words.
    """
    reading, place = _Reading(), 0
    while place < len(pattern):
        piece = PIECE.match(pattern, place)
        if piece is None or piece.lastgroup is None:
            raise _cannot_stand(pattern[place])
        _take(piece, reading)
        place = piece.end()
    if reading.depth:
        raise Unusable(NOT_CLOSED)
    if reading.ways > WAYS_AT_MOST:
        raise Unusable(TOO_MANY_WAYS)
    try:
        re.compile(pattern)
    except re.error as broken:
        raise Unusable(
            Text(da="Det kan ikke læses som et mønster.", en=f"{broken.msg.capitalize()}.")
        ) from broken


def _cannot_stand(character: str) -> Unusable:
    return Unusable(
        Text(da=f"'{character}' kan ikke bruges her.", en=f"'{character}' cannot be used here.")
    )


def _take(piece: re.Match[str], reading: _Reading) -> None:
    kind = _kind_of(piece)
    match kind:
        case "open":
            reading.depth += 1
        case "close":
            reading.depth -= 1
            if reading.depth < 0:
                raise Unusable(NOT_OPENED)
        case "either":
            reading.ways *= 2
        case "perhaps":
            _require_something(reading, kind)
            reading.ways *= 2
        case "repeat":
            _require_something(reading, kind)
            least, most = int(piece["least"]), int(piece["most"] or piece["least"])
            reading.ways *= most - least + 1
        case _:
            pass
    reading.last = kind


def _kind_of(piece: re.Match[str]) -> str:
    kinds = ("class", "escaped", "repeat", "perhaps", "open", "close", "either", "literal")
    return next(kind for kind in kinds if piece[kind] is not None)


def _require_something(reading: _Reading, kind: str) -> None:
    repeatable = {"class", "escaped", "literal"} | ({"close"} if kind == "perhaps" else set())
    if reading.last not in repeatable:
        raise Unusable(NOT_REPEATABLE)

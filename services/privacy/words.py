"""Words sealed where they stand outside the log: in the views, and in what else has a row.

They lie there as text, `sealed:<base64url>:<place>`. The place begins with a column of the row and
what it holds, `case_id=…`, and whoever opens them asks the row whether that is so: words that were
moved to another's row are not opened there, for whoever may see that row. They are the same text
each time they are sealed, so that a view built anew equals the live one.
"""

import base64
import re
from collections.abc import Mapping
from typing import Final

from pydantic_core import from_json, to_json

from events.personal import FORGOTTEN
from services.privacy.sealed import KeyDestroyed, SealBroken, key_of
from services.privacy.sealer import Sealer

BEGINNING: Final = "sealed:"
MARK: Final = BEGINNING.encode()

_FORM: Final = re.compile(r"sealed:([A-Za-z0-9_-]{44,}={0,2}):(([a-z_]+)=([^/]+)/.+)", re.DOTALL)
_WITHIN: Final = re.compile(rb"sealed:([A-Za-z0-9_-]{44,}={0,2}):[a-z_]+=[^/]+/")


def sealed_words(sealer: Sealer, person: str, place: str, value: object) -> str:
    """Any plain JSON, sealed by a person's key for a place such as `case_id=…/17/text`.

    Raises:
        KeyError: the person's key is not in hand.
    """
    sealed = sealer.seal_same(person, (place,), to_json(value))
    return f"{BEGINNING}{base64.urlsafe_b64encode(sealed).decode()}:{place}"


def key_ids(stored: bytes) -> set[int]:
    """The ids of the keys that open what is sealed in a value, or in many, as the database sends
    them.
    """
    return {key_of(base64.urlsafe_b64decode(sealed)) for sealed in _WITHIN.findall(stored)}


def opened(value: object, sealer: Sealer, row: Mapping[str, object]) -> object:
    """The value with everything in it opened; what nobody can read any more is `FORGOTTEN`.

    Raises:
        SealBroken: something belongs in another row, or was changed.
    """
    if isinstance(value, str):
        found = _found(value)
        return value if found is None else _opened_words(found, sealer, row)
    if isinstance(value, list):
        return [opened(item, sealer, row) for item in value]
    if isinstance(value, dict):
        return {name: opened(item, sealer, row) for name, item in value.items()}
    return value


def _found(text: str) -> re.Match[str] | None:
    return _FORM.fullmatch(text) if text.startswith(BEGINNING) else None


def _opened_words(found: re.Match[str], sealer: Sealer, row: Mapping[str, object]) -> object:
    sealed, place, column, of_row = found.groups()
    if str(row.get(column)) != of_row:
        raise SealBroken(f"at {place}: it is in another row")
    try:
        return from_json(sealer.open_same((place,), base64.urlsafe_b64decode(sealed)))
    except KeyDestroyed:
        return FORGOTTEN

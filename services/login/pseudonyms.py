"""What stands for a person in the place of a number: a keyed hash, by a key that no database has.

A CPR number has so few possible values that a plain hash of it is the number itself to anybody with
an afternoon (HMAC: RFC 2104). The organisation is part of what is hashed, so that two of them
cannot tell that they know the same person.
"""

import base64
import hmac
from collections.abc import Mapping
from typing import Final

from services.login.settings import LoginSettings

_DOMAIN: Final = "julelys.pseudonym.v1"


class Pseudonyms:
    """`keys` by id; `current` makes those that are kept from now on."""

    def __init__(self, organisation: str, current: str, keys: Mapping[str, bytes]) -> None:
        self._organisation, self._current = organisation, current
        self._keys = keys

    def of(self, kind: str, *parts: str) -> tuple[str, ...]:
        """What the thing is called by each key, first by the current one: `2026.mfrggzdf…`.

        `kind` keeps equal texts of different meaning apart.
        """
        others = [key_id for key_id in self._keys if key_id != self._current]
        return tuple(self._named(key_id, kind, parts) for key_id in (self._current, *others))

    def _named(self, key_id: str, kind: str, parts: tuple[str, ...]) -> str:
        # Lengths before the parts: what is joined must come apart in one way only.
        told = "".join(
            f"{len(each)}:{each}" for each in (_DOMAIN, self._organisation, kind, *parts)
        )
        digest = hmac.digest(self._keys[key_id], told.encode(), "sha256")
        return f"{key_id}.{base64.b32encode(digest).decode().rstrip('=').lower()}"


def open_pseudonyms(settings: LoginSettings) -> Pseudonyms:
    described = settings.described.pseudonyms
    keys = {key_id: bytes.fromhex(settings.secret(name)) for key_id, name in described.keys.items()}
    return Pseudonyms(settings.organisation, described.current, keys)

"""What a client has sent, read as the server reads it: the case of a name means nothing."""

import json
import re
from collections.abc import Mapping
from typing import Final, Self

_DIGITS: Final = re.compile(r"[0-9]{1,10}")
_TOO_LARGE: Final = 2**31


class Wrong(Exception):
    """The request is answered with this status and text, and nothing of it is kept."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words


def missing(name: str) -> Wrong:
    return Wrong(400, f"{name} mangler.")


class Given:
    """A JSON object. Each reader answers None for what was left out or is null.

    Raises (every reader):
        Wrong: 400, the value is of another type.
    """

    def __init__(self, values: Mapping[str, object]) -> None:
        self._values = {name.casefold(): value for name, value in values.items()}

    @classmethod
    def parse(cls, body: str | bytes) -> Self:
        """Read a body; an empty one is an object without members.

        Raises:
            Wrong: 400, it is no JSON object.
        """
        if not body.strip():
            return cls({})
        try:
            values: object = json.loads(body, parse_constant=_no_constant)
            # Half a surrogate pair can be written as an escape, and kept by nobody.
            json.dumps(values, ensure_ascii=False).encode()
        except (ValueError, RecursionError) as error:
            raise Wrong(400, "Indholdet er ikke JSON.") from error
        if not isinstance(values, dict):
            raise Wrong(400, "Indholdet er ikke et JSON-objekt.")
        return cls(values)

    def strangers(self, known: frozenset[str]) -> set[str]:
        """The names, in lower case, that are not among those known."""
        return self._values.keys() - {name.casefold() for name in known}

    def value(self, name: str) -> object:
        return self._values.get(name.casefold())

    def text(self, name: str, *, at_most: int = 4000) -> str | None:
        value = self.value(name)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > at_most:
            raise Wrong(400, f"{name} skal være tekst på højst {at_most} tegn.")
        return value

    def number(self, name: str) -> int | None:
        value = self.value(name)
        return None if value is None else _number(name, value)

    def flag(self, name: str) -> bool:
        """False for what was left out, as a .NET bool is."""
        value = self.value(name)
        if not isinstance(value, bool | None):
            raise Wrong(400, f"{name} skal være true eller false.")
        return value is True

    def part(self, name: str) -> "Given | None":
        value = self.value(name)
        return None if value is None else _object(name, value)

    def parts(self, name: str) -> "list[Given]":
        return [_object(name, each) for each in self._list(name)]

    def numbers(self, name: str) -> list[int]:
        return [_number(name, each) for each in self._list(name)]

    def _list(self, name: str) -> list[object]:
        value = self.value(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise Wrong(400, f"{name} skal være en liste.")
        return value


def _number(name: str, value: object) -> int:
    # The server's reader takes "12" for 12.
    if isinstance(value, str) and _DIGITS.fullmatch(value):
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) < _TOO_LARGE:
        return value
    raise Wrong(400, f"{name} skal være et heltal.")


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON.")


def _object(name: str, value: object) -> Given:
    if not isinstance(value, dict):
        raise Wrong(400, f"{name} skal være et objekt.")
    return Given(value)

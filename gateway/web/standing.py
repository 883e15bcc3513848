"""How things stand, in words, and what to do about them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from gateway.language import Language
from gateway.web.words import translations

COMMAND: Final = "python -m gateway "


class Level(StrEnum):
    GOOD = "good"
    WARNING = "warning"
    BAD = "bad"


@dataclass(frozen=True, slots=True, kw_only=True)
class ToDo:
    """`command` is for the server's command line, empty where there is none."""

    level: Level
    text: str
    command: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """`says` is one sentence; `todo` what a person should see to, the worst first."""

    level: Level
    says: str
    todo: Sequence[ToDo] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reporter:
    """Says it in one language, at one moment, of the organisation that commands are given for."""

    language: Language
    organisation: str
    now: datetime

    def gettext(self, words: str) -> str:
        return translations(self.language).gettext(words)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """The words for so many, with the number in them."""
        return translations(self.language).ngettext(one, many, number) % {"n": number}

    def standing(self, says: str, todo: Iterable[ToDo] = ()) -> Standing:
        order = list(reversed(Level))
        found = sorted(todo, key=lambda each: order.index(each.level))
        return Standing(level=found[0].level if found else Level.GOOD, says=says, todo=found)

    def warning(self, text: str, command: str = "") -> ToDo:
        return ToDo(level=Level.WARNING, text=text, command=command)

    def bad(self, text: str, command: str = "") -> ToDo:
        return ToDo(level=Level.BAD, text=text, command=command)

    def own(self, command: str) -> str:
        """A command that is given for this organisation alone."""
        return f"{COMMAND}{command} --organisation {self.organisation}"

"""What is wrong with a file: where, what, and how to mend it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

from events.text import Text


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """`line` counts from 1; `path` names the place within the file (`form.sections[0].title`).

    As one line it is in English, for the command line and logs.
    """

    file: Path
    line: int
    path: str
    message: Text
    remedy: Text

    def __str__(self) -> str:
        place = f" {self.path}:" if self.path else ""
        return f"{self.file}:{self.line}:{place} {self.message.en} {self.remedy.en}"


class CatalogueInvalid(Exception):
    """Nothing of the catalogue is loaded; `mistakes` are all of them, by file and line."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        super().__init__("\n".join(str(mistake) for mistake in mistakes))
        self.mistakes = tuple(mistakes)


def suggestion(written: str, known: Iterable[str], otherwise: Text) -> Text:
    """The nearest of the known words as a question, or other advice when none is near."""
    close = nearest(written, known)
    if not close:
        return otherwise
    return Text(da=f"Mente du '{close[0]}'?", en=f"Did you mean '{close[0]}'?")


def nearest(written: str, known: Iterable[str]) -> list[str]:
    """The known word that was probably meant, or none."""
    return get_close_matches(written, list(known), n=1, cutoff=0.55)

"""What we need of a virus scanner, in our own words."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, TypeAlias


@dataclass(frozen=True, slots=True)
class Clean:
    """Nothing was found."""


@dataclass(frozen=True, slots=True)
class Infected:
    """`signature` is the scanner's name for what it found."""

    signature: str


@dataclass(frozen=True, slots=True)
class Unscannable:
    """The scanner answers and will not look at this file, now or later; `why` in its words."""

    why: str


Verdict: TypeAlias = Clean | Infected | Unscannable


class ScannerUnavailable(Exception):
    """The scanner is away, too slow, or in trouble: the same file may be scanned later."""


class Scanner(Protocol):
    async def scan(self, path: Path) -> Verdict:
        """Raises ScannerUnavailable."""
        ...


class NoScanner:
    """Where none is configured: what the inspection lets through is let through."""

    async def scan(self, path: Path) -> Verdict:
        del path
        return Clean()

"""An organisation's folder for whoever looks after it: all versions, drafts too, and mistakes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

from services.catalogue.loading import Home, read_home
from services.catalogue.mistakes import Mistake
from services.catalogue.service import Service
from services.esdh import settings as esdh
from services.esdh.template_check import check_templates
from services.login import settings as login
from services.post import settings as post

Stamp: TypeAlias = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionStanding:
    """`published_on` is None for a draft, and `service` where there are `mistakes`."""

    id: str
    version: int
    published_on: date | None
    service: Service | None
    mistakes: Sequence[Mistake]

    @property
    def is_published(self) -> bool:
        return self.published_on is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class HomeStanding:
    """`versions` by service and number; `mistakes` are all there are, those of versions too."""

    home: Home
    versions: Sequence[VersionStanding]
    mistakes: Sequence[Mistake]


def home_standing(folder: Path) -> HomeStanding:
    """How an organisation's folder stands as it lies there now.

    Reading all of it takes most of a second, so what was read is kept until a file is another.
    """
    return _standing(folder, _stamp(folder))


def mistakes_beside(home: Home) -> Iterator[Mistake]:
    """Those of its other files, and between them and its services."""
    yield from esdh.FILE.check(home.path)
    yield from post.FILE.check(home.path)
    yield from login.FILE.check(home.path)
    yield from check_templates(home)


@lru_cache(maxsize=32)
def _standing(folder: Path, stamp: Stamp) -> HomeStanding:
    del stamp
    home = read_home(folder)
    versions = [
        VersionStanding(
            id=each.key[0],
            version=each.key[1],
            published_on=home.published[each.key].on if each.key in home.published else None,
            service=each.service,
            mistakes=each.mistakes,
        )
        for each in sorted(home.services, key=lambda each: each.key)
    ]
    mistakes = [*home.mistakes, *home.draft_mistakes, *mistakes_beside(home)]
    ordered = sorted(mistakes, key=lambda each: (each.file, each.line, each.path))
    return HomeStanding(home=home, versions=versions, mistakes=ordered)


def _stamp(folder: Path) -> Stamp:
    """What is another when any file is: also of those that all organisations share."""
    files = [*folder.rglob("*"), *folder.parent.glob("*.yaml")]
    found = ((str(path), path.stat()) for path in sorted(files) if path.is_file())
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in found)

"""Which versions are published: those never change, and only they are offered."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Final, TypeAlias

from events.text import Text
from services.catalogue.mistakes import Mistake
from services.catalogue.yaml_file import YamlFile

LOCK: Final = "published.lock"
HEADER: Final = (
    "# Published versions never change. `python -m gateway catalogue publish` adds to this.\n"
)
NEVER_BY_HAND: Final = Text(
    da="Genskab filen fra dens historik; den rettes aldrig i hånden.",
    en="Restore the file from its history; it is never edited by hand.",
)
_PARTS: Final = 3

VersionKey: TypeAlias = tuple[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A published version as its file was then, and the day; `line` is where the lock says so."""

    digest: str
    on: date
    line: int


Published: TypeAlias = Mapping[VersionKey, Entry]


def digest(file: YamlFile) -> str:
    """SHA-256 of what the file says, whatever its comments, quotes and line breaks."""
    said = json.dumps(file.data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return sha256(said.encode()).hexdigest()


def read_lock(home: Path) -> tuple[dict[VersionKey, Entry], list[Mistake]]:
    """The published versions of an organisation; none where there is no such file."""
    path = home / LOCK
    found: dict[VersionKey, Entry] = {}
    mistakes: list[Mistake] = []
    written = path.read_text(encoding="utf-8").splitlines() if path.is_file() else []
    for number, line in enumerate(written, 1):
        if not line.strip() or line.startswith("#"):
            continue
        read = _read(line)
        if read is None or read[0] in found:
            mistakes.append(
                Mistake(
                    file=path,
                    line=number,
                    path="",
                    message=Text(
                        da=f"'{line}' er ikke en linje om en udgivet version eller står to gange.",
                        en=f"'{line}' is no line of a published version, or stands twice.",
                    ),
                    remedy=NEVER_BY_HAND,
                )
            )
        else:
            key, said, on = read
            found[key] = Entry(digest=said, on=on, line=number)
    return found, mistakes


def gone(home: Path, published: Published, present: set[VersionKey]) -> Iterator[Mistake]:
    """A mistake for each published version without its file."""
    for (service, version), entry in published.items():
        if (service, version) not in present:
            yield Mistake(
                file=home / LOCK,
                line=entry.line,
                path="",
                message=Text(
                    da=f"{service}.v{version} er udgivet, og dens fil er væk.",
                    en=f"{service}.v{version} is published, and its file is gone.",
                ),
                remedy=Text(
                    da=f"Genskab services/{service}.v{version}.yaml: Sager kan bygge på den.",
                    en=f"Restore services/{service}.v{version}.yaml: cases may refer to it.",
                ),
            )


def changed(file: YamlFile, key: VersionKey, published: Published) -> Iterator[Mistake]:
    """A mistake if the file says something else than when it was published."""
    entry = published.get(key)
    if entry is not None and entry.digest != digest(file):
        service, version = key
        newest = max(number for name, number in published if name == service)
        following = f"{service}.v{newest + 1}.yaml"
        message = Text(
            da=f"Version {version} er udgivet, men filen siger nu noget andet.",
            en=f"Version {version} is published and says something else now.",
        )
        remedy = Text(
            da=f"Fortryd ændringen, og skriv version {newest + 1} i {following}.",
            en=f"Undo the change and write version {newest + 1} in {following}.",
        )
        yield file.mistake((), message, remedy)


def add_to_lock(home: Path, key: VersionKey, file: YamlFile, on: date) -> None:
    """Publish a version, for good, on a day; the lock is replaced whole or not at all."""
    path = home / LOCK
    before = path.read_text(encoding="utf-8") if path.is_file() else HEADER
    service, version = key
    beside = path.with_suffix(".lock.new")
    beside.write_text(f"{before}{service}.v{version} {digest(file)} {on}\n", encoding="utf-8")
    beside.replace(path)


def _read(line: str) -> tuple[VersionKey, str, date] | None:
    """`visit.v2 <digest> 2026-11-23`."""
    parts = line.split()
    name, separator, version = parts[0].rpartition(".v")
    if len(parts) != _PARTS or not separator or not version.isdecimal():
        return None
    try:
        return (name, int(version)), parts[1], date.fromisoformat(parts[2])
    except ValueError:
        return None

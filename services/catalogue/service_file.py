"""Reading one service file, with every mistake in it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from services.catalogue.checks import check_service
from services.catalogue.mistakes import Mistake, suggestion
from services.catalogue.published import VersionKey
from services.catalogue.service import Service
from services.catalogue.shape import Reading, read_shape
from services.catalogue.yaml_file import YamlFile, read_yaml

FILE_NAME: Final = re.compile(r"(?P<id>[a-z0-9-]+)\.v(?P<version>[1-9][0-9]*)\.yaml")


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceFile:
    """`service` is None when there is a mistake; `key` is what the file's name says."""

    file: YamlFile
    key: VersionKey
    service: Service | None
    mistakes: tuple[Mistake, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a service may name outside its own file; None where that cannot be told."""

    teams: Iterable[str] | None
    appeals: Iterable[str] | None


def service_paths(home: Path) -> list[Path]:
    return sorted(path for path in (home / "services").glob("*") if path.name[0] not in ".~")


def misnamed(path: Path) -> Mistake | None:
    if FILE_NAME.fullmatch(path.name) is not None:
        return None
    message, remedy = "The file's name is wrong.", "Call it <service>.v<version>.yaml."
    return Mistake(file=path, line=1, path="", message=message, remedy=remedy)


def read_service(path: Path, around: Surroundings) -> ServiceFile:
    """Raises:
    ValueError: the file's name is none of a service's.
    """
    named = FILE_NAME.fullmatch(path.name)
    if named is None:
        raise ValueError(path.name)
    key = named["id"], int(named["version"])
    file = read_yaml(path)
    reading = read_shape(Service, file)
    mistakes = (
        *reading.mistakes,
        *check_service(reading, file),
        *_misplaced(reading, file, key),
        *_references(reading, file, around),
    )
    service = None if mistakes else reading.parts
    return ServiceFile(file=file, key=key, service=service, mistakes=mistakes)


def _misplaced(reading: Reading[Service], file: YamlFile, key: VersionKey) -> Iterator[Mistake]:
    name, version = key
    if "id" in reading.sound and reading.parts.id != name:
        message = f"'{reading.parts.id}' stands in a file called '{file.path.name}'."
        yield file.mistake(("id",), message, "Let name and id be the same.")
    if "version" in reading.sound and reading.parts.version != version:
        message = f"Version {reading.parts.version} stands in a file called '{file.path.name}'."
        yield file.mistake(("version",), message, "Let name and version be the same.")


def _references(
    reading: Reading[Service], file: YamlFile, around: Surroundings
) -> Iterator[Mistake]:
    teams = around.teams
    if teams is not None and "team" in reading.sound and reading.parts.team not in teams:
        message = f"The organisation has no team '{reading.parts.team}'."
        remedy = suggestion(reading.parts.team, teams, f"It has {', '.join(teams)}.")
        yield file.mistake(("team",), message, remedy)
    if around.appeals is not None and "appeals" in reading.sound:
        for index, name in enumerate(reading.parts.appeals):
            if name not in around.appeals:
                message = f"No appeals.yaml has '{name}'."
                known = f"There are {', '.join(around.appeals) or 'none'}."
                remedy = suggestion(name, around.appeals, known)
                yield file.mistake(("appeals", index), message, remedy)

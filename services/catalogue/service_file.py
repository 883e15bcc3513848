"""Reading one service file, with every mistake in it."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from events.text import Text
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
    message = Text(da="Filens navn er forkert.", en="The file's name is wrong.")
    remedy = Text(da="Kald den <service>.v<version>.yaml.", en="Call it <service>.v<version>.yaml.")
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
    (name, version), called = key, file.path.name
    if "id" in reading.sound and reading.parts.id != name:
        message = Text(
            da=f"'{reading.parts.id}' står i en fil, der hedder '{called}'.",
            en=f"'{reading.parts.id}' stands in a file called '{called}'.",
        )
        remedy = Text(da="Navn og id skal være ens.", en="Let name and id be the same.")
        yield file.mistake(("id",), message, remedy)
    if "version" in reading.sound and reading.parts.version != version:
        message = Text(
            da=f"Version {reading.parts.version} står i en fil, der hedder '{called}'.",
            en=f"Version {reading.parts.version} stands in a file called '{called}'.",
        )
        remedy = Text(da="Navn og version skal være ens.", en="Let name and version be the same.")
        yield file.mistake(("version",), message, remedy)


def _references(
    reading: Reading[Service], file: YamlFile, around: Surroundings
) -> Iterator[Mistake]:
    teams = around.teams
    if teams is not None and "team" in reading.sound and reading.parts.team not in teams:
        team, names = reading.parts.team, ", ".join(teams)
        message = Text(
            da=f"Myndigheden har intet team '{team}'.",
            en=f"The organisation has no team '{team}'.",
        )
        advice = Text(da=f"Den har {names}.", en=f"It has {names}.")
        yield file.mistake(("team",), message, suggestion(team, teams, advice))
    if around.appeals is not None and "appeals" in reading.sound:
        for index, name in enumerate(reading.parts.appeals):
            if name not in around.appeals:
                message = Text(
                    da=f"Ingen appeals.yaml har '{name}'.", en=f"No appeals.yaml has '{name}'."
                )
                names = ", ".join(around.appeals)
                advice = Text(da=f"Der er {names or 'ingen'}.", en=f"There are {names or 'none'}.")
                remedy = suggestion(name, around.appeals, advice)
                yield file.mistake(("appeals", index), message, remedy)

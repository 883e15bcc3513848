"""Reading the folder of organisations: all of it, or every mistake in it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from services.catalogue.checks import check_service
from services.catalogue.mistakes import CatalogueInvalid, Mistake, suggestion
from services.catalogue.organisation import (
    Catalogue,
    Organisation,
    OrganisationDescription,
    organise,
)
from services.catalogue.service import Service
from services.catalogue.shape import Reading, read_shape
from services.catalogue.yaml_file import YamlFile, read_yaml

FILE_NAME: Final = re.compile(r"(?P<id>[a-z0-9-]+)\.v(?P<version>[1-9][0-9]*)\.yaml")


def load(folder: Path) -> Catalogue:
    """What all organisations offer: each subfolder of `folder` is one of them.

    Raises:
        CatalogueInvalid: something in it is wrong, so none of it is loaded.
    """
    catalogue, mistakes = _read(folder)
    if mistakes:
        raise CatalogueInvalid(mistakes)
    return catalogue


def check(folder: Path) -> list[Mistake]:
    """Every mistake in the folder, by file and line; none means that `load` succeeds."""
    return _read(folder)[1]


def _read(folder: Path) -> tuple[Catalogue, list[Mistake]]:
    mistakes: list[Mistake] = []
    described: list[tuple[YamlFile, OrganisationDescription]] = []
    organisations: dict[str, Organisation] = {}
    for home in sorted(path for path in folder.glob("*/") if not path.name.startswith(".")):
        file, about, versions, found = _read_organisation(home)
        mistakes += found
        if about is not None:
            described.append((file, about))
            organisations[about.id] = organise(about, versions)
    mistakes += _shared(described)
    if not organisations and not mistakes:
        message, remedy = "There is no organisation here.", "See docs/catalogue.md."
        mistakes.append(Mistake(file=folder, line=1, path="", message=message, remedy=remedy))
    ordered = sorted(mistakes, key=lambda mistake: (mistake.file, mistake.line, mistake.path))
    return Catalogue(organisations=organisations), ordered


def _read_organisation(
    home: Path,
) -> tuple[
    YamlFile,
    OrganisationDescription | None,
    Mapping[tuple[str, int], Service],
    list[Mistake],
]:
    path = home / "organisation.yaml"
    if not path.is_file():
        message, remedy = "There is no organisation.yaml here.", "Write one, or move the folder."
        mistake = Mistake(file=home, line=1, path="", message=message, remedy=remedy)
        return YamlFile(path=path, data=None), None, {}, [mistake]
    file = read_yaml(path)
    reading = read_shape(OrganisationDescription, file)
    mistakes = list(reading.mistakes)
    if "id" in reading.sound and reading.parts.id != home.name:
        message = f"'{reading.parts.id}' stands in the folder '{home.name}'."
        mistakes.append(file.mistake(("id",), message, "Let the folder have the same name."))
    teams = reading.parts.teams.keys() if "teams" in reading.sound else None
    versions: dict[tuple[str, int], Service] = {}
    for service_path in _service_files(home):
        service, found = _read_service(service_path, teams)
        mistakes += found
        if service is not None:
            versions[service.id, service.version] = service
    return file, None if reading.mistakes else reading.parts, versions, mistakes


def _service_files(home: Path) -> list[Path]:
    return sorted(path for path in (home / "services").glob("*") if path.name[0] not in ".~")


def _read_service(path: Path, teams: Iterable[str] | None) -> tuple[Service | None, list[Mistake]]:
    named = FILE_NAME.fullmatch(path.name)
    if named is None:
        message, remedy = "The file's name is wrong.", "Call it <service>.v<version>.yaml."
        return None, [Mistake(file=path, line=1, path="", message=message, remedy=remedy)]
    file = read_yaml(path)
    reading = read_shape(Service, file)
    mistakes = [*reading.mistakes, *check_service(reading, file)]
    mistakes += _misplaced(reading, file, named["id"], int(named["version"]))
    if teams is not None and "team" in reading.sound and reading.parts.team not in teams:
        mistakes.append(
            file.mistake(
                ("team",),
                f"The organisation has no team '{reading.parts.team}'.",
                suggestion(reading.parts.team, teams, f"It has {', '.join(teams)}."),
            )
        )
    return None if mistakes else reading.parts, mistakes


def _misplaced(
    reading: Reading[Service], file: YamlFile, name: str, version: int
) -> Iterator[Mistake]:
    if "id" in reading.sound and reading.parts.id != name:
        message = f"'{reading.parts.id}' stands in a file called '{file.path.name}'."
        yield file.mistake(("id",), message, "Let name and id be the same.")
    if "version" in reading.sound and reading.parts.version != version:
        message = f"Version {reading.parts.version} stands in a file called '{file.path.name}'."
        yield file.mistake(("version",), message, "Let name and version be the same.")


def _shared(described: list[tuple[YamlFile, OrganisationDescription]]) -> Iterator[Mistake]:
    """What two organisations must not have in common."""
    owners: dict[str, str] = {}
    for file, about in described:
        owner = owners.setdefault(about.reference_prefix, about.id)
        if owner != about.id:
            message = f"'{about.reference_prefix}' belongs to '{owner}' already."
            yield file.mistake(("reference_prefix",), message, "Choose another.")

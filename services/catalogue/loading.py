"""Reading the folder of organisations: all that is published in it, or every mistake."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from events.text import Text
from services.catalogue.appeal import AppealGuidance
from services.catalogue.appeal_files import read_appeals
from services.catalogue.look import Look, read_look
from services.catalogue.mistakes import CatalogueInvalid, Mistake
from services.catalogue.organisation import (
    Catalogue,
    Organisation,
    OrganisationDescription,
    organise,
)
from services.catalogue.published import Published, VersionKey, changed, gone, read_lock
from services.catalogue.service import Service
from services.catalogue.service_file import (
    ServiceFile,
    Surroundings,
    misnamed,
    read_service,
    service_paths,
)
from services.catalogue.shape import read_shape
from services.catalogue.shape_words import MANUAL
from services.catalogue.situations import unknown_services
from services.catalogue.yaml_file import YamlFile, read_yaml


@dataclass(slots=True, kw_only=True)
class Home:
    """An organisation's folder as it was read.

    `mistakes` keep it from being loaded; those of `drafts`, versions that are not published yet,
    do not.
    """

    path: Path
    file: YamlFile
    about: OrganisationDescription | None = None
    look: Look | None = None
    published: Published = field(default_factory=dict)
    appeals: Mapping[str, AppealGuidance] = field(default_factory=dict)
    services: list[ServiceFile] = field(default_factory=list)
    mistakes: list[Mistake] = field(default_factory=list)
    draft_mistakes: list[Mistake] = field(default_factory=list)

    def versions(self) -> Mapping[VersionKey, Service]:
        return {
            each.key: each.service
            for each in self.services
            if each.service is not None and each.key in self.published
        }

    def drafts(self) -> list[ServiceFile]:
        return [each for each in self.services if each.key not in self.published]


def load(folder: Path) -> Catalogue:
    """What all organisations offer: each subfolder of `folder` is one of them.

    Raises:
        CatalogueInvalid: something published is wrong, so nothing is loaded.
    """
    found, mistakes = _read(folder)
    if mistakes:
        raise CatalogueInvalid(_ordered(mistakes))
    organisations: dict[str, Organisation] = {}
    for home in found:
        if home.about is not None:
            organisations[home.about.id] = organise(
                home.about, home.versions(), home.published, home.appeals, home.look
            )
    return Catalogue(organisations=organisations)


def load_one(path: Path, beside: Iterable[Organisation]) -> Organisation:
    """What one organisation offers, whatever is wrong with those that are not loaded yet.

    Raises:
        CatalogueInvalid: something published is wrong, or belongs to one of those `beside`.
    """
    home = read_home(path)
    prefixes = {other.reference_prefix: other.id for other in beside}
    mistakes = [*home.mistakes, *_taken(home, prefixes)]
    if home.about is None or mistakes:
        raise CatalogueInvalid(_ordered(mistakes))
    return organise(home.about, home.versions(), home.published, home.appeals, home.look)


def load_sound(folder: Path, first: Sequence[str] = ()) -> tuple[list[Organisation], list[Mistake]]:
    """The organisations that can be loaded, and what is wrong with the others.

    What two of them cannot both have belongs to those named `first`.
    """
    sound: list[Organisation] = []
    mistakes: list[Mistake] = []
    for path in sorted(homes(folder), key=lambda path: path.name not in first):
        try:
            sound.append(load_one(path, sound))
        except CatalogueInvalid as invalid:
            mistakes += invalid.mistakes
    return sound, mistakes


def check_one(path: Path) -> list[Mistake]:
    """Every mistake of one organisation, drafts and all; mistakes of others are not its own."""
    home = read_home(path)
    others = [read_home(other) for other in homes(path.parent) if other != path]
    prefixes = {each.about.reference_prefix: each.about.id for each in others if each.about}
    return _ordered([*home.mistakes, *home.draft_mistakes, *_taken(home, prefixes)])


def check(folder: Path) -> list[Mistake]:
    """Every mistake in the folder, drafts and all, by file and line."""
    found, mistakes = _read(folder)
    return _ordered([*mistakes, *(each for home in found for each in home.draft_mistakes)])


def read_home(path: Path) -> Home:
    """One organisation's folder, with what it shares with those beside it."""
    described = path / "organisation.yaml"
    home = Home(path=path, file=YamlFile(path=described, data=None))
    if not described.is_file():
        message = Text(
            da="Der er ingen organisation.yaml her.", en="There is no organisation.yaml here."
        )
        remedy = Text(da="Skriv en, eller flyt mappen.", en="Write one, or move the folder.")
        home.mistakes.append(Mistake(file=path, line=1, path="", message=message, remedy=remedy))
        return home
    home.file = read_yaml(described)
    reading = read_shape(OrganisationDescription, home.file)
    home.about = None if reading.mistakes else reading.parts
    home.mistakes += reading.mistakes
    if "id" in reading.sound and reading.parts.id != path.name:
        home.mistakes.append(_in_other_folder(home, reading.parts.id))
    if "look" in reading.sound:
        home.look, found = read_look(reading.parts.look, home.file)
        home.mistakes += found
    teams = reading.parts.teams.keys() if "teams" in reading.sound else None
    home.appeals, found = read_appeals(path)
    home.mistakes += found
    _read_services(home, Surroundings(teams=teams, appeals=None if found else home.appeals))
    if "situations" in reading.sound:
        known = {service for service, _ in (each.key for each in home.services)}
        home.mistakes += unknown_services(reading.parts.situations, known, home.file)
    return home


def _in_other_folder(home: Home, id_: str) -> Mistake:
    message = Text(
        da=f"'{id_}' står i mappen '{home.path.name}'.",
        en=f"'{id_}' stands in the folder '{home.path.name}'.",
    )
    remedy = Text(da="Giv mappen samme navn.", en="Let the folder have the same name.")
    return home.file.mistake(("id",), message, remedy)


def _read_services(home: Home, around: Surroundings) -> None:
    home.published, found = read_lock(home.path)
    home.mistakes += found
    for path in service_paths(home.path):
        if (mistake := misnamed(path)) is not None:
            home.draft_mistakes.append(mistake)
            continue
        read = read_service(path, around)
        home.services.append(read)
        if read.key in home.published:
            home.mistakes += (*read.mistakes, *changed(read.file, read.key, home.published))
        else:
            home.draft_mistakes += read.mistakes
    home.mistakes += gone(home.path, home.published, {each.key for each in home.services})


def _read(folder: Path) -> tuple[list[Home], list[Mistake]]:
    found = [read_home(path) for path in homes(folder)]
    # What is wrong in a file that all share is one mistake.
    mistakes = list(dict.fromkeys(each for home in found for each in home.mistakes))
    mistakes += _shared(found)
    if not found:
        message = Text(da="Der er ingen myndighed her.", en="There is no organisation here.")
        mistakes.append(Mistake(file=folder, line=1, path="", message=message, remedy=MANUAL))
    return found, mistakes


def homes(folder: Path) -> list[Path]:
    """The folders of organisations, sound or not."""
    return sorted(path for path in folder.glob("*/") if not path.name.startswith("."))


def _ordered(mistakes: list[Mistake]) -> list[Mistake]:
    return sorted(mistakes, key=lambda mistake: (mistake.file, mistake.line, mistake.path))


def _shared(found: list[Home]) -> Iterator[Mistake]:
    """What two organisations must not have in common."""
    owners: dict[str, str] = {}
    for home in found:
        if home.about is not None:
            yield from _taken(home, owners)
            owners.setdefault(home.about.reference_prefix, home.about.id)


def _taken(home: Home, owners: Mapping[str, str]) -> Iterator[Mistake]:
    """`owners` are the organisations that have a prefix already, by it."""
    prefix = None if home.about is None else home.about.reference_prefix
    owner = None if prefix is None else owners.get(prefix)
    if home.about is not None and owner not in (None, home.about.id):
        message = Text(
            da=f"'{prefix}' bruges allerede af '{owner}'.",
            en=f"'{prefix}' belongs to '{owner}' already.",
        )
        remedy = Text(da="Vælg et andet.", en="Choose another.")
        yield home.file.mistake(("reference_prefix",), message, remedy)

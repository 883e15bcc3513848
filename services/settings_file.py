"""A file of settings in an organisation's folder: read whole, or with every mistake in it.

Secrets stand in none: the file names variables of the environment, which have them.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, Generic, TypeAlias, TypeVar

from pydantic import SecretStr

from events.text import Text
from services.catalogue.mistakes import CatalogueInvalid, Mistake
from services.catalogue.shape import read_shape
from services.catalogue.shape_words import MANUAL
from services.catalogue.words import Part
from services.catalogue.yaml_file import Place, YamlFile, read_yaml

D = TypeVar("D")
P = TypeVar("P", bound=Part)

Found: TypeAlias = tuple[D | None, list[Mistake]]
"""What a file describes, None where it has mistakes that hide it; and the mistakes."""

NO_VALUE: Final = Text(
    da="Giv den hemmeligheden som værdi, eller læg en fil med dens navn i mappen JULELYS_SECRETS.",
    en="Set it to the secret, or put a file of its name in the folder JULELYS_SECRETS.",
)
NO_SLASH: Final = Text(da="'site' slutter med en skråstreg.", en="'site' ends with a slash.")
REMOVE_SLASH: Final = Text(da="Fjern skråstregen.", en="Remove the slash.")
PUT_CERTIFICATES: Final = Text(
    da="Læg certifikaterne (PEM) i mappen.", en="Put the certificates (PEM) there."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(Generic[D]):
    """What `file` says, and its secrets by variable."""

    organisation: str
    file: Path
    described: D
    secrets: Mapping[str, SecretStr]

    def secret(self, variable: str) -> str:
        return self.secrets[variable].get_secret_value()

    def secret_if_named(self, variable: str | None) -> str | None:
        return None if variable is None else self.secret(variable)

    def beside(self, name: str) -> Path:
        """A file that the settings name, in the organisation's folder."""
        return self.file.parent / name


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsFile(Generic[D]):
    """A kind of file. `variables` are those that a description names, by where it does; `judge`
    says what is wrong with a value that is there.
    """

    name: str
    read: Callable[[YamlFile], Found[D]]
    variables: Callable[[D], Mapping[Place, str]]
    judge: Callable[[YamlFile, Place, str, str], Iterable[Mistake]] = lambda *_: ()

    def load(self, folder: Path, secrets: Mapping[str, str]) -> Settings[D] | None:
        """The settings in an organisation's folder, None where there is no such file.

        `secrets` has the values of the environment's variables; only those named are kept.

        Raises:
            CatalogueInvalid: with every mistake by file and line; a secret without value is one.
        """
        path = folder / self.name
        if not path.is_file():
            return None
        file = read_yaml(path)
        described, mistakes = self.read(file)
        if described is None or mistakes:
            raise CatalogueInvalid(mistakes)
        variables = self.variables(described)
        if wrong := list(self._wrong_values(variables, file, secrets)):
            raise CatalogueInvalid(wrong)
        kept = {name: SecretStr(secrets[name]) for name in variables.values()}
        return Settings(organisation=folder.name, file=path, described=described, secrets=kept)

    def check(self, folder: Path) -> list[Mistake]:
        """Every mistake in the folder's file, secrets apart; none where there is no such file."""
        path = folder / self.name
        return self.read(read_yaml(path))[1] if path.is_file() else []

    def described(self, folder: Path) -> D | None:
        """What the folder's file describes; None without one, or with mistakes that hide it."""
        path = folder / self.name
        return self.read(read_yaml(path))[0] if path.is_file() else None

    def named(self, folder: Path) -> list[str]:
        """The environment's variables that the folder's file names; none where it has mistakes."""
        found = self.described(folder)
        return [] if found is None else list(self.variables(found).values())

    def _wrong_values(
        self, variables: Mapping[Place, str], file: YamlFile, secrets: Mapping[str, str]
    ) -> Iterator[Mistake]:
        for place, variable in variables.items():
            value = secrets.get(variable)
            if not value:
                message = Text(
                    da=f"Miljøvariablen '{variable}' har ingen værdi.",
                    en=f"The environment has no '{variable}'.",
                )
                yield file.mistake(place, message, NO_VALUE)
            else:
                yield from self.judge(file, place, variable, value)


def no_file(name: str) -> Text:
    """What is said of a file that settings name and that does not lie beside them."""
    return Text(
        da=f"Der er ingen fil '{name}' i denne mappe.",
        en=f"There is no file '{name}' in this folder.",
    )


def read_model(
    model: type[P],
    file: YamlFile,
    manual: Text,
    contradictions: Callable[[P, YamlFile], Iterable[Mistake]],
) -> Found[P]:
    """A file of one shape; `contradictions` are looked for once the shape is right."""
    reading = read_shape(model, file)
    if reading.mistakes:
        # What is no part of the catalogue is not described in its manual.
        return None, [
            replace(each, remedy=manual) if each.remedy == MANUAL else each
            for each in reading.mistakes
        ]
    return reading.parts, list(contradictions(reading.parts, file))

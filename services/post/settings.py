"""Reading an organisation's `post.yaml`: all of it, or every mistake in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from pydantic import SecretStr

from services.catalogue.mistakes import CatalogueInvalid, Mistake
from services.catalogue.shape import MANUAL, read_shape
from services.catalogue.yaml_file import YamlFile, read_yaml
from services.esdh.settings import NO_VALUE, smtp_mistakes
from services.post.description import PostDescription, PostEndpoint

FILE_NAME: Final = "post.yaml"
OUR_MANUAL: Final = "See docs/post.md."


@dataclass(frozen=True, slots=True, kw_only=True)
class PostSettings:
    """What `file` says, and its secrets by variable."""

    organisation: str
    file: Path
    described: PostDescription
    secrets: Mapping[str, SecretStr]

    def secret(self, variable: str | None) -> str | None:
        return None if variable is None else self.secrets[variable].get_secret_value()

    def beside(self, name: str) -> Path:
        """A file that the settings name, in the organisation's folder."""
        return self.file.parent / name


def load_post_settings(folder: Path, secrets: Mapping[str, str]) -> PostSettings | None:
    """The settings in an organisation's folder, None where nobody is told of anything.

    Raises:
        CatalogueInvalid: with every mistake by file and line; a secret without value is one.
    """
    path = folder / FILE_NAME
    if not path.is_file():
        return None
    file = read_yaml(path)
    described, mistakes = _read(file)
    if described is not None and not mistakes:
        mistakes += _without_value(described, file, secrets)
    if described is None or mistakes:
        raise CatalogueInvalid(mistakes)
    kept = {name: SecretStr(secrets[name]) for name in _variables(described).values()}
    return PostSettings(organisation=folder.name, file=path, described=described, secrets=kept)


def check_post_settings(folder: Path) -> list[Mistake]:
    """Every mistake in the folder's file, secrets apart; none where there is no such file."""
    path = folder / FILE_NAME
    return _read(read_yaml(path))[1] if path.is_file() else []


def _read(file: YamlFile) -> tuple[PostDescription | None, list[Mistake]]:
    reading = read_shape(PostDescription, file)
    if reading.mistakes:
        ours = [
            replace(each, remedy=OUR_MANUAL) if each.remedy == MANUAL else each
            for each in reading.mistakes
        ]
        return None, ours
    return reading.parts, list(_contradictions(reading.parts, file))


def _contradictions(described: PostDescription, file: YamlFile) -> Iterator[Mistake]:
    yield from smtp_mistakes(described.smtp, file)
    if described.site.endswith("/"):
        yield file.mistake(("site",), "'site' ends with a slash.", "Remove the slash.")
    post = described.digital_post
    if isinstance(post, PostEndpoint):
        for name, value in (("certificate", post.certificate), ("ca_bundle", post.ca_bundle)):
            if value is not None and not (file.path.parent / value).is_file():
                message = f"There is no file '{value}' in this folder."
                yield file.mistake(("digital_post", name), message, "Put it there (PEM).")


def _without_value(
    described: PostDescription, file: YamlFile, secrets: Mapping[str, str]
) -> Iterator[Mistake]:
    for place, variable in _variables(described).items():
        if not secrets.get(variable):
            message = f"The environment has no '{variable}'."
            yield file.mistake(place, message, NO_VALUE)


def _variables(described: PostDescription) -> dict[tuple[str, str], str]:
    """The environment's variables that the settings name, by where they do."""
    named: dict[tuple[str, str], str | None] = {
        ("smtp", "password_variable"): described.smtp.password_variable
    }
    if isinstance(described.digital_post, PostEndpoint):
        named["digital_post", "token_variable"] = described.digital_post.token_variable
    return {place: name for place, name in named.items() if name is not None}

"""Reading an organisation's `post.yaml`: all of it, or every mistake in it."""

from collections.abc import Iterator
from typing import Final, TypeAlias

from events.text import Text
from services.catalogue.mistakes import Mistake
from services.catalogue.yaml_file import Place, YamlFile
from services.esdh.settings import smtp_mistakes
from services.post.description import PostDescription, PostEndpoint
from services.settings_file import (
    NO_SLASH,
    REMOVE_SLASH,
    Found,
    Settings,
    SettingsFile,
    no_file,
    read_model,
)

OUR_MANUAL: Final = Text(da="Se docs/post.md.", en="See docs/post.md.")
PUT_IT_THERE: Final = Text(da="Læg den i mappen (PEM).", en="Put it there (PEM).")


PostSettings: TypeAlias = Settings[PostDescription]


def _read(file: YamlFile) -> Found[PostDescription]:
    return read_model(PostDescription, file, OUR_MANUAL, _contradictions)


def _contradictions(described: PostDescription, file: YamlFile) -> Iterator[Mistake]:
    yield from smtp_mistakes(described.smtp, file)
    if described.site.endswith("/"):
        yield file.mistake(("site",), NO_SLASH, REMOVE_SLASH)
    post = described.digital_post
    if isinstance(post, PostEndpoint):
        for name, value in (("certificate", post.certificate), ("ca_bundle", post.ca_bundle)):
            if value is not None and not (file.path.parent / value).is_file():
                yield file.mistake(("digital_post", name), no_file(value), PUT_IT_THERE)


def _variables(described: PostDescription) -> dict[Place, str]:
    """The environment's variables that the settings name, by where they do."""
    named: dict[Place, str | None] = {
        ("smtp", "password_variable"): described.smtp.password_variable
    }
    if isinstance(described.digital_post, PostEndpoint):
        named["digital_post", "token_variable"] = described.digital_post.token_variable
    return {place: name for place, name in named.items() if name is not None}


FILE: Final = SettingsFile(name="post.yaml", read=_read, variables=_variables)

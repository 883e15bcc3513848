"""Reading appeal guidance: what all organisations share, and what one has of its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from events.text import Text
from services.catalogue.appeal import FILE_NAME, LAST_DAY, AppealGuidance, Appeals
from services.catalogue.mistakes import Mistake
from services.catalogue.shape import Reading, read_shape
from services.catalogue.yaml_file import YamlFile, read_yaml

WITH_DEADLINE: Final = Text(
    da="Teksten skal nævne den, når der er en frist, og ellers ikke.",
    en="A text names it exactly when there is a deadline.",
)
STRAY_BRACKET: Final = Text(
    da="En krøllet parentes står alene eller om et andet navn.",
    en="A curly bracket stands alone or around another name.",
)
ONLY_LAST_DAY: Final = Text(
    da=f"Kun {LAST_DAY} udfyldes.",
    en=f"Only {LAST_DAY} is filled in.",
)


def read_appeals(home: Path) -> tuple[dict[str, AppealGuidance], list[Mistake]]:
    """All guidance that an organisation's services may name, by its legal basis."""
    found: dict[str, AppealGuidance] = {}
    mistakes: list[Mistake] = []
    for path in (home.parent / FILE_NAME, home / FILE_NAME):
        if not path.is_file():
            continue
        file = read_yaml(path)
        reading = read_shape(Appeals, file)
        mistakes += reading.mistakes
        if "appeals" in reading.sound:
            mistakes += _mistaken(reading, file, found)
            found |= reading.parts.appeals
    return found, mistakes


def _mistaken(
    reading: Reading[Appeals], file: YamlFile, known: dict[str, AppealGuidance]
) -> Iterator[Mistake]:
    for name, guidance in reading.parts.appeals.items():
        if name in known:
            message = Text(
                da=f"'{name}' findes allerede for alle myndigheder.",
                en=f"All organisations have '{name}' already.",
            )
            remedy = Text(da="Vælg et andet navn.", en="Choose another name.")
            yield file.mistake(("appeals", name), message, remedy)
        for language, text in (("da", guidance.text.da), ("en", guidance.text.en)):
            place = ("appeals", name, "text", language)
            has_day, names_day = guidance.deadline is not None, LAST_DAY in text
            if has_day != names_day:
                message = Text(
                    da=f"Teksten nævner {'' if names_day else 'ikke '}{LAST_DAY}.",
                    en=f"The text {'names' if names_day else 'does not name'} {LAST_DAY}.",
                )
                yield file.mistake(place, message, WITH_DEADLINE)
            elif {"{", "}"} & set(text.replace(LAST_DAY, "")):
                yield file.mistake(place, STRAY_BRACKET, ONLY_LAST_DAY)

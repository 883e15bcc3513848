"""What is wrong with the shape of a file, in plain words of both languages."""

from collections.abc import Collection
from typing import Final, TypeAlias

from pydantic_core import ErrorDetails

from events.text import Text
from services.catalogue.mistakes import suggestion
from services.catalogue.yaml_file import Place

Said: TypeAlias = tuple[Text, Text]
"""What is wrong, and how to mend it."""

MANUAL: Final = Text(da="Se docs/catalogue.md.", en="See docs/catalogue.md.")
NO_MAPPING: Final = Text(
    da="Filen består ikke af nøgler med værdier.", en="The file is no mapping of keys."
)
QUOTES: Final = Text(
    da="Sæt det i anførselstegn, hvis det skal være tekst.",
    en="Put it in quotes if text is meant.",
)

PATTERNS: Final = {
    "subject": Text(
        da='Skriv et KLE-emne som NN.NN.NN i anførselstegn: "02.34.00".',
        en='Write a KLE subject as NN.NN.NN, in quotes: "02.34.00".',
    ),
    "facet": Text(
        da='Skriv en KLE-handlingsfacet som et bogstav og to cifre: "G01".',
        en='Write a KLE facet as a letter and two digits: "G01".',
    ),
    "phone": Text(
        da='Skriv det i anførselstegn og med landekode: "+45 12 34 56 78".',
        en='Write it in quotes with the country\'s number: "+45 12 34 56 78".',
    ),
    "email": Text(
        da="Skriv en adresse som byggeri@example.dk.",
        en="Write an address such as byggeri@example.dk.",
    ),
    "website": Text(
        da="Skriv en adresse, der begynder med https://.",
        en="Write an address that begins with https://.",
    ),
    "reference_prefix": Text(
        da="Skriv to til fire store bogstaver, A til Z.",
        en="Write two to four capital letters, A to Z.",
    ),
    "municipality": Text(
        da='Skriv kommunekodens fire cifre i anførselstegn: "0860".',
        en='Write the four digits of its kommunekode in quotes: "0860".',
    ),
    "closing_days": Text(
        da='Skriv "MM-DD" for hvert år eller "ÅÅÅÅ-MM-DD" for én gang, i anførselstegn.',
        en='Write "MM-DD" for every year or "YYYY-MM-DD" for once, in quotes.',
    ),
    "id": Text(
        da="Skriv små bogstaver fra a til z og cifre, med et bogstav først.",
        en="Write small letters a to z and digits, beginning with a letter.",
    ),
    "da": Text(da="Skriv den danske tekst.", en="Write the Danish text."),
    "en": Text(da="Skriv den engelske tekst.", en="Write the English text."),
}

BOUND: Final = Text(
    da="Skriv et tal som 12 eller 12.5, en dag som 2026-12-01 eller {days_from_today: 14}.",
    en="Write a number such as 12 or 12.5, a day such as 2026-12-01, or {days_from_today: 14}.",
)

_MAPPING: Final = Text(da="et sæt nøgler med værdier", en="a mapping of keys")
_TYPES: Final = {
    "string_type": Text(da="tekst", en="text"),
    "int_type": Text(da="et helt tal", en="a whole number"),
    "bool_type": Text(da="yes eller no", en="yes or no"),
    "tuple_type": Text(da="en liste", en="a list"),
    "model_type": _MAPPING,
    "dict_type": _MAPPING,
    "model_attributes_type": _MAPPING,
}
_LIMITS: Final = {
    "too_short": "Der skal være mindst {min_length}.",
    "too_long": "Der må højst være {max_length}.",
    "greater_than_equal": "Tallet skal være mindst {ge}.",
    "less_than_equal": "Tallet må højst være {le}.",
    "string_too_short": "Teksten skal have mindst {min_length} tegn.",
    "string_too_long": "Teksten må højst have {max_length} tegn.",
}
"""In Danish what pydantic says well enough in English."""


def explain(error: ErrorDetails, place: Place, known: Collection[str]) -> Said:
    """`known` are the keys that may stand where one does that is not known."""
    name = str(place[-1]) if place else ""
    match error["type"]:
        case "extra_forbidden":
            names = ", ".join(sorted(known))
            allowed = Text(da=f"Her kan stå: {names}.", en=f"Known here: {names}.")
            message = Text(da=f"Ukendt nøgle '{name}'.", en=f"Unknown key '{name}'.")
            return message, suggestion(name, known, allowed)
        case "missing" | "union_tag_not_found":
            return _missing(name)
        case "union_tag_invalid" | "enum" | "literal_error":
            return _unknown_word(error)
        case "string_pattern_mismatch":
            name = next((str(part) for part in reversed(place) if part in PATTERNS), name)
            given = error["input"]
            message = Text(
                da=f"'{given}' er ikke skrevet, som det skal være.",
                en=f"'{given}' is not written as it must be.",
            )
            return message, PATTERNS.get(name, MANUAL)
        case kind if kind in _TYPES:
            shown, wanted = _shown(error["input"]), _TYPES[kind]
            message = Text(
                da=f"{shown.da} er ikke {wanted.da}.", en=f"{shown.en} is not {wanted.en}."
            )
            return message, QUOTES if kind == "string_type" else MANUAL
        case kind:
            danish = _LIMITS.get(kind, "{shown} kan ikke stå her.")
            facts = {"shown": _shown(error["input"]).da, **error.get("ctx", {})}
            return Text(da=danish.format(**facts), en=f"{error['msg']}."), MANUAL


def no_limit(given: object) -> Said:
    """What stands where a number or a day should."""
    shown = _shown(given)
    message = Text(da=f"{shown.da} kan ikke være en grænse.", en=f"{shown.en} is no limit.")
    return message, BOUND


def _missing(name: str) -> Said:
    language = {"da": ("danske", "Danish"), "en": ("engelske", "English")}.get(name)
    if language is None:
        message = Text(da=f"'{name}' mangler.", en=f"'{name}' is missing.")
        return message, Text(da=f"Tilføj '{name}:'.", en=f"Add '{name}:'.")
    danish, english = language
    message = Text(da=f"Den {danish} tekst mangler.", en=f"The {english} text is missing.")
    remedy = Text(
        da=f"Tilføj '{name}:'; alle tekster skal være på begge sprog.",
        en=f"Add '{name}:'; every text is in both languages.",
    )
    return message, remedy


def _shown(given: object) -> Text:
    match given:
        case dict():
            return Text(da="Et sæt nøgler med værdier", en="A mapping of keys")
        case list():
            return Text(da="En liste", en="A list")
        case None:
            return Text(da="Ingenting", en="Nothing")
        case bool():
            written = "'yes'" if given else "'no'"
        case _:
            written = f"'{given}'"
    return Text(da=written, en=written)


def _unknown_word(error: ErrorDetails) -> Said:
    context = error.get("ctx", {})
    expected = str(context.get("expected_tags", context.get("expected", "")))
    known = [word.strip(" '") for word in expected.replace(" or ", ",").split(",")]
    given = str(context.get("tag", error["input"]))
    message = Text(da=f"'{given}' kendes ikke her.", en=f"'{given}' is not known here.")
    names = ", ".join(known)
    return message, suggestion(given, known, Text(da=f"Brug {names}.", en=f"Use {names}."))

"""The Danish catalogue as a file, and what of the pages' English must stand in it."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

HERE: Final = Path(__file__).parent
CATALOGUE: Final = HERE / "da.po"

_METHODS: Final = [("**.py", "python"), ("**.html", "jinja2")]
_OPTIONS: Final = {"**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
_KEYWORDS: Final = {"_": None, "gettext": None, "ngettext": (1, 2)}
_HEADER: Final = "# What the pages say in Danish; the English stands in templates and pages.\n"


def catalogue() -> Catalog:
    """As it is in the file."""
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="da")


def updated() -> Catalog:
    """The same for what is said by now: the new untranslated, without what nobody says any more."""
    known = catalogue()
    said = Catalog(locale="da", header_comment=_HEADER)
    for message in _said():
        found = known.get(message.id)
        said.add(message.id, string=found.string if found is not None else None)
    return said


def written(said: Catalog) -> bytes:
    """The text of the file: in the order of the alphabet, with nothing that changes by itself."""
    buffer = BytesIO()
    write_po(buffer, said, no_location=True, omit_header=True, sort_output=True, width=0)
    head = (
        f'{_HEADER}msgid ""\nmsgstr ""\n"Language: da\\n"\n'
        '"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n'
        '"Content-Type: text/plain; charset=utf-8\\n"\n\n'
    )
    return head.encode() + buffer.getvalue()


def _said() -> Iterator[Message]:
    found = extract_from_dir(
        HERE, method_map=_METHODS, options_map=_OPTIONS, keywords=_KEYWORDS, comment_tags=()
    )
    for _, _, text, _, _ in found:
        yield Message(text)

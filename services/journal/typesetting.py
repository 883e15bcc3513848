"""From a letter to a PDF for many years: PDF/A-2a (ISO 19005-2) and PDF/UA-1 (ISO 14289-1)."""

import json
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Final, TypeAlias

import typst

from services.journal.letter import Letter, Part, Passage, Section, Table
from services.journal.letter_texts import EN_DASH
from services.journal.letterhead import PLAIN, Letterhead

_NOON: Final = time(12, tzinfo=UTC)

_ALWAYS_SHOWN: Final = frozenset(chr(code) for code in (*range(0x20, 0x7F), *range(0xC0, 0x100)))
"""What every letter of ours needs, and the first of its fonts certainly has."""

_SHAPING: Final = frozenset("\u200c\u200d\u200e\u200f")
"""Signs without looks that some scripts need; they cannot turn around what is read."""

_FILLERS: Final = frozenset("\u115f\u1160\u3164\uffa0")
"""Letters by kind, and yet without looks (Hangul fillers)."""

_LEFT_OUT: Final = {ord(sign): None for sign in "\u00ad\u200b\u2060\ufeff"}
"""Signs that only say where a line may end; in a PDF they get in the way of searching."""

_MARKS: Final = frozenset({"Mn", "Mc", "Me", "Sk", "Cf"})
"""Kinds of signs that join the one before them."""

_NAMED: Final = re.compile(r'`"((?:[^"\\]|\\.)*)"`')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")

_CODES_EXPLAINED: Final = Section(
    heading="Om tegn i dette dokument",
    parts=(
        Passage(
            text="Tegn, som dokumentets skrifter ikke har, og tegn, som ikke kan ses, står som "
            "[U+…] med deres nummer i Unicode."
        ),
    ),
)

_WIDE_IN_CELL: Final = 14
_WIDE_IN_HEADING: Final = 28
_WIDE_IN_TEXT: Final = 40
"""Words of fewer signs fit, whatever the signs; wider ones are measured, which takes time."""

Json: TypeAlias = dict[str, object]
Line: TypeAlias = list[str | list[str]]

_typesetting: Final = Lock()


class TypesettingFailed(Exception):
    """No sign is to blame, so the template is; says nothing of what the letter says."""


def pdf_of(letter: Letter, head: Letterhead = PLAIN) -> bytes:
    """The letter as a PDF: tagged, fonts embedded, the same bytes for the same letter and head.

    A sign that no font of ours has becomes its number, `[U+1F600 GRINNING FACE]`. May be called
    from any thread; one letter is typeset at a time.

    Raises:
        TypesettingFailed: the template has a fault.
    """
    strange = set[str]()
    while not isinstance(made := _typeset(letter, head, strange), bytes):
        if made <= strange:
            raise TypesettingFailed
        strange |= made
    return made


def _typeset(letter: Letter, head: Letterhead, strange: set[str]) -> bytes | set[str]:
    """The PDF, or the signs that it cannot show."""
    says = json.dumps(_payload(letter, head, strange))
    created = int(datetime.combine(letter.date, _NOON).timestamp())
    try:
        # The compiler is not made for two threads at once.
        with _typesetting:
            compiler, template = _press()
            made = compiler.compile(
                template,
                format="pdf",
                sys_inputs={"letter": says},
                pdf_standards=["a-2a", "ua-1"],
                timestamp=created,
            )
    except typst.TypstError as refused:
        return _not_shown(refused.diagnostic)
    if not isinstance(made, bytes):
        raise TypesettingFailed
    return made


@cache
def _press() -> tuple[typst.Compiler, bytes]:
    """Fonts are those that come with the compiler: a machine's own would change the bytes."""
    fonts = typst.Fonts(include_system_fonts=False)
    template = Path(__file__).with_name("letter.typ").read_bytes()
    return typst.Compiler(font_paths=fonts, ignore_system_fonts=True), template


def _not_shown(diagnostic: str) -> set[str]:
    """Signs that the compiler names in its errors, each quoted as in Rust.

    A sign and the mark upon it may each be known and not the two together; then it is the mark
    that has to go first.
    """
    named = set[str]()
    for line in diagnostic.splitlines():
        if line.startswith("error: "):
            for quoted in _NAMED.findall(line):
                named |= set(_ESCAPED.sub(lambda code: chr(int(code[1], 16)), quoted))
    named -= _ALWAYS_SHOWN
    marks = {sign for sign in named if unicodedata.category(sign) in _MARKS}
    return marks or named


class _Ink:
    """What can be written, with the signs in `strange` as codes; `has_coded` if there were any."""

    def __init__(self, strange: set[str]) -> None:
        self._strange = strange - _ALWAYS_SHOWN
        self.has_coded = False

    def lines(self, text: str) -> Iterable[str]:
        for line in unicodedata.normalize("NFC", text.translate(_LEFT_OUT)).splitlines():
            yield "".join(self._shown(sign) for sign in line.expandtabs(4))

    def line(self, text: str) -> str:
        """One line. No heading is empty (ISO 14289-1, 7.4.2): a dash stands for nothing."""
        shown = " ".join(self.lines(text)).strip()
        is_visible = any(unicodedata.category(sign)[0] not in "CZ" for sign in shown)
        return shown if is_visible else EN_DASH

    def heading(self, text: str) -> Line:
        return _runs(self.line(text), _WIDE_IN_HEADING)

    def prose(self, text: str, wide: int) -> list[list[Line]]:
        """Paragraphs of lines."""
        paragraphs: list[list[Line]] = [[]]
        for line in self.lines(text):
            if line.strip():
                paragraphs[-1].append(_runs(line, wide))
            elif paragraphs[-1]:
                paragraphs.append([])
        return [paragraph for paragraph in paragraphs if paragraph]

    def _shown(self, sign: str) -> str:
        category = unicodedata.category(sign)
        is_hidden = (category[0] == "C" and sign not in _SHAPING) or sign in _FILLERS
        if not is_hidden and sign not in self._strange:
            return sign
        self.has_coded = True
        name = unicodedata.name(sign, "") if category == "So" else ""
        return f"[{f'U+{ord(sign):04X} {name}'.strip()}]"


def _payload(letter: Letter, head: Letterhead, strange: set[str]) -> Json:
    """What the template shows; none of it is ever read as markup."""
    ink = _Ink(strange)
    sections = [_section(section, ink) for section in letter.sections]
    said: Json = {
        "plain-organisation": ink.line(letter.organisation),
        "plain-title": ink.line(letter.title),
        "organisation": ink.heading(letter.organisation),
        "title": ink.heading(letter.title),
        "sections": sections,
        "colour": head.colour,
        "logo": head.logo,
        "head": [ink.heading(line) for line in head.lines],
    }
    if ink.has_coded:
        sections.append(_section(_CODES_EXPLAINED, ink))
    return said


def _section(section: Section, ink: _Ink) -> Json:
    return {
        "heading": ink.heading(section.heading),
        "parts": [_part(part, ink) for part in section.parts],
    }


def _part(part: Part, ink: _Ink) -> Json:
    match part:
        case Passage():
            heading = None if part.heading is None else ink.heading(part.heading)
            text = ink.prose(part.text, _WIDE_IN_TEXT)
            return {"kind": "passage", "heading": heading, "text": text}
        case Table():
            return {
                "kind": "table",
                "header": [ink.heading(name) for name in part.header],
                "rows": [[ink.prose(cell, _WIDE_IN_CELL) for cell in row] for row in part.rows],
            }


def _runs(line: str, wide: int) -> Line:
    """The line in runs, with every word of at least `wide` signs in a list of its own."""
    runs = re.split(rf"(\S{{{wide},}})", line)
    return [[run] if place % 2 else run for place, run in enumerate(runs) if run]

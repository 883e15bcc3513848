"""CSV (RFC 4180) as the reader's own spreadsheet opens it, and as no spreadsheet runs it."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from gateway.language import Language

MEDIA_TYPE: Final = "text/csv; charset=utf-8; header=present"

Cell: TypeAlias = str | int | float | None

# A Danish spreadsheet writes half a day as 0,5, so the comma cannot part the fields there.
_SEPARATOR: Final = {Language.DANISH: ";", Language.ENGLISH: ","}
_DECIMAL: Final = {Language.DANISH: ",", Language.ENGLISH: "."}

_RUNS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
"""A text that begins so is taken for a formula, and run (OWASP, CSV injection)."""


def csv_file(headings: Sequence[str], rows: Iterable[Sequence[Cell]], language: Language) -> bytes:
    """UTF-8 without a byte order mark, which programs would read as part of the first heading."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=_SEPARATOR[language], lineterminator="\r\n")
    writer.writerow([_written(heading, language) for heading in headings])
    for row in rows:
        writer.writerow([_written(cell, language) for cell in row])
    return text.getvalue().encode()


def _written(cell: Cell, language: Language) -> str:
    match cell:
        case None:
            return ""
        case str():
            return f"'{cell}" if cell.startswith(_RUNS) else cell
        case int():
            return str(cell)
        case float():
            return repr(cell).removesuffix(".0").replace(".", _DECIMAL[language])

"""Every limit on what people send, and why it is what it is; docs/documents.md tells them on."""

from typing import Final

MIB: Final = 1024 * 1024

SIZE_AT_MOST: Final = 50 * MIB
AROUND_AT_MOST: Final = 64 * 1024
"""What a body may hold beside the file itself."""

ARCHIVE_EXPANDED_AT_MOST: Final = 400 * MIB
ARCHIVE_RATIO_AT_MOST: Final = 200
ARCHIVE_RATIO_COUNTS_FROM: Final = 8 * MIB
"""Small files of much repetition may well shrink more; they harm nobody."""
ARCHIVE_ENTRIES_AT_MOST: Final = 5_000
NESTED_ARCHIVE_AT_MOST: Final = 16 * MIB
XML_AT_MOST: Final = MIB
"""Of the parts of office files that are read as XML: which parts there are, what they refer to."""

PDF_EXPANDED_AT_MOST: Final = 512 * MIB
PDF_FLATE_FILTERS_AT_MOST: Final = 1
"""Packed twice there is nothing to gain but a bomb of a million to one."""
PLAIN_FILE_AT_MOST: Final = 4 * MIB
"""Of a text attached within a PDF."""

PICTURE_DECODED_AT_MOST: Final = 1024 * MIB
"""Of one page unpacked: an A0 drawing of 600 dpi in grey, a photo of 200 megapixels."""
PICTURE_PAGES_AT_MOST: Final = 1_000

MEMORY_AT_MOST: Final = 64 * MIB
"""Of the process that looks into a file: a PDF of about 35,000 objects, which is a thick one."""
CPU_SECONDS_AT_MOST: Final = 10
INSPECTION_SECONDS_AT_MOST: Final = 60.0
"""On the clock; the limit in seconds of CPU comes first on an idle machine."""
INSPECTIONS_AT_ONCE: Final = 2

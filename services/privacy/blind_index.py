"""Finding sealed words by how they begin, with keyed hashes in the place of the words."""

import hmac
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from services.privacy.person_keys import ORGANISATION
from services.privacy.sealer import Sealer

SHORTEST: Final = 2
LONGEST: Final = 12
"""In letters. A shorter word is found whole; of a longer one, so much decides."""

_PURPOSE: Final = "julelys.search.v1"
_HASH_BYTES: Final = 8
_WORD: Final = re.compile(r"[^\W_]+")


class BlindIndex:
    """One organisation's. Its key lies wrapped beside those of persons, as the organisation's own.

    Eight bytes of each hash are kept: among the words of a municipality two meet less than once in
    a thousand years, and a case too many in a list would be all that came of it.
    """

    def __init__(self, sealer: Sealer) -> None:
        self._key = sealer.digest(ORGANISATION, _PURPOSE, b"")

    def beginnings(self, text: str) -> set[int]:
        """All that a text is found by."""
        return {
            self._hashed(word[:length])
            for word in words(text)
            for length in range(min(SHORTEST, len(word)), min(LONGEST, len(word)) + 1)
        }

    def wanted(self, text: str) -> Sequence[int]:
        """All that a text must be found by for each word looked for to begin one of its own."""
        return [self._hashed(word[:LONGEST]) for word in words(text)]

    def _hashed(self, beginning: str) -> int:
        digest = hmac.digest(self._key, beginning.encode(), "sha256")
        return int.from_bytes(digest[:_HASH_BYTES], "big", signed=True)


def words(text: str) -> list[str]:
    """Its words without regard to case; å and aa are one letter, as in Danish names."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _WORD.findall(unicodedata.normalize("NFC", plain).replace("å", "aa"))

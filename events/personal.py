"""What in a fact is personal: what people wrote, and what was written of them.

It is sealed by its person's own key wherever a fact is kept, and reads as `FORGOTTEN`, or as an
empty list, once that key is destroyed. What happened, when, to which case and by whom (under a
pseudonym) is never sealed: the log stays whole, and every rule can be replayed.
"""

from enum import Enum
from typing import Annotated, Final, TypeAlias


class Mark(Enum):
    """`PUBLIC` is what the authority itself has published: nothing in it is personal."""

    PERSONAL = "personal"
    PUBLIC = "public"


PERSONAL: Final = Mark.PERSONAL
PUBLIC: Final = Mark.PUBLIC

PersonalText: TypeAlias = Annotated[str, PERSONAL]

FORGOTTEN: Final = "[…]"
"""What stands in the place of words that nobody can read any more: an omission, in any language."""

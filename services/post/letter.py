"""A letter to one party, and what is on it besides its words."""

from collections.abc import Sequence
from dataclasses import dataclass

from events.envelope import Recorded
from services.catalogue.service import Kle
from services.post.memo import File


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """What the matter is about, by KLE; `label` in words."""

    kle: Kle
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostLetter:
    """`main` is a PDF; `number` is what the matter is called by, and `fact` what is told."""

    title: str
    main: File
    attachments: Sequence[File]
    number: str
    filed: Filed | None
    fact: Recorded

"""What is answered about many cases at once."""

from typing import Literal
from uuid import UUID

from gateway.colleagues import AbsentShape
from gateway.shapes import Shape


class BulkRowShape(Shape):
    """What came of one case. `code` and `detail` say why it was refused, as a problem would.

    `version` is the case's own after what was done; `absence` warns, of an assignment, that the
    colleague is away.
    """

    case: UUID
    outcome: Literal["done", "refused"]
    code: str | None
    detail: str | None
    version: int | None
    absence: AbsentShape | None


class BulkShape(Shape):
    """In the order they were asked for."""

    rows: list[BulkRowShape]

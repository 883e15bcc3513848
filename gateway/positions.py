"""How far the views must have come before a request is answered (`Julelys-Position`)."""

import re
from typing import Final

from starlette.requests import Request

from gateway.problems import Problem

_POSITION: Final = re.compile(r"0|[1-9][0-9]{0,17}")


def position_of(request: Request) -> int:
    """The position that was asked for, 0 for none.

    Raises:
        Problem: `position-invalid`.
    """
    given = request.headers.get("julelys-position")
    if given is None:
        return 0
    if _POSITION.fullmatch(given) is None:
        raise Problem("position-invalid")
    return int(given)

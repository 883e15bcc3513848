"""How the processes log: one line of JSON for each thing that happened, without personal data."""

import logging
import sys
import traceback
from pathlib import Path
from typing import Final

import psycopg
import structlog
from structlog.typing import ExcInfo

from services.ports import Undecodable

_OUR_FOLDERS: Final = frozenset(
    {path.name for path in Path(__file__).parent.iterdir() if path.is_dir()}
    | {"aggregates", "events", "gateway", "projections", "services"}
)

_TOLD: Final = frozenset({"exc_type", "is_cause", "is_group", "frames"})
_TRANSFORM: Final = structlog.tracebacks.ExceptionDictTransformer(show_locals=False)


def quiet() -> None:
    """For commands that talk to a person: only what went wrong, and not on their output."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            # The usual one shows what every variable held.
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def set_up() -> None:
    """Once, in `main`. Tracebacks name functions and lines, never the values they worked on.

    Nor do they say what the errors said, for a database's message quotes the row that it refused,
    and a parser's the text.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.ExceptionRenderer(_places),
            # All else is written as escapes: no value begins a line or steers a terminal, whatever
            # whoever reads the log takes for the end of a line.
            structlog.processors.JSONRenderer(ensure_ascii=True),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )


def _places(exc_info: ExcInfo) -> list[dict[str, object]]:
    """The stack of each error in the chain: its kind, and where in the code."""
    return [
        {name: told for name, told in stack.items() if name in _TOLD}
        for stack in _TRANSFORM(exc_info)
    ]


def described(error: BaseException) -> str:
    """What went wrong and where in our code, without the message: it may quote personal data."""
    cause = error.__cause__ if isinstance(error, Undecodable) and error.__cause__ else error
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    places = [
        f"{path.parent.name}/{path.name}:{frame.lineno}"
        for frame in traceback.extract_tb(cause.__traceback__)
        if (path := Path(frame.filename)).parent.name in _OUR_FOLDERS
    ]
    return " ".join(
        [
            type(cause).__name__,
            *([f"({state})"] if state else []),
            *([f"at {places[-1]}"] if places else []),
        ]
    )

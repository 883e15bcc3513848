"""One request waiting at the desk, and what is decided for it."""

import time
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Final

from commands.refusal import Refused
from services import answers
from services.ports import CommandWrite
from services.request import Answered, Request, TooBusy
from services.work import Work

PATIENCE_SECONDS: Final = 10.0
"""How long a request may wait for its turn."""


class Ticket:
    def __init__(self, request: Request) -> None:
        self.request = request
        self.answered: Future[Answered] = Future()
        self._give_up_at = time.monotonic() + PATIENCE_SECONDS

    def begin(self) -> bool:
        """False for whoever has gone away or has waited too long: nothing is done for them."""
        if not self.answered.set_running_or_notify_cancel():
            return False
        if time.monotonic() > self._give_up_at:
            self.answered.set_exception(TooBusy())
            return False
        return True

    def fail(self, error: Exception) -> None:
        if not self.answered.done():
            self.answered.set_exception(error)

    def reply(self, kept: answers.Kept, position: int) -> None:
        try:
            self.answered.set_result(answers.answered(kept, position))
        except Refused as refusal:
            self.answered.set_exception(refusal)


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A ticket with what was decided for it, ready to be appended."""

    ticket: Ticket
    work: Work
    kept: answers.Kept
    write: CommandWrite
    is_stale: bool

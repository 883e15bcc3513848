"""One request waiting at the desk for its answer."""

import time
from concurrent.futures import Future
from typing import Final, assert_never

from services import answers
from services.request import Answered, Request, TooBusy

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
        match kept:
            case answers.TurnedDown():
                self.answered.set_exception(kept.refusal())
            case answers.Accepted():
                self.answered.set_result(
                    Answered(
                        status=kept.status,
                        location=kept.location,
                        version=kept.version,
                        position=position,
                        body=kept.body,
                    )
                )
            case _:
                assert_never(kept)

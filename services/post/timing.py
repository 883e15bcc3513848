"""How long the outgoing post waits for what, in seconds."""

from dataclasses import dataclass

DAY = 24 * 60 * 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PostTiming:
    """`attempt`: a try is given up after this; longer than any wait in it.

    `doubt`: what may have been taken is handed over again after this, and what the other side did
    not want yet as well (RFC 5321 § 4.5.4.1 asks for half an hour). `give_up`: a person is told
    when it has failed for so long (there: four to five days). `lanes`: how many mails go out at
    once.
    """

    attempt: float = 15 * 60.0
    lease: float = 20 * 60.0
    first_retry: float = 60.0
    longest_retry: float = 30 * 60.0
    doubt: float = 30 * 60.0
    give_up: float = 5 * DAY
    lanes: int = 4

    def back_off(self, attempts: int) -> float:
        """Doubles from the first retry to the longest."""
        return min(self.first_retry * 2.0 ** min(max(attempts - 1, 0), 30), self.longest_retry)

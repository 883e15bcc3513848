"""How long the sync waits for what, in seconds."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """`longest_processing`: an effect may come this long after its request, and no longer.

    `request`: a request is given up after this. `send_window`: a request is sent this soon after
    its intent was begun, or not at all. `kept_back`: a submission is so long while its address is
    looked up, for the right case may follow from it; 0 where nobody looks. `lanes`: how many
    matters are worked on at once; `connections`: how many of them may ask for something to be
    added at once.
    """

    request: float = 30.0
    longest_processing: float = 120.0
    send_window: float = 5.0
    lease: float = 60.0
    first_retry: float = 1.0
    longest_retry: float = 6 * 60 * 60.0
    dependency: float = 1.0
    kept_back: float = 0.0
    lanes: int = 16
    connections: int = 8

    @property
    def stranger(self) -> float:
        """When the outcome of a request is certain, of which we know nothing but the intent."""
        return self.send_window + self.request + self.longest_processing

    def back_off(self, attempts: int) -> float:
        """Doubles from the first retry to the longest; it goes on for ever."""
        return min(self.first_retry * 2.0 ** min(attempts, 30), self.longest_retry)

"""The feed on the log itself: the real one, over a simulated row, lock and reader."""

from services.feed.log_feed import LogFeed
from tests.simulation.owners import SimulatedPositions, SimulatedReader


class SimulatedLogFeed(LogFeed):
    """Steps `LogFeed.read` and `commit`; only what they stand on is simulated."""

    def __init__(self, positions: SimulatedPositions, reader: SimulatedReader) -> None:
        # Its own makes connections. What it calls on them is what ours have.
        self._positions = positions  # type: ignore[assignment]  # a port in all but its type
        self._log = reader  # type: ignore[assignment]  # likewise
        self._tenure = None
        self._reached = 0
        self._given = False

"""How long filing waits for what, as an organisation's `esdh.yaml` says."""

from services.config import from_environment
from services.esdh.description import Timings
from services.journal.office import timing_of


def test_pauses_between_attempts_double_up_to_the_longest_that_is_asked_for() -> None:
    timing = timing_of(Timings(longest_retry_seconds=5), from_environment({}))

    assert [timing.back_off(attempts) for attempts in range(5)] == [1, 2, 4, 5, 5]


def test_a_pause_is_six_hours_at_most_where_nothing_is_asked_for() -> None:
    timing = timing_of(Timings(), from_environment({}))

    assert timing.back_off(60) == 6 * 60 * 60

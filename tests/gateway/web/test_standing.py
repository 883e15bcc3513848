"""How things stand is said in words, with what to do about each thing that is wrong."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from gateway.language import Language
from gateway.running_shapes import (
    ChannelStandingShape,
    CountShape,
    JournalStandingShape,
    KeyShape,
    KeysShape,
    PostStandingShape,
    PulseShape,
    ReaderShape,
    RelayShape,
    UnfiledShape,
    ViewsShape,
    ViewStandingShape,
)
from gateway.web.service_sections import SECTIONS
from gateway.web.standing import Level, Reporter, Standing
from gateway.web.standing_outward import of_journal, of_post, of_relay
from gateway.web.standing_within import of_keys, of_views
from gateway.web.words import how_long
from services.catalogue.service import Service

NOW = datetime(2026, 11, 2, 9, tzinfo=UTC)
REPORT = Reporter(language=Language.ENGLISH, organisation="hjorring", now=NOW)
RUNNING = PulseShape(
    job="system:esdh-sync", began_at=NOW, heard_at=NOW, is_silent=False, unanswering=[]
)


def journal(
    *processes: PulseShape, oldest: timedelta | None = None, differing: int = 0, **counts: int
) -> Standing:
    told = JournalStandingShape(
        counts=[CountShape(state=state, number=number) for state, number in counts.items()],
        differences=[CountShape(state="filed-twice", number=differing)],
        oldest_at=None if oldest is None else NOW - oldest,
        waiting_for_people=[],
        processes=list(processes),
    )
    return of_journal(REPORT, told)


def commands(standing: Standing) -> list[str]:
    return [each.command.removeprefix("python -m gateway ") for each in standing.todo]


def test_nothing_is_to_be_done_while_all_is_well() -> None:
    found = journal(RUNNING, waiting=0)
    assert (found.level, found.todo) == (Level.GOOD, [])
    assert found.says == "Everything lies in the records system."
    assert journal(RUNNING, waiting=3, oldest=timedelta(minutes=5)).level is Level.GOOD


def test_what_is_refused_or_differs_is_for_a_person() -> None:
    found = journal(RUNNING, refused=2, choice=1, differing=1)
    assert found.level is Level.BAD
    assert commands(found) == ["", "journal reconcile --organisation hjorring", ""]
    assert [each.level for each in found.todo] == [Level.BAD, Level.BAD, Level.WARNING]


def test_who_does_not_answer_is_named_and_nothing_is_lost() -> None:
    away = RUNNING.model_copy(update={"unanswering": ["esdh"]})
    (todo,) = journal(away, waiting=1).todo
    assert todo.text.startswith("The records system does not answer")
    assert "Nothing is lost" in todo.text


@pytest.mark.parametrize(("waiting", "level"), [(0, Level.WARNING), (1, Level.BAD)])
def test_where_nobody_works_one_is_to_be_started(waiting: int, level: Level) -> None:
    silent = RUNNING.model_copy(update={"is_silent": True, "unanswering": ["esdh"]})
    for found in (journal(waiting=waiting), journal(silent, waiting=waiting)):
        assert (found.level, commands(found)) == (level, ["esdh-sync"])


def test_what_has_waited_long_is_looked_into() -> None:
    found = journal(RUNNING, waiting=1, oldest=timedelta(hours=3))
    assert commands(found) == ["journal check --organisation hjorring"]
    assert "3 hours" in found.todo[0].text


def test_post_that_did_not_arrive_is_the_teams_to_see_to() -> None:
    lost = ChannelStandingShape(channel="email", state="bounced", number=2, since=NOW)
    told = PostStandingShape(
        channels=[lost], failing_since=NOW - timedelta(minutes=2), processes=[RUNNING]
    )
    found = of_post(REPORT, told)
    assert commands(found) == ["post list --organisation hjorring", ""]
    assert "2 minutes" in found.todo[1].text


def test_a_follower_that_lags_has_its_own_process() -> None:
    def reader(name: str, seconds: float) -> ReaderShape:
        return ReaderShape(name=name, position=1, epoch=1, lag_events=9, lag_seconds=seconds)

    readers = [reader("kafka", 90), reader("esdh-sync", 61), reader("post", 60)]
    found = of_relay(REPORT, RelayShape(readers=readers, processes=[]))
    assert commands(found) == ["relay", "esdh-sync"]
    assert of_relay(REPORT, RelayShape(readers=[], processes=[])).level is Level.GOOD


def view(state: str, parked: int = 0) -> ViewStandingShape:
    return ViewStandingShape(
        name="timeline",
        state=state,
        generation=1,
        version=1,
        position=1,
        lag_events=5,
        lag_seconds=45,
        parked=parked,
    )


def test_a_view_that_parks_or_lags_says_so() -> None:
    told = ViewsShape(end=6, views=[view("behind"), view("parked", 1)], parked=[])
    found = of_views(REPORT, told)
    assert commands(found) == ["projections retry --organisation hjorring", "work"]
    assert "45 seconds" in found.todo[1].text
    assert of_views(REPORT, ViewsShape(end=6, views=[view("current")], parked=[])).todo == []


def test_keys_under_a_former_key_are_wrapped_anew() -> None:
    former = KeyShape(id="2025", is_current=False, wraps=3, destroyed=0)
    current = KeyShape(id="2026", is_current=True, wraps=4, destroyed=1)
    assert commands(of_keys(REPORT, KeysShape(keys=[former, current]))) == [
        "keys rotate --organisation hjorring"
    ]
    emptied = former.model_copy(update={"wraps": 0})
    assert of_keys(REPORT, KeysShape(keys=[emptied, current])).level is Level.GOOD


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (-1, "0 sekunder"),
        (1, "1 sekund"),
        (59.9, "59 sekunder"),
        (60, "1 minut"),
        (7_199, "1 time"),
        (172_800, "2 dage"),
    ],
)
def test_how_long_it_has_been_is_told_in_whole_units(seconds: float, words: str) -> None:
    assert how_long(seconds, Language.DANISH) == words


def test_every_part_of_a_description_has_a_name() -> None:
    assert list(SECTIONS) == list(Service.model_fields)


def test_an_entry_can_be_named_by_nothing_but_itself() -> None:
    """The shape has no place for a case, a person or words of theirs."""
    assert set(UnfiledShape.model_fields) == {
        "entry", "what", "about", "state", "since", "attempts", "error",
    }  # fmt: skip
    assert UnfiledShape.model_fields["entry"].annotation is UUID

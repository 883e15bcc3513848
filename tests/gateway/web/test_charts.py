"""Charts are drawn to scale, whatever the numbers, and figures are summed as they are meant."""

from datetime import date

import pytest

from gateway.language import Language
from gateway.offer_shapes import OfferedDeadlineShape
from gateway.statistics import CountsShape, MonthShape
from gateway.web.charts import LEFT, NAMES, PLOT, TOP, WIDTH, Row, columns, lying, scale_of
from gateway.web.figures import by_month, pace
from gateway.web.words import days, month

COUNTS = CountsShape(received=4, open=1, closed=2, withdrawn=1, overdue=3, median_days=15.0)


@pytest.mark.parametrize(
    ("most", "top"), [(0, 4), (4, 4), (5, 8), (9, 12), (13, 20), (21, 40), (999, 1200)]
)
def test_an_axis_ends_at_a_number_that_is_divided_by_four(most: int, top: int) -> None:
    assert scale_of(most) == top
    assert top % 4 == 0


def test_columns_stand_on_the_axis_within_the_box_and_side_by_side() -> None:
    chart = columns([("jan", (8, 0)), ("feb", (2, 4))])
    assert [each.height for each in chart.bars] == [PLOT, 0, PLOT / 4, PLOT / 2]
    for bar in chart.bars:
        assert round(bar.y + bar.height, 1) == TOP + PLOT
        assert LEFT <= bar.x <= bar.x + bar.width <= WIDTH
    ordered = [each.x for each in chart.bars]
    assert ordered == sorted(ordered)
    assert [each.text for each in chart.ticks] == ["0", "2", "4", "6", "8"]
    assert columns([]).bars == []


def test_lying_bars_share_a_scale_with_their_targets() -> None:
    chart = lying(
        [Row(name="a", value=10, said="10", target=20), Row(name="b", value=None, said="-")]
    )
    bar, nothing = chart.bars
    target, none = chart.targets
    assert target is not None
    assert target - NAMES == pytest.approx(2 * bar.width)
    assert (nothing.width, none) == (0, None)
    assert lying([]).bars == []


def test_a_month_in_which_nothing_happened_stands_there_too() -> None:
    rows = [
        MonthShape(**dict(COUNTS), month="2026-11", team=team, service="s") for team in ("a", "b")
    ]
    found = by_month(rows, date(2026, 10, 7), date(2027, 1, 3))
    assert [f"{each.first:%Y-%m}" for each in found] == ["2026-10", "2026-11", "2026-12", "2027-01"]
    assert [each.received for each in found] == [0, 8, 0, 0]


def test_a_target_in_working_days_is_compared_as_calendar_days() -> None:
    def aim(number: int, unit: str) -> OfferedDeadlineShape:
        return OfferedDeadlineShape(
            deadline="processing",
            days=number,
            unit=unit,
            counted_from="received",
            text=None,
            basis=None,
            depends_on_answers=False,
        )

    kept = pace("s", COUNTS, aim(15, "working-days"), Language.ENGLISH)
    assert (kept.target, kept.target_words, kept.is_late) == (21.0, "15 working days", False)
    assert pace("s", COUNTS, aim(14, "days"), Language.DANISH).is_late
    assert not pace("s", COUNTS, None, Language.DANISH).is_late


def test_days_and_months_in_words() -> None:
    assert days(1, Language.DANISH) == "1 dag"
    assert days(12.5, Language.DANISH) == "12,5 dage"
    assert days(12.5, Language.ENGLISH) == "12.5 days"
    assert month(date(2026, 11, 1), Language.DANISH) == "november 2026"
    assert month(date(2026, 5, 1), Language.ENGLISH, is_short=True) == "May 26"

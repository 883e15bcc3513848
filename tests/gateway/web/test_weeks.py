"""A calendar's times by week and day."""

from datetime import date, datetime, timedelta

from gateway.shapes import FullDayShape, SlotShape
from gateway.web.weeks import weeks_of
from services.clock import COPENHAGEN


def slot(day: str, hour: int) -> SlotShape:
    starts_at = datetime.fromisoformat(day).replace(hour=hour, tzinfo=COPENHAGEN)
    name = f"byggeri-natur.{day}.{hour:02}00-1"
    ends_at = starts_at + timedelta(minutes=45)
    return SlotShape(slot=name, starts_at=starts_at, ends_at=ends_at, place="Rådhuset")


def test_times_stand_by_week_and_day_also_over_new_year() -> None:
    full = FullDayShape(day=date(2026, 12, 30), slot="byggeri-natur.2026-12-30.0900-1", waiting=2)
    slots = [slot("2027-01-04", 9), slot("2027-01-01", 9), slot("2027-01-01", 10)]
    weeks = weeks_of(slots, [full])
    assert [(each.name, each.number, each.free) for each in weeks] == [
        ("2026-W53", 53, 2),
        ("2027-W01", 1, 1),
    ]
    assert [(day.on, len(day.slots), day.full) for day in weeks[0].days] == [
        (date(2026, 12, 30), 0, full),
        (date(2027, 1, 1), 2, None),
    ]
    assert weeks_of([], []) == []

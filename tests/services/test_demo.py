"""The demo's data is made by real commands, and once."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from services.bootstrap import open_core
from services.catalogue.loading import load
from services.clock import COPENHAGEN
from services.demo.seeding import seed
from services.migrating import migrate
from services.replay import cases, replay

ORGANISATIONS = Path(__file__).parents[2] / "organisations"
# Weekends, Christmas and Easter within reach, and both changes of the clock.
DAYS = ["2026-11-23", "2026-12-19", "2027-03-20", "2027-10-23"]


@pytest.mark.parametrize("day", DAYS)
def test_the_demo_can_begin_on_any_day_and_is_seeded_once(database: str, day: str) -> None:
    now = datetime.fromisoformat(f"{day}T15:00").replace(tzinfo=COPENHAGEN)
    for name, organisation in load(ORGANISATIONS).organisations.items():
        migrate(database, name)
        with open_core(database, organisation) as core:
            seed(core, now)
            first = core.store.safe_position()
            seed(core, now + timedelta(hours=1))

            is_municipality = "hearing-response" in organisation.services
            assert (first > 10) is is_municipality
            assert core.store.safe_position() == first
            opened = [case_id for case_id, _ in cases(core.store)]
            assert all(replay(core.store, case_id) is not None for case_id in opened)
            assert len(opened) == (3 if name == "hjorring" else 0)

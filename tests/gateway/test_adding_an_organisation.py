"""One more organisation by files and a command; others are served, and nothing is restarted."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from services.config import ROOT
from services.database import connect
from services.ids import new_id
from services.preparing import prepare
from tests.broker import Broker
from tests.gateway.cities import (
    HJORRING,
    PROCESSES,
    VEJLE,
    VIBORG,
    City,
    Side,
    city,
    is_ready,
    staff,
)
from tests.gateway.running import wait_until
from tests.newcomers import newcomer

PATIENCE_SECONDS = 120.0
"""For what takes some seconds on a machine that has nothing else to do."""

pytestmark = [pytest.mark.whole_machine, pytest.mark.timeout(600)]


@dataclass(slots=True)
class Stream:
    """A steady stream of requests to those who are served already."""

    city: City
    asked: int = 0
    failed: list[str] = field(default_factory=list)

    def go_on(self, stop: threading.Event, cases: dict[Side, str]) -> None:
        while not stop.wait(0.05):
            for side, case in cases.items():
                text = {"text": f"Endnu et ord om {side.word}."}
                path = f"/cases/{case}"
                answers = [
                    self.city.post(side, "anna", f"{path}/messages", text, new_id()),
                    self.city.get(side, "anna", f"{path}/timeline"),
                    self.city.get(side, side.caseworker, f"/queues/{side.team}"),
                ]
                self.asked += len(answers)
                self.failed += [answer.text for answer in answers if answer.is_error]


@contextmanager
def asking(stream: Stream, cases: dict[Side, str]) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=stream.go_on, args=(stop, cases))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def submitted(place: City, side: Side) -> str:
    hearing = place.open_hearing(side, new_id())
    assert hearing.status_code == 201, hearing.text
    text = f"Der er {side.word} på grunden."
    answer = place.respond(side, "anna", hearing.json()["hearing"], text, new_id())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["case"])


def organisation(place: City, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gateway", "organisation", *arguments],
        cwd=ROOT,
        env={**place.environment, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def told(place: City, case: str) -> set[str]:
    """The kinds of what stands on the timeline."""
    timeline = place.get(VIBORG, "anna", f"/cases/{case}/timeline").json()
    return {entry["kind"] for entry in timeline["entries"]}


def relayed(place: City, side: Side) -> bool:
    with connect(place.conninfo, side.name) as db:
        rows = db.execute("SELECT position FROM relay WHERE position > 0").fetchall()
    return bool(rows)


def is_taken_up(place: City, process: str) -> bool:
    lines = (place.config.data.parent / f"{process}.log").read_text().splitlines()
    return any('"organisation_taken_up"' in line and '"viborg"' in line for line in lines)


def test_a_third_organisation_is_served_without_a_restart(
    database: str, tmp_path: Path, tansu_broker: Broker
) -> None:
    for side in (HJORRING, VEJLE):
        prepare(database, side.name)
    with city(database, tmp_path, tansu_broker) as place:
        folder = place.config.organisations
        wait_until(lambda: is_ready(place), PATIENCE_SECONDS)
        stream = Stream(place)
        cases = {side: submitted(place, side) for side in (HJORRING, VEJLE)}
        with asking(stream, cases):
            newcomer(folder, "viborg", "VEJ")
            refused = organisation(place, "add", "viborg")
            assert (refused.returncode, "organisation.yaml:5" in refused.stdout) == (1, True)
            described = folder / "viborg" / "organisation.yaml"
            described.write_text(described.read_text().replace("fix: VEJ", "fix: VIB"))
            assert place.get(VIBORG, None, "/services").status_code == 404
            staff(folder, VIBORG)

            added = organisation(place, "add", "viborg")
            assert (added.returncode, "migrations applied" in added.stdout) == (0, True)
            wait_until(lambda: place.get(VIBORG, None, "/services").is_success, PATIENCE_SECONDS)
            case = submitted(place, VIBORG)
            wait_until(lambda: "opened" in told(place, case), PATIENCE_SECONDS)
            wait_until(lambda: relayed(place, VIBORG), PATIENCE_SECONDS)
            wait_until(lambda: "journalised" in told(place, case), PATIENCE_SECONDS)
            queue = place.get(VIBORG, VIBORG.caseworker, f"/queues/{VIBORG.team}").json()
            assert [row["case"] for row in queue["rows"]] == [case]
            wait_until(
                lambda: all(is_taken_up(place, each) for each in PROCESSES), PATIENCE_SECONDS
            )

        assert stream.failed == []
        assert stream.asked > 20
        assert "viborg" in organisation(place, "list").stdout
        for program in place.programs.values():
            program.assert_runs()
        for name in PROCESSES:
            if name != "serve":  # whose server ends by the signal that it was told to stop by
                place.programs[name].stop()

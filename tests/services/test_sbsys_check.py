"""The start-up check: each thing that is missing in SBSYS is named with its setting and file."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from gateway.simulator.app import create_simulator
from services.esdh.description import Sbsys
from services.esdh.opening import sbsys
from services.esdh.port import EsdhUnavailable
from tests.services.esdh_systems import described, settings_of
from tests.services.sbsys_replies import OBJECT, Replies, Reply, replying, says, status

FILE = Path("organisations/hjorring/esdh.yaml")


def changed(change: Mapping[str, object]) -> Sbsys:
    written = OBJECT.validate_json(
        described(settings_of("hjorring")).model_dump_json(by_alias=True)
    )
    return Sbsys.model_validate_json(OBJECT.dump_json({**written, **change}))


def said(folder: Path, change: Mapping[str, object]) -> list[str]:
    """What the check says at the simulator when the settings are changed so."""
    system = changed(change)

    async def run() -> list[str]:
        app = create_simulator(folder)
        async with (
            app.router.lifespan_context(app),
            httpx.AsyncClient(transport=httpx.ASGITransport(app=app)) as http,
        ):
            settings = replace(settings_of("hjorring"), described=system, file=FILE)
            return list(await sbsys(settings, system, http).check())

    return asyncio.run(run())


def said_of(by: Mapping[str, Reply]) -> list[str]:
    async def run() -> list[str]:
        async with replying(Replies(by), replace(settings_of("hjorring"), file=FILE)) as esdh:
            return list(await esdh.check())

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("change", "setting", "named"),
    [
        ({"templates": {"1021": {"id": 99}}}, "templates.1021.id", "99"),
        ({"templates": {"1021": {"id": 1500}}}, "templates.1021.id", "1500 is not active"),
        (
            {"statuses": {"open": "Aktiv", "dormant": "Hvilende", "closed": "Lukket"}},
            "statuses.closed",
            "Lukket",
        ),
        ({"reminders": {"type": 9}}, "reminders.type", "1 (Frist), 2 (Opgave)"),
        ({"users": {"staff:karen": "kar"}}, "users.staff:karen", "'kar'"),
    ],
)
def test_what_is_missing_is_named_with_its_setting(
    tmp_path: Path, change: dict[str, object], setting: str, named: str
) -> None:
    (sentence,) = said(tmp_path, change)
    assert sentence.startswith(f"{FILE}: {setting}: ")
    assert named in sentence


def test_everything_that_is_missing_is_told_at_once(tmp_path: Path) -> None:
    nothing_fits = {
        "templates": {"1021": {"id": 98}, "1737": {"id": 99}},
        "statuses": {"open": "A", "dormant": "B", "closed": "C"},
        "reminders": {"type": 9},
        "users": {"staff:karen": "x", "staff:niels": "y"},
    }
    assert len(said(tmp_path, nothing_fits)) == 8


TEMPLATE = {"Id": 1021, "Aktiv": True}
OTHERS = [
    {"Id": each.id}
    for name, each in described(settings_of("hjorring")).templates.items()
    if name != "1021"
]
BASE: Mapping[str, Reply] = {
    "GET sagsskabelon": says([TEMPLATE, *OTHERS]),
    "GET erindring/typer": says([{"Id": 1, "Navn": "Frist"}]),
    "POST bruger/search": lambda request: httpx.Response(
        200, json=[{"LogonId": OBJECT.validate_json(request.content)["LogonId"], "Id": 1}]
    ),
}
FOLDERS = says([{"ID": 1, "Titel": "Høringstekst"}, {"ID": 2, "Titel": "Høringssvar"}])


def test_a_sub_folder_missing_from_the_template_is_named() -> None:
    own = {
        "GET sagsskabelon/1021": says(
            {**TEMPLATE, "Delforloeb": [{"ID": 1, "Titel": "Høringstekst"}]}
        )
    }
    first, second = said_of({**BASE, **own})
    assert first.startswith(f"{FILE}: templates.1021.sub_folders: ")
    assert "'Høringssvar'" in first
    assert "'Konklusion'" in second


def test_where_the_template_does_not_tell_its_newest_case_does() -> None:
    case = {"SagIdentity": "g", "Nummer": "n", "SagsStatus": {"SagsTilstand": "Aktiv"}}
    found = says({"TotalNumberOfResults": 2, "Results": [{**case, "Id": 71}, {**case, "Id": 70}]})
    by = {**BASE, "POST sag/search": found, "GET delforloeb/sag/71": FOLDERS}
    (sentence,) = said_of({**by, "GET sagsskabelon/1021": says(TEMPLATE)})
    assert "'Konklusion'" in sentence
    assert said_of(by) == [sentence]


def test_without_a_case_of_the_template_its_sub_folders_are_not_judged() -> None:
    none = says({"TotalNumberOfResults": 0, "Results": []})
    assert said_of({**BASE, "POST sag/search": none}) == []


@pytest.mark.parametrize("path", ["GET sagsskabelon", "GET sag/sagStatusList", "TOKEN"])
def test_a_check_that_could_not_be_made_is_no_check_passed(path: str) -> None:
    with pytest.raises(EsdhUnavailable):
        said_of({**BASE, path: status(503)})

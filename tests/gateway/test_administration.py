"""What administrators see: services and drafts, and how the system runs, but nobody's matter."""

import asyncio
import html
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from services.config import ROOT
from services.database import connect
from services.pulse import beat
from services.workers import Job
from tests.gateway.running import System, by_other_settings, code, fields, wait_until
from tests.gateway.troubles import ERROR, LOST, conninfo_of, parked, refused_filing

HERE = "/administration"


@pytest.fixture(scope="module")
def drafting(whole_system: System, tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """With a draft that is sound, one that is not, and another file with a mistake."""
    folder = tmp_path_factory.mktemp("drafts") / "organisations"
    shutil.copytree(ROOT / "organisations", folder)
    files = folder / "hjorring" / "services"
    text = (files / "road-use.v1.yaml").read_text(encoding="utf-8")
    second = text.replace("version: 1", "version: 2")
    (files / "road-use.v2.yaml").write_text(second.replace("years: ", "years: 1"), "utf-8")
    third = second.replace("version: 2", "version: 3").replace(
        "team: vej-trafik", "team: vejtrafik"
    )
    (files / "road-use.v3.yaml").write_text(third, "utf-8")
    with by_other_settings(whole_system, replace(whole_system.config, organisations=folder)) as it:
        wait_until(lambda: it.client.get(f"{it.address}/health/ready").is_success)
        yield it


def test_versions_stand_with_what_they_are_and_since_when(drafting: System) -> None:
    found = drafting.get("admin", f"{HERE}/services").json()
    services = {each["id"]: each for each in found["services"]}
    permit = services["building-permit"]["versions"]
    assert [(each["version"], each["state"]) for each in permit] == [
        (2, "offered"),
        (1, "superseded"),
    ]
    assert all(each["published_on"] == "2026-11-26" for each in permit)
    road = services["road-use"]["versions"]
    assert [(each["version"], each["state"], each["mistakes"]) for each in road] == [
        (3, "draft", 1),
        (2, "draft", 0),
        (1, "offered", 0),
    ]
    (mistake,) = found["mistakes"]
    assert mistake["file"] == "hjorring/services/road-use.v3.yaml"
    assert mistake["line"] > 1
    assert mistake["path"] == "team"


def test_mistakes_are_told_in_the_language_of_who_asks(drafting: System) -> None:
    told = {
        "da": ("Myndigheden har intet team 'vejtrafik'.", "Mente du 'vej-trafik'?"),
        "en": ("The organisation has no team 'vejtrafik'.", "Did you mean 'vej-trafik'?"),
    }
    for path in ("services", "services/road-use/versions/3"):
        for language, expected in told.items():
            headers = {"Accept-Language": language}
            answer = drafting.get("admin", f"{HERE}/{path}", headers=headers).json()
            (mistake,) = answer["mistakes"]
            assert (mistake["message"], mistake["remedy"]) == expected


def shown(system: System, path: str, language: str) -> str:
    """A page of the administration as its reader sees it."""
    headers = {"Accept": "text/html", "Accept-Language": language, **system.headers("admin")}
    answer = system.client.get(f"{system.address}/hjorring{HERE}/{path}", headers=headers)
    return html.unescape(answer.text)


def test_a_danish_page_tells_mistakes_in_danish(drafting: System) -> None:
    assert "Did you mean 'vej-trafik'?" in shown(drafting, "services", "en")
    for path in ("services", "services/road-use/versions/3"):
        page = shown(drafting, path, "da")
        assert "Myndigheden har intet team 'vejtrafik'. Mente du 'vej-trafik'?" in page
        assert '<ul class="plain-list mistakes">' in page
        assert "Did you mean" not in page


def test_a_file_that_is_mended_is_seen_at_once(drafting: System) -> None:
    path = drafting.config.organisations / "hjorring" / "services" / "road-use.v3.yaml"
    wrong = path.read_text(encoding="utf-8")
    path.write_text(wrong.replace("team: vejtrafik", "team: vej-trafik"), encoding="utf-8")
    assert drafting.get("admin", f"{HERE}/services").json()["mistakes"] == []
    path.write_text(wrong, encoding="utf-8")
    assert len(drafting.get("admin", f"{HERE}/services").json()["mistakes"]) == 1


def test_two_versions_are_compared_in_words(drafting: System) -> None:
    path = f"{HERE}/services/road-use/changes?earlier=1&later=2"
    found = drafting.get("admin", path).json()["changes"]
    assert [(each["section"], each["sign"]) for each in found] == [("retention", "~")]
    same = drafting.get("admin", f"{HERE}/services/road-use/changes?earlier=1&later=1").json()
    assert same["changes"] == []
    mistaken = drafting.get("admin", f"{HERE}/services/road-use/changes?earlier=1&later=3")
    assert (mistaken.status_code, code(mistaken)) == (409, "service-version-mistaken")
    nowhere = drafting.get("admin", f"{HERE}/services/road-use/changes?earlier=1&later=9")
    assert (nowhere.status_code, code(nowhere)) == (404, "service-version-not-found")
    none = drafting.get("admin", f"{HERE}/services/road-use/changes?earlier=0")
    assert fields(none) == {"earlier": "input-out-of-range", "later": "input-missing"}


def test_they_are_compared_in_the_language_of_who_asks(system: System) -> None:
    path = f"{HERE}/services/building-permit/changes?earlier=1&later=2"
    told = []
    for language in ("da", "en"):
        found = system.get("admin", path, headers={"Accept-Language": language}).json()["changes"]
        told.append([each["words"] for each in found if each["section"] == "form"])
    danish, english = told
    assert len(danish) == len(english) > 5
    assert not set(danish) & set(english)


def test_a_draft_is_shown_as_a_party_would_meet_it(drafting: System) -> None:
    draft = drafting.get("admin", f"{HERE}/services/road-use/versions/2").json()
    assert (draft["state"], draft["published_on"], draft["mistakes"]) == ("draft", None, [])
    assert draft["described"]["version"] == 2
    assert [part["title"] for part in draft["preview"]][:2] == [
        "Formular",
        "Dokumenter, der bedes om",
    ]
    broken = drafting.get("admin", f"{HERE}/services/road-use/versions/3").json()
    assert (broken["described"], broken["preview"], len(broken["mistakes"])) == (None, [], 1)
    for version in ("9", "x", "02"):
        answer = drafting.get("admin", f"{HERE}/services/road-use/versions/{version}")
        assert (answer.status_code, code(answer)) == (404, "service-version-not-found")


def test_an_organisation_is_told_with_colleagues_by_name_alone(system: System) -> None:
    found = system.get("admin", f"{HERE}/organisation").json()
    (team,) = [each for each in found["teams"] if each["id"] == "byggeri-natur"]
    assert "Karen Kristensen" in team["people"]
    assert "building-permit" in team["services"]
    assert "12-24" in found["closing_days"]
    assert {"2026-12-24", "2026-12-25"} <= set(found["days_off"])
    assert "staff:" not in system.get("admin", f"{HERE}/organisation").text


def test_what_a_view_could_not_take_in_is_told_without_whose_it_is(system: System) -> None:
    quiet = system.get("admin", f"{HERE}/views").json()
    assert {each["name"] for each in quiet["views"]} >= {"timeline", "caseload"}
    with parked(system):
        answer = system.get("admin", f"{HERE}/views")
        found = answer.json()
        (view,) = [each for each in found["views"] if each["name"] == "timeline"]
        assert (view["state"], view["parked"]) == ("parked", 2)
        told = [(each["view"], each["about"], each["error"]) for each in found["parked"]]
        assert told == [("timeline", "case", ERROR), ("timeline", "case", None)]
        assert str(LOST) not in answer.text
    after = system.get("admin", f"{HERE}/views").json()
    assert after["parked"] == []


def test_a_refused_filing_is_told_by_its_entry_and_code(system: System) -> None:
    with refused_filing(system) as entry:
        found = system.get("admin", f"{HERE}/journal").json()
        counts = {each["state"]: each["number"] for each in found["counts"]}
        assert counts["refused"] == 1
        assert found["oldest_at"] is not None
        (waiting,) = found["waiting_for_people"]
        told = {name: waiting[name] for name in ("entry", "what", "about", "state", "error")}
        assert told == {
            "entry": str(entry),
            "what": "document",
            "about": "case",
            "state": "refused",
            "error": "template-unknown",
        }
        assert {each["state"] for each in found["differences"]} >= {"filed-twice"}


async def beating(system: System, unanswering: list[str]) -> list[dict[str, object]]:
    """What is told of a process at filing while it runs."""
    stop = asyncio.Event()
    task = asyncio.create_task(
        beat(conninfo_of(system), "hjorring", Job.FILING, stop, lambda: unanswering)
    )

    def told() -> list[dict[str, object]]:
        found = system.get("admin", f"{HERE}/journal").json()["processes"]
        assert isinstance(found, list)
        return found

    try:
        await asyncio.to_thread(wait_until, lambda: bool(told()))
        return await asyncio.to_thread(told)
    finally:
        stop.set()
        await task


def test_a_process_tells_whom_it_does_not_get_through_to(system: System) -> None:
    (process,) = asyncio.run(beating(system, ["esdh"]))
    assert process["unanswering"] == ["esdh"]
    assert process["is_silent"] is False
    # In good order, so there is nothing to worry about.
    assert system.get("admin", f"{HERE}/journal").json()["processes"] == []


def test_a_process_that_died_is_silent(system: System) -> None:
    with connect(conninfo_of(system), "hjorring") as db:
        db.execute(
            "INSERT INTO pulse SELECT gen_random_uuid(), 'system:post', '{}',"
            " clock_timestamp() - interval '1 hour', clock_timestamp() - interval '1 minute'"
        )
        try:
            (process,) = system.get("admin", f"{HERE}/post").json()["processes"]
            assert process["is_silent"] is True
        finally:
            db.execute("DELETE FROM pulse")


def test_keys_sessions_uploads_and_readers_are_figures(system: System) -> None:
    system.case("anna")
    (key,) = system.get("admin", f"{HERE}/keys").json()["keys"]
    assert (key["id"], key["is_current"]) == (system_key(system), True)
    assert key["wraps"] > 0
    readers = system.get("admin", f"{HERE}/relay").json()["readers"]
    assert {"post"} <= {each["name"] for each in readers}
    for path in ("sessions", "documents", "post"):
        answer = system.get("admin", f"{HERE}/{path}")
        assert answer.status_code == 200
        assert "person:" not in answer.text


def system_key(system: System) -> str:
    with connect(conninfo_of(system), "hjorring") as db:
        found = db.execute("SELECT DISTINCT kek FROM person_key").fetchall()
    ((kek,),) = found
    return str(kek)


def test_the_folder_of_the_files_is_nobodys_business(drafting: System) -> None:
    folder = Path(drafting.config.organisations)
    for path in ("services", "services/road-use/versions/3"):
        assert str(folder) not in drafting.get("admin", f"{HERE}/{path}").text

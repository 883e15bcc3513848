"""What an auditor takes along can be checked, and is the same however often it is fetched."""

import base64
import csv
import io
import json
from hashlib import sha256

import httpx
import pytest

from tests.gateway.running import START, System, code, fields, wait_until


@pytest.fixture
def case(system: System) -> str:
    found = system.case("tomrer")
    system.post("tomrer", f"/cases/{found}/messages", {"text": "=SUM(A1); og æøå"})
    return found


def fetched(system: System, path: str) -> httpx.Response:
    answer = system.client.get(system.address + path, headers=system.headers("rikke"))
    assert answer.status_code == 200, answer.text
    return answer


def test_a_file_has_the_hash_that_was_told_whatever_happens_meanwhile(
    system: System, case: str
) -> None:
    told = system.get("rikke", f"/audit/cases/{case}/export").json()
    system.post("tomrer", f"/cases/{case}/messages", {"text": "Mere"})
    for file in told["files"]:
        answer = fetched(system, file["path"])
        digest = sha256(answer.content)
        assert (len(answer.content), digest.hexdigest()) == (file["size"], file["sha256"])
        assert answer.headers["Content-Type"] == file["media_type"]
        assert file["name"] in answer.headers["Content-Disposition"]
        in_header = base64.b64encode(digest.digest()).decode()
        assert answer.headers["Repr-Digest"] == f"sha-256=:{in_header}:"


def test_a_file_has_every_event_as_it_lies_in_the_log(system: System, case: str) -> None:
    events = system.get("rikke", f"/audit/cases/{case}/events").json()["events"]
    told = system.get("rikke", f"/audit/cases/{case}/export").json()
    assert told["events"] == len(events)
    lines_file, table_file = told["files"]
    lines = fetched(system, lines_file["path"]).text.splitlines()
    for line, event in zip(map(json.loads, lines), events, strict=True):
        assert line["payload"] == event["payload"]
        assert line["actor"] == event["envelope"]["actor"]
        assert line["event_id"] == event["event_id"]
    text = fetched(system, table_file["path"]).text
    rows = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    assert [row["name"] for row in rows] == [event["name"] for event in events]
    assert json.loads(rows[-1]["payload"])["text"] == "=SUM(A1); og æøå"


def test_it_ends_where_it_is_asked_to(system: System, case: str) -> None:
    events = system.get("rikke", f"/audit/cases/{case}/events").json()["events"]
    through = events[1]["position"]
    path = f"/audit/cases/{case}/export"
    assert system.get("rikke", f"{path}?through={through}").json()["events"] == 2
    assert len(system.get("rikke", f"{path}.jsonl?through={through}").text.splitlines()) == 2
    early = system.get("rikke", f"{path}.csv?through={events[0]['position'] - 1}")
    assert (early.status_code, code(early)) == (404, "case-not-found")


def test_each_file_is_a_look_of_the_auditors(system: System, case: str) -> None:
    def looks() -> int:
        found = system.get("rikke", f"/audit/reads?case={case}&person=staff:rikke&limit=200")
        return sum(row["shown"] == "events" for row in found.json()["rows"])

    before = looks()
    for path in ("export", "export.jsonl", "export.csv", "differences?earlier=0&later=999999999"):
        assert system.get("rikke", f"/audit/cases/{case}/{path}").status_code == 200
    assert looks() == before + 4


def test_a_case_is_found_by_reference_and_by_id(system: System, case: str) -> None:
    wait_until(lambda: system.get("tomrer", f"/cases/{case}").status_code == 200)
    reference = system.get("tomrer", f"/cases/{case}").json()["reference"]
    for written in (reference, reference.lower()[:-1], case, f"  {case.upper()} "):
        answer = system.get("rikke", f"/audit/cases?q={written.replace(' ', '%20')}")
        found = answer.json()["cases"]
        assert case in [each["case"] for each in found], written
    assert system.get("rikke", "/audit/cases?q=%25").json() == {"cases": []}
    assert fields(system.get("rikke", "/audit/cases?q=%20")) == {"q": "input-empty"}
    (last, *_) = system.get("rikke", "/audit/reads?person=staff:rikke&limit=1").json()["rows"]
    assert last["shown"] == "lookups"
    (searched, *_) = [
        row
        for row in system.get("rikke", "/audit/reads?person=staff:rikke").json()["rows"]
        if row["criteria"] == {"q": reference}
    ]
    assert case in searched["cases"]


def test_differences_are_between_an_earlier_and_a_later_position(system: System, case: str) -> None:
    system.post("tomrer", f"/cases/{case}/withdraw", {"reason": "Nej"})
    events = system.get("rikke", f"/audit/cases/{case}/events").json()["events"]
    first, last = events[0]["position"], events[-1]["position"]
    path = f"/audit/cases/{case}/differences"
    found = system.get("rikke", f"{path}?earlier={first}&later={last}").json()["differences"]
    changed = {".".join(each["place"]): (each["was"], each["now"]) for each in found}
    assert changed["status"] == ("open", "withdrawn")
    assert system.get("rikke", f"{path}?earlier={last}&later={last}").json()["differences"] == []
    born = system.get("rikke", f"{path}?earlier=0&later={first}").json()["differences"]
    assert {"place": ["status"], "was": "unknown", "now": "open"} in born
    assert fields(system.get("rikke", f"{path}?earlier=2&later=1")) == {
        "earlier": "input-out-of-range"
    }
    early = system.get("rikke", f"{path}?earlier=0&later={first - 1}")
    assert (early.status_code, code(early)) == (404, "case-not-found")
    assert system.clock.now() >= START

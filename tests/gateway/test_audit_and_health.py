"""What auditors and operators see."""

from tests.gateway.running import System, code, fields
from tests.shipped import ORGANISATIONS


def test_an_auditor_sees_every_event_with_its_envelope(system: System) -> None:
    case = system.case("tomrer")
    answer = system.post("tomrer", f"/cases/{case}/messages", {"text": "Hej"})
    told = system.get("rikke", f"/audit/cases/{case}/events")
    assert told.headers["ETag"] == answer.headers["ETag"]
    events = told.json()["events"]
    assert [event["version"] for event in events] == list(range(1, len(events) + 1))
    assert events[0]["name"] == "case.opened.v1"
    last = events[-1]
    assert last["payload"]["text"] == "Hej"
    assert last["envelope"]["actor"] == "person:tomrer"
    assert last["envelope"]["on_behalf_of"] == "company:99999991"
    assert last["envelope"]["service_version"] == "hearing-response.2"
    assert str(last["position"]) == answer.headers["Julelys-Position"]


def test_an_auditor_sees_the_case_as_it_was(system: System) -> None:
    case = system.case("anna")
    system.post("anna", f"/cases/{case}/withdraw", {"reason": "Nej"})
    first = system.get("rikke", f"/audit/cases/{case}?version=1").json()
    assert (first["version"], len(first["events"])) == (1, 1)
    now = system.get("rikke", f"/audit/cases/{case}").json()
    assert now["state"]["status"] != first["state"]["status"]
    assert now["events"][-1]["name"] == "case.withdrawn.v1"
    long_ago = system.get("rikke", f"/audit/cases/{case}?as_of=2000-01-01T00:00:00Z")
    assert (long_ago.status_code, code(long_ago)) == (404, "case-not-found")
    both = system.get("rikke", f"/audit/cases/{case}?version=1&as_of=2000-01-01T00:00:00Z")
    assert fields(both) == {"as_of": "input-one-of-two"}


def test_health_and_figures(system: System) -> None:
    system.case("anna")
    assert system.client.get(f"{system.address}/health/live").json() == {"status": "alive"}
    ready = system.client.get(f"{system.address}/health/ready")
    assert (ready.status_code, ready.json()["organisations"]) == (
        200,
        dict.fromkeys(ORGANISATIONS, "ready"),
    )
    figures = system.client.get(f"{system.address}/metrics").text
    assert 'julelys_commands_total{outcome="done"}' in figures
    assert 'julelys_view_lag_events{organisation="hjorring",view="timeline"}' in figures
    assert "julelys_append_seconds_count" in figures


def test_every_answer_is_guarded(system: System) -> None:
    for answer in (
        system.get("anna", "/cases"),
        system.get(None, "/hearings"),
        system.get(None, "/nowhere"),
        system.client.get(f"{system.address}/docs"),
    ):
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_the_manual_asks_nothing_of_anyone_else(system: System) -> None:
    page = system.client.get(f"{system.address}/docs").text
    assert "/cases/{case_id}/messages" in page
    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")


def test_services_are_told_in_both_languages(system: System) -> None:
    danish = system.get(None, "/services/building-meeting").json()
    english = system.get(None, "/services/building-meeting", headers={"Accept-Language": "en"})
    assert danish["title"] != english.json()["title"]
    assert danish["form"]["type"] == "object"
    assert "Mødet med Byggeri & Natur." in danish["next_steps"][1]
    assert not any("{" in step for step in danish["next_steps"])
    assert {thing["depends_on_answers"] for thing in danish["bring"]} == {True, False}
    listed = system.get(None, "/services").json()["services"]
    assert {"building-meeting", "hearing-response"} <= {row["id"] for row in listed}

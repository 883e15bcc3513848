"""Hjørring's applications and complaints: what is asked for, who gets them, and how they end."""

from datetime import datetime

import httpx

from services.catalogue.sample import sample_answers
from services.clock import COPENHAGEN
from services.config import ROOT
from tests.files import PDF
from tests.gateway.deciding import EXEMPTION, REFUSAL, done, no, part, parts
from tests.gateway.running import START, Json, System, fields
from tests.shipped import HJORRING

SERVICES = HJORRING.services
CODE = ("aggregates", "commands", "events", "gateway", "projections", "services")

CARPORT: Json = {
    "address": "Algade 1, 9800 Hjørring",
    "role": "owner",
    "building": "simple",
    "project": "new-building",
    "area": 60,
    "height": "2.5",
    "boundary_distance": "2.5",
    "description": "Carport med redskabsrum i sortmalet træ.",
    "dispensation": False,
    "zone": "town",
}
CONTAINER: Json = {
    "what": "container",
    "place": "Bispensgade 1, 9800 Hjørring",
    "surface": ["square"],
    "length": "6",
    "width": "2.5",
    "start": "2026-11-16",
    "days": 7,
    "phone": "+45 98 00 00 01",
    "insurance": True,
}
CONCERT: Json = {
    "event": "Koncert i parken",
    "kind": "concert",
    "description": "Tre lokale orkestre spiller en lørdag aften.",
    "organiser": "association",
    "persons": 150,
    "place": "Christiansgave",
    "starts_on": "2026-12-05",
    "days": 1,
    "open_until": "before-24",
    "on_road": False,
    "sleeping": False,
    "safety_responsible": "Anna Andersen",
    "phone": "+45 98 00 00 01",
    "amplified": False,
    "waste": "Vi stiller seks toiletter op og rydder selv.",
}


def paper(system: System) -> list[str]:
    return [system.upload("anna", "Tegning.pdf", PDF)]


def submit(
    system: System, service: str, answers: Json, *, about: str | None = None
) -> httpx.Response:
    body: Json = {"answers": answers} | ({} if about is None else {"about": about})
    return system.post("anna", f"/services/{service}/submissions", body)


def missing(system: System, service: str, answers: Json) -> list[str]:
    """The documents without which the matter cannot be submitted, by name."""
    told = fields(submit(system, service, answers))
    assert set(told.values()) == {"answer-missing"}
    return sorted(name.removeprefix("answers.") for name in told)


def due(system: System, case: str, after: httpx.Response) -> dict[str, str]:
    page = done(system.get("anna", f"/cases/{case}", after=after), 200)
    return {str(row["deadline"]): str(row["due_on"]) for row in parts(page, "deadlines")}


def test_drawings_are_asked_for_by_what_is_built(system: System) -> None:
    assert missing(system, "building-permit", CARPORT) == ["site_plan"]
    near = CARPORT | {"boundary_distance": "2.49", "role": "other"}
    assert missing(system, "building-permit", near) == [
        *("boundary_wall", "power_of_attorney", "site_plan"),
    ]
    listed: Json = CARPORT | {"project": "conversion", "changes_structure": True}
    for measure in ("area", "height", "boundary_distance"):
        del listed[measure]
    listed |= {"protection": "listed"}
    assert missing(system, "building-permit", listed) == ["agency_permission", "site_plan"]


def test_a_road_that_is_closed_wants_its_signs_and_a_pavement_its_passage(system: System) -> None:
    assert missing(system, "road-use", CONTAINER) == ["sketch"]
    closed = CONTAINER | {"surface": ["carriageway"], "closes_lane": "closed"}
    assert missing(system, "road-use", closed) == [
        *("detour", "marking_plan", "marking_responsible", "sketch"),
    ]
    narrow = CONTAINER | {"surface": ["pavement"], "free_passage": "1.2", "sketch": paper(system)}
    refused = submit(system, "road-use", narrow)
    assert fields(refused) == {"answers.free_passage": "answer-too-small"}
    assert "1,3 m fri passage" in refused.json()["errors"][0]["message"]


def test_an_event_of_more_than_150_shows_its_plan_and_a_tent_its_certificate(
    system: System,
) -> None:
    done(submit(system, "temporary-event", CONCERT), 201)
    larger = CONCERT | {"persons": 151}
    assert missing(system, "temporary-event", larger) == ["event_plan"]
    tent = larger | {"structures": ["tent"], "largest_tent": 300, "certified": True}
    assert missing(system, "temporary-event", tent) == [
        *("certificates", "event_plan", "seating_plan"),
    ]
    uncertified = CONCERT | {"structures": ["stage"], "certified": False}
    sent = submit(system, "temporary-event", uncertified | {"structure_documents": paper(system)})
    (fee,) = parts(done(sent, 201), "fees")
    assert part(fee, "amount")["amount"] == "700.00"


def test_a_team_added_by_data_alone_gets_its_cases_and_nobody_elses(system: System) -> None:
    sent = submit(system, "road-use", CONTAINER | {"sketch": paper(system)})
    told = done(sent, 201)
    assert [step["by"] for step in parts(told, "next_steps")] == ["2026-11-05", None, None]
    assert "Vej & Trafik" in str(parts(told, "next_steps")[0]["text"])

    def queued(person: str, team: str) -> list[object]:
        answer = system.get(person, f"/queues/{team}?limit=200", after=sent)
        return [row["case"] for row in parts(done(answer, 200), "rows")]

    case = told["case"]
    assert case in queued("mette", "vej-trafik")
    assert case in queued("lis", "vej-trafik")
    assert case not in queued("karen", "byggeri-natur")
    assert no(system.get("karen", "/queues/vej-trafik")) == "not-allowed"
    done(system.post("mette", f"/cases/{case}/claim"), 204)
    assert no(system.post("karen", f"/cases/{case}/complete")) == "not-allowed"
    completed = system.post("mette", f"/cases/{case}/complete")
    # Ten working days from Monday the 2nd.
    assert due(system, str(case), completed)["processing"] == "2026-11-16"


def test_no_code_knows_the_team() -> None:
    files = [path for folder in CODE for path in (ROOT / folder).rglob("*.py")]
    assert len(files) > 100
    knowing = [path.name for path in files if "vej-trafik" in path.read_text(encoding="utf-8")]
    assert knowing == []


def test_a_permit_with_conditions_is_complained_of_upheld_and_forwarded(system: System) -> None:
    sent = submit(system, "building-permit", CARPORT | {"site_plan": paper(system)})
    case = str(done(sent, 201)["case"])
    assert due(system, case, sent) == {"first-reply": "2026-11-16"}

    def karen(on: str, what: str, body: object = None) -> httpx.Response:
        return system.post("karen", f"/cases/{on}/{what}", body)

    completed = karen(case, "complete")
    assert due(system, case, completed)["processing"] == "2026-12-12", "forty days"
    done(karen(case, "party-hearing-exemption", EXEMPTION), 204)
    granted = REFUSAL | {"outcome": "partly-granted", "conditions": ["Taget skal være mat."]}
    decision = done(karen(case, "decision", granted), 201)["decision"]
    dispatched = karen(case, f"decision/{decision}/dispatch", {"channel": "digital-post"})
    assert done(dispatched, 200)["appeal_until"] == "2026-11-30"

    answers = sample_answers(SERVICES["complaint-decision"].form, START.date())
    answers |= {"new_facts": False, "is_late": False, "suspend": False}
    for asked_no_more in ("new_documents", "late_reason", "suspend_reason"):
        del answers[asked_no_more]
    complained = submit(system, "complaint-decision", answers, about=case)
    told = done(complained, 201)
    assert [step["by"] for step in parts(told, "next_steps")] == [
        *("2026-11-09", "2026-11-23", None),
    ]
    complaint = str(told["case"])
    assert due(system, complaint, complained)["forwarding"] == "2026-11-23"
    assert fields(submit(system, "complaint-decision", answers)) == {"about": "input-missing"}

    done(karen(complaint, "reassess", {"outcome": "upheld", "text": "Taget blænder."}), 204)
    board = {"board": "Byggeklageenheden", "remarks": "Vi fastholder vilkåret."}
    forwarded = karen(complaint, "forward", board)
    page = done(system.get("anna", f"/cases/{complaint}", after=forwarded), 200)
    assert (page["about"], page["waiting_for"]) == (case, "board")
    assert part(page, "complaint")["is_late"] is False

    system.clock.set(datetime(2026, 12, 1, 9, tzinfo=COPENHAGEN))
    late = submit(system, "complaint-decision", answers, about=case)
    path = f"/cases/{done(late, 201)['case']}"
    assert part(done(system.get("anna", path, after=late), 200), "complaint")["is_late"] is True


def test_a_complaint_over_service_is_answered_by_the_team(system: System) -> None:
    answers: Json = {
        "about_what": "waiting",
        "waiting_since": "2026-10-01",
        "account": "Jeg har ventet på svar siden oktober.",
        "wish": ["answer"],
    }
    assert fields(submit(system, "complaint-service", answers | {"wish": ["call"]})) == {
        "answers.phone": "answer-missing"
    }
    sent = submit(system, "complaint-service", answers)
    case = str(done(sent, 201)["case"])
    assert due(system, case, sent) == {"first-reply": "2026-11-16"}
    answered = system.post("lis", f"/cases/{case}/answer-complaint", {"text": "Vi beklager."})
    done(answered, 204)
    done(system.post("lis", f"/cases/{case}/close"), 204)

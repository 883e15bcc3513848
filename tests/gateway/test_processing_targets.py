"""Each kind of building has a service target of its own, chosen by what is applied for."""

from datetime import timedelta

import httpx
import pytest

from tests.files import PDF
from tests.gateway.deciding import done, parts
from tests.gateway.running import START, Json, System

APPLICATION: Json = {
    "address": "Algade 1, 9800 Hjørring",
    "role": "owner",
    "project": "conversion",
    "changes_structure": False,
    "description": "Nye rum i bygningen, som den står.",
    "dispensation": False,
    "zone": "town",
    "protection": "none",
}
LARGE = frozenset({"industry", "commercial", "flats"})


def apply_for(system: System, building: str, **more: object) -> Json:
    """What Anna is answered on applying; large buildings show their fire strategy."""
    answers = APPLICATION | {"building": building, "site_plan": [drawing(system)]} | more
    if building in LARGE:
        answers |= {"storeys": 4, "fire_strategy": [drawing(system)]}
    if building == "flats":
        answers |= {"homes": 12}
    body = {"answers": answers}
    return done(system.post("anna", "/services/building-permit/submissions", body), 201)


def drawing(system: System) -> str:
    return system.upload("anna", "Tegning.pdf", PDF)


def processing(system: System, case: object, after: httpx.Response) -> tuple[str, str]:
    page = done(system.get("anna", f"/cases/{case}", after=after), 200)
    (row,) = (row for row in parts(page, "deadlines") if row["deadline"] == "processing")
    return str(row["due_on"]), str(row["state"])


@pytest.mark.parametrize(
    ("building", "more", "days"),
    [
        ("simple", {}, 40),
        ("house", {}, 40),
        ("industry", {}, 50),
        ("commercial", {}, 55),
        ("flats", {}, 60),
        # No service target covers a case that needs a rural zone permit too.
        ("house", {"zone": "rural"}, 90),
        ("flats", {"zone": "rural"}, 90),
    ],
)
def test_the_target_is_that_of_what_is_applied_for(
    system: System, building: str, more: Json, days: int
) -> None:
    told = apply_for(system, building, **more)
    step = str(parts(told, "next_steps")[1]["text"])
    assert f"derfra har vi højst {days} dage til at afgøre den" in step

    completed = system.post("karen", f"/cases/{told['case']}/complete")
    done(completed, 204)
    due_on = START.date() + timedelta(days=days)
    assert processing(system, told["case"], completed) == (due_on.isoformat(), "outstanding")


def test_days_on_which_the_applicant_is_waited_for_are_not_of_the_target(system: System) -> None:
    case = apply_for(system, "flats")["case"]

    def karen(what: str, body: object = None) -> httpx.Response:
        return system.post("karen", f"/cases/{case}/{what}", body)

    done(karen("complete"), 204)
    asked = karen("information-requests", {"items": [{"text": "Snit"}], "due_on": "2026-11-30"})
    request = done(asked, 201)["request"]
    assert processing(system, case, asked) == ("2027-01-01", "suspended")
    system.clock.set(START + timedelta(days=9))
    answer = {"items": ["Snit"], "documents": [drawing(system)]}
    path = f"/cases/{case}/information-requests/{request}/answer"
    answered = system.post("anna", path, answer)
    done(answered, 201)
    assert processing(system, case, answered) == ("2027-01-10", "outstanding")


def test_all_targets_are_told_of_beforehand(system: System) -> None:
    offered = done(system.get(None, "/services/building-permit"), 200)
    told = [
        (row["deadline"], row["days"], row["depends_on_answers"])
        for row in parts(offered, "deadlines")
    ]
    assert told == [
        ("first-reply", 10, False),
        *(("processing", days, True) for days in (90, 60, 55, 50, 40)),
    ]
    target = offered["processing_target"]
    assert isinstance(target, dict)
    assert (target["days"], target["depends_on_answers"]) == (40, True)
    steps = offered["next_steps"]
    assert isinstance(steps, list)
    assert "derfra har vi højst … til at afgøre den" in steps[1]

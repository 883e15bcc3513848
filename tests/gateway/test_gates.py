"""What a case still lacks is told by the same rules that refuse it, with their paragraph."""

from collections.abc import Mapping

import pytest

from events.case_decision import Outcome
from gateway.language import Language
from gateway.wording import gate_texts, problem_texts
from tests.gateway.deciding import EXEMPTION, REFUSAL, Deciding, done, no, part, parts
from tests.gateway.running import Json


def gates(town: Deciding, case: str) -> Json:
    return done(town.system.get("karen", f"/cases/{case}/gates"), 200)


def missing(gate: Json) -> list[str]:
    lacks = [str(each["code"]) for each in parts(gate, "requirements") if not each["is_met"]]
    assert gate["is_open"] is (not lacks)
    return lacks


def deciding(town: Deciding, case: str) -> Mapping[str, list[str]]:
    """What each outcome lacks."""
    return {str(gate["outcome"]): missing(gate) for gate in parts(gates(town, case), "deciding")}


def closing(town: Deciding, case: str) -> list[str]:
    return missing(part(gates(town, case), "closing"))


def test_what_is_missing_is_what_would_be_refused_until_nothing_is(town: Deciding) -> None:
    case = town.case("carport-permit")
    asked = {"items": [{"text": "Plan"}], "due_on": "2026-11-16"}
    request = town.made(case, "information-requests", asked)
    lacks = deciding(town, case)
    assert lacks["refused"] == ["information-awaited", "party-hearing-missing"]
    # Who gets all they asked for need not be heard, but the application must be whole.
    assert lacks["granted"] == ["information-awaited", "application-not-complete"]
    assert lacks.keys() == {"granted", "partly-granted", "refused", "dismissed"}
    assert closing(town, case) == [
        "information-awaited",
        "case-undecided",
        "decision-not-dispatched",
    ]
    for gate, path, body in (
        (lacks["refused"], "decision", REFUSAL),
        (closing(town, case), "close", None),
    ):
        assert no(town.karen(case, path, body)) == gate[0]

    done(town.karen(case, f"information-requests/{request}/withdraw"), 204)
    done(town.karen(case, "party-hearing-exemption", EXEMPTION), 204)
    assert deciding(town, case)["refused"] == []
    decision = town.made(case, "decision", REFUSAL)
    assert gates(town, case)["deciding"] == []
    assert closing(town, case) == ["decision-not-dispatched"]
    done(town.karen(case, f"decision/{decision}/dispatch", {"channel": "letter"}), 200)
    assert closing(town, case) == []
    done(town.karen(case, "close"), 204)
    assert gates(town, case) == {"closing": None, "deciding": []}


@pytest.mark.parametrize(
    ("service", "outcomes", "lacks"),
    [
        ("soil-notice", {"granted", "prohibited", "dismissed"}, "case-undecided"),
        ("access", {"granted", "partly-granted", "refused", "dismissed"}, "case-undecided"),
        ("service-complaint", set(), "complaint-not-answered"),
    ],
)
def test_each_kind_of_case_has_gates_of_its_own(
    town: Deciding, service: str, outcomes: set[str], lacks: str
) -> None:
    case = town.case(service)
    assert deciding(town, case).keys() == outcomes
    assert closing(town, case)[0] == lacks


def test_what_is_missing_says_what_to_do_by_which_rule(town: Deciding) -> None:
    case = town.case("carport-permit")
    path, headers = f"/cases/{case}/gates", {"Accept-Language": "en"}
    told = done(town.system.get("karen", path, headers=headers), 200)
    refused = next(each for each in parts(told, "deciding") if each["outcome"] == Outcome.REFUSED)
    unheard = next(
        each for each in parts(refused, "requirements") if each["code"] == "party-hearing-missing"
    )
    assert unheard["law"] == "Public Administration Act § 19"
    assert unheard["text"] == problem_texts(Language.ENGLISH)["party-hearing-missing"].title
    assert "Hear each party" in str(unheard["todo"])


def test_both_languages_speak_of_the_same_requirements() -> None:
    danish, english = (gate_texts(language) for language in Language)
    assert danish.keys() == english.keys() <= problem_texts(Language.DANISH).keys()
    for code, text in danish.items():
        assert (text.law is None) is (english[code].law is None)

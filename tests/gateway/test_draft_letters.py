"""A decision's letter can be read before anything is decided, and says that it is a draft."""

from io import BytesIO

from pypdf import PdfReader

from tests.gateway.deciding import EXEMPTION, REFUSAL, Deciding, done, no
from tests.gateway.running import code, fields, saved_as


def words(content: bytes) -> str:
    pages = PdfReader(BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


def test_a_draft_is_the_letter_to_come_and_leaves_nothing_behind(town: Deciding) -> None:
    case = town.case("carport-permit")
    assert no(town.karen(case, "decision/draft", REFUSAL)) == "party-hearing-missing"
    done(town.karen(case, "party-hearing-exemption", EXEMPTION), 204)
    before = town.page(case)

    answer = town.karen(case, "decision/draft", REFUSAL)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert saved_as(answer) == "udkast.pdf"
    draft = words(answer.content)
    for said in ("Udkast", "intet", "Carporten står for tæt på skel.", "BR18 § 177", "Klag senest"):
        assert said.casefold() in draft.casefold().replace("ikke afgjort", "intet"), said
    assert town.page(case) == before

    decision = town.made(case, "decision", REFUSAL)
    made = town.system.get("karen", f"/cases/{case}/decision/{decision}/draft.pdf")
    assert made.status_code == 200
    assert saved_as(made) == "udkast.pdf"
    assert "Carporten står for tæt på skel." in words(made.content)
    assert town.kinds(case, "karen").count("decision-dispatched") == 0


def test_a_draft_is_refused_as_the_decision_would_be(town: Deciding) -> None:
    case = town.case("carport-permit")
    done(town.karen(case, "party-hearing-exemption", EXEMPTION), 204)
    assert no(town.karen(case, "decision/draft", {**REFUSAL, "grounds": " "})) == "grounds-missing"
    unknown = {**REFUSAL, "appeal": {"name": "bogen"}}
    assert fields(town.karen(case, "decision/draft", unknown)) == {
        "appeal.name": "input-not-an-option"
    }
    missing = town.system.get("karen", f"/cases/{case}/decision/{case}/draft.pdf")
    assert code(missing) == "decision-not-found"

"""Every party of a case is heard for itself, over HTTP: what each is asked, answers and sees."""

import json

from tests.files import PDF
from tests.gateway.deciding import EXEMPTION, REFUSAL, Deciding, done, no, part, parts
from tests.gateway.running import Json

ANNA, BO, COMPANY = "person:anna", "person:bo", "company:99999991"
HEARD: Json = {"text": "Den står 30 cm fra skel.", "due_on": "2026-11-30"}
QUEUE = "/queues/byggeri-natur?limit=200"


def with_three(town: Deciding) -> str:
    """Anna's application with Tømreren, and Bo, who is protected, as the neighbour."""
    case = town.case("carport-permit")
    for party, role in ((BO, "neighbour"), (COMPANY, "co-applicant")):
        done(town.karen(case, "parties", {"party": party, "role": role}), 204)
    return case


def all_told(town: Deciding, case: str, person: str) -> str:
    """All that somebody is told of the case, the names of the documents too."""
    paths = ("", "/timeline", "/parties")
    asked = [town.system.get(person, f"/cases/{case}{each}", headers=town.now()) for each in paths]
    return json.dumps([done(each, 200) for each in asked], ensure_ascii=False)


def standing(town: Deciding, case: str) -> dict[str, str]:
    return {str(row["party"]): str(row["state"]) for row in parts(town.page(case), "parties_heard")}


def waits(town: Deciding, case: str) -> object:
    rows = parts(done(town.system.get("karen", QUEUE, headers=town.now()), 200), "rows")
    return next(row["party_hearings"] for row in rows if row["case"] == case)


def test_nothing_is_decided_before_every_party_is_heard_or_exempted(town: Deciding) -> None:
    case = with_three(town)
    assert standing(town, case) == dict.fromkeys((ANNA, BO, COMPANY), "not-heard")
    heard = town.made(case, "party-hearing", HEARD)
    assert standing(town, case) == dict.fromkeys((ANNA, BO, COMPANY), "open")
    assert waits(town, case) == {"awaited": 3, "parties": 3}
    only_bo = HEARD | {"parties": [BO]}
    assert no(town.karen(case, "party-hearing", only_bo)) == "party-hearing-open"

    answer = f"party-hearing/{heard}/answer"
    done(town.anna(case, answer, {"text": "Det er 50 cm."}), 201)
    assert waits(town, case) == {"awaited": 2, "parties": 3}
    assert no(town.karen(case, "decision", REFUSAL)) == "party-hearing-open"
    done(town.system.post("bo", f"/cases/{case}/{answer}", {}), 201)
    # Tømreren never answers, and has had the time.
    town.day(12, 1)
    town.tick()
    town.tick()
    assert standing(town, case) == {ANNA: "answered", BO: "answered", COMPANY: "expired"}
    assert waits(town, case) is None
    assert town.page(case)["waiting_for"] == "caseworker"
    assert town.kinds(case, "karen").count("party-hearing-closed") == 3

    joined = {"party": "person:nina", "role": "affected"}
    done(town.karen(case, "parties", joined), 204)
    assert no(town.karen(case, "decision", REFUSAL)) == "party-hearing-missing"
    of_nina = EXEMPTION | {"parties": ["person:nina"]}
    done(town.karen(case, "party-hearing-exemption", of_nina), 204)
    assert standing(town, case)["person:nina"] == "exempted"
    assert part(town.page(case), "exemption")["party"] == "person:nina"
    town.made(case, "decision", REFUSAL)


def test_each_party_sees_its_own_hearing_and_answer_and_no_others(town: Deciding) -> None:
    case = with_three(town)
    of_anna = HEARD | {"parties": [ANNA], "text": "Om Annas carport."}
    of_others = HEARD | {"parties": [BO, COMPANY], "due_on": "2026-12-07"}
    first = town.made(case, "party-hearing", of_anna)
    others = town.made(case, "party-hearing", of_others)
    paper = town.system.upload("bo", "Hemmeligvej 7.pdf", PDF)
    said = {"text": "Jeg bor Hemmeligvej 7.", "documents": [paper]}
    done(town.system.post("bo", f"/cases/{case}/party-hearing/{others}/answer", said), 201)
    strange = town.anna(case, f"party-hearing/{others}/answer", {"text": "Mit."})
    assert no(strange) == "party-hearing-not-open"

    for person, round_, due_on, state in (
        ("anna", first, "2026-11-30", "open"),
        ("bo", others, "2026-12-07", "answered"),
        ("tomrer", others, "2026-12-07", "open"),
    ):
        page = town.page(case, person)
        own = part(page, "party_hearing")
        assert (own["round"], own["due_on"], own["state"]) == (round_, due_on, state)
        assert (page["earlier_party_hearings"], page["parties_heard"]) == ([], [])
        told = all_told(town, case, person)
        assert ("Hemmeligvej" in told) == (person == "bo")
        assert ("Annas carport" in told) == (person == "anna")
        assert town.kinds(case, person).count("party-hearing-opened") == 1
        assert town.kinds(case, person).count("party-hearing-answered") == (person == "bo")
        found = town.system.get(person, f"/cases/{case}/documents/{paper}", headers=town.now())
        assert (found.status_code == 200) == (person == "bo")

    told = all_told(town, case, "karen")
    assert "vil vi høre bemærkninger fra Bo Bertelsen senest" in told
    assert "Bemærkninger til partshøringen fra Bo Bertelsen: Jeg bor Hemmeligvej 7." in told
    assert "vil vi høre dine bemærkninger" in all_told(town, case, "bo")


def test_a_permit_is_heard_about_by_those_who_did_not_ask_for_it(town: Deciding) -> None:
    case = with_three(town)
    planned = HEARD | {"planned": "granted"}
    heard = town.made(case, "party-hearing", planned)
    assert standing(town, case) == {ANNA: "not-heard", BO: "open", COMPANY: "not-heard"}
    done(town.system.post("bo", f"/cases/{case}/party-hearing/{heard}/answer", {}), 201)
    done(town.karen(case, "parties/remove", {"party": BO}), 204)
    assert no(town.karen(case, "party-hearing", planned)) == "party-hearing-needless"
    stranger = HEARD | {"parties": [BO]}
    assert no(town.karen(case, "party-hearing", stranger)) == "party-not-found"


def test_whoever_acts_for_a_party_answers_for_it(town: Deciding) -> None:
    case = town.case("carport-permit")
    done(town.karen(case, "parties", {"party": BO, "role": "neighbour"}), 204)
    between = {"party": BO, "representative": COMPANY, "basis": "guardianship"}
    done(town.karen(case, "representatives/appoint", between), 204)
    heard = town.made(case, "party-hearing", HEARD)
    asked = all_told(town, case, "tomrer")
    assert "vil vi høre dine bemærkninger" in asked
    path = f"/cases/{case}/party-hearing/{heard}/answer"
    done(town.system.post("tomrer", path, {"text": "På Bos vegne."}), 201)
    assert standing(town, case) == {ANNA: "open", BO: "answered"}
    assert "På Bos vegne." in all_told(town, case, "bo")
    assert "På Bos vegne." not in all_told(town, case, "anna")


def test_whoever_leaves_is_not_waited_for(town: Deciding) -> None:
    case = with_three(town)
    heard = town.made(case, "party-hearing", HEARD)
    done(town.anna(case, f"party-hearing/{heard}/answer", {}), 201)
    done(town.karen(case, "parties/remove", {"party": COMPANY}), 204)
    assert waits(town, case) == {"awaited": 1, "parties": 2}
    done(town.karen(case, "parties/remove", {"party": BO}), 204)
    assert (waits(town, case), town.page(case)["waiting_for"]) == (None, "caseworker")
    town.made(case, "decision", REFUSAL)


def test_nobody_is_heard_about_a_paper_that_gives_a_hidden_party_away(town: Deciding) -> None:
    case = with_three(town)
    papers = {}
    for person, name in (("bo", "Hemmeligvej 7.pdf"), ("tomrer", "Tegning.pdf")):
        papers[person] = town.system.upload(person, name, PDF)
        sent = {"documents": [papers[person]]}
        done(town.system.post(person, f"/cases/{case}/documents", sent), 201)
    about_bo = HEARD | {"material": [papers["bo"]]}
    for parties in ([], [ANNA], [BO, COMPANY]):
        asked = about_bo | {"parties": parties}
        assert no(town.karen(case, "party-hearing", asked)) == "party-hearing-material-withheld"
    town.made(case, "party-hearing", about_bo | {"parties": [BO]})

    copy = town.system.upload("karen", "Uden adresse.pdf", PDF)
    redacted = {"document": copy, "reason": "Adressen er udeladt."}
    done(town.karen(case, f"documents/{papers['bo']}/redacted", redacted), 201)
    material = [copy, papers["tomrer"]]
    town.made(case, "party-hearing", HEARD | {"material": material, "parties": [ANNA]})
    assert part(town.page(case, "anna"), "party_hearing")["material"] == material


def test_a_party_sees_what_another_answered_when_it_is_heard_about_that(town: Deciding) -> None:
    case = with_three(town)
    first = town.made(case, "party-hearing", HEARD | {"parties": [COMPANY]})
    paper = town.system.upload("tomrer", "Skel.pdf", PDF)
    answer = {"text": "Skellet går her.", "documents": [paper]}
    path = f"/cases/{case}/party-hearing/{first}/answer"
    done(town.system.post("tomrer", path, answer), 201)
    shown = f"/cases/{case}/documents/{paper}"
    assert no(town.system.get("anna", shown, headers=town.now())) == "document-not-found"
    town.made(case, "party-hearing", HEARD | {"parties": [ANNA], "material": [paper]})
    assert town.system.get("anna", shown, headers=town.now()).content == PDF
    assert "Skellet går her." not in all_told(town, case, "anna")
    assert no(town.system.get("bo", shown, headers=town.now())) == "document-not-found"

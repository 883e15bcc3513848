"""Cases from submission to their end, over HTTP, and what is refused on the way."""

from tests.files import PDF
from tests.gateway.deciding import EXEMPTION, REFUSAL, Deciding, done, no, part, parts
from tests.gateway.running import code, fields

ITEMS = [{"text": "Plantegning i 1:100"}, {"item": "drainage", "text": "Afløbsplan"}]


def test_an_application_is_informed_heard_refused_and_complained_of_to_the_end(
    town: Deciding,
) -> None:
    case = town.case("carport-permit")
    document = inform(town, case)
    complete(town, case)
    hear(town, case, document)
    refuse(town, case)
    complain(town, case)


def inform(town: Deciding, case: str) -> str:
    """Asked for on Monday the 2nd and delivered in two parts."""
    body = {"items": ITEMS, "due_on": "2026-11-16"}
    today = body | {"due_on": "2026-11-02"}
    assert no(town.karen(case, "information-requests", today)) == "due-date-not-ahead"
    request = town.made(case, "information-requests", body)
    assert town.page(case, "anna")["waiting_for"] == "party"
    assert town.deadlines(case)["first-reply"][1] == "met"
    assert no(town.karen(case, "complete")) == "information-awaited"

    answer = f"information-requests/{request}/answer"
    assert no(town.anna(case, answer, {"items": ["roof"], "text": "Her"})) == "request-item-unknown"
    assert no(town.anna(case, answer, {"items": ["drainage"]})) == "delivery-empty"
    document = town.system.upload("anna", "Plan.pdf", PDF)
    partly = {"items": ["Plantegning i 1:100"], "documents": [document]}
    done(town.anna(case, answer, partly), 201)
    (asked,) = parts(town.page(case, "anna"), "todo")
    assert [item["is_delivered"] for item in parts(asked, "items")] == [True, False]
    assert asked["state"] == "open"

    done(town.anna(case, answer, {"items": ["drainage"], "text": "Ingen afløb."}), 201)
    (asked,) = parts(town.page(case), "todo")
    assert (asked["state"], asked["ended_on"]) == ("delivered", "2026-11-02")
    assert town.page(case)["waiting_for"] == "caseworker"
    return document


def complete(town: Deciding, case: str) -> None:
    """Fully informed on the 9th, asked once more for a week: those seven days do not count."""
    town.day(11, 9)
    done(town.karen(case, "complete"), 204)
    assert town.page(case, "anna")["complete_on"] == "2026-11-09"
    assert town.deadlines(case)["processing"] == ("2026-12-19", "outstanding")

    body = {"items": [{"text": "Situationsplan"}], "due_on": "2026-11-30"}
    request = town.made(case, "information-requests", body)
    assert town.deadlines(case)["processing"] == ("2026-12-19", "suspended")
    later = {"due_on": "2027-01-15", "reason": "Naboerne skal høres."}
    assert no(town.karen(case, "deadlines/processing/extend", later)) == "deadline-suspended"
    town.day(11, 16)
    done(town.karen(case, f"information-requests/{request}/withdraw"), 204)
    assert town.deadlines(case)["processing"] == ("2026-12-26", "outstanding")
    assert no(town.karen(case, f"information-requests/{request}/withdraw")) == "request-not-open"

    assert no(town.karen(case, "deadlines/objection/extend", later)) == "deadline-not-extendable"
    assert no(town.karen(case, "deadlines/dinner/extend", later)) == "deadline-not-extendable"
    sooner = later | {"due_on": "2026-12-26"}
    assert no(town.karen(case, "deadlines/processing/extend", sooner)) == "extension-not-later"
    done(town.karen(case, "deadlines/processing/extend", later), 204)
    assert town.deadlines(case)["processing"] == ("2027-01-15", "outstanding")


def hear(town: Deciding, case: str, document: str) -> None:
    assert no(town.karen(case, "decision", REFUSAL)) == "party-hearing-missing"
    body = {"text": "Den står 30 cm fra skel.", "material": [document], "due_on": "2026-11-30"}
    unknown = body | {"material": [case]}
    assert no(town.karen(case, "party-hearing", unknown)) == "document-not-on-case"
    heard = town.made(case, "party-hearing", body)
    assert no(town.karen(case, "decision", REFUSAL)) == "party-hearing-open"
    assert no(town.karen(case, "party-hearing-exemption", EXEMPTION)) == "party-hearing-open"

    running = part(town.page(case, "anna"), "party_hearing")
    assert (running["state"], running["material"]) == ("open", [document])
    answer = f"party-hearing/{heard}/answer"
    assert no(town.anna(case, answer, {"is_final": False})) == "party-answer-empty"
    done(town.anna(case, answer, {"text": "Det er 50 cm."}), 201)
    assert no(town.anna(case, answer, {"text": "Mere"})) == "party-hearing-not-open"
    for person in ("anna", "karen"):
        closed = part(town.page(case, person), "party_hearing")
        assert closed["state"] == "answered"
        assert [remark["text"] for remark in parts(closed, "answers")] == ["Det er 50 cm."]


def refuse(town: Deciding, case: str) -> None:
    """Made on the 26th and sent on the 27th; four weeks later is Christmas, so the 28th is last."""
    town.day(11, 26)
    assert no(town.karen(case, "decision", REFUSAL | {"grounds": " "})) == "grounds-missing"
    without = {name: value for name, value in REFUSAL.items() if name != "appeal"}
    assert no(town.karen(case, "decision", without)) == "appeal-guidance-missing"
    prohibit = REFUSAL | {"outcome": "prohibited"}
    assert no(town.karen(case, "decision", prohibit)) == "outcome-not-for-kind"
    decision = town.made(case, "decision", REFUSAL)
    assert no(town.karen(case, "decision", REFUSAL)) == "case-already-decided"
    assert no(town.karen(case, "close")) == "decision-not-dispatched"
    assert part(town.page(case), "decision")["dispatched_on"] is None
    assert town.page(case, "anna")["decision"] is None
    assert no(town.submit("appeal", about=case)) == "decision-not-found"

    town.day(11, 27)
    sent = town.karen(case, f"decision/{decision}/dispatch", {"channel": "digital-post"})
    told = {"dispatched_on": "2026-11-27", "appeal_until": "2026-12-28"}
    assert done(sent, 200) == told
    shown = part(town.page(case, "anna"), "decision")
    assert (shown["outcome"], shown["grounds"]) == ("refused", REFUSAL["grounds"])
    guidance = part(shown, "appeal")
    assert (guidance["body"], guidance["language"]) == ("Byggeklageenheden, Nævnenes Hus", "da")
    assert "indgivet senest 28. december 2026, som er fire uger" in str(guidance["text"])
    in_english = town.now() | {"Accept-Language": "en"}
    page = done(town.system.get("anna", f"/cases/{case}", headers=in_english), 200)
    guidance = part(part(page, "decision"), "appeal")
    assert guidance["language"] == "en"
    assert "must be lodged no later than 28 December 2026" in str(guidance["text"])
    assert town.deadlines(case)["processing"][1] == "met"
    done(town.karen(case, "close"), 204)
    assert town.page(case, "anna")["kept_until"] == "2031-11-27"


def complain(town: Deciding, case: str) -> None:
    town.day(12, 28)
    assert no(town.submit("appeal", about=case, person="bo")) == "case-not-found"
    complaint = town.case("appeal", about=case)
    page = town.page(complaint, "anna")
    assert page["about"] == case
    assert part(page, "complaint")["is_late"] is False
    assert town.deadlines(complaint)["forwarding"] == ("2027-01-18", "outstanding")

    answered = town.karen(complaint, "answer-complaint", {"text": "Nej"})
    assert no(answered) == "complaint-over-decision"
    forward = {"board": "Byggeklageenheden", "remarks": "Vi fastholder."}
    assert no(town.karen(complaint, "forward", forward)) == "complaint-not-upheld"
    assert no(town.karen(complaint, "close")) == "complaint-not-settled"
    upheld = {"outcome": "upheld", "text": "Afstanden er målt igen."}
    done(town.karen(complaint, "reassess", upheld), 204)
    assert no(town.karen(complaint, "reassess", upheld)) == "complaint-already-reassessed"
    board = {"outcome": "upheld", "text": "Afslaget står ved magt.", "decided_on": "2027-06-01"}
    assert no(town.karen(complaint, "board-decision", board)) == "complaint-not-forwarded"
    done(town.karen(complaint, "forward", forward), 204)
    assert town.deadlines(complaint)["forwarding"][1] == "met"
    assert town.page(complaint)["waiting_for"] == "board"

    # Tokens last thirty days of the clock, and are made anew for every request.
    town.day(6, 1, year=2027)
    done(town.karen(complaint, "board-decision", board), 204)
    assert no(town.karen(complaint, "board-decision", board)) == "board-already-decided"
    done(town.karen(complaint, "close"), 204)
    settled = part(town.page(complaint, "anna"), "complaint")
    assert part(settled, "board_decision")["decided_on"] == "2027-06-01"


def test_a_complaint_that_came_late_and_was_right_opens_the_case_again(town: Deciding) -> None:
    case = town.case("carport-permit")
    decision = town.refused(case)
    done(town.karen(case, f"decision/{decision}/dispatch", {"channel": "letter"}), 200)
    done(town.karen(case, "close"), 204)
    town.day(12, 1)
    complaint = town.case("appeal", about=case)
    assert part(town.page(complaint), "complaint")["is_late"] is True
    done(town.karen(complaint, "reassess", {"outcome": "changed", "text": "Vi tog fejl."}), 204)
    done(town.karen(complaint, "close"), 204)

    again = town.page(case, "anna")
    assert (again["status"], part(again, "decision")["stands"]) == ("open", False)
    assert no(town.karen(case, "decision", REFUSAL)) == "party-hearing-missing"


def test_a_permit_with_conditions_is_inspected_and_finished(town: Deciding) -> None:
    case = town.case("carport-permit")
    grant = {
        "outcome": "granted",
        "legal_basis": "Byggelovens § 16",
        "grounds": "Projektet holder afstanden, når vilkåret er opfyldt.",
        "conditions": ["Taget skal være mat."],
        "appeal": {"none": "Vilkåret er ansøgerens eget."},
        "needs_completion": True,
    }
    assert no(town.karen(case, "decision", grant)) == "application-not-complete"
    done(town.karen(case, "complete"), 204)
    decision = town.made(case, "decision", grant)
    finished = {"text": "Den står færdig.", "completed_on": "2026-12-01"}
    assert no(town.anna(case, "completion", finished)) == "completion-not-expected"
    done(town.karen(case, f"decision/{decision}/dispatch", {"channel": "self-service"}), 200)
    permit = part(town.page(case, "anna"), "decision")
    assert (permit["conditions"], permit["appeal_until"]) == (["Taget skal være mat."], None)
    assert permit["no_appeal"] == "Vilkåret er ansøgerens eget."

    assert no(town.karen(case, "close")) == "completion-not-accepted"
    assert no(town.karen(case, "completion/accept")) == "completion-not-notified"
    planned = {"on": "2026-11-20", "place": "Algade 1"}
    first = town.made(case, "inspections", planned)
    done(town.anna(case, "completion", finished), 201)
    assert no(town.karen(case, "completion/accept")) == "inspection-outstanding"
    held = f"inspections/{first}/held"
    assert no(town.karen(case, held, {"is_approved": False})) == "remarks-missing"
    done(town.karen(case, held, {"is_approved": False, "remarks": "Taget er blankt."}), 204)
    assert no(town.karen(case, held, {"is_approved": True})) == "inspection-already-held"
    unknown = f"inspections/{case}/held"
    assert no(town.karen(case, unknown, {"is_approved": True})) == "inspection-not-found"
    assert no(town.karen(case, "completion/accept")) == "inspection-not-approved"
    second = town.made(case, "inspections", planned | {"on": "2026-12-01"})
    done(town.karen(case, f"inspections/{second}/held", {"is_approved": True}), 204)
    done(town.karen(case, "completion/accept"), 204)
    assert no(town.anna(case, "completion", finished)) == "completion-already-accepted"
    done(town.karen(case, "close"), 204)

    page = town.page(case, "anna")
    assert [each["is_approved"] for each in parts(page, "inspections")] == [False, True]
    told = town.system.get("anna", f"/cases/{case}/timeline", headers=town.now()).json()["entries"]
    planned_words = next(each["text"] for each in told if each["kind"] == "inspection-scheduled")
    assert planned_words == "Vi kommer på tilsyn fredag den 20. november 2026. Sted: Algade 1."
    assert part(page, "completion")["accepted_on"] == "2026-11-02"
    assert town.kinds(case).count("inspection-scheduled") == 2


def test_a_notice_may_begin_when_nobody_has_objected(town: Deciding) -> None:
    case = town.case("soil-notice")
    assert no(town.karen(case, "close")) == "case-undecided"
    town.day(11, 30)
    town.tick()
    assert town.page(case)["tacitly_accepted_on"] is None
    town.day(12, 1)
    town.tick()
    town.tick()
    assert town.page(case, "anna")["tacitly_accepted_on"] == "2026-11-30"
    assert town.kinds(case).count("tacitly-accepted") == 1
    prohibit = REFUSAL | {"outcome": "prohibited"}
    assert no(town.karen(case, "decision", prohibit)) == "notice-already-accepted"
    done(town.karen(case, "close"), 204)


def test_a_notice_that_is_prohibited_is_not_accepted_afterwards(town: Deciding) -> None:
    case = town.case("soil-notice")
    done(town.karen(case, "party-hearing-exemption", EXEMPTION), 204)
    assert part(town.page(case), "exemption")["ground"] == "nothing-new"
    assert town.page(case, "anna")["exemption"] is None
    written_out = {
        "basis": "Jordforureningslovens § 77",
        "body": "Miljø- og Fødevareklagenævnet",
        "text": "Klag gennem Klageportalen.",
        "days": 28,
        "unit": "calendar-days",
        "rolls": True,
    }
    prohibit = REFUSAL | {"outcome": "prohibited", "appeal": written_out}
    decision = town.made(case, "decision", prohibit)
    done(town.karen(case, f"decision/{decision}/dispatch", {"channel": "digital-post"}), 200)
    assert town.deadlines(case)["objection"][1] == "met"
    town.day(12, 1)
    town.tick()
    page = town.page(case, "anna")
    assert page["tacitly_accepted_on"] is None
    # Nobody has translated what a caseworker writes.
    assert part(page, "decision", "appeal") == written_out | {"language": "da"}


def test_access_is_asked_for_put_off_with_a_reason_and_refused_in_part(town: Deciding) -> None:
    """Seven working days from Monday the 2nd; refused, it may be appealed without a limit."""
    about = town.case("carport-permit")
    case = town.case("access", about=about)
    assert town.page(case, "anna")["about"] == about
    assert town.deadlines(case)["processing"] == ("2026-11-11", "outstanding")
    put_off = {"due_on": "2026-11-20", "reason": "Sagen er stor."}
    done(town.karen(case, "deadlines/processing/extend", put_off), 204)
    town.day(11, 13)
    town.tick()
    assert town.deadlines(case)["processing"] == ("2026-11-20", "outstanding")

    done(town.karen(case, "party-hearing-exemption", EXEMPTION), 204)
    decided = {
        "outcome": "partly-granted",
        "legal_basis": "Offentlighedslovens § 30",
        "grounds": "Naboens private forhold er undtaget.",
        "appeal": {"name": "offentlighedsloven"},
    }
    decision = town.made(case, "decision", decided)
    sent = town.karen(case, f"decision/{decision}/dispatch", {"channel": "digital-post"})
    assert done(sent, 200)["appeal_until"] is None
    assert part(town.page(case, "anna"), "decision", "appeal")["days"] is None
    done(town.karen(case, "close"), 204)


def test_a_complaint_over_service_is_answered(town: Deciding) -> None:
    case = town.case("service-complaint")
    assert no(town.karen(case, "close")) == "complaint-not-answered"
    upheld = {"outcome": "upheld", "text": "Nej."}
    assert no(town.karen(case, "reassess", upheld)) == "complaint-over-service"
    assert no(town.karen(case, "decision", REFUSAL)) == "kind-not-decided"
    done(town.karen(case, "answer-complaint", {"text": "Vi beklager ventetiden."}), 204)
    again = town.karen(case, "answer-complaint", {"text": "Igen."})
    assert no(again) == "complaint-already-answered"
    told = part(town.page(case, "anna"), "complaint")
    assert part(told, "answer")["text"] == "Vi beklager ventetiden."
    assert town.deadlines(case)["first-reply"][1] == "met"
    done(town.karen(case, "close"), 204)


def test_what_nobody_answers_ends_by_itself_once(town: Deciding) -> None:
    case = town.case("carport-permit")
    request = town.made(case, "information-requests", {"items": ITEMS, "due_on": "2026-11-09"})
    heard = {"text": "Den står for tæt på skel.", "due_on": "2026-11-09"}
    town.made(case, "party-hearing", heard)
    town.day(11, 9)
    town.tick()
    assert parts(town.page(case), "todo")[0]["state"] == "open"
    town.day(11, 10)
    town.tick()
    town.tick()
    page = town.page(case, "anna")
    assert parts(page, "todo")[0]["state"] == "overdue"
    assert part(page, "party_hearing")["state"] == "expired"
    assert town.kinds(case).count("information-request-ended") == 1
    assert town.kinds(case).count("party-hearing-closed") == 1
    late = town.anna(case, f"information-requests/{request}/answer", {"items": ["drainage"]})
    assert no(late) == "request-not-open"
    # She has been heard, having had the time, so the case can be decided against her.
    town.made(case, "decision", REFUSAL)


def test_each_side_confirms_what_the_other_wrote(town: Deciding) -> None:
    case = town.case("carport-permit")
    asked = str(done(town.anna(case, "messages", {"text": "Hvornår?"}), 201)["message"])
    told = str(done(town.karen(case, "messages", {"text": "I morgen."}), 201)["message"])
    done(town.anna(case, f"messages/{asked}/read"), 204)  # her own: nothing happens
    done(town.karen(case, f"messages/{told}/read"), 204)
    assert [each["read_at"] for each in parts(town.page(case), "messages")] == [None, None]

    assert no(town.anna(case, f"messages/{case}/read")) == "message-not-found"
    done(town.karen(case, f"messages/{asked}/read"), 204)
    done(town.anna(case, f"messages/{told}/read"), 204)
    done(town.anna(case, f"messages/{told}/read"), 204)
    written = parts(town.page(case, "anna"), "messages")
    assert [(each["message"], each["by"]) for each in written] == [
        (asked, "party"),
        (told, "authority"),
    ]
    assert all(each["read_at"] for each in written)
    assert town.kinds(case).count("message-read") == 2
    answer = town.system.get("anna", f"/cases/{case}/timeline", headers=town.now())
    entries = parts(done(answer, 200), "entries")
    assert [each["message"] for each in entries if each["kind"] == "party-wrote"] == [asked]


def test_the_same_request_again_makes_nothing_new_and_a_stale_one_is_refused(
    town: Deciding,
) -> None:
    case = town.case("carport-permit")
    sent = {"Idempotency-Key": case}
    body = {"items": ITEMS, "due_on": "2026-11-16"}
    path = f"/cases/{case}/information-requests"
    first = town.system.post("karen", path, body, headers=sent)
    again = town.system.post("karen", path, body, headers=sent)
    assert (again.status_code, again.content) == (201, first.content)
    assert len(parts(town.page(case), "todo")) == 1
    stale = town.system.post("karen", path, body, headers={"If-Match": '"1"'})
    assert code(stale) == "version-stale"


def test_what_makes_no_sense_is_told_by_field(town: Deciding) -> None:
    case = town.case("carport-permit")
    assert fields(town.karen(case, "decision", {"outcome": "maybe", "appeal": {"days": "x"}})) == {
        "outcome": "input-not-an-option",
        "legal_basis": "input-missing",
        "appeal.days": "input-wrong-type",
    }
    unknown = REFUSAL | {"appeal": {"name": "atlantis"}}
    assert fields(town.karen(case, "decision", unknown)) == {"appeal.name": "input-not-an-option"}
    both = REFUSAL | {"appeal": {"name": "byggeloven", "none": "Ingen"}}
    assert fields(town.karen(case, "decision", both)) == {"appeal.none": "input-unknown-field"}
    half = REFUSAL | {"appeal": {"body": "Byggeklageenheden", "days": 28}}
    assert fields(town.karen(case, "decision", half)) == {
        "appeal.basis": "input-missing",
        "appeal.text": "input-missing",
        "appeal.unit": "input-missing",
    }
    items = {"items": [], "due_on": "i morgen"}
    assert fields(town.karen(case, "information-requests", items)) == {
        "items": "input-empty",
        "due_on": "input-bad-time",
    }
    assert fields(town.karen(case, "reassess", {"outcome": "upheld"})) == {"text": "input-missing"}
    nowhere = town.karen(case, "decision/x/dispatch", {"channel": "letter"})
    assert no(nowhere) == "decision-not-found"

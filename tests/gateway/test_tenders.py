"""Tenders over HTTP, from a draft to a contract, with bids that are really sealed."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from shutil import copytree
from typing import cast

import httpx
import pytest
from pypdf import PdfReader

from services.bidding.bid_file import read, written
from services.bidding.envelope import Sealed
from tests.files import PDF
from tests.gateway.running import (
    START,
    Json,
    System,
    by_low_logins,
    by_other_settings,
    code,
    key,
    saved_as,
    wait_until,
)
from tests.gateway.tendering import (
    DAYS_OPEN,
    MANAGER,
    MEMBERS,
    OCTETS,
    Tendering,
    a_bid,
    done,
    drafted,
    published,
)

ONE_MILLISECOND = timedelta(milliseconds=1)
COMPANY = "company:99999991"


@pytest.fixture(autouse=True)
def _at_the_beginning(system: System) -> None:
    system.clock.set(START)


def test_from_draft_to_contract(system: System) -> None:
    running = drafted(system)
    shown = system.get(MANAGER, f"/running-tenders/{running.tender}").json()
    assert shown["missing"] == ["committee-not-rehearsed"]
    assert code(system.get(None, running.path())) == "tender-not-found"
    for member in MEMBERS:
        running.register(member)
    early = system.post(
        MANAGER, running.path("/publish"), {"closes_at": (START + timedelta(days=9)).isoformat()}
    )
    assert code(early) == "tender-period-too-short"
    opened = running.does(MANAGER, "/publish", {"closes_at": running.closes_at.isoformat()})
    assert "ETag" not in opened.headers
    public = system.get(None, running.path(), after=opened).json()
    assert (public["state"], public["bids"], public["threshold"]) == ("open", None, 2)
    material = public["material"][0]["id"]
    file = system.get(None, running.path(f"/documents/{material}"), after=opened)
    assert file.content == PDF

    first = running.bid("tomrer", 90_000_00)
    assert (first.version, first.lot, first.received_at) == (1, "1", system.clock.now())
    assert first.position > int(opened.headers["Julelys-Position"])
    running.bid("tomrer", 80_000_00)
    running.bid("anna", 100_000_00)
    running.bid("bo", 1)
    running.does("bo", "/bids/withdraw", {"lot": "1"})
    own = running.bidding("tomrer").bids
    assert [each.state for each in own] == ["received", "replaced"]
    assert own[1].position == first.position

    running.close()
    _evaluated_to_contract(running)


def _evaluated_to_contract(running: Tendering) -> None:
    """From the opening to the contract, over an evaluation, an award and a complaint."""
    system = running.system
    running.open("per", "ulla")
    running.score_all("ulla", {COMPANY: 700, "person:anna": 900})
    told = running.evaluation()
    totals = {each.bidder: each.total for each in told.bids}
    assert totals == {COMPANY: 0.6 * 7 + 0.4 * 10, "person:anna": 0.6 * 9 + 0.4 * 8}
    winner = next(each for each in told.bids if each.bidder == "person:anna")
    assert (winner.price_minor, len(winner.documents)) == (100_000_00, 2)
    award = {"lot": "1", "winner": str(winner.bid), "reasons": "Bedste forhold."}
    awarded = running.does(MANAGER, "/awards", award)
    public = system.get(None, running.path(), after=awarded).json()
    assert (public["state"], public["bids"]) == ("awarded", 2)
    assert public["awards"][0]["winner"] == "Anna Andersen"
    [result] = running.bidding("tomrer").results
    assert (result.place, result.is_winner, result.total) == (2, False, 8.2)
    _letters(running)

    assert code(_conclude(running)) == "standstill-running"
    complaint = {
        "lot": "1",
        "complainant": COMPANY,
        "filed_on": system.clock.now().date().isoformat(),
    }
    running.does(MANAGER, "/complaints", complaint)
    system.clock.set(system.clock.now() + timedelta(days=20))
    assert code(_conclude(running)) == "complaint-stops-contract"
    ended = {
        "lot": "1",
        "complainant": COMPANY,
        "end": "dismissed",
        "ended_on": system.clock.now().date().isoformat(),
    }
    running.does(MANAGER, "/complaint-ends", ended)
    concluded = done(_conclude(running))
    protocol = done(system.get("per", running.path("/protocol.pdf")))
    assert protocol.content.startswith(b"%PDF")
    today = system.clock.now().date().isoformat()
    assert saved_as(protocol) == f"protokol-{today}-vintervedligehold.pdf"
    public = system.get(None, running.path(), after=concluded).json()
    assert public["awards"][0]["concluded_on"] == system.clock.now().date().isoformat()


def _letters(running: Tendering) -> None:
    """Each bidder has one of their own, and nobody else any."""
    letter = f"/bidding/{running.tender}/award-letter.pdf"

    def told(person: str, kind: str) -> str:
        answer = done(running.system.get(person, f"{letter}?lot=1"))
        today = running.system.clock.now().date().isoformat()
        assert saved_as(answer) == f"{kind}-{today}-vintervedligehold-1.pdf"
        return " ".join(PdfReader(BytesIO(answer.content)).pages[0].extract_text().split())

    won, lost = told("anna", "tildeling"), told("tomrer", "afslag")
    assert "tildele jer kontrakten" in won
    assert "Nummer 1 af 2" in won
    assert "tildele Anna Andersen kontrakten" in lost
    assert "8,2 af 10; det bedste tilbud har 8,6" in lost
    assert "Planen er klar." in lost
    for person, lot in (("bo", "1"), ("tomrer", "2")):
        refused = running.system.get(person, f"{letter}?lot={lot}")
        assert code(refused) == "award-letter-not-found"


def _conclude(running: Tendering) -> httpx.Response:
    return running.system.post(MANAGER, running.path("/contracts"), {"lot": "1"})


def test_a_bid_is_in_time_to_the_millisecond(system: System) -> None:
    running = published(system)
    content = running.sealed("tomrer", a_bid(1))
    system.clock.set(running.closes_at)
    late = running.send("tomrer", content)
    assert code(late) == "bid-late"
    assert "kom 0 ms efter" in late.json()["detail"]
    system.clock.set(running.closes_at + ONE_MILLISECOND)
    assert "kom 1 ms efter" in running.send("tomrer", content).json()["detail"]
    system.clock.set(running.closes_at - ONE_MILLISECOND)
    assert done(running.send("tomrer", content)).json()["version"] == 1


def test_a_bid_counts_from_its_last_byte(system: System) -> None:
    running = published(system)
    content = running.sealed("tomrer", a_bid(1))
    incoming = system.config.data / "bids" / "hjorring" / "incoming"

    def slowly() -> Iterator[bytes]:
        yield content[:-1]
        wait_until(lambda: any(incoming.glob("*")))
        system.clock.set(running.closes_at)
        yield content[-1:]

    headers = OCTETS | {"Idempotency-Key": key()} | system.headers("tomrer")
    url = system.url(running.path("/bids"))
    assert code(system.client.post(url, content=slowly(), headers=headers)) == "bid-late"


def test_a_bid_sent_again_is_one_bid_and_another_file_by_its_key_is_refused(
    system: System,
) -> None:
    running = published(system)
    content, keyed = running.sealed("tomrer", a_bid(1)), key()
    first = done(running.send("tomrer", content, keyed=keyed)).json()
    assert done(running.send("tomrer", content, keyed=keyed)).json() == first
    other = running.sealed("tomrer", a_bid(2))
    assert code(running.send("tomrer", other, keyed=keyed)) == "idempotency-key-reused"
    assert code(running.send("tomrer", content)) == "bid-version-stale"
    # What was refused is the file that was received, so it stays.
    running.close()
    running.open("ulla", "omar")
    assert [each.price_minor for each in running.evaluation().bids] == [1]


def test_what_is_no_bid_is_refused(system: System) -> None:
    running, another = published(system), published(system)
    content = running.sealed("tomrer", a_bid(1))
    heading, envelope = read(content)
    foreign = running.system.post_raw("tomrer", another.path("/bids"), content, headers=OCTETS)
    assert code(foreign) == "bid-bound-elsewhere"
    assert code(running.send("anna", content)) == "bid-bound-elsewhere"
    assert code(running.send("tomrer", b"JLSB")) == "bid-file-unreadable"
    assert code(running.send("tomrer", b"")) == "bid-file-unreadable"
    json = running.system.post("tomrer", running.path("/bids"), {})
    assert code(json) == "media-type-unsupported"
    binding = replace(heading.binding, committee="0" * 64)
    sealed = Sealed(sealed=envelope, commitment=heading.commitment, shares=heading.shares)
    moved = written(binding, sealed)
    assert code(running.send("tomrer", moved)) == "bid-sealed-to-others"
    assert code(running.send("karen", content)) == "not-allowed"


def test_nobody_opens_before_the_deadline_nor_alone_and_each_attempt_is_kept(
    system: System,
) -> None:
    running = published(system)
    running.bid("tomrer", 5)
    assert code(system.post("ulla", running.path("/sittings"))) == "tender-not-closed"
    assert code(system.post("karen", running.path("/sittings"))) == "not-allowed"
    assert system.get("ulla", f"/committees/{running.tender}").json()["shares"] == []
    running.close()
    sitting = running.sit("ulla")
    shares = running.shares("ulla")
    spoilt = [{**each, "share": "00" + str(each["share"])[2:]} for each in shares]
    assert code(running.give("ulla", sitting, spoilt)) == "share-corrupted"
    assert code(running.give("ulla", sitting, [])) == "shares-missing"
    assert code(running.give("omar", sitting, shares)) == "share-corrupted"
    told = done(running.give("ulla", sitting)).json()
    assert (told["given"], told["threshold"], told["is_opened"]) == (1, 2, False)
    assert done(running.give("ulla", sitting)).json()["given"] == 1
    assert code(system.get("ulla", running.path("/evaluation"))) == "tender-not-opened"
    system.clock.set(running.closes_at + timedelta(hours=1))
    assert code(running.give("omar", sitting, running_shares(running, "omar"))) == "sitting-over"
    running.open("omar", "per")


def test_whoever_gives_the_last_shares_sees_the_bids_opened_when_they_look(system: System) -> None:
    running = published(system)
    running.bid("tomrer", 5)
    running.close()
    sitting = running.sit("ulla")
    before, last = running.give("ulla", sitting), running.give("omar", sitting)

    seen = [
        system.get("omar", f"/committees/{running.tender}", after=answer).json()["tender"]
        for answer in (before, last)
    ]

    assert int(last.headers["Julelys-Position"]) > int(before.headers["Julelys-Position"])
    assert seen[1]["opened_at"] is not None


def running_shares(running: Tendering, member: str) -> list[dict[str, object]]:
    """As the member saw them while the sitting lasted."""
    now = running.system.clock.now()
    running.system.clock.set(running.closes_at + timedelta(minutes=1))
    shares = running.shares(member)
    running.system.clock.set(now)
    return shares


def test_opening_asks_for_a_fresh_login(system: System) -> None:
    running = published(system)
    running.close()
    with by_low_logins(system) as unsure:
        answer = unsure.post("ulla", running.path("/sittings"))
    assert code(answer) in {"login-not-sure", "login-not-recent"}


def test_a_trial_is_opened_by_its_own_key_alone(system: System) -> None:
    running = drafted(system)
    running.register("ulla")
    trial = system.get("ulla", f"/committees/{running.tender}/trial").json()
    wrong = {"trial": trial["trial"], "opened": "0" * 64}
    path = running.path("/committee/rehearsals")
    assert code(system.post("ulla", path, wrong)) == "trial-not-opened"
    opened = running.open_share("ulla", trial).hex()
    system.clock.set(system.clock.now() + timedelta(minutes=16))
    right = {"trial": trial["trial"], "opened": opened}
    assert code(system.post("ulla", path, right)) == "trial-not-opened"
    assert code(system.get("omar", f"/committees/{running.tender}/trial")) == "key-not-registered"


def test_a_question_is_answered_to_all_and_moves_a_deadline_that_is_too_near(
    system: System,
) -> None:
    running = published(system)
    asked = running.does("tomrer", "/questions", {"text": "Skal der saltes?"}).json()
    system.clock.set(running.closes_at - timedelta(days=2))
    answer = {"question": asked["question"], "text": "Skal der saltes?", "answer": "Ja."}
    answered = running.does(MANAGER, "/answers", answer)
    public = system.get(None, running.path(), after=answered).json()
    assert [each["kind"] for each in public["told"]] == ["answer", "deadline"]
    assert "tomrer" not in str(public).lower()
    assert public["closes_at"] > running.closes_at.isoformat()


def test_a_deadline_is_moved_by_two(system: System) -> None:
    running = published(system)
    later = (running.closes_at + timedelta(days=3)).isoformat()
    proposal = {"closes_at": later, "reason": "Flere har bedt om mere tid."}
    running.does(MANAGER, "/deadline-proposals", proposal)
    approve = running.path("/deadline-approvals")
    alone = system.post(MANAGER, approve, {"closes_at": later})
    assert code(alone) == "second-person-needed"
    running.does("lis", "/deadline-approvals", {"closes_at": later})


def test_the_committee_rehearses_anew_and_is_told_who_has_not(system: System) -> None:
    running = published(system)
    assert shown_rehearsal(running, "ulla") == {
        "closes_at": running.closes_at.isoformat(),
        "seconds_left": DAYS_OPEN * 86_400,
        "waiting": [],
        "keyless": [],
        "gone": [],
        "able": 3,
        "is_enough": True,
        "keys_to_spare": 1,
    }
    move_deadline(running, 3)
    for person in ("ulla", MANAGER):
        told = shown_rehearsal(running, person)
        assert told["waiting"] == ["Omar Olsen", "Per Poulsen", "Ulla Ulriksen"]
        assert told["seconds_left"] == (DAYS_OPEN + 3) * 86_400
    assert running.listed("/committees", "ulla")["to_do"] == "rehearsal"
    assert running.listed("/running-tenders", MANAGER)["to_rehearse"] == 3

    running.rehearse("ulla")
    assert shown_rehearsal(running, "omar")["waiting"] == ["Omar Olsen", "Per Poulsen"]
    members = system.get("omar", f"/committees/{running.tender}").json()["members"]
    assert [each["rehearsed_at"] is None for each in members] == [True, True, False]
    assert running.listed("/committees", "ulla")["to_do"] is None
    assert running.listed("/committees", "omar")["to_do"] == "rehearsal"
    assert running.listed("/running-tenders", MANAGER)["to_rehearse"] == 2
    # Who has not rehearsed keeps nobody from bidding, nor the committee from opening.
    running.bid("tomrer", 7)
    running.close()
    assert system.get("ulla", f"/committees/{running.tender}").json()["rehearsal"] is None
    assert running.listed("/committees", "omar")["to_do"] == "opening"
    running.open("ulla", "omar")


def test_a_lost_key_and_a_lost_role_are_told_by_name(system: System, tmp_path: Path) -> None:
    running = published(system)
    running.does("per", "/committee/lost")
    told = shown_rehearsal(running, MANAGER)
    assert (told["keyless"], told["keys_to_spare"], told["able"]) == (["Per Poulsen"], 0, 2)
    assert told["is_enough"]
    folder = copytree(system.config.organisations, tmp_path / "organisations")
    persons = folder / "demo-persons.yaml"
    omar = 'actor: "staff:omar"\n  organisation: hjorring\n  roles: [committee-member]'
    assert omar in persons.read_text("utf-8")
    text = persons.read_text("utf-8").replace(omar, omar.replace("committee-member", "auditor"))
    persons.write_text(text, "utf-8")
    with by_other_settings(system, replace(system.config, organisations=folder)) as another:
        told = shown_rehearsal(replace(running, system=another), MANAGER)
    assert (told["gone"], told["able"], told["is_enough"]) == (["Omar Olsen"], 1, False)


def test_a_draft_waits_for_keys_and_rehearsals(system: System) -> None:
    running = drafted(system)
    assert running.listed("/committees", "per")["to_do"] == "key"
    running.register("per")
    assert running.listed("/committees", "per")["to_do"] is None
    assert running.listed("/committees", "omar")["to_do"] == "key"
    path = f"/running-tenders/{running.tender}"
    assert system.get(MANAGER, path).json()["rehearsal"] is None


def shown_rehearsal(running: Tendering, person: str) -> Json:
    below = "/running-tenders" if person == MANAGER else "/committees"
    told = done(running.system.get(person, f"{below}/{running.tender}", after=running.last))
    return cast("Json", told.json()["rehearsal"])


def move_deadline(running: Tendering, days: int) -> None:
    running.closes_at += timedelta(days=days)
    later = running.closes_at.isoformat()
    running.does(MANAGER, "/deadline-proposals", {"closes_at": later, "reason": "Mere tid."})
    running.does("lis", "/deadline-approvals", {"closes_at": later})


def test_those_invited_bid_and_nobody_else(system: System) -> None:
    running = published(system, "restricted")
    paper = system.upload("tomrer", "referencer.pdf", PDF)
    asked = running.does("tomrer", "/participation", {"documents": [paper]})
    shown = system.get(MANAGER, f"/running-tenders/{running.tender}").json()
    assert shown["applicants"] == []
    assert code(system.get(MANAGER, running.path(f"/participation/{paper}"))) == (
        "document-not-found"
    )
    running.close()
    [applicant] = system.get(MANAGER, f"/running-tenders/{running.tender}").json()["applicants"]
    assert applicant["party"] == COMPANY
    file = system.get(MANAGER, running.path(f"/participation/{paper}"), after=asked)
    assert file.content == PDF
    running.closes_at += timedelta(days=DAYS_OPEN)
    invitation = {"bidders": [COMPANY], "closes_at": running.closes_at.isoformat()}
    running.does(MANAGER, "/invitations", invitation)
    assert running.bidding("anna").why_not == "bidder-not-invited"
    assert code(running.send("anna", running.sealed("anna", a_bid(1)))) == "bidder-not-invited"
    running.bid("tomrer", 3)


def test_a_tender_with_too_few_keys_left_is_cancelled_and_says_so(system: System) -> None:
    running = published(system)
    running.does("per", "/committee/lost")
    running.bid("tomrer", 7)
    lost = running.does("omar", "/committee/lost")
    public = system.get(None, running.path(), after=lost).json()
    assert public["state"] == "cancelled"
    assert "kan ikke åbnes" in public["reason"]
    assert running.bidding("tomrer").why_not == "tender-cancelled"


def test_lists_show_whom_they_concern(system: System) -> None:
    running = published(system)
    running.bid("tomrer", 7)

    def listed(person: str, path: str) -> bool:
        found = done(system.get(person, path)).json()["tenders"]
        return running.tender in {each["tender"] for each in found}

    wait_until(lambda: listed("tomrer", "/bidding"))
    wait_until(lambda: listed("ulla", "/committees"))
    assert listed(MANAGER, "/running-tenders")
    assert not listed("anna", "/bidding")
    assert not listed("erik", "/running-tenders")
    assert code(system.get("erik", f"/running-tenders/{running.tender}")) == "not-allowed"

"""What a team does about post that was not delivered, and how a party says what it wants."""

import asyncio
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from email.message import EmailMessage
from uuid import UUID

import httpx
import pypdf
import pytest

from commands.case import AnswerResponse
from events.catalogue import WIRE_NAMES
from events.ids import ActorId, CaseId, HearingId
from events.post import Channel
from events.text import Text
from services.desk import Desk
from services.eventstore.store import PostgresEventStore
from services.feed.port import FactRef
from services.ids import new_id
from services.journal.facts import StoreFacts
from services.post.contact_points import known_contact_points
from services.post.email import EmailMailer
from services.post.intake import take_in
from services.post.office import PostOffice
from services.post.ports import Accepted, AddressRefused, Answer
from services.post.postgres import PostgresOutbox
from services.post.sending import turn
from services.request import unattended
from tests.gateway.running import System, code, fields, saved_as
from tests.keys import RING
from tests.services.filing_office import Register


@dataclass
class Post:
    """The process of outgoing post, run for as long as it has something to do."""

    system: System
    conninfo: str
    store: PostgresEventStore
    desk: Desk
    refused: set[str] = field(default_factory=set)
    sent: list[str] = field(default_factory=list)
    heard: int = 0

    async def send(self, message: EmailMessage, *, envelope_from: str, envid: str) -> Answer:
        del envelope_from, envid
        if message["To"] in self.refused:
            return AddressRefused(status="5.1.1")
        self.sent.append(str(message["To"]))
        return Accepted(receipt=str(message["Message-ID"]))

    def run(self) -> dict[str, str]:
        """The header by which a view is asked to show it."""
        asyncio.run(self._run())
        return {"Julelys-Position": str(self.store.safe_position())}

    async def _run(self) -> None:
        facts = StoreFacts(self.store)
        points = known_contact_points(self.system.config, Register({}))
        clock = self.system.clock
        async with PostgresOutbox(self.conninfo, "hjorring") as outbox:
            mailer = EmailMailer(
                organisation="hjorring",
                name=Text(da="Hjørring Kommune", en="Hjørring Municipality"),
                sender="ingen-svar@hjorring.example",
                bounces_to="retur@hjorring.example",
                site="https://hjorring.example",
                server=self,
                facts=facts,
                contact_points=points,
                clock=clock,
            )
            office = PostOffice(
                name="hjorring",
                outbox=outbox,
                facts=facts,
                commands=self.desk,
                contact_points=points,
                mailers={Channel.EMAIL: mailer},
                clock=clock,
            )
            while refs := self._next():
                await take_in(refs, office)
                while await turn(office):
                    pass

    def _next(self) -> Sequence[FactRef]:
        found, self.heard = self.store.read_log(after=self.heard, limit=500)
        return [
            FactRef(
                event_id=fact.event_id,
                stream=fact.stream,
                version=fact.version,
                position=fact.position,
                name=WIRE_NAMES[type(fact.event)],
            )
            for fact in found
        ]


@pytest.fixture(scope="module")
def post_of_system(whole_system: System, postgres: str) -> Iterator[Post]:
    with PostgresEventStore(postgres, "hjorring", RING) as store:
        desk = Desk(store)
        desk.start()
        yield Post(whole_system, postgres, store, desk)
        desk.stop()


@pytest.fixture
def post(post_of_system: Post, system: System) -> Post:
    assert post_of_system.system is system
    post_of_system.refused.clear()
    # Tests of the same system send nonsense as Anna, and some of it is taken.
    for person in ("anna", "bo"):
        assert prefer(system, person).status_code == 200
    return post_of_system


def timeline(system: System, person: str, case: str, seen: dict[str, str]) -> list[str]:
    """The kinds of what is told of post."""
    found = system.get(person, f"/cases/{case}/timeline", headers=seen).json()["entries"]
    return [each["kind"] for each in found if each["kind"].startswith("notification-")]


def prefer(system: System, person: str, **wanted: str | None) -> httpx.Response:
    body = {"email": None, "language": "da", "frequency": "each"} | wanted
    url = system.url("/me/notifications")
    return system.client.put(url, json=body, headers=system.headers(person))


def rows(system: System, query: str, seen: dict[str, str], person: str = "karen") -> list[object]:
    found = system.get(person, f"/post?{query}", headers=seen)
    assert found.status_code == 200, found.text
    listed: list[object] = found.json()["rows"]
    return listed


def failed_in_queue(system: System, seen: dict[str, str]) -> dict[str, int]:
    """How many messages could not be delivered, by case."""
    path = "/queues/byggeri-natur?post=failed&limit=200"
    found = system.get("karen", path, headers=seen).json()["rows"]
    return {row["case"]: row["post_failed"] for row in found}


def figure(system: System, name: str) -> float:
    lines = system.client.get(f"{system.address}/metrics").text.splitlines()
    (value,) = (line.removeprefix(f"{name} ") for line in lines if line.startswith(f"{name} "))
    return float(value)


def test_a_party_sees_that_it_was_told_and_staff_see_how(post: Post, system: System) -> None:
    case = system.case("anna")
    seen = post.run()
    assert "anna@borger.example" in post.sent
    assert timeline(system, "anna", case, seen) == ["notification-sent"]
    assert timeline(system, "karen", case, seen) == ["notification-queued", "notification-sent"]
    (row,) = rows(system, f"case={case}", seen)
    assert isinstance(row, dict)
    assert (row["state"], row["channel"], row["envelope"]) == ("sent", "email", None)
    assert row["fact"] == "case.opened.v1"
    assert rows(system, f"case={case}&state=failed", seen) == []


def test_of_what_nobody_signed_nobody_is_told_and_nothing_fails(post: Post, system: System) -> None:
    """Not even of its answer, which anybody else is told by Digital Post or on paper."""
    hearing = system.open_hearing()
    case = system.respond(None, hearing).json()["case"]
    answering = AnswerResponse(
        case_id=CaseId(UUID(case)),
        hearing=HearingId(UUID(hearing)),
        answers=("Vi laver en rundkørsel.",),
        answered_on=date(2026, 12, 1),
    )
    system_itself = ActorId("system:hearings")
    request = unattended(
        answering, command_id=new_id(), organisation="hjorring", actor=system_itself
    )
    post.desk.hand_in(request).result(timeout=20)
    seen = post.run()
    told = system.get("karen", f"/cases/{case}/timeline", headers=seen).json()["entries"]
    assert "hearing-response-answered" in {entry["kind"] for entry in told}
    assert timeline(system, "karen", case, seen) == []
    assert rows(system, f"case={case}", seen) == []


def test_that_one_party_was_told_is_no_news_to_another(post: Post, system: System) -> None:
    case = system.case("anna")
    joined = {"party": "company:99999991", "role": "co-applicant"}
    assert system.post("karen", f"/cases/{case}/parties", joined).status_code == 204
    system.post("karen", f"/cases/{case}/messages", {"text": "Til jer begge."})
    seen = post.run()
    told = {
        person: timeline(system, person, case, seen).count("notification-sent")
        for person in ("anna", "tomrer", "karen")
    }
    assert told["anna"] > 0 < told["tomrer"]
    assert told["karen"] == told["anna"] + told["tomrer"]


def test_what_bounced_is_the_teams_to_see_to_and_is_sent_again(post: Post, system: System) -> None:
    post.refused = {"anna@borger.example"}
    case = system.case("anna")
    seen = post.run()
    assert timeline(system, "anna", case, seen) == ["notification-bounced"]

    (row,) = rows(system, f"case={case}&state=bounced", seen)
    assert isinstance(row, dict)
    assert row["error"] == "5.1.1"
    assert row["notification"] in {
        each["notification"] for each in rows(system, "limit=200", seen) if isinstance(each, dict)
    }
    assert rows(system, "limit=200", seen, "erik") == []
    assert figure(system, 'julelys_post_mails{organisation="hjorring",state="bounced"}') >= 1
    assert figure(system, 'julelys_post_failing_seconds{organisation="hjorring"}') == 0

    assert failed_in_queue(system, seen)[case] == 1

    body = {"notification": row["notification"]}
    assert code(system.post("erik", f"/post/{case}/retry", body)) == "not-allowed"
    assert prefer(system, "anna", email="anna@arbejde.example").status_code == 200
    assert system.post("karen", f"/post/{case}/retry", body).status_code == 204
    seen = post.run()
    assert case not in failed_in_queue(system, seen)
    assert post.sent[-1] == "anna@arbejde.example"
    assert timeline(system, "anna", case, seen) == ["notification-bounced", "notification-sent"]
    assert code(system.post("karen", f"/post/{case}/retry", body)) == "notification-not-failed"
    assert prefer(system, "anna").status_code == 200


def test_what_is_to_be_printed_is_a_letter_with_an_envelope(post: Post, system: System) -> None:
    hearing = system.open_hearing()
    answer = system.respond("bo", hearing)
    case = str(answer.json()["case"])
    post.refused = {"bo@borger.example"}
    seen = post.run()
    (row,) = rows(system, f"case={case}&state=bounced", seen)
    assert isinstance(row, dict)
    body = {"notification": row["notification"]}
    assert code(system.post("karen", f"/post/{case}/posted", body)) == "notification-not-on-paper"

    assert system.post("karen", f"/post/{case}/paper", body).status_code == 204
    seen = post.run()

    assert case not in failed_in_queue(system, seen)
    (row,) = rows(system, f"case={case}&state=paper", seen)
    assert isinstance(row, dict)
    assert row["envelope"] == {
        "name": "Bo Bertelsen",
        "address": ["Hemmeligvej 7", "9800 Hjørring"],
        "is_protected": True,
    }
    path = f"/post/{case}/letters/{row['notification']}"
    letter = system.get("karen", path)
    assert letter.headers["Content-Type"] == "application/pdf"
    assert saved_as(letter).endswith(".pdf")
    assert not saved_as(letter).endswith(".pdf.pdf")
    assert len(pypdf.PdfReader(io.BytesIO(letter.content)).pages) >= 1
    other = f"/post/{system.case('anna')}/letters/{row['notification']}"
    assert code(system.get("karen", other)) == "notification-not-found"

    assert system.post("karen", f"/post/{case}/posted", body).status_code == 204
    seen = post.run()
    assert rows(system, f"case={case}&state=paper", seen) == []
    assert timeline(system, "bo", case, seen)[-1] == "notification-posted"


def test_a_notification_that_is_none_is_not_found(system: System) -> None:
    case = system.case("anna")
    nothing = {"notification": case}
    for path in ("retry", "paper", "posted"):
        told = system.post("karen", f"/post/{case}/{path}", nothing)
        assert code(told) == "notification-not-found"


def test_the_list_is_read_page_by_page(post: Post, system: System) -> None:
    post.refused = {"anna@borger.example"}
    cases = {system.case("anna") for _ in range(3)}
    seen = post.run()
    found: list[str] = []
    after = ""
    while True:
        page = system.get("karen", f"/post?limit=2{after}", headers=seen).json()
        found += [row["case"] for row in page["rows"]]
        if page["after"] is None:
            break
        after = f"&after={page['after']}"
    assert cases <= set(found)
    assert len(found) == len(set(found))
    assert fields(system.get("karen", "/post?after=x")) == {"after": "input-bad-cursor"}
    assert fields(system.get("karen", "/post?state=lost")) == {"state": "input-not-an-option"}


def test_a_party_says_how_it_wants_to_be_told(system: System) -> None:
    standard = system.get("tomrer", "/me/notifications")
    assert standard.json() == {"email": None, "language": "da", "frequency": "each"}
    assert standard.headers["ETag"] == '"0"'

    wanted = {"email": "kontor@firma.example", "language": "en", "frequency": "daily"}
    told = prefer(system, "tomrer", **wanted)
    assert told.json() == wanted
    again = system.get("tomrer", "/me/notifications")
    assert again.json() == wanted
    assert again.headers["ETag"] == told.headers["ETag"] == '"1"'


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({"email": "no-address"}, {"email": "input-wrong-type"}),
        ({"email": "a@b.dk\r\nBcc: c@d.dk"}, {"email": "input-wrong-type"}),
        ({"frequency": "hourly"}, {"frequency": "input-not-an-option"}),
        ({"language": "de"}, {"language": "input-not-an-option"}),
        ({"sms": "1"}, {"sms": "input-unknown-field"}),
    ],
)
def test_bad_preferences_are_told_by_field(
    system: System, wanted: dict[str, str], expected: dict[str, str]
) -> None:
    assert fields(prefer(system, "anna", **wanted)) == expected

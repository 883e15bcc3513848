"""Bidders are told outside the platform: the award at once, and nothing that shows who bids."""

import asyncio
import json
import tempfile
from base64 import b64decode
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from email import message_from_bytes
from email.policy import default
from io import BytesIO
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from pypdf import PdfReader

from events.catalogue import Event
from events.journal import Matter, MatterKind
from events.post import NotificationGivenToPaper, NotificationQueued, PaperReason
from gateway.post_shapes import TenderNotificationShape
from gateway.tender_shapes import RunningTenderShape
from services.catalogue.loading import load
from services.core import Core, open_core
from services.database import connect
from services.post.memo import MEMO
from services.post.opening import digital_post_folder
from services.streams import post_stream
from tests.gateway.running import START, System, code, running
from tests.gateway.tendering import MANAGER, Tendering, done, published
from tests.keys import RING
from tests.postgres import own_database
from tests.services.test_email_route import Mailbox, Reply, said
from tests.services.test_post_process import at_work, until

COMPANY = "company:99999991"
ANNA = "person:anna"


@pytest.fixture(scope="module")
def whole_town(postgres: str) -> Iterator[System]:
    with (
        tempfile.TemporaryDirectory(prefix="julelys-data-") as folder,
        own_database(postgres) as conninfo,
        running(conninfo, Path(folder)) as system,
    ):
        yield system


@pytest.fixture
def town(whole_town: System) -> System:
    whole_town.clock.set(START)
    for file in digital_post_folder(whole_town.config, "hjorring").glob("*"):
        file.unlink()
    return whole_town


@pytest.fixture
def core(town: System) -> Iterator[Core]:
    assert town.config.database_url is not None
    described = load(town.config.organisations).organisations["hjorring"]
    with open_core(town.config.database_url, described, RING) as opened:
        yield opened


def told(core: Core, tender: Tendering) -> list[Event]:
    matter = Matter(kind=MatterKind.TENDER, id=UUID(tender.tender))
    return [fact.event for fact in core.store.read_recorded(post_stream(matter))]


def names(core: Core, tender: Tendering) -> list[str]:
    return [type(each).__name__.removeprefix("Notification") for each in told(core, tender)]


def posting(
    core: Core,
    town: System,
    scenario: Callable[[Mailbox], Awaitable[None]],
    **replies: Reply,
) -> None:
    """The process of outgoing post beside it, with a mail server and a folder for Digital Post."""
    mailbox = Mailbox(**replies)
    asyncio.run(at_work(core, town.config, mailbox, lambda _: scenario(mailbox)))


def judged(system: System) -> Tendering:
    """Two bids that are opened and scored."""
    tender = published(system)
    tender.bid("tomrer", 80_000_00)
    tender.bid("anna", 100_000_00)
    tender.close()
    tender.open("per", "ulla")
    tender.score_all("ulla", {COMPANY: 700, ANNA: 900})
    return tender


def award(tender: Tendering, notice: str = "electronic") -> None:
    winner = next(each for each in tender.evaluation().bids if each.bidder == ANNA)
    body = {"lot": "1", "winner": str(winner.bid), "reasons": "Bedst.", "notice": notice}
    tender.does(MANAGER, "/awards", body)


def letters(system: System) -> dict[str, bytes]:
    """The PDF that lies in Digital Post, by its recipient's number."""
    found = {}
    for file in digital_post_folder(system.config, "hjorring").glob("*.xml"):
        message = ET.parse(file).getroot()[1]  # noqa: S314  # our own
        number = message.findtext(f".//{{{MEMO}}}recipientID")
        content = message.findtext(f".//{{{MEMO}}}content")
        assert number is not None
        assert content is not None
        found[number] = b64decode(content)
    return found


def on_page(tender: Tendering, person: str) -> bytes:
    path = f"/bidding/{tender.tender}/award-letter.pdf?lot=1"
    return done(tender.system.get(person, path)).content


def test_each_bidder_gets_the_letter_of_their_page_as_digital_post(
    town: System, core: Core
) -> None:
    tender = judged(town)

    async def scenario(mailbox: Mailbox) -> None:
        await asyncio.to_thread(award, tender)
        await until(lambda: names(core, tender).count("Sent") == 2)
        assert names(core, tender) == ["Queued", "Queued", "Sent", "Sent"]
        assert mailbox.received == []

    posting(core, town, scenario)

    assert letters(town) == {
        "99999991": on_page(tender, "tomrer"),
        "6101700002": on_page(tender, "anna"),
    }
    assert on_page(tender, "tomrer") != on_page(tender, "anna")


def test_an_award_by_letter_is_to_be_printed(town: System, core: Core) -> None:
    tender = judged(town)

    async def scenario(_: Mailbox) -> None:
        await asyncio.to_thread(award, tender, "letter")
        await until(lambda: names(core, tender).count("GivenToPaper") == 2)

    posting(core, town, scenario)

    assert letters(town) == {}
    events = told(core, tender)
    queued = {each.party for each in events if isinstance(each, NotificationQueued)}
    assert queued == {COMPANY, ANNA}
    reasons = {each.reason for each in events if isinstance(each, NotificationGivenToPaper)}
    assert reasons == {PaperReason.NO_DIGITAL_POST}
    _printed_and_posted(tender)

    async def noted(_: Mailbox) -> None:
        await until(lambda: fates(core, tender) == ["posted"] * 2)

    posting(core, town, noted)
    assert to_do(tender) == 0
    assert {each.state for each in shown(tender)} == {"posted"}
    assert "Lagt i posten" in protocol_of(tender)


def _printed_and_posted(tender: Tendering) -> None:
    """The team prints what each bidder's page shows, puts it in the post, and says so."""
    system = tender.system
    assert to_do(tender) == 2
    assert "Breve til tilbudsgivere" in page(tender, "/post")
    own = page(tender, f"/running-tenders/{tender.tender}")
    assert own.count("Brev om tildelingen: Nord") == 2
    assert own.count("/letter.pdf") == 2
    for row, person in zip(shown(tender), ("tomrer", "anna"), strict=True):
        assert (row.state, row.lot, row.channel) == ("paper", "Nord", "paper")
        assert row.envelope is not None
        assert row.envelope.address
        letter = tender.path(f"/post/{row.notification}/letter.pdf")
        assert done(system.get(MANAGER, letter)).content == on_page(tender, person)
        body = {"notification": str(row.notification)}
        assert code(system.post(MANAGER, tender.path("/post/retry"), body)) == (
            "notification-not-failed"
        )
        tender.does(MANAGER, "/post/posted", body)
    other = published(system)
    elsewhere = other.path(f"/post/{shown(tender)[0].notification}/letter.pdf")
    assert code(system.get(MANAGER, elsewhere)) == "notification-not-found"


def fates(core: Core, tender: Tendering) -> list[str]:
    with connect(core.conninfo, core.name) as db:
        found = db.execute(
            "SELECT m.fate FROM post_mail AS m JOIN post_notification AS n USING (mail)"
            " WHERE n.case_id = %s",
            [UUID(tender.tender)],
        )
        return [str(fate) for (fate,) in found.fetchall()]


def page(tender: Tendering, path: str) -> str:
    """As the team's browser shows it."""
    system = tender.system
    address = f"{system.address}/hjorring{path}"
    return done(system.client.get(address, headers=system.headers(MANAGER))).text


def to_do(tender: Tendering) -> int:
    """How many of its letters the team's list of post says are to be seen to."""
    found = tender.system.get(MANAGER, "/post").json()["tenders"]
    return sum(each["number"] for each in found if each["tender"] == tender.tender)


def shown(tender: Tendering) -> list[TenderNotificationShape]:
    """What the team sees on the tender's page."""
    answer = done(tender.system.get(MANAGER, f"/running-tenders/{tender.tender}"))
    return RunningTenderShape.model_validate_json(answer.content).post


def protocol_of(tender: Tendering) -> str:
    content = done(tender.system.get("per", tender.path("/protocol.pdf"))).content
    return " ".join(
        " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages).split()
    )


def test_the_team_sees_what_came_back_has_it_sent_again_and_the_protocol_tells_it(
    town: System, core: Core
) -> None:
    tender = judged(town)
    award(tender)
    annulment = {"lot": "1", "reason": "Fejl i bedømmelsen"}

    async def annulled(mailbox: Mailbox) -> None:
        await asyncio.to_thread(tender.does, MANAGER, "/annulments", annulment)
        await until(lambda: names(core, tender).count("Bounced") == 2)
        mailbox.replies.clear()
        rows = await asyncio.to_thread(shown, tender)
        assert [(each.state, each.channel) for each in rows] == [
            ("sent", "digital-post"),
            ("sent", "digital-post"),
            ("bounced", "email"),
            ("bounced", "email"),
        ]
        for each in rows[2:]:
            body = {"notification": str(each.notification)}
            await asyncio.to_thread(tender.does, MANAGER, "/post/retry", body)
        await until(lambda: names(core, tender).count("Sent") == 4)
        assert len(mailbox.received) == 2

    posting(core, town, annulled, RCPT=said("550 5.1.1 no such user"))

    told_in_it = protocol_of(tender)
    for words in ("Meddelelser", "Sendt med Digital Post", "Kom retur (5.1.1)", "Sendt med e-mail"):
        assert words in told_in_it


NEWS = {"text": "Bilag 2 er rettet.", "documents": [], "is_essential": False}
TAKING_PART = {
    "kontoret@vendsyssel-toemrer.example",
    "tilbud@vendsyssel-anlaeg.example",
    "post@nordjysk-kloak.example",
}


def with_bids(system: System) -> Tendering:
    """One has bid, one has bid and withdrawn, and one has only asked."""
    tender = published(system)
    tender.bid("tomrer", 80_000_00)
    tender.bid("kloak", 90_000_00)
    tender.does("kloak", "/bids/withdraw", {"lot": "1"})
    tender.does("anlaeg", "/questions", {"text": "Hvor langt er vejnettet?"})
    return tender


def secret_mails(core: Core, tender: Tendering) -> list[tuple[object, ...]]:
    """How each stands of those that no list shows, and what went wrong."""
    with connect(core.conninfo, core.name) as db:
        found = db.execute(
            "SELECT m.state, m.error FROM post_mail AS m JOIN post_notification AS n USING (mail)"
            " WHERE n.is_secret AND n.case_id = %s",
            [UUID(tender.tender)],
        )
        return found.fetchall()


def shown_to_staff(system: System, tender: Tendering) -> list[str]:
    """Everything that lists or counts post."""
    figures = system.client.get(f"{system.address}/metrics").text
    return [
        *(
            system.get(MANAGER, f"/post?state={state}").text
            for state in ("waiting", "bounced", "failed")
        ),
        json.dumps(system.get("admin", "/administration/post").json()["channels"]),
        "\n".join(line for line in figures.splitlines() if "post" in line),
        json.dumps(system.get(MANAGER, f"/running-tenders/{tender.tender}").json()),
    ]


def test_news_before_the_opening_reaches_all_who_take_part_and_no_fact_says_so(
    town: System, core: Core
) -> None:
    tender = with_bids(town)

    async def scenario(mailbox: Mailbox) -> None:
        amended = await asyncio.to_thread(tender.does, MANAGER, "/amendments", NEWS)
        await until(lambda: secret_mails(core, tender) == [("done", None)] * 3)

        assert {tuple(each.rcpt_tos) for each in mailbox.received} == {
            (address,) for address in TAKING_PART
        }
        for each in mailbox.received:
            assert isinstance(each.content, bytes)
            said = message_from_bytes(each.content, policy=default).get_content()
            assert f"/tenders/{tender.tender}" in said
            assert "Nord" not in said
            assert not any(name in said for name in ("99999991", "99999966", "99999974"))
        assert told(core, tender) == []
        # Nothing was written after the amendment, which whoever counts facts would see.
        assert core.store.safe_position() == int(amended.headers["Julelys-Position"])

    posting(core, town, scenario)


@pytest.mark.parametrize(
    ("reply", "stands"),
    [
        ("550 5.1.1 no such user", ("done", "5.1.1")),
        ("451 4.7.1 later", ("waiting", "address-busy")),
    ],
)
def test_news_that_does_not_arrive_before_the_opening_shows_staff_nothing(
    town: System, core: Core, reply: str, stands: tuple[str, str]
) -> None:
    tender = with_bids(town)
    before = shown_to_staff(town, tender)
    proposed = (tender.closes_at + timedelta(days=2)).isoformat()

    async def scenario(_: Mailbox) -> None:
        await asyncio.to_thread(
            tender.does, MANAGER, "/deadline-proposals", {"closes_at": proposed, "reason": "Sne"}
        )
        await asyncio.to_thread(tender.does, "lis", "/deadline-approvals", {"closes_at": proposed})
        await until(lambda: secret_mails(core, tender) == [stands] * 3)

    posting(core, town, scenario, RCPT=said(reply))

    after = shown_to_staff(town, tender)
    assert after[:-1] == before[:-1]
    assert not any(name in after[-1] for name in ("99999991", "99999966", "99999974"))
    assert told(core, tender) == []

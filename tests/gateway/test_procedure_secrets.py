"""What a party never sees: notes between colleagues at all, and a decision before it is sent."""

import asyncio
from contextlib import suppress
from uuid import UUID

import pytest
from psycopg.sql import SQL, Identifier

from services.privacy.opening import reading_connection
from tests.gateway.deciding import EXEMPTION, REFUSAL, Deciding, done, no, part, parts
from tests.gateway.routes import ROUTES
from tests.gateway.test_live import Listener

NOTE = "Sommerfugl-7341 er internt"
GROUNDS = "Guldsmed-9925 er begrundelsen"
CORRECTION = "Vandkalv-5518 er rettelsen"
PARTIES = ("anna", "bo", None)


@pytest.fixture(scope="module")
def case(whole_town: Deciding) -> str:
    """One with a message and a document, a note, and a decision that was not sent."""
    town = whole_town
    case = town.case("carport-permit")
    town.document(case)
    done(town.karen(case, "party-hearing-exemption", EXEMPTION), 204)
    town.made(case, "decision", REFUSAL | {"grounds": GROUNDS, "conditions": [GROUNDS]})
    town.made(case, "notes", {"text": NOTE})
    done(town.karen(case, "messages", {"text": "Vi er snart færdige."}), 201)
    return case


class Places(dict[str, str]):
    """Any other id there may come to be in a path is the case's, which it then names nothing by."""

    def __missing__(self, name: str) -> str:
        return self["case_id"]


def everything(town: Deciding, case: str, person: str | None) -> dict[str, bytes]:
    """What every GET of the application answers, by route; each about the case if it can be."""
    documents = parts(town.page(case), "documents")
    places = {
        "case_id": case,
        "document_id": str(documents[0]["id"]) if documents else str(UUID(int=1)),
        "service": "carport-permit",
        "team": "byggeri-natur",
        "person": "staff:karen",
        "filter": "Mine",
        "hearing_id": str(UUID(int=1)),
    }
    told = {}
    for route in ROUTES:
        method, path = route.split(" ")
        if method == "GET" and not path.endswith("/stream"):
            answer = town.system.get(person, path.format_map(Places(places)), headers=town.now())
            told[route] = answer.content
    return told


def streamed(town: Deciding, case: str) -> str:
    """All that the stream of the timeline gives Anna, up to now."""
    listener = Listener(town.system, "anna", case)

    async def listen() -> str:
        told = ""
        async with listener.opened() as coming:
            with suppress(TimeoutError):
                async with asyncio.timeout(1.0):
                    async for line in coming:
                        told += line
        return told

    return asyncio.run(listen())


@pytest.mark.parametrize("secret", [NOTE, GROUNDS])
def test_no_route_and_no_stream_shows_it_to_a_party(town: Deciding, case: str, secret: str) -> None:
    for person in PARTIES:
        told = everything(town, case, person)
        assert len(told) > 20
        assert [route for route, body in told.items() if secret.encode() in body] == []
    stream = streamed(town, case)
    assert "Vi er snart færdige." in stream
    assert secret not in stream


@pytest.mark.parametrize(
    ("secret", "shown_by"),
    [
        (NOTE, {"GET /cases/{case_id}/notes"}),
        (GROUNDS, {"GET /cases/{case_id}", "GET /cases/{case_id}/timeline"}),
    ],
)
def test_the_team_sees_it_where_it_belongs(
    town: Deciding, case: str, secret: str, shown_by: set[str]
) -> None:
    """Else the test above would say little."""
    told = everything(town, case, "karen")
    assert {route for route, body in told.items() if secret.encode() in body} == shown_by


def test_notes_lie_in_one_table_and_no_other_view_has_any(town: Deciding, case: str) -> None:
    done(town.system.get("karen", f"/cases/{case}/notes", headers=town.now()), 200)
    town.page(case)
    core = town.core
    # With the keys, for nobody else finds a word in any view.
    with reading_connection(core.conninfo, core.name, core.keys) as db:
        views = [str(name) for (name,) in db.execute("SELECT name FROM projection").fetchall()]
        holding = set()
        for view in views:
            rows = db.execute(SQL("SELECT * FROM {}").format(Identifier(view))).fetchall()
            if NOTE in repr(rows):
                holding.add(view)
    assert holding == {"notes"}


def test_notes_are_for_the_team_that_has_the_case(town: Deciding, case: str) -> None:
    for person, said in {
        "anna": "not-allowed",
        "bo": "not-allowed",
        "erik": "not-allowed",
        "rikke": "not-allowed",
        None: "login-required",
    }.items():
        assert no(town.system.get(person, f"/cases/{case}/notes")) == said
        assert no(town.system.post(person, f"/cases/{case}/notes", {"text": "x"})) == said
    assert no(town.karen(case, "notes", {"text": "  "})) == "note-empty"
    answer = town.system.get("karen", f"/cases/{case}/notes", headers=town.now())
    (note, *_) = parts(done(answer, 200), "notes")
    assert (note["text"], note["by"]) == (NOTE, "Karen Kristensen")


def test_a_note_makes_no_etag_stale_and_tells_nobody(town: Deciding, case: str) -> None:
    before = town.system.get("anna", f"/cases/{case}", headers=town.now())
    kinds = town.kinds(case)
    town.made(case, "notes", {"text": "En til."})
    after = town.system.get("anna", f"/cases/{case}", headers=town.now())
    assert town.kinds(case) == kinds
    assert after.headers["ETag"] == before.headers["ETag"]


def test_a_correction_is_the_partys_once_it_is_sent(town: Deciding) -> None:
    case = town.case("carport-permit")
    decision = town.refused(case)
    sending = f"decision/{decision}/dispatch"
    done(town.karen(case, sending, {"channel": "digital-post"}), 200)
    before = town.page(case, "anna")["decision"]
    correct = {"correction": CORRECTION, "restarts_appeal": True}
    done(town.karen(case, f"decision/{decision}/correct", correct), 204)

    assert town.page(case, "anna")["decision"] == before
    told = everything(town, case, "anna")
    assert [route for route, body in told.items() if CORRECTION.encode() in body] == []
    assert CORRECTION not in streamed(town, case)
    (pending,) = parts(part(town.page(case), "decision"), "corrections")
    assert pending["dispatched_on"] is None

    town.day(11, 9)
    sent = done(town.karen(case, sending, {"channel": "digital-post"}), 200)
    assert sent == {"dispatched_on": "2026-11-09", "appeal_until": "2026-12-07"}
    (made,) = parts(part(town.page(case, "anna"), "decision"), "corrections")
    assert made["correction"] == CORRECTION

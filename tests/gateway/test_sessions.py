"""A browser's session opens every route, and only our own page can use it."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

import httpx
import pytest

from gateway.csrf import SAFE, masked, token_of
from gateway.door import LockedDoor
from gateway.openapi import door_of
from services.database import connect
from tests.gateway.crowd import places_of
from tests.gateway.routes import ROUTES
from tests.gateway.running import RESPONSE_ANSWERS, START, System, code, key
from tests.gateway.visiting import HOME, Visitor

SESSION: Final = "__Host-julelys-session-hjorring"
RESPONSES: Final = "/services/hearing-response/submissions"
STAFF: Final = frozenset({"karen", "erik", "rikke"})


@pytest.fixture
def system(reception: System) -> System:
    return reception


def logged_in(system: System, person: str) -> Visitor:
    visitor = Visitor(system, {})
    visitor.log_in(person, by="ansatte" if person in STAFF else "mitid")
    return visitor


@pytest.fixture(scope="module")
def places(whole_reception: System) -> Mapping[str, str]:
    hearing = whole_reception.open_hearing()
    case = whole_reception.respond("anna", hearing).json()["case"]
    return places_of(hearing, case)


def locked() -> Iterator[tuple[str, str, bool]]:
    """Method and path of every route that wants to know who asks, and if it does without."""
    for name, route in ROUTES.items():
        door = door_of(route)
        if isinstance(door, LockedDoor):
            method, path = name.split(" ")
            yield method, path, door.is_ajar


ENDED: Final = {
    "withdraw", "close", "claim", "release", "complete", "accept", "read",
}  # fmt: skip
"""What needs no body would be done; with a body of another kind all get as far as that."""


def ask(visitor: Visitor, method: str, path: str, **headers: str) -> httpx.Response:
    plain = {"Content-Type": "text/plain"} if path.rpartition("/")[2] in ENDED else {}
    # Whoever is let in to a stream would stay.
    stream = {"Last-Event-ID": "x"} if path.endswith("/stream") else {}
    return visitor.ask(
        method, HOME + path, {"Idempotency-Key": key(), **plain, **stream, **headers}
    )


@pytest.mark.parametrize("person", ["anna", "bo", "tomrer", "karen", "erik", "rikke"])
def test_a_session_opens_what_a_token_opens(
    system: System, places: Mapping[str, str], person: str
) -> None:
    visitor = logged_in(system, person)
    own = {"Sec-Fetch-Site": "same-origin", "Julelys-CSRF": visitor.token()}
    for method, path, _ in locked():
        if path.startswith("/me"):
            continue
        at = path.format_map(places)
        by_session = ask(visitor, method, at, **own)
        by_token = ask(Visitor(system, {}), method, at, **system.headers(person))
        found = [code(each) if each.is_error else "" for each in (by_session, by_token)]
        assert found[0] == found[1], (method, path, by_session.text, by_token.text)


def test_no_change_is_made_for_another_site_or_without_the_token(
    system: System, places: Mapping[str, str]
) -> None:
    visitor = logged_in(system, "karen")
    token = visitor.token()
    other = logged_in(system, "anna").token()
    own = {"Sec-Fetch-Site": "same-origin"}
    refused: list[tuple[dict[str, str], str]] = [
        ({}, "request-cross-site"),
        ({"Julelys-CSRF": token}, "request-cross-site"),
        ({"Julelys-CSRF": token, "Origin": "https://evil.example"}, "request-cross-site"),
        ({"Julelys-CSRF": token, "Origin": "null"}, "request-cross-site"),
        *(
            (
                {"Julelys-CSRF": token, "Sec-Fetch-Site": site, "Origin": system.address},
                "request-cross-site",
            )
            for site in ("cross-site", "same-site", "none")
        ),
        (own, "csrf-token-missing"),
        (own | {"Julelys-CSRF": "x"}, "csrf-token-invalid"),
        (own | {"Julelys-CSRF": other}, "csrf-token-invalid"),
        (own | {"Julelys-CSRF": masked(other)}, "csrf-token-invalid"),
        (own | {"Julelys-CSRF": "x" * 100}, "csrf-token-invalid"),
        (own | {"Julelys-CSRF": visitor.cookies[SESSION]}, "csrf-token-invalid"),
    ]
    changing = [each for each in locked() if each[0] not in SAFE]
    assert len(changing) > 50
    for method, path, _ in changing:
        for headers, expected in refused:
            answer = ask(visitor, method, path.format_map(places), **headers)
            assert (answer.status_code, code(answer)) == (403, expected), (path, headers)


def test_a_browser_that_tells_nothing_of_the_site_tells_its_origin(system: System) -> None:
    visitor = logged_in(system, "anna")
    hearing = system.open_hearing()
    body = {"answers": dict(RESPONSE_ANSWERS), "about": hearing}
    token = masked(visitor.token())
    headers = {"Idempotency-Key": key(), "Julelys-CSRF": token, "Origin": system.address}
    answer = visitor.ask("POST", f"{HOME}{RESPONSES}", headers, body)
    assert answer.status_code == 201, answer.text
    position = answer.headers["Julelys-Position"]
    path = f"{HOME}/cases/{answer.json()['case']}"
    assert visitor.get(path, Julelys_Position=position).status_code == 200


def test_reading_takes_no_token(system: System) -> None:
    visitor = logged_in(system, "anna")
    assert visitor.get(f"{HOME}/cases", Sec_Fetch_Site="cross-site").status_code == 200


def test_a_session_and_a_token_at_once_are_refused(
    system: System, places: Mapping[str, str]
) -> None:
    visitor = logged_in(system, "anna")
    for method, path, _ in locked():
        answer = ask(visitor, method, path.format_map(places), **system.headers("anna"))
        assert (answer.status_code, code(answer)) == (400, "login-ambiguous")


def test_who_has_logged_in_does_not_submit_as_nobody(system: System) -> None:
    hearing = system.open_hearing()
    visitor = logged_in(system, "anna")

    def respond() -> httpx.Response:
        body = {"answers": dict(RESPONSE_ANSWERS), "about": hearing}
        return visitor.post(f"{HOME}{RESPONSES}", body, **{"Idempotency-Key": key()})

    first = respond()
    case = first.json()["case"]
    assert system.get("anna", f"/cases/{case}", after=first).status_code == 200
    system.clock.set(START + timedelta(hours=1))
    answer = respond()
    assert (answer.status_code, code(answer)) == (401, "session-ended")
    assert answer.headers["WWW-Authenticate"] == 'Bearer realm="julelys"'
    assert visitor.post(f"{HOME}/logout").json()["address"] is None
    anonymous = respond()
    assert (anonymous.status_code, "receipt_pdf" in anonymous.json()) == (201, True)


def test_a_session_that_is_over_is_over_at_every_route(
    system: System, places: Mapping[str, str]
) -> None:
    visitor = logged_in(system, "karen")
    system.clock.set(START + timedelta(hours=1))
    for method, path, _ in locked():
        answer = ask(visitor, method, path.format_map(places))
        assert (answer.status_code, code(answer)) == (401, "session-ended"), path


@pytest.mark.parametrize(
    ("person", "told"),
    [
        (
            "anna",
            {
                "id": "person:anna",
                "name": "Anna Andersen",
                "roles": ["citizen"],
                "teams": [],
                "organisation": None,
                "party": "person:anna",
                "on_behalf_of": None,
            },
        ),
        (
            "karen",
            {
                "id": "staff:karen",
                "name": "Karen Kristensen",
                "roles": ["caseworker"],
                "teams": ["byggeri-natur"],
                "organisation": "hjorring",
                "party": None,
                "on_behalf_of": None,
            },
        ),
    ],
)
def test_who_i_am_is_told(system: System, person: str, told: dict[str, object]) -> None:
    visitor = logged_in(system, person)
    mine = visitor.get(f"{HOME}/me").json()
    session = mine.pop("session")
    may = set(mine.pop("may"))
    assert {"read-public", "see-oneself"} < may
    assert ("list-own-cases" in may, "see-queue" in may) == (person == "anna", person == "karen")
    assert mine == told | {
        "level": "substantial",
        "authenticated_at": "2026-11-02T08:00:00Z",
    }
    assert session["csrf_token"] == token_of(visitor.cookies[SESSION])
    assert (session["began_at"], session["ends_at"], session["ends_at_latest"]) == (
        "2026-11-02T08:00:00Z",
        "2026-11-02T08:30:00Z",
        "2026-11-02T16:00:00Z",
    )
    by_token = system.get(person, "/me").json()
    assert by_token.pop("session") is None
    assert set(by_token.pop("may")) == may
    # Just now, whenever that is.
    assert by_token.pop("authenticated_at") is not None
    mine.pop("authenticated_at")
    assert by_token == mine


def test_who_acts_for_a_company_is_told_which(system: System) -> None:
    mine = logged_in(system, "tomrer").get(f"{HOME}/me").json()
    assert (mine["party"], mine["on_behalf_of"]) == ("company:99999991", "company:99999991")
    assert mine["name"] == "Tove Tømrer, Vendsyssel Tømrerforretning ApS"


def test_a_request_is_not_a_write(system: System) -> None:
    visitor = logged_in(system, "anna")
    assert system.config.database_url is not None
    with connect(system.config.database_url, "hjorring") as db:

        def row() -> tuple[object, ...]:
            found = db.execute(
                "SELECT xmin::text, used_at FROM login_session WHERE owner = 'person:anna'"
                " ORDER BY began_at DESC, id DESC LIMIT 1"
            ).fetchone()
            assert found is not None
            return found

        before = row()
        for _ in range(20):
            assert visitor.get(f"{HOME}/cases").status_code == 200
        assert row() == before
        system.clock.set(START + timedelta(minutes=1))
        assert visitor.get(f"{HOME}/cases").status_code == 200
        assert row() != before

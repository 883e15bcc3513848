"""An open stream ends within seconds of the right to it, and so does everything else."""

import asyncio
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import Final
from urllib.parse import urlsplit

import httpx
import pytest

from services.database import connect
from tests.gateway.running import START, System, code
from tests.gateway.visiting import HOME, Visitor

WITHIN_SECONDS: Final = 5.0
RUNS: Final = 50
SEED: Final = 20261126
SESSION: Final = "__Host-julelys-session-hjorring"


@pytest.fixture
def system(reception: System) -> System:
    return reception


@contextmanager
def stream(system: System, case: str, headers: Mapping[str, str]) -> Iterator[Callable[[], float]]:
    """A stream that is open; what is given says after how many seconds it ended, once it has."""

    async def listen() -> float:
        parts = urlsplit(system.address)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        lines = [f"{name}: {value}" for name, value in headers.items()]
        request = f"GET {HOME}/cases/{case}/timeline/stream HTTP/1.1"
        writer.write("\r\n".join([request, f"Host: {parts.netloc}", *lines, "", ""]).encode())
        assert (await reader.readline()).startswith(b"HTTP/1.1 200"), case
        # The first entries of the backlog have come, so whoever listens is enrolled.
        while not (await reader.readline()).startswith(b"data:"):
            pass
        opened.set_result(None)
        # A chunk without contents is the answer's end (RFC 9112 § 7.1).
        async with asyncio.timeout(60):
            while await reader.readline() not in (b"", b"0\r\n"):
                pass
        writer.close()
        return time.monotonic()

    opened: Future[None] = Future()
    with ThreadPoolExecutor(1) as pool:
        listening = pool.submit(asyncio.run, listen())
        opened.result(timeout=30)
        began = time.monotonic()
        yield lambda: listening.result() - began


def cookie(visitor: Visitor) -> dict[str, str]:
    return {"Cookie": f"{SESSION}={visitor.cookies[SESSION]}"}


def logged_in(system: System, person: str = "anna", by: str = "mitid") -> Visitor:
    visitor = Visitor(system, {})
    visitor.log_in(person, by=by)
    return visitor


def log_out(visitor: Visitor) -> None:
    visitor.post(f"{HOME}/logout")


def end_elsewhere(visitor: Visitor) -> None:
    other = logged_in(visitor.system)
    this = visitor.get(f"{HOME}/me").json()["session"]["id"]
    assert other.post(f"{HOME}/me/sessions/{this}/end").status_code == 204


def log_in_again(visitor: Visitor) -> None:
    visitor.log_in("anna")


def log_out_at_the_issuer(visitor: Visitor) -> None:
    """Which tells us by its back channel; the browser does not come back here."""
    (name, value), *_ = visitor.issuers.items()
    answer = httpx.post(f"{visitor.issuer}/end-session", headers={"Cookie": f"{name}={value}"})
    assert answer.is_success


ENDINGS: Final = (log_out, end_elsewhere, log_in_again, log_out_at_the_issuer)


def test_a_stream_ends_with_its_session_however_that_ends(system: System) -> None:
    """Fifty times: the stream is closed within five seconds and the next request is refused."""
    chance = random.Random(SEED)
    case = system.case("anna")
    longest = 0.0
    for batch in range(RUNS // 10):
        visitors = [logged_in(system) for _ in range(10)]
        kept = [Visitor(system, dict(visitor.cookies)) for visitor in visitors]
        endings = [chance.choice(ENDINGS) for _ in visitors]
        for seen in _ended(system, case, visitors, endings):
            longest = max(longest, seen)
        for visitor, ending in zip(kept, endings, strict=True):
            refused = visitor.get(f"{HOME}/cases/{case}/timeline")
            assert code(refused) == "session-ended", (batch, ending)
    assert longest <= WITHIN_SECONDS


def _ended(
    system: System,
    case: str,
    visitors: Sequence[Visitor],
    endings: Sequence[Callable[[Visitor], None]],
) -> list[float]:
    """How long after it had ended each one's stream did."""
    with ExitStack() as stack:
        streams = [
            (stack.enter_context(stream(system, case, cookie(visitor))), time.monotonic())
            for visitor in visitors
        ]
        at = []
        for visitor, ending in zip(visitors, endings, strict=True):
            ending(visitor)
            at.append(time.monotonic())
        return [began + ended() - over for (ended, began), over in zip(streams, at, strict=True)]


def test_a_stream_ends_when_its_session_was_not_used_for_too_long(system: System) -> None:
    case, visitor = system.case("anna"), logged_in(system)
    with stream(system, case, cookie(visitor)) as ended:
        system.clock.set(START + timedelta(minutes=31))
        assert ended() <= WITHIN_SECONDS
    assert code(visitor.get(f"{HOME}/cases")) == "session-ended"


def test_a_stream_ends_when_its_person_has_other_roles(system: System) -> None:
    """Which is told by the id that a renewal gives the session then (`test_login_renewal.py`)."""
    case, visitor = system.case("anna"), logged_in(system, "karen", by="ansatte")
    this = visitor.get(f"{HOME}/me").json()["session"]["id"]
    conninfo = system.config.database_url
    assert conninfo is not None
    with stream(system, case, cookie(visitor)) as ended:
        with connect(conninfo, "hjorring") as db:
            db.execute("UPDATE login_session SET id = gen_random_uuid() WHERE id = %s", [this])
        assert ended() <= WITHIN_SECONDS


def test_a_stream_of_another_session_stays_open(system: System) -> None:
    case, visitor, phone = system.case("anna"), logged_in(system), logged_in(system)
    with stream(system, case, cookie(phone)) as phones:
        with stream(system, case, cookie(visitor)) as ended:
            log_out(visitor)
            assert ended() <= WITHIN_SECONDS
        assert phone.get(f"{HOME}/cases/{case}/timeline").status_code == 200
        log_out(phone)
        assert phones() <= 3 * WITHIN_SECONDS


def test_a_stream_ends_when_a_party_leaves(system: System) -> None:
    case, visitor = system.case("anna"), logged_in(system, "bo")
    system.post("karen", f"/cases/{case}/parties", {"party": "person:bo", "role": "neighbour"})
    with stream(system, case, cookie(visitor)) as ended:
        left = system.post("karen", f"/cases/{case}/parties/remove", {"party": "person:bo"})
        assert left.status_code == 204, left.text
        assert ended() <= WITHIN_SECONDS
    assert code(visitor.get(f"{HOME}/cases/{case}/timeline")) == "case-not-found"


def test_a_stream_ends_when_somebody_represents_nobody_any_longer(system: System) -> None:
    case, visitor = system.case("anna"), logged_in(system, "tomrer")
    between = {"party": "person:anna", "representative": "company:99999991"}
    appointed = system.post(
        "karen", f"/cases/{case}/representatives/appoint", between | {"basis": "guardianship"}
    )
    assert appointed.is_success, appointed.text
    with stream(system, case, cookie(visitor)) as ended:
        done = system.post("anna", f"/cases/{case}/representatives/end", between)
        assert done.status_code == 204, done.text
        assert ended() <= WITHIN_SECONDS
    assert code(visitor.get(f"{HOME}/cases/{case}/timeline")) == "case-not-found"


def test_a_stream_ends_when_another_team_gets_the_case(system: System) -> None:
    case, visitor = system.case("anna"), logged_in(system, "karen", by="ansatte")
    with stream(system, case, cookie(visitor)) as ended:
        body = {"team": "ejendomsdata", "reason": "Hører til dér."}
        moved = system.post("karen", f"/cases/{case}/transfer", body)
        assert moved.is_success, moved.text
        assert ended() <= WITHIN_SECONDS
    assert code(visitor.get(f"{HOME}/cases/{case}/timeline")) == "lookup-reason-missing"

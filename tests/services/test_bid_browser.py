"""What bidders' and members' browsers do is what we do: each opens what the other has sealed."""

import json
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from events.ids import ActorId
from events.tender_bid import SealedShare
from gateway.web.assets import OWN
from gateway.web.packages import fetched
from services.bidding.contents import BidFile, Contents, packed, padded_size
from services.bidding.envelope import (
    Binding,
    Committee,
    opened,
    opened_share,
    require_share,
    seal,
)

PASSWORD = "hund på tværs af æblet"  # noqa: S105 - of a key that lives as long as the test
BID = Contents(
    price_minor=99_950,
    files=(
        BidFile(name="tilbud 🏗 æøå.pdf", media_type="application/pdf", content=bytes(range(256))),
        BidFile(name='"\\ .txt', media_type="", content=b""),
    ),
)


class Sealer:
    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def ask(self, ask: str, **given: object) -> dict[str, object]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps({"ask": ask, **given}) + "\n")
        self._process.stdin.flush()
        told = json.loads(self._process.stdout.readline())
        assert isinstance(told, dict)
        return told


@pytest.fixture(scope="module")
def sealer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sealer]:
    node, packages = shutil.which("node"), fetched()
    if node is None or packages is None:
        pytest.skip("No Node, or no packages of npm: python -m gateway assets fetches them.")
    folder = tmp_path_factory.mktemp("sealer")
    (folder / "node_modules").symlink_to(packages)
    (folder / "package.json").write_text('{"type": "module"}')
    shutil.copy(OWN / "sealing.js", folder)
    shutil.copy(Path(__file__).parent / "bid_sealer.mjs", folder)
    with subprocess.Popen(
        [node, "--no-warnings", "bid_sealer.mjs"],
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Sealer(process)
        process.kill()


def as_told(contents: Contents) -> dict[str, object]:
    files = [
        {"name": each.name, "type": each.media_type, "content": each.content.hex()}
        for each in contents.files
    ]
    return {"price_minor": contents.price_minor, "files": files}


def in_words(committee: Committee) -> dict[str, object]:
    keys = {member: key.hex() for member, key in committee.keys.items()}
    return {"threshold": committee.threshold, "keys": keys}


def test_the_same_bid_is_the_same_bytes(sealer: Sealer) -> None:
    assert sealer.ask("packed", contents=as_told(BID))["packed"] == packed(BID).hex()
    for size in (65_000, 65_600, 131_071, 131_073, 1_000_003):
        large = Contents(
            price_minor=None,
            files=(BidFile(name="a", media_type="b", content=bytes(size)),),
        )
        told = str(sealer.ask("packed", contents=as_told(large))["packed"])
        assert len(told) // 2 == padded_size(len(told) // 2) == len(packed(large))


def test_what_a_browser_seals_we_open(sealer: Sealer) -> None:
    private = {ActorId(f"staff:{name}"): X25519PrivateKey.generate() for name in "abcde"}
    committee = Committee(
        threshold=3,
        keys={member: key.public_key().public_bytes_raw() for member, key in private.items()},
    )
    assert sealer.ask("digest", committee=in_words(committee))["digest"] == committee.digest
    binding = Binding(
        tender="t", lot="1", bidder="company:æ", version=7, committee=committee.digest
    )
    made = sealer.ask(
        "seal",
        contents=as_told(BID),
        binding={"tender": "t", "lot": "1", "bidder": "company:æ", "version": 7},
        committee=in_words(committee),
    )
    assert isinstance(made["shares"], list)
    shares = [SealedShare(**each) for each in made["shares"]]
    given = [
        opened_share(each, private[each.member].private_bytes_raw(), binding) for each in shares
    ]
    sealed, commitment = bytes.fromhex(str(made["sealed"])), str(made["commitment"])
    assert opened(sealed, commitment, given[1:4], 3, binding) == BID


def test_what_we_seal_members_open_in_their_browsers(sealer: Sealer) -> None:
    members = [ActorId(f"staff:{name}") for name in "abc"]
    keys = {member: sealer.ask("keys", password=PASSWORD) for member in members}
    committee = Committee(
        threshold=2,
        keys={member: bytes.fromhex(str(each["publicKey"])) for member, each in keys.items()},
    )
    binding = Binding(tender="t", lot="2", bidder="b", version=1, committee=committee.digest)
    bound = {
        "tender": "t", "lot": "2", "bidder": "b", "version": 1, "committee": committee.digest,
    }  # fmt: skip
    made = seal(BID, binding, committee)
    given = []
    for share in made.shares[:2]:
        told = sealer.ask(
            "open",
            share=_told(share),
            file=keys[share.member]["file"],
            password=PASSWORD,
            bound=bound,
        )
        given.append(bytes.fromhex(str(told["share"])))
        require_share(given[-1], share, binding)
    assert opened(made.sealed, made.commitment, given, 2, binding) == BID

    own, file = made.shares[0], keys[members[0]]["file"]
    for spoilt, code in (
        ({"password": "another"}, "password-wrong"),
        ({"file": "{}"}, "key-file-unreadable"),
        ({"file": "no JSON"}, "key-file-unreadable"),
        ({"share": _told(made.shares[1])}, "share-foreign"),
        ({"bound": bound | {"version": 2}}, "share-foreign"),
        ({"share": _told(own) | {"commitment": "0" * 64}}, "share-corrupted"),
    ):
        right = {"share": _told(own), "file": file, "password": PASSWORD, "bound": bound}
        assert sealer.ask("open", **(right | spoilt)) == {"refused": code}


def _told(share: SealedShare) -> dict[str, str]:
    return {
        "member": share.member,
        "key_id": share.key_id,
        "commitment": share.commitment,
        "sealed": share.sealed,
    }

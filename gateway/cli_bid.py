"""Commands for companies that automate their bids: seal one, and hold a receipt against it.

Nothing is sent: `bid seal` makes the file that the page of the tender takes, or
`POST /tenders/{tender}/bids`; byte for byte what the page itself makes in a browser.
"""

import json
import mimetypes
import sys
from datetime import datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from typing import Annotated, Final, NoReturn

import typer
from pydantic import BaseModel, ConfigDict, ValidationError
from rich.console import Console

from events.ids import ActorId
from services.bidding.bid_file import BidFileUnreadable, Heading, read, written
from services.bidding.contents import BidFile, Contents
from services.bidding.envelope import Binding, Committee, seal
from services.bidding.receipts import ReceiptNotSigned, verified

app: Final = typer.Typer(help="Seal bids for tenders, as the page of a tender does.")
console: Final = Console(stderr=True)

ORE: Final = 100


class _Member(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    member: str
    public_key: str


class _Committee(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    threshold: int
    digest: str
    members: list[_Member]


class _Lot(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    lot: str
    title: str
    next_version: int


class _Tender(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    tender: str


class _Bidding(BaseModel):
    """What is needed of the answer to `GET /bidding/{tender}`."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    tender: _Tender
    bidder: str
    committee: _Committee | None
    lots: list[_Lot]


class _Receipt(BaseModel):
    """What is told beside the signature must be as it was signed, whatever it is."""

    model_config = ConfigDict(extra="allow", frozen=True)

    signed: str


class _Keys(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    keys: list[dict[str, str]]


UNSIGNED: Final = {
    "receipt-malformed": "The receipt holds no signature of ours, or the keys are none.",
    "receipt-key-unknown": "The receipt names a key that is not among these: fetch /receipt-keys.",
    "receipt-forged": "The receipt was not signed by the key that it names. Do not rely on it.",
}


@app.command("seal")
def seal_command(
    bidding: Annotated[
        Path, typer.Argument(help="The answer to GET /bidding/{tender}; - is stdin.")
    ],
    files: Annotated[list[Path], typer.Argument(help="The files of the bid.")],
    out: Annotated[Path, typer.Option(help="Where the sealed bid is written.")],
    lot: Annotated[str, typer.Option(help="The lot's number.")] = "1",
    price: Annotated[str | None, typer.Option(help="Kroner without VAT: 1250000.50")] = None,
) -> None:
    """Seal a bid to the committee of its tender; nobody else can open it, you neither."""
    told = _told(bidding)
    committee = _committee(told)
    version = next((each.next_version for each in told.lots if each.lot == lot), None)
    if version is None:
        _fail(f"The tender has no lot {lot}; it has {', '.join(each.lot for each in told.lots)}.")
    binding = Binding(
        tender=told.tender.tender,
        lot=lot,
        bidder=told.bidder,
        version=version,
        committee=committee.digest,
    )
    try:
        contents = Contents(price_minor=_ore(price), files=tuple(map(_file, files)))
        sealed = seal(contents, binding, committee)
    except (OSError, ValueError) as wrong:
        _fail(str(wrong))
    content = written(binding, sealed)
    out.write_bytes(content)
    print(  # noqa: T201  # for programs
        json.dumps(
            {
                "file": str(out),
                "sha256": sha256(content).hexdigest(),
                "size": len(content),
                "commitment": sealed.commitment,
                "version": version,
            }
        )
    )


@app.command("verify")
def verify_command(
    sealed: Annotated[Path, typer.Argument(help="The sealed bid that was sent.")],
    receipt: Annotated[Path, typer.Argument(help="The receipt that came back, as JSON.")],
    keys: Annotated[Path, typer.Argument(help="The answer to GET /receipt-keys.")],
) -> None:
    """Say whether a receipt is for this very file, and signed by the organisation that published
    the keys; the exit status is 1 where it is not.
    """
    try:
        content, heading = _sealed(sealed)
        told = _Receipt.model_validate_json(receipt.read_bytes())
        published = _Keys.model_validate_json(keys.read_bytes()).keys
        signed = verified(told.signed, published)
    except (OSError, ValueError, BidFileUnreadable) as wrong:
        _fail(f"It cannot be read: {wrong or sealed}")
    except ReceiptNotSigned as wrong:
        _fail(UNSIGNED[wrong.code])
    found = {
        "sha256": sha256(content).hexdigest(),
        "size": len(content),
        "commitment": heading.commitment,
        "tender": heading.binding.tender,
        "lot": heading.binding.lot,
        "version": heading.binding.version,
    }
    differ = [name for name, value in found.items() if signed.get(name) != value]
    if differ:
        _fail(f"The receipt is for another bid; these differ: {', '.join(differ)}.")
    others = told.model_dump(exclude={"signed"}).items()
    changed = [name for name, value in others if not _is_same(value, signed.get(name))]
    if changed:
        _fail(f"The receipt was changed; not as they were signed: {', '.join(changed)}.")
    console.print(
        f"{signed.get('organisation')} has signed that this file was received "
        f"{signed.get('received_at')}, at position {signed.get('position')}."
    )


def _is_same(told: object, signed: object) -> bool:
    """The same moment may be written in more than one way."""
    if told == signed or not (isinstance(told, str) and isinstance(signed, str)):
        return told == signed
    try:
        return datetime.fromisoformat(told) == datetime.fromisoformat(signed)
    except ValueError:
        return False


def _sealed(path: Path) -> tuple[bytes, Heading]:
    content = path.read_bytes()
    return content, read(content)[0]


def _told(bidding: Path) -> _Bidding:
    try:
        text = sys.stdin.read() if str(bidding) == "-" else bidding.read_text(encoding="utf-8")
        return _Bidding.model_validate_json(text)
    except (OSError, ValidationError) as wrong:
        _fail(f"{bidding} is not the answer to GET /bidding/{{tender}}: {wrong}")


def _committee(told: _Bidding) -> Committee:
    if told.committee is None:
        _fail("The tender has no committee to seal to yet.")
    keys = {ActorId(each.member): bytes.fromhex(each.public_key) for each in told.committee.members}
    committee = Committee(threshold=told.committee.threshold, keys=keys)
    if committee.digest != told.committee.digest:
        _fail("The committee's keys are not those of its digest. Do not bid; ask the authority.")
    return committee


def _file(path: Path) -> BidFile:
    kind, _ = mimetypes.guess_type(path.name)
    return BidFile(
        name=path.name,
        media_type=kind or "application/octet-stream",
        content=path.read_bytes(),
    )


def _ore(price: str | None) -> int | None:
    if price is None:
        return None
    try:
        ore = Decimal(price) * ORE
    except InvalidOperation:
        _fail(f"{price} is no price; write 1250000.50")
    if ore != ore.to_integral_value() or ore < 0:
        _fail(f"{price} is no price in whole øre.")
    return int(ore)


def _fail(words: str) -> NoReturn:
    console.print(words, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(1)

"""Bids sealed by the command line: what the committee opens, and receipts held against the file."""

import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import unquote
from uuid import UUID

import pytest
from joserfc import jws
from joserfc.jwk import OKPKey
from typer.testing import CliRunner

from gateway.cli import app
from gateway.web.bid_pages import receipt_file
from services.bidding.bid_file import read
from services.bidding.receipts import FORM, ReceiptNotSigned, Signer, retire, verified
from services.database import connect
from tests.files import PDF
from tests.gateway.running import START, System
from tests.gateway.tendering import Tendering, done, published


@pytest.fixture(scope="module")
def running(whole_system: System) -> Tendering:
    whole_system.clock.set(START)
    return published(whole_system)


def run(*arguments: object) -> tuple[int, str]:
    done_ = CliRunner().invoke(app, ["bid", *map(str, arguments)])
    return done_.exit_code, done_.output


def sealed(running: Tendering, folder: Path, *more: object) -> tuple[int, str, Path]:
    bidding, file, out = folder / "bidding.json", folder / "tilbud.pdf", folder / "bud.jlsb"
    bidding.write_text(running.bidding("tomrer").model_dump_json())
    file.write_bytes(PDF)
    return *run("seal", bidding, file, "--out", out, *more), out


def test_a_bid_that_is_sealed_there_is_opened_and_its_receipt_is_for_it(
    running: Tendering, tmp_path: Path
) -> None:
    status, told, out = sealed(running, tmp_path, "--price", "1250000.50")
    assert status == 0, told
    receipt = tmp_path / "receipt.json"
    receipt.write_bytes(done(running.send("tomrer", out.read_bytes())).content)
    assert json.loads(told)["sha256"] == json.loads(receipt.read_text())["sha256"]
    keys = published_keys(running, tmp_path)
    status, told = run("verify", out, receipt, keys)
    assert (status, "hjorring has signed" in told) == (0, True)
    _, _, other = sealed(running, tmp_path, "--lot", "2")
    status, told = run("verify", other, receipt, keys)
    assert status == 1
    assert "differ" in told
    running.close()
    running.open("omar", "per")
    assert [each.price_minor for each in running.evaluation().bids] == [1_250_000_50]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--lot", "9"), "no lot 9"),
        (("--price", "billigt"), "no price"),
        (("--price", "1.005"), "whole øre"),
    ],
)
def test_what_is_wrong_is_said(
    running: Tendering, tmp_path: Path, options: tuple[str, str], said: str
) -> None:
    status, told, out = sealed(running, tmp_path, *options)
    assert (status, said in told, out.exists()) == (1, True, False)


def published_keys(running: Tendering, folder: Path) -> Path:
    keys = folder / "keys.json"
    keys.write_bytes(done(running.system.get(None, "/receipt-keys")).content)
    return keys


def test_a_receipt_is_what_was_signed_or_none(running: Tendering, tmp_path: Path) -> None:
    """`running` may have closed: what is held against a receipt needs no tender."""
    fresh = published(running.system)
    _, _, out = sealed(fresh, tmp_path)
    receipt = done(fresh.send("tomrer", out.read_bytes())).json()
    keys = published_keys(fresh, tmp_path)
    told = tmp_path / "told.json"
    for changed, said in (
        ({"received_at": "2020-01-01T00:00:00+00:00"}, "was changed"),
        ({"signed": receipt["signed"][:-8] + "AAAAAAAA"}, "not signed by the key"),
        ({"signed": "nonsense"}, "no signature of ours"),
        ({"received_at": in_utc(receipt["received_at"])}, "has signed"),
        ({}, "has signed"),
    ):
        told.write_text(json.dumps(receipt | changed))
        status, words = run("verify", out, told, keys)
        assert (status, said in words) == (0 if said == "has signed" else 1, True), words
    # As the page of the tender saves it.
    [own] = fresh.bidding("tomrer").bids
    told.write_text(unquote(receipt_file(UUID(fresh.tender), own).partition(",")[2]))
    assert run("verify", out, told, keys)[0] == 0
    keys.write_text('{"keys": []}')
    assert "not among these" in run("verify", out, told, keys)[1]


def in_utc(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).isoformat()


def test_a_key_is_retired_and_its_receipts_are_still_believed(
    running: Tendering, tmp_path: Path
) -> None:
    fresh = published(running.system)
    _, _, out = sealed(fresh, tmp_path)
    told = tmp_path / "told.json"
    told.write_bytes(done(fresh.send("tomrer", out.read_bytes())).content)
    [first, *_] = json.loads(published_keys(fresh, tmp_path).read_text())["keys"]
    with connect(str(fresh.system.config.database_url), "hjorring") as db:
        assert retire(db) == first["kid"]
        assert retire(db) is None
        rows = db.execute("SELECT private_key IS NULL FROM receipt_key").fetchall()
    assert all(gone for (gone,) in rows)
    keys = published_keys(fresh, tmp_path)
    kids = [each["kid"] for each in json.loads(keys.read_text())["keys"]]
    assert kids[1] == first["kid"] != kids[0]
    assert run("verify", out, told, keys)[0] == 0
    [own] = fresh.bidding("tomrer").bids
    assert jws.extract_compact(own.signed.encode()).headers()["kid"] == kids[0]


@pytest.mark.parametrize("algorithm", ["none", "HS256", "EdDSA"])
def test_the_algorithm_is_ours_to_choose(algorithm: str) -> None:
    key = OKPKey.generate_key("Ed25519")
    signed = Signer(organisation="hjorring", key=key).sign({"lot": "1"})
    header = {"alg": algorithm, "kid": key.thumbprint(), "typ": FORM}
    first = urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    public = {name: str(value) for name, value in key.as_dict(private=False).items()}
    assert verified(signed, [public]) == {"organisation": "hjorring", "lot": "1"}
    with pytest.raises(ReceiptNotSigned, match="receipt-malformed"):
        verified(".".join([first, *signed.split(".")[1:]]), [public])
    # A key that is called as another's thumbprint is not that key.
    other = OKPKey.generate_key("Ed25519").as_dict(private=False)
    lying = {**{name: str(value) for name, value in other.items()}, "kid": key.thumbprint()}
    with pytest.raises(ReceiptNotSigned, match="receipt-key-unknown"):
        verified(signed, [lying])


def test_keys_that_are_not_those_of_the_digest_are_not_sealed_to(
    running: Tendering, tmp_path: Path
) -> None:
    told = json.loads(running.bidding("tomrer").model_dump_json())
    told["committee"]["members"][0]["public_key"] = "11" * 32
    lying, file = tmp_path / "lying.json", tmp_path / "a.txt"
    lying.write_text(json.dumps(told))
    file.write_text("Vi gør det.")
    status, said = run("seal", lying, file, "--out", tmp_path / "a.jlsb")
    assert (status, "Do not bid" in said) == (1, True)
    assert run("seal", tmp_path / "none.json", file, "--out", tmp_path / "a.jlsb")[0] == 1


def test_a_file_from_the_command_line_is_bound_as_the_page_binds_it(
    running: Tendering, tmp_path: Path
) -> None:
    _, _, out = sealed(running, tmp_path)
    heading, _ = read(out.read_bytes())
    assert (heading.binding.tender, heading.binding.bidder) == (running.tender, "company:99999991")

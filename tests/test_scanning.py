"""The scan for words at rest sees what is there; else, that it finds nothing would say nothing."""

import base64
import gzip
import json
import random
from urllib.parse import quote

import pytest

from tests.scanning import found, spellings

WORD = "zqxblåbær"


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("utf-8", f"en {WORD} her".encode()),
        ("utf-8", f"en {WORD.upper()} her".lower().encode()),
        ("utf-16-le", f"en {WORD} her".encode("utf-16-le")),
        ("utf-16-be", f"en {WORD} her".encode("utf-16-be")),
        ("latin-1", f"en {WORD} her".encode("latin-1")),
        ("hex", f"en {WORD} her".encode().hex().encode()),
        ("hex", f"en {WORD} her".encode().hex().upper().encode()),
        ("base64", base64.b64encode(f"en {WORD} her".encode())),
        ("base64", base64.b64encode(f"1{WORD} her".encode())),
        ("base64", base64.urlsafe_b64encode(f"ab{WORD} her".encode())),
        ("base64", base64.b64encode(f"abc{WORD}".encode())),
        ("url", quote(f"en {WORD} her").encode()),
        ("json", json.dumps(f"en {WORD} her").encode()),
        ("gzip of utf-8", b"first" + gzip.compress(f"en {WORD} her".encode(), mtime=0) + b"last"),
    ],
)
def test_each_spelling_is_seen(name: str, written: bytes) -> None:
    assert name in found([WORD], b"before" + written + b"after")


def test_it_is_seen_at_the_end_of_much_that_is_packed() -> None:
    packed = gzip.compress(
        random.Random(1).randbytes(200_000).hex().encode() + WORD.encode(), mtime=0
    )
    assert found([WORD], packed + b"after") == {"gzip of utf-8"}
    assert found([WORD], packed[:-5_000]) == set()


def test_nothing_is_seen_where_nothing_is() -> None:
    assert found([WORD], b"zqxbl" * 100 + bytes(range(256))) == set()
    assert len(spellings(WORD)) == 8

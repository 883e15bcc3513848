"""An organisation's `post.yaml`: what it gives, and every mistake in it by line and remedy."""

from pathlib import Path

import pytest

from services.catalogue.mistakes import CatalogueInvalid
from services.config import ROOT
from services.post.description import PostEndpoint, PostFolder
from services.post.settings import FILE

GOOD = """\
site: https://selvbetjening.testby.example
sender: Testby Kommune <ingen-svar@testby.example>
bounces_to: retur@testby.example
smtp: {host: smtp.testby.example, username: julelys, password_variable: PASSWORD}
digital_post:
  kind: https
  sender: {cvr: "99999990", label: Testby Kommune}
  url: https://exttest.serviceplatformen.dk/service/KombiPostAfsend_1/memos
  certificate: oces.pem
  token_variable: TOKEN
"""
SECRETS = {"PASSWORD": "kodeord", "TOKEN": "adgang", "OTHER": "x"}


def put(folder: Path, text: str) -> Path:
    (folder / "post.yaml").write_text(text, encoding="utf-8")
    (folder / "oces.pem").touch()
    return folder


def test_the_demos_own_settings_are_sound() -> None:
    hjorring = FILE.load(ROOT / "organisations/hjorring", {})
    vejle = FILE.load(ROOT / "organisations/vejle", {})
    assert hjorring is not None
    assert isinstance(hjorring.described.digital_post, PostFolder)
    assert vejle is not None
    assert vejle.described.digital_post is None


def test_a_file_is_read_whole_with_the_secrets_it_names(tmp_path: Path) -> None:
    found = FILE.load(put(tmp_path, GOOD), SECRETS)
    assert found is not None
    assert isinstance(found.described.digital_post, PostEndpoint)
    assert found.secret("PASSWORD") == "kodeord"
    assert found.secret_if_named(None) is None
    assert set(found.secrets) == {"PASSWORD", "TOKEN"}
    assert "kodeord" not in repr(found)
    assert found.beside("oces.pem") == tmp_path / "oces.pem"


def test_an_organisation_without_the_file_tells_nobody(tmp_path: Path) -> None:
    assert FILE.load(tmp_path, {}) is None
    assert FILE.check(tmp_path) == []


@pytest.mark.parametrize(
    ("good", "bad", "place"),
    [
        ("https://selvbetjening", "http://selvbetjening", "site"),
        ("testby.example\nsender", "testby.example/\nsender", "site"),
        ("retur@testby.example", "retur", "bounces_to"),
        (", username: julelys", "", "smtp"),
        ("smtp.testby.example,", "smtp.testby.example, tls: none,", "smtp.tls"),
        ("99999990", "9999999", "digital_post.https.sender.cvr"),
        ("certificate: oces.pem", "certificate: gone.pem", "digital_post.certificate"),
        ("kind: https", "kind: pigeon", "digital_post"),
        ("bounces_to", "bounce_to", "bounce_to"),
    ],
)
def test_a_mistake_is_told_where_it_is(tmp_path: Path, good: str, bad: str, place: str) -> None:
    assert good in GOOD
    mistakes = FILE.check(put(tmp_path, GOOD.replace(good, bad)))
    assert mistakes
    assert place.split(".", maxsplit=1)[0] in {each.path.split(".")[0] for each in mistakes}
    assert all(each.line for each in mistakes)
    assert all(each.remedy.da for each in mistakes)


def test_a_secret_without_a_value_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueInvalid) as caught:
        FILE.load(put(tmp_path, GOOD), {"PASSWORD": "kodeord"})
    assert "TOKEN" in str(caught.value)

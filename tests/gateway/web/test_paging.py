"""Pages for who is not logged in, in both languages, and what is answered to nonsense."""

import re

import httpx
import pytest

from gateway.headers import SAFE_HEADERS
from gateway.web.asking import Answer, Api, NotDone, Told
from tests.gateway.running import System, code


def ask(system: System, path: str, **headers: str) -> httpx.Response:
    named = {"Accept": "text/html"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    return httpx.get(system.address + path, headers=named)


def test_the_front_page_is_in_the_language_that_is_asked_for_and_stays_in_it(
    system: System,
) -> None:
    assert 'lang="da"' in ask(system, "/hjorring").text
    assert 'lang="en"' in ask(system, "/hjorring", Accept_Language="en-GB").text

    switched = ask(system, "/hjorring?q=jord&language=en")
    assert 'lang="en"' in switched.text
    assert "/hjorring?q=jord&amp;language=da" in switched.text
    cookie = switched.headers["Set-Cookie"].partition(";")[0]
    assert 'lang="en"' in ask(system, "/hjorring", Cookie=cookie).text


def test_only_what_the_page_names_runs_in_it(system: System) -> None:
    first, second = ask(system, "/hjorring"), ask(system, "/hjorring")
    policy = first.headers["Content-Security-Policy"]
    nonce = re.search(r"'nonce-([^']+)'", policy)
    assert nonce is not None
    assert f'nonce="{nonce[1]}"' in first.text
    assert nonce[1] not in second.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for name, value in SAFE_HEADERS:
        if name not in {b"content-security-policy", b"vary"}:
            assert first.headers.get_list(name.decode()) == [value.decode()]


def test_a_script_is_told_as_by_the_api(system: System) -> None:
    for path in ("/", "/nowhere", "/hjorring/none", "/assets/none.css"):
        told = httpx.get(system.address + path)
        assert (told.status_code, code(told)) == (404, "route-not-found")


@pytest.mark.parametrize(
    "path",
    [
        "/nowhere",
        "/nowhere/hearings",
        "/nowhere/at/all",
        "/hjorring/services/none",
        "/hjorring/none",
        "/hjorring/none/at/all",
    ],
)
def test_there_is_no_such_page(system: System, path: str) -> None:
    told = ask(system, path)
    assert (told.status_code, told.headers["Content-Type"][:9]) == (404, "text/html")
    assert "findes ikke" in told.text
    assert ('href="/hjorring"' in told.text) == path.startswith("/hjorring")


def test_below_the_api_a_browser_too_is_told_as_by_the_api(system: System) -> None:
    told = ask(system, "/api/v1/hjorring/none")
    assert (told.status_code, code(told)) == (404, "route-not-found")


def test_a_page_that_needs_a_login_leads_there_and_back(system: System) -> None:
    sent = ask(system, "/hjorring/cases?language=en")
    assert sent.status_code == 303
    assert sent.headers["Location"] == (
        "/hjorring/login?return_to=%2Fhjorring%2Fcases%3Flanguage%3Den"
    )


def test_an_organisations_mark_is_shapes_and_kept_a_day(system: System) -> None:
    mark = ask(system, "/hjorring/logo.svg")
    assert mark.headers["Content-Type"] == "image/svg+xml"
    assert mark.headers["Cache-Control"] == "public, max-age=86400"
    assert "default-src 'none'" in mark.headers["Content-Security-Policy"]


def post(system: System, path: str, content: bytes, kind: str) -> httpx.Response:
    return httpx.post(
        system.address + path, content=content, headers={"Content-Type": kind}, timeout=30
    )


FIELDS = "application/x-www-form-urlencoded"
FORM = "/hjorring/services/hearing-response/form"


def test_a_form_of_nonsense_is_told_so_and_nothing_breaks(system: System) -> None:
    fields = b"&".join(b"a%d=1" % number for number in range(600))
    assert post(system, FORM, b"\xff\xfe", "multipart/form-data").status_code == 400
    assert post(system, FORM, fields, FIELDS).status_code == 400
    # What is understood, though it makes no sense, is a form with nothing in it.
    for sent in (b"go=%FF%00&a.x=1", b"go=next:99999", b""):
        told = post(system, FORM, sent, FIELDS)
        assert told.status_code == 200
        assert "data-form" in told.text
    assert post(system, FORM, b"go=next:0&shown=position", FIELDS).status_code == 422
    assert post(system, FORM, b"go=submit:-1&about=x", FIELDS).status_code == 404


def test_a_form_that_is_too_large_is_not_read_to_its_end(system: System) -> None:
    large = b"a.response=" + b"x" * 300 * 1024
    told = post(system, "/hjorring/logout", large, FIELDS)
    assert told.status_code == 413
    assert "body-too-large" in told.text


def test_a_page_that_crashes_is_told_as_a_page_and_logged(
    system: System, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def crash(*_: object) -> None:
        raise ZeroDivisionError("what a citizen wrote")

    monkeypatch.setattr("gateway.web.public_pages._grouped", crash)
    told = ask(system, "/hjorring", Accept_Language="en")
    assert told.status_code == 500
    assert "internal-error" in told.text
    assert "what a citizen wrote" not in told.text
    assert "request_crashed" in capsys.readouterr().out


@pytest.mark.parametrize(("status", "is_told"), [(503, True), (429, True), (401, False)])
def test_who_cannot_be_known_now_is_not_shown_a_page_as_nobody(
    system: System, monkeypatch: pytest.MonkeyPatch, status: int, *, is_told: bool
) -> None:
    told = Told(type="urn:julelys:x", title="Not now", status=status, detail="Try again.")
    real = Api.read

    async def read(api: Api, path: str, shape: type[Answer], **query: str | None) -> Answer:
        if path == "/me":
            raise NotDone(told)
        return await real(api, path, shape, **query)

    monkeypatch.setattr(Api, "read", read)
    page = ask(system, "/hjorring", **system.headers("anna"))
    assert (page.status_code, "Not now" in page.text) == (
        (status, True) if is_told else (200, False)
    )

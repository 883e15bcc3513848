"""What somebody wrote to do harm is text on every page that shows it, whoever looks."""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Final

import pytest

from gateway.web.danish import HERE
from gateway.web.routes import PAGES
from tests.files import PDF
from tests.gateway.running import System

MARK: Final = "h0stile"
HOSTILE: Final = (
    f"{MARK}\"'><script>{MARK}()</script><img src=x onerror={MARK}()>"
    f"</textarea></title><svg/onload={MARK}()>{{{{7*191}}}}{{% if %}}&lt;"
    f"\u202egnisserp\u2066😀{MARK}"
)
LONG: Final = HOSTILE + "x" * 9_000
PEOPLE: Final = ("anna", "karen", "lis", "rikke", "admin", None)


@dataclass(slots=True)
class Read(HTMLParser):
    """The elements of a page, with all that is written into their attributes."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)

    def __post_init__(self) -> None:
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))


@pytest.fixture(scope="module")
def planted(whole_system: System) -> dict[str, str]:
    """A case and a hearing full of it; what stands in the paths of pages."""
    system = whole_system
    case = system.case("anna")
    document = system.upload("anna", f"{MARK}<b>.pdf", PDF)
    said = {"text": LONG, "documents": [document]}
    assert system.post("anna", f"/cases/{case}/messages", said).status_code == 201
    assert system.post("karen", f"/cases/{case}/claim").is_success
    for path, body in (
        (f"/cases/{case}/messages", {"text": HOSTILE}),
        (f"/cases/{case}/notes", {"text": LONG}),
        (
            f"/cases/{case}/information-requests",
            {"items": [{"text": HOSTILE[:200]}], "due_on": "2026-12-01"},
        ),
    ):
        done = system.post("karen", path, body)
        assert done.is_success, (path, done.text)
    closes_at = "2026-12-24T12:00:00+01:00"
    hearing = {"kind": "local-plan", "team": "byggeri-natur", "closes_at": closes_at}
    told = {"title": HOSTILE[:250], "description": LONG}
    published = system.post("karen", "/hearings", hearing | told)
    assert published.status_code == 201, published.text
    position = {"Julelys-Position": published.headers["Julelys-Position"]}
    assert system.get("anna", f"/cases/{case}", headers=position).status_code == 200
    return {
        "organisation": "hjorring",
        "case": case,
        "hearing": str(published.json()["hearing"]),
        "service": "hearing-response",
        "team": "byggeri-natur",
    }


def shown(system: System, places: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Every page that somebody may see, with the address at which it was got."""
    for route in PAGES:
        names = set(re.findall(r"\{(\w+)\}", route.path))
        if "GET" not in (route.methods or ()) or not names <= places.keys():
            continue
        path = route.path.format_map(places)
        for person in PEOPLE:
            for address in (path, f"{path}?q={MARK}%22%3E%3Cscript%3E"):
                headers = {**system.headers(person), "Accept": "text/html"}
                answer = system.client.get(system.address + address, headers=headers)
                if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
                    yield f"{address} as {person}", answer.text


def test_it_is_shown_as_text_on_every_page(system: System, planted: dict[str, str]) -> None:
    telling = set()
    for where, page in shown(system, planted):
        read = Read()
        read.feed(page)
        for tag, attributes in read.elements:
            assert not (tag in {"script", "img", "svg", "b"} and MARK in str(attributes)), where
            assert not [name for name in attributes if name.startswith("on")], where
            assert "style" not in attributes, where
        assert f"<script>{MARK}" not in page, where
        assert f"{MARK}()&gt;1337" not in page, where
        if html.escape(f"<script>{MARK}()") in page or f"&lt;script&gt;{MARK}" in page:
            telling.add(where)
    assert f"/hjorring/cases/{planted['case']} as anna" in telling
    assert f"/hjorring/hearings/{planted['hearing']} as None" in telling
    assert len(telling) >= 8


def test_no_template_trusts_what_it_is_given() -> None:
    files = [*HERE.glob("templates/**/*.html"), *HERE.glob("*.py")]
    assert len(files) > 40
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert not re.search(r"\|\s*safe\b|autoescape (false|off)|Markup\(", text), file.name
        if file.suffix == ".html":
            assert not re.search(r"<[^>]*\son[a-z]+=", text), file.name
            assert not re.search(r"<[^>]*\sstyle=", text), file.name
            assert "javascript:" not in text, file.name

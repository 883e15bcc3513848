"""What is wrong with a page for those who look at it: by axe, by its width, by what it asks for."""

import json
from base64 import b64decode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

import html5lib
import pytest
from html5lib.html5parser import ParseError
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from gateway.web.assets import PREFIX, gathered
from gateway.web.packages import fetched
from services.config import ROOT

SCREENSHOTS: Final = ROOT / ".screenshots"
FIRST_VISIT_AT_MOST: Final = 150 * 1024
NEXT_AT_MOST: Final = 20 * 1024
"""Bytes, packed: a page with its files, and a page whose files the browser has."""

NARROWEST: Final = 320
"""CSS pixels: a phone, or 400 % of a usual screen (WCAG 2.2, 1.4.10)."""
WIDTHS: Final = (NARROWEST, 768, 1280)
"""A phone, a tablet, a screen."""
HEIGHT: Final = 900

_TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
_AXE: Final = """async (options) => {
    const found = await axe.run(document, options);
    return found.violations.map(each =>
        [each.id, each.help, ...each.nodes.map(node => node.target.join(" ") + " " +
            (node.any[0]?.message ?? node.all[0]?.message ?? ""))].join("\\n    "));
}"""


def axe_of() -> str:
    """The text of axe-core.

    Without the packages of the pages the test that asks is skipped.
    """
    packages = fetched()
    if packages is None:
        pytest.skip("No packages of npm: python -m gateway assets fetches them.")
    return (packages / "axe-core" / "axe.min.js").read_text(encoding="utf-8")


@dataclass  # without slots: Playwright keeps what it wraps on whom a method belongs to
class Watched:
    """A page, with all that it complained of and asked for."""

    page: Page
    site: str
    complaints: list[str] = field(default_factory=list)
    files: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._asked)

    def _said(self, message: ConsoleMessage) -> None:
        # A page whose status says that something is missing or wrong is no complaint of its own.
        if message.type in {"error", "warning"} and "responded with a status" not in message.text:
            self.complaints.append(message.text)

    def _asked(self, request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.path.startswith(PREFIX):
            self.files.add(asked.path)
        # A PDF is shown by a part of the browser, which asks for its own resources.
        is_browsers_own = asked.scheme.startswith("chrome")
        if not is_browsers_own and asked.netloc not in {"", urlsplit(self.site).netloc}:
            self.complaints.append(f"asked {asked.netloc}")


def weights_of(document: Response, files: Iterable[str]) -> tuple[int, int]:
    """Bytes that are sent for a page, packed: by itself, and with its files at a first visit."""
    lying = {asset.address: asset for asset in gathered()}
    sent = (lying[each].gzipped or lying[each].content for each in files)
    page = document.request.sizes()["responseBodySize"]
    return page, page + sum(map(len, sent))


def violations(page: Page, axe: str, rules: Sequence[str] = ()) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA, or by some of its rules only."""
    page.evaluate(axe)
    only: dict[str, object] = (
        {"type": "rule", "values": [*rules]} if rules else {"type": "tag", "values": _TAGS}
    )
    found = page.evaluate(_AXE, {"runOnly": only, "resultTypes": ["violations"]})
    assert isinstance(found, list)
    return found


def mistakes_of(html: str) -> Iterator[str]:
    """What is wrong with a document by the HTML standard."""
    try:
        html5lib.HTMLParser(strict=True).parse(html)
    except ParseError as error:
        yield f"{type(error).__name__}: {error}"


def photographed(page: Page, name: str) -> list[str]:
    """Keep what it looks like at three widths; the widths at which one must scroll sideways."""
    SCREENSHOTS.mkdir(exist_ok=True)
    too_wide: list[str] = []
    for width in WIDTHS:
        too_wide += beyond_the_edge(page, width)
        (SCREENSHOTS / f"{name}-{width}.png").write_bytes(_picture(page))
    return too_wide


def _picture(page: Page) -> bytes:
    """PNG of the whole page, packed in a hurry: that takes the browser half as long."""
    asked = page.context.new_cdp_session(page)
    size = asked.send("Page.getLayoutMetrics")["cssContentSize"]
    whole = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
    how = {"captureBeyondViewport": True, "optimizeForSpeed": True, "clip": whole}
    taken = asked.send("Page.captureScreenshot", how)
    asked.detach()
    return b64decode(taken["data"])


def beyond_the_edge(page: Page, width: int) -> list[str]:
    """What one must scroll sideways for in a window so wide."""
    page.set_viewport_size({"width": width, "height": HEIGHT})
    wide = page.evaluate(_WIDE, width)
    return [f"{width}: {json.dumps(wide)}"] if wide else []


_WIDE: Final = """(width) => {
    const found = [...document.querySelectorAll("body *")]
        .filter(each => each.getBoundingClientRect().right > width + 1)
        .filter(each => !each.closest(".table-scroll"))
        .slice(0, 5).map(each => each.outerHTML.slice(0, 120));
    const whole = document.documentElement.scrollWidth;
    return whole > width ? [...found, `the page is ${whole} wide`] : found;
}"""

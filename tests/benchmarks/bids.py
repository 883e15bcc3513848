"""How long a bidder's browser takes to seal a bid, beside the bare encryption of the same bytes."""

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from playwright.sync_api import Page, Route, sync_playwright

from gateway.web.assets import gathered
from services.ids import new_id
from tests.benchmarks.measurement import Bench, Sample, Table, interleaved, table

SIZES: Final = (1, 10, 50, 100)
"""In MiB; a bid has 100 at most."""
MEMBERS: Final = 3
THRESHOLD: Final = 2
BROWSERS: Final = ("chromium", "chromium-browser", "google-chrome")
# Keys are made in a secure context alone, which this machine's own address is.
ADDRESS: Final = "http://localhost/"

_READY: Final = """
    import { bidFile, seal } from "SEALING";
    const LONGEST = 65536;
    window.make = (mib) => {
      const content = new Uint8Array(mib * 1024 * 1024);
      for (let at = 0; at < content.length; at += LONGEST) {
        crypto.getRandomValues(content.subarray(at, at + LONGEST));
      }
      window.chosen = new File([content], "tilbud.pdf", { type: "application/pdf" });
    };
    window.sealed = async ([binding, committee]) => {
      const began = performance.now();
      const content = new Uint8Array(await window.chosen.arrayBuffer());
      const files = [{ name: window.chosen.name, type: window.chosen.type, content }];
      const made = await seal({ price_minor: 125000050, files }, binding, committee);
      const file = await bidFile(binding, committee, made);
      return [performance.now() - began, file.length];
    };
    window.plain = async () => {
      const began = performance.now();
      const content = await window.chosen.arrayBuffer();
      const how = { name: "AES-GCM", length: 256 };
      const key = await crypto.subtle.generateKey(how, false, ["encrypt"]);
      const iv = crypto.getRandomValues(new Uint8Array(12));
      const made = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, content);
      return [performance.now() - began, made.byteLength];
    };
    window.isReady = true;
"""


class NoBrowser(Exception):
    """None of the browsers that we know is on this machine."""


class Shortened(Exception):
    """Less was sealed than there was; the figure would be of another work."""


def measure(bench: Bench, skipped: list[str]) -> list[Table]:
    try:
        with _page() as page:
            return [_of_size(bench, page, mib) for mib in SIZES]
    except NoBrowser:
        skipped.append("all: no Chromium on this machine")
        return []


def _of_size(bench: Bench, page: Page, mib: int) -> Table:
    keys = {
        f"staff:{number}": X25519PrivateKey.generate().public_key().public_bytes_raw().hex()
        for number in range(MEMBERS)
    }
    committee = {"threshold": THRESHOLD, "keys": keys}
    binding = {"tender": str(new_id()), "lot": "1", "bidder": "company:1", "version": 1}
    page.evaluate("(mib) => window.make(mib)", mib)

    def timed(how: str) -> Callable[[], Sample]:
        def run() -> Sample:
            took, size = page.evaluate(f"(told) => window.{how}(told)", [binding, committee])
            if size <= mib * 1024 * 1024:
                raise Shortened
            return {"MiB/s": mib / took * 1000, "ms": took, "bytes per byte": size / mib / 1024**2}

        return run

    runs = {"plain AES-GCM": timed("plain"), "Julelys": timed("sealed")}
    return table(f"seal a bid of {mib} MiB in a browser", interleaved(bench, runs))


@contextmanager
def _page() -> Iterator[Page]:
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        raise NoBrowser
    assets = gathered()
    files = {each.address: each for each in assets}
    sealing = assets.address("sealing.js")
    imports = json.dumps({"imports": assets.imports})
    body = (
        f'<!doctype html><script type="importmap">{imports}</script>'
        f'<script type="module">{_READY.replace("SEALING", sealing)}</script>'
    )

    def answer(route: Route) -> None:
        asset = files.get(urlsplit(route.request.url).path)
        if asset is None:
            route.fulfill(body=body, content_type="text/html")
        else:
            route.fulfill(body=asset.content, content_type=asset.media_type)

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, chromium_sandbox=False)
        page = browser.new_page()
        page.route("**/*", answer)
        page.goto(ADDRESS)
        page.wait_for_function("window.isReady")
        yield page
        browser.close()

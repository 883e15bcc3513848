"""A list of ours in a frame on somebody else's page: where they may, and where they may not."""

import functools
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.browser.towns import Town
from tests.gateway.running import free_port


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
        pass


@contextmanager
def another_site(folder: Path, port: int) -> Iterator[str]:
    handler = functools.partial(_Quiet, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            server.shutdown()
            thread.join()


def framed(page: Page, site: str) -> list[str]:
    """What a reader sees in the frame, in headings and links."""
    page.goto(site)
    frame = page.frame_locator("iframe")
    page.wait_for_load_state("networkidle")
    return [*frame.locator("h1").all_inner_texts(), *frame.locator("li a").all_inner_texts()]


def test_a_list_is_framed_where_it_may_be_and_leads_to_us(
    browser: Browser, demo_town: Town, tmp_path: Path
) -> None:
    copied = browser.new_context(locale="da-DK").new_page()
    copied.goto(f"{demo_town.site}/hjorring/embedding")
    snippet = copied.locator("pre.snippet").first.inner_text()
    copied.context.close()
    page_of_theirs = f"<!doctype html><title>Nyheder</title><h1>Nyheder</h1>{snippet}"
    (tmp_path / "index.html").write_text(page_of_theirs, encoding="utf-8")

    theirs = urlsplit(demo_town.neighbour).port
    assert theirs is not None
    page = browser.new_context().new_page()
    with another_site(tmp_path, theirs) as site:
        title, *links = framed(page, site)
        assert title == "Høringer hos Hjørring Kommune"
        assert "Forslag til lokalplan for boliger ved parken" in links
        page.frame_locator("iframe").locator("li a").first.click()
        page.wait_for_url(f"{demo_town.site}/hjorring/hearings/*")
    with another_site(tmp_path, free_port()) as stranger:
        refused: list[str] = []
        page.on("console", lambda message: refused.append(message.text))
        assert not any("Høring" in each or "lokalplan" in each for each in framed(page, stranger))
        assert any("frame-ancestors" in each for each in refused)
    page.context.close()

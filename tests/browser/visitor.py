"""Somebody at a browser, and a page of ours for them to ask from."""

import json
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import Page, Route

from services.ids import new_id

HOME: Final = "/api/v1/hjorring"
CITIZENS: Final = frozenset(
    {"Anna Andersen", "Bo Bertelsen", "Tove Tømrer", "Vivi Vang", "Kim Kloster"}
)
OURS: Final = "/a-page-of-ours"
_ASK: Final = """async ([method, path, headers, body]) => {
    const answer = await fetch(path, {method, headers, body});
    const text = await answer.text();
    return [answer.status, text, Object.fromEntries(answer.headers)];
}"""

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    headers: dict[str, str]

    def json(self) -> Json:
        found = json.loads(self.text)
        assert isinstance(found, dict)
        return found

    @property
    def code(self) -> str:
        return str(self.json()["type"]).removeprefix("urn:julelys:")


@dataclass(slots=True)
class Visitor:
    page: Page
    site: str

    def open(self, path: str) -> None:
        self.page.goto(self.site + path)

    def log_in(self, way: str, person: str, level: str = "Betydelig") -> None:
        """From the page of all ways to wherever one is sent afterwards."""
        self.open(f"{HOME}/login")
        self.page.get_by_role("link", name=way).click()
        self.choose(person, level)

    def choose(self, person: str, level: str = "Betydelig") -> None:
        """Say at the demo's issuer who one is."""
        self.page.get_by_label("Sikringsniveau").select_option(level)
        self.page.get_by_role("button", name=person).click()

    def shown(self) -> Json:
        """What the page shows, where it is JSON."""
        found = json.loads(self.page.locator("pre").inner_text())
        assert isinstance(found, dict)
        return found

    def at_our_page(self, path: str = OURS) -> None:
        """Open a page as the self-service has it: ours, and without the policy of the API."""
        self.page.route(self.site + path, _empty)
        self.open(path)

    def ask(self, method: str, path: str, body: object = None, **headers: str) -> Answer:
        """Have the page ask; cookies, `Sec-Fetch-Site` and `Origin` are the browser's own."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if method == "POST":
            sent |= {"Idempotency-Key": str(new_id())}
        if body is not None:
            sent |= {"Content-Type": "application/json"}
        text = None if body is None else json.dumps(body)
        return Answer(*self.page.evaluate(_ASK, [method, HOME + path, sent, text]))

    def me(self) -> Json:
        return self.ask("GET", "/me").json()

    def change(self, path: str, body: object = None) -> Answer:
        """Have the page ask for a change, with the token that it has by `GET /me`."""
        session = self.me()["session"]
        assert isinstance(session, dict)
        return self.ask("POST", path, body, Julelys_CSRF=str(session["csrf_token"]))

    def cookies(self) -> set[str]:
        return {str(cookie.get("name")) for cookie in self.page.context.cookies()}


def _empty(route: Route) -> None:
    route.fulfill(content_type="text/html", body="<!doctype html><title>Ours</title>")


def log_in_at(page: Page, site: str, person: str) -> None:
    """From the page with the ways in to the front page, as whoever it is."""
    page.goto(f"{site}/hjorring/login")
    way = "MitID" if person in CITIZENS else "Ansat"
    page.get_by_role("link", name=way).first.click()
    page.get_by_role("button", name=person).click()
    page.wait_for_url(f"{site}/hjorring")

"""What a browser shows of the ways to log in, of a login that came to nothing, or of a logout."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import HTMLResponse

from gateway.language import Language
from gateway.page import html_page
from gateway.problems import Problem, status_of, told
from gateway.wording import problem_texts

_STYLE: Final = (
    "body{font:1rem/1.5 system-ui,sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem;"
    "color:#111;background:#fff}"
)
_WAYS: Final = {
    Language.DANISH: ("Log ind", "Vælg, hvordan du logger ind.", "Her kan man ikke logge ind."),
    Language.ENGLISH: ("Log in", "Choose how you log in.", "Nobody can log in here."),
}
_ENDED: Final = {
    Language.DANISH: ("Du er logget ud", "Du kan lukke vinduet.", "Log ind igen"),
    Language.ENGLISH: ("You are logged out", "You may close the window.", "Log in again"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """Somewhere to go on to; `path` is one of our own."""

    text: str
    path: str


def wants_page(request: Request) -> bool:
    """Whether it is a browser that asks, and not a script."""
    return "text/html" in request.headers.get("accept", "")


def ways_page(organisation: str, ways: Sequence[Link], language: Language) -> HTMLResponse:
    """All ways in; `organisation` is its name, as people call it."""
    title, choose, none = _WAYS[language]
    text = choose if ways else none
    return _page(f"{title}: {organisation}", [text], language, HTTPStatus.OK, ways)


def refusal_page(problem: Problem, language: Language, again: Link) -> HTMLResponse:
    """Title and remedy of a problem, and its code for whoever is asked for help."""
    title = problem_texts(language)[problem.code].title
    texts = [told(problem, language), problem.code]
    return _page(title, texts, language, status_of(problem.code), [again])


def again_at(path: str, language: Language) -> Link:
    return Link(text=_ENDED[language][2], path=path)


def ended_page(language: Language, again: Link) -> HTMLResponse:
    title, text, _ = _ENDED[language]
    return _page(title, [text], language, HTTPStatus.OK, [again])


def _page(
    title: str, texts: list[str], language: Language, status: int, links: Sequence[Link]
) -> HTMLResponse:
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in texts)
    items = "".join(
        f'<li><a href="{escape(link.path)}">{escape(link.text)}</a></li>' for link in links
    )
    onward = f"<ul>{items}</ul>" if items else ""

    def rendered(nonce: str) -> str:
        return (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{escape(title)}</title><style nonce="{nonce}">{_STYLE}</style></head>'
            f"<body><main><h1>{escape(title)}</h1>{paragraphs}{onward}</main></body></html>"
        )

    return html_page(rendered, status=status, headers={"Content-Language": str(language)})

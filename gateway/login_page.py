"""What a browser shows of a login that came to nothing, or of a logout."""

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
_ENDED: Final = {
    Language.DANISH: ("Du er logget ud", "Du kan lukke vinduet."),
    Language.ENGLISH: ("You are logged out", "You may close the window."),
}


def wants_page(request: Request) -> bool:
    """Whether it is a browser that asks, and not a script."""
    return "text/html" in request.headers.get("accept", "")


def refusal_page(problem: Problem, language: Language) -> HTMLResponse:
    """Title and remedy of a problem, and its code for whoever is asked for help."""
    title = problem_texts(language)[problem.code].title
    return _page(title, [told(problem, language), problem.code], language, status_of(problem.code))


def ended_page(language: Language) -> HTMLResponse:
    title, text = _ENDED[language]
    return _page(title, [text], language, HTTPStatus.OK)


def _page(title: str, texts: list[str], language: Language, status: int) -> HTMLResponse:
    paragraphs = "".join(f"<p>{escape(each)}</p>" for each in texts)

    def rendered(nonce: str) -> str:
        return (
            f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{escape(title)}</title><style nonce="{nonce}">{_STYLE}</style></head>'
            f"<body><main><h1>{escape(title)}</h1>{paragraphs}</main></body></html>"
        )

    return html_page(rendered, status=status, headers={"Content-Language": str(language)})

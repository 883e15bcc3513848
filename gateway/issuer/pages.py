"""The demo issuer's pages: who would you like to be?"""

from collections.abc import Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import Response

from gateway.issuer.clients import Client
from gateway.page import html_page
from services.catalogue.service import LoginLevel
from services.identity import Person

LEVELS: Final = {
    LoginLevel.LOW: "Lav",
    LoginLevel.SUBSTANTIAL: "Betydelig",
    LoginLevel.HIGH: "Høj",
}


class Pages:
    def __init__(self) -> None:
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).parent),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def persons(self, client: Client, persons: Sequence[Person]) -> Response:
        # A browser holds a form's redirect to the policy, too.
        site = urlsplit(client.redirect_uri)
        return self._rendered(
            "persons.html",
            form_action=f"'self' {site.scheme}://{site.netloc}",
            title=client.issuer.title.da,
            persons=persons,
            levels=LEVELS,
        )

    def overview(self, clients: Sequence[Client]) -> Response:
        return self._rendered("overview.html", form_action="'none'", clients=clients)

    def ended(self) -> Response:
        return self._rendered("ended.html", form_action="'none'")

    def not_ours(self) -> Response:
        return self._rendered("not-ours.html", form_action="'none'", status=400)

    def _rendered(
        self, name: str, *, form_action: str, status: int = 200, **values: object
    ) -> Response:
        template = self._templates.get_template(name)
        return html_page(
            lambda nonce: template.render(nonce=nonce, **values),
            status=status,
            form_action=form_action,
        )

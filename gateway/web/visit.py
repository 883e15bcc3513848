"""Somebody at a page: which organisation's, in what language, and who they are if they say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Final, cast
from urllib.parse import quote, urlencode
from uuid import UUID

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from gateway.csrf import masked
from gateway.door import gateway_of
from gateway.language import Language
from gateway.me import MeShape
from gateway.shapes import UploadShape
from gateway.web.asking import Api, Done, Told
from gateway.web.assets import Assets
from gateway.web.forms_sent import form_of, text
from gateway.web.menu import Entry, menu_of
from gateway.web.rendering import rendered
from services.authorisation import Action
from services.catalogue.organisation import Organisation
from services.ids import new_id

SEE_OTHER: Final = 303


class NoSuchPage(Exception):
    """There is nothing at this address."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """`me` is None for who has not logged in.

    `forms` are those that were read, whose files are closed when the page is made.
    """

    request: Request
    api: Api
    organisation: Organisation
    language: Language
    me: MeShape | None
    forms: list[FormData] = field(default_factory=list)

    @property
    def csrf(self) -> str:
        """What proves that a form is one of ours; nothing where nobody is logged in."""
        session = None if self.me is None else self.me.session
        return "" if session is None else masked(session.csrf_token)

    @property
    def is_staff(self) -> bool:
        return self.me is not None and Action.SEE_QUEUE in self.me.may

    def asked(self, name: str) -> str:
        """A part of the page's own path."""
        return str(self.request.path_params[name])

    def sought(self, name: str) -> str:
        """A parameter of the page's address; nothing where it has none."""
        return self.request.query_params.get(name, "").strip()

    def here(self, below: str = "") -> str:
        """The address of a page of this organisation."""
        return f"/{self.organisation.id}{below}"

    def in_other_language(self) -> str:
        """This page's address in the language that it is not in."""
        other = Language.DANISH if self.language is Language.ENGLISH else Language.ENGLISH
        query = [
            (name, value)
            for name, value in self.request.query_params.multi_items()
            if name not in {"language", "position"}
        ]
        return f"{self.request.url.path}?{urlencode([*query, ('language', other.value)])}"

    def page(
        self,
        name: str,
        *,
        status: int = 200,
        framed_by: Sequence[str] = (),
        has_frames: bool = False,
        **values: object,
    ) -> Response:
        """`framed_by` are the sites that may show it in a frame; `has_frames`: it shows one."""
        return rendered(
            self.request,
            name,
            self.language,
            assets_of(self.request),
            status=status,
            framed_by=framed_by,
            has_frames=has_frames,
            visit=self,
            me=self.me,
            organisation=self.organisation,
            path=self.request.url.path,
            key=new_id(),
            **values,
        )

    def after(self, position: int) -> "Visit":
        """The same visit, to be shown what was written up to a position."""
        return replace(self, api=self.api.after(position))

    def now(self) -> datetime:
        return gateway_of(self.request).application.clock.now()

    async def form(self, *, files: int = 0) -> FormData:
        """What a form sent, with so many files at most.

        Raises:
            Problem: it is too large, too slow or malformed.
        """
        read = await form_of(self.request, files=files)
        self.forms.append(read)
        return read

    async def upload(self, file: UploadFile, form: FormData) -> UploadShape:
        """Keep a file that came with a form.

        Raises:
            NotDone: it is refused.
        """
        return await self.api.upload(file, key=new_id(), csrf=text(form, "csrf"))

    async def uploads(self, form: FormData, name: str = "file") -> list[str]:
        """Keep the files that came with a form in one of its fields; their ids.

        Raises:
            NotDone: one is refused.
        """
        files = [
            each for each in form.getlist(name) if isinstance(each, UploadFile) and each.filename
        ]
        return [str((await self.upload(file, form)).id) for file in files]

    async def send(self, path: str, form: FormData, body: Mapping[str, object]) -> Done:
        """What a form asks for, once however often it is sent.

        Raises:
            NotDone: it is refused.
        """
        return await self.api.send(path, body, key=_key(form), csrf=text(form, "csrf"))

    async def put(self, path: str, form: FormData, body: dict[str, object]) -> Done:
        """What a form asks to be as it says.

        Raises:
            NotDone: it is refused.
        """
        return await self.api.put(path, body, csrf=text(form, "csrf"))

    def to(self, below: str) -> Response:
        return RedirectResponse(self.here(below), SEE_OTHER)

    def on(self, below: str, done: Done, fragment: str = "") -> Response:
        """Go on to a page that shows what was done."""
        position = "" if done.position is None else f"?position={done.position}"
        hash_ = f"#{fragment}" if fragment else ""
        return RedirectResponse(self.here(below) + position + hash_, SEE_OTHER)

    def login_address(self) -> str:
        """Where somebody logs in and comes back from to this page."""
        url = self.request.url
        seen = url.path + (f"?{url.query}" if url.query else "")
        back = seen if self.request.method == "GET" else url.path
        return self.here(f"/login?return_to={quote(back, safe='')}")

    def to_login(self) -> Response:
        return RedirectResponse(self.login_address(), SEE_OTHER)

    def prove_address(self, told: Told, **kept: str) -> str:
        """Where somebody proves once more who they are, and comes back from (RFC 9470).

        `kept` comes back in the address of this page.
        """
        login = str(told.facts.get("login", self.here("/login")))
        joint = "&" if "?" in login else "?"
        back = self.request.url.path + (f"?{urlencode(kept)}" if kept else "")
        return f"{login}{joint}return_to={quote(back, safe='')}"

    def position(self) -> int:
        """How far the views have come that a page is made of: what is later, it does not show."""
        views = gateway_of(self.request).application.views
        return views.position(self.organisation.id, "caseload")

    def menu(self) -> list[Entry]:
        """What this visitor may want from anywhere."""
        return list(menu_of(self.me, self.organisation, self.language))


def assets_of(request: Request) -> Assets:
    return cast("Assets", request.app.state.assets)  # put there when the application was made


def _key(form: FormData) -> UUID:
    try:
        return UUID(text(form, "key"))
    except ValueError:
        return new_id()

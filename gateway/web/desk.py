"""A case on the desk of somebody who works on it, or who has said why they look at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import BaseModel
from starlette.datastructures import FormData
from starlette.responses import Response

from events.case import DECIDED, CaseKind
from events.ids import PartyId, is_anonymous
from gateway.case_shapes import CaseShape
from gateway.step_up import CODES as PROVE_AGAIN
from gateway.teams import ColleagueShape, ColleaguesShape
from gateway.web.asking import Told
from gateway.web.forms_sent import text
from gateway.web.visit import Visit
from services.clock import COPENHAGEN

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What a form of the page sent and the API refused; the form shows it again."""

    act: str
    form: FormData
    told: Told


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """`is_own`: their team has the case; others look, and do nothing."""

    visit: Visit
    case: CaseShape
    is_own: bool
    colleagues: Sequence[ColleagueShape]
    sent: Sent | None = None

    @property
    def below(self) -> str:
        """Where the API has the case."""
        return f"/cases/{self.case.case}"

    @property
    def is_open(self) -> bool:
        return self.case.status == "open"

    @property
    def ends_in_decision(self) -> bool:
        return CaseKind(self.case.kind) in DECIDED

    @property
    def is_anonymous(self) -> bool:
        """Nobody knows who it is, so nothing reaches them."""
        return is_anonymous(PartyId(self.case.party))

    def at(self, side: str = "") -> str:
        return self.visit.here(f"/work/{self.case.case}{side}")

    def called(self, person: str | None) -> str:
        """A colleague's name; their id where they are of another team by now."""
        known = {str(each.person): each.name for each in self.colleagues}
        return "" if person is None else known.get(person, person)

    async def own(self, path: str, shape: type[Answer], **query: str) -> Answer | None:
        """What only the case's own team is told."""
        return await self.visit.api.read(path, shape, **query) if self.is_own else None

    def page(self, name: str, **values: object) -> Response:
        sent = self.sent
        again = None
        if sent is not None and sent.told.code in PROVE_AGAIN:
            again = self.visit.prove_address(sent.told, channel=text(sent.form, "channel"))
        return self.visit.page(
            name,
            status=200 if sent is None else sent.told.status,
            framed_by=(),
            has_frames=True,
            desk=self,
            case=self.case,
            sent=sent,
            again=again,
            api=f"/api/v1/{self.visit.organisation.id}{self.below}",
            position=self.visit.position(),
            today=self.visit.now().astimezone(COPENHAGEN).date(),
            **values,
        )


async def desk_of(visit: Visit, sent: Sent | None = None) -> Desk:
    """The case in the page's path.

    Raises:
        NotDone: whoever asks may not see it, or has to say why first.
    """
    case = await visit.api.read(f"/cases/{visit.asked('case')}", CaseShape)
    is_own = visit.me is not None and case.team in visit.me.teams
    colleagues: Sequence[ColleagueShape] = ()
    if is_own:
        path = f"/teams/{case.team}/colleagues"
        colleagues = (await visit.api.read(path, ColleaguesShape)).colleagues
    return Desk(visit=visit, case=case, is_own=is_own, colleagues=colleagues, sent=sent)

"""A hearing of the demo that has closed, while its team goes through what was answered."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from commands.hearing import DraftAnswer, PublishHearing, SortResponse
from commands.submission import SubmitHearingResponse
from events.hearing import HearingKind
from events.ids import CaseId, PointId, TeamId
from services.core import Core
from services.demo.hearings import hearing
from services.demo.ids import demo_id
from services.demo.matters import Step, matter
from services.demo.papers import Papers
from services.demo.people import ANNA, BO, KAREN, TOVE, Somebody, anonymous
from services.submissions import HearingAnswered

DAYS_AGO: Final = 31
_SAID: Final[tuple[tuple[str, str, str], ...]] = (
    ("anna", "partly", "Stien må gerne flyttes, men ikke væk fra vandet. Vi går der hver dag."),
    ("bo", "against", "Der er for få p-pladser i forvejen. Hvor skal vi gøre af bilerne?"),
    ("tove", "for", "Et godt forslag. Husk plads til varelevering om morgenen."),
    ("nobody", "against", "Bevar stien ved vandet, og lad de gamle popler stå."),
)


def heard(core: Core, papers: Papers, now: datetime) -> Iterator[Step]:
    """Four answers, two points, and a first answer sorted."""
    began = now - timedelta(days=DAYS_AGO)
    plan = _plan(core, began)
    yield "hearing bank", KAREN, plan
    received = began + timedelta(days=5)
    cases: dict[str, CaseId] = {}
    for name, position, said in _SAID:
        cases[name] = CaseId(demo_id(core.name, f"bank {name}"))
        yield from _answer(core, papers, plan, name, position, said, received, cases[name])
    for point, theme, answer in (
        ("path", "Stien langs vandet", "Stien bliver ved vandet på hele strækningen."),
        ("cars", "Parkering", ""),
    ):
        drafted = DraftAnswer(
            hearing_id=plan.hearing_id, point=_point(core, point), theme=theme, answer=answer
        )
        yield f"point {point}", KAREN, drafted
    sorted_ = SortResponse(
        hearing_id=plan.hearing_id, case_id=cases["anna"], points=(_point(core, "path"),)
    )
    yield "sort bank", KAREN, sorted_


def _plan(core: Core, began: datetime) -> PublishHearing:
    team = TeamId(core.catalogue.services["hearing-response"].team)
    return hearing(
        core.name,
        "bank",
        team,
        HearingKind.LOCAL_PLAN,
        "Forslag til lokalplan for åbrinken",
        "Planen lægger stien om, giver plads til en ny bro og ordner parkeringen ved åen.",
        began,
        weeks=4,
    )


def _answer(
    core: Core,
    papers: Papers,
    plan: PublishHearing,
    name: str,
    position: str,
    said: str,
    received: datetime,
    case_id: CaseId,
) -> Iterator[Step]:
    who = _who(name, case_id)
    heard = HearingAnswered(hearing_id=plan.hearing_id, title=plan.title, closes_at=plan.closes_at)
    answers: Mapping[str, object] = {
        "position": position,
        "concerns": ["nature"],
        "response": said,
        "represents": "myself",
    }
    enclosed = papers.of(who.party, "Udsigt fra stien.pdf") if name == "anna" else ()
    case = matter(
        core,
        "hearing-response",
        who,
        answers,
        received,
        papers=enclosed,
        hearing=heard,
        case_id=case_id,
    )
    yield f"bank {name}", who.actor, SubmitHearingResponse(case=case, now=received)


def _who(name: str, case_id: CaseId) -> Somebody:
    known = {"anna": ANNA, "bo": BO, "tove": TOVE}
    return known[name] if name in known else anonymous(case_id)


def _point(core: Core, name: str) -> PointId:
    return PointId(demo_id(core.name, f"point {name}"))

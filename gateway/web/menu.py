"""What stands in the menu: what everybody may see, and what each role comes for."""

from collections.abc import Iterator
from typing import NamedTuple

from events.ids import TeamId
from gateway.language import Language, in_language
from gateway.me import MeShape
from gateway.web.words import translations
from services.authorisation import Action
from services.catalogue.organisation import Organisation


class Entry(NamedTuple):
    """`below` is a path below the organisation."""

    below: str
    name: str


def menu_of(me: MeShape | None, organisation: Organisation, language: Language) -> Iterator[Entry]:
    _ = translations(language).gettext
    yield Entry("", _("Self-service"))
    yield Entry("/hearings", _("Hearings"))
    yield Entry("/tenders", _("Tenders"))
    if me is None or Action.LIST_OWN_CASES in me.may:
        yield Entry("/cases", _("My cases"))
    if me is not None:
        yield from _of_staff(me, organisation, language)


def _of_staff(me: MeShape, organisation: Organisation, language: Language) -> Iterator[Entry]:
    _ = translations(language).gettext
    teams = [TeamId(team) for team in me.teams if TeamId(team) in organisation.teams]
    if Action.SEE_QUEUE in me.may:
        for team in teams:
            yield Entry(f"/queues/{team}", in_language(organisation.teams[team].name, language))
        yield Entry("/journal", _("Records"))
        yield Entry("/post", _("Post"))
        yield Entry("/absences", _("Absence"))
    if Action.PUBLISH_SLOTS in me.may:
        # The page of one leads to those of the others.
        for team in teams[:1]:
            yield Entry(f"/calendars/{team}", _("Meeting days"))
    if Action.RUN_HEARING in me.may:
        yield Entry("/running-hearings", _("Running hearings"))
    own = (
        (Action.RUN_TENDER, Entry("/running-tenders", _("Running tenders"))),
        (Action.SIT_ON_COMMITTEE, Entry("/committees", _("Committees"))),
        (Action.SEE_STATISTICS, Entry("/statistics", _("Statistics"))),
        (Action.AUDIT, Entry("/audit", _("Audit"))),
        (Action.SEE_RUNNING, Entry("/administration", _("Administration"))),
    )
    yield from (entry for action, entry in own if action in me.may)

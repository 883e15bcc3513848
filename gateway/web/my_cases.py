"""My cases: what needs me first, what is begun and not sent, what goes on, and what is over."""

import asyncio
from collections.abc import Sequence
from typing import Final

from starlette.responses import Response
from starlette.routing import Route

from gateway.case_shapes import CasesShape
from gateway.form_drafts import DraftsShape
from gateway.web.drafts_kept import keeps
from gateway.web.paging import page_route
from gateway.web.searching import matches
from gateway.web.visit import Visit

ENDED: Final = frozenset({"closed", "withdrawn"})
MANY: Final = 6
"""From so many cases on there is a search."""


async def my_cases(visit: Visit) -> Response:
    """`q` looks for words in what the cases are about and their numbers."""
    if visit.me is None:
        return visit.to_login()
    listed, begun = await asyncio.gather(visit.api.read("/cases", CasesShape), _drafts(visit))
    sought = visit.sought("q")
    found = [
        each
        for each in listed.cases
        if matches(sought, each.subject, each.reference, each.esdh_number or "")
    ]
    current = [each for each in found if each.status not in ENDED]
    return visit.page(
        "cases.html",
        sought=sought,
        is_searched=bool(sought) or len(listed.cases) >= MANY,
        mine=[each for each in current if each.waiting_for == "party"],
        ours=[each for each in current if each.waiting_for != "party"],
        ended=[each for each in found if each.status in ENDED],
        drafts=begun.drafts if not sought else [],
        now=visit.now(),
    )


async def _drafts(visit: Visit) -> DraftsShape:
    if not keeps(visit):
        return DraftsShape(drafts=[])
    return await visit.api.read("/me/drafts", DraftsShape)


ROUTES: Final[Sequence[Route]] = (page_route("/cases", my_cases),)

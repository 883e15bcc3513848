"""Cases of SBSYS as they are looked up: by title, by id, their sub-folders and their statuses."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

from services.esdh.description import Sbsys
from services.esdh.port import CaseStatus
from services.esdh.sbsys_calls import Exchange, Json
from services.esdh.sbsys_outcomes import (
    CASE_CLOSED,
    CASE_GONE,
    CONFLICT,
    STATUS_UNKNOWN,
    SUB_FOLDER_MISSING,
    Failed,
    Negative,
)
from services.esdh.sbsys_shapes import (
    Sag,
    read_case,
    read_found,
    read_nothing,
    read_statuses,
    read_sub_folders,
)

REMEMBERED: Final = 20_000
"""Cases, so that a worker that runs for months does not grow."""

GONE: Final = frozenset({404, 410})
CONFLICTS: Final = frozenset({409})


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What never changes of a case, and is asked for once: `id` is the integer that only some
    requests accept, `template` the integer id of what it was made from.
    """

    id: int
    template: int | None


def path_of(esdh_id: str, *below: str) -> str:
    return "/".join(("sag", quote(esdh_id, safe=""), *below))


class SbsysCases:
    def __init__(self, settings: Sbsys) -> None:
        self._settings = settings
        self._places: dict[str, Place] = {}
        self._sub_folders: dict[str, dict[str, int]] = {}

    async def search(self, exchange: Exchange, wanted: Json) -> list[Sag]:
        """All cases that match, page by page, each once."""
        found: dict[str, Sag] = {}
        pages = 0
        while True:
            path = "sag/search?InkluderParterIResultat=true"
            asked = {**wanted, **self._page(pages)}
            page = await exchange.ask(read_found, "POST", path, asked)
            new = {case.identity: case for case in page.results if case.identity not in found}
            found |= new
            pages += 1
            # An installation that knows no paging gives the same again and again.
            if not new or len(found) >= page.total:
                return sorted(found.values(), key=lambda case: case.id)

    def _page(self, pages: int) -> Json:
        paging = self._settings.paging
        if paging.page is not None:
            return {paging.size: paging.rows, paging.page: paging.first_page + pages}
        return {paging.size: paging.rows, str(paging.offset): paging.rows * pages}

    async def case(self, exchange: Exchange, esdh_id: str) -> Sag | None:
        """The case now, None when it is gone.

        A wrong path, or a proxy without its SBSYS, answers 404 to everything; so it is believed
        only of a system that is there.
        """
        try:
            case = await exchange.ask(read_case, "GET", path_of(esdh_id))
        except Failed as failed:
            if failed.status not in GONE:
                raise
            await exchange.ask(read_nothing, "GET", "info/heartbeat/authorized")
            self.forget(esdh_id)
            return None
        if len(self._places) >= REMEMBERED:
            self._places.clear()
        template = None if case.skabelon is None else case.skabelon.id
        self._places[esdh_id] = Place(id=case.id, template=template)
        return case

    async def there(self, exchange: Exchange, esdh_id: str) -> Sag:
        """The case now.

        Raises:
            Failed: `case-gone`, among others.
        """
        case = await self.case(exchange, esdh_id)
        if case is None:
            raise Failed(CASE_GONE)
        return case

    async def place(self, exchange: Exchange, esdh_id: str) -> Place:
        if esdh_id not in self._places:
            await self.there(exchange, esdh_id)
        return self._places[esdh_id]

    async def sub_folder(
        self, exchange: Exchange, esdh_id: str, category: str | None
    ) -> int | None:
        """The id of the case's sub-folder, None where the document lies on the case itself.

        A case that was made from another template by hand need not have the sub-folder.
        """
        if category is None:
            return None
        place = await self.place(exchange, esdh_id)
        known = self._sub_folders.get(esdh_id, {})
        if category not in known:
            known = await self._look_for_sub_folders(exchange, esdh_id, place)
        if category in known:
            return known[category]
        if category in self._promised(place.template):
            raise Failed(SUB_FOLDER_MISSING)
        return None

    async def _look_for_sub_folders(
        self, exchange: Exchange, esdh_id: str, place: Place
    ) -> dict[str, int]:
        rows = await exchange.ask(read_sub_folders, "GET", f"delforloeb/sag/{place.id}")
        if len(self._sub_folders) >= REMEMBERED:
            self._sub_folders.clear()
        # Of two with the same title the older is meant: a person added the other.
        titles = {row.titel: row.id for row in sorted(rows, key=lambda row: -row.id)}
        self._sub_folders[esdh_id] = titles
        return titles

    def _promised(self, template: int | None) -> Sequence[str]:
        for described in self._settings.templates.values():
            if described.id == template:
                return described.sub_folders
        return ()

    async def status_id(self, exchange: Exchange, status: CaseStatus) -> int:
        """Looked up by its name at every change, which are few; ids differ from place to place."""
        rows = await exchange.ask(read_statuses, "GET", "sag/sagStatusList")
        for row in rows:
            if row.navn == self._settings.statuses.of(status) and row.id is not None:
                return row.id
        raise Failed(STATUS_UNKNOWN)

    def forget(self, esdh_id: str) -> None:
        self._places.pop(esdh_id, None)
        self._sub_folders.pop(esdh_id, None)

    async def explained(self, exchange: Exchange, esdh_id: str, failed: Failed) -> Negative:
        """What a 404 or a 409 on a case's address means, by looking at the case."""
        self.forget(esdh_id)
        case = await self.case(exchange, esdh_id)
        if case is None:
            return CASE_GONE
        if failed.status in GONE:
            return failed.outcome
        return CASE_CLOSED if case.standing.status is CaseStatus.CLOSED else CONFLICT

"""An administrator's pages: what is offered, how the organisation is set up, how it all runs."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from starlette.datastructures import FormData
from starlette.responses import Response
from starlette.routing import Route

from gateway.administration_shapes import (
    AdministeredServiceShape,
    AdministeredServicesShape,
    ChangeShape,
    OrganisationShape,
    VersionChangesShape,
    VersionShape,
)
from gateway.running_shapes import (
    HeldDocumentsShape,
    JournalStandingShape,
    KeysShape,
    PostStandingShape,
    RelayShape,
    SessionCountsShape,
    ViewsShape,
)
from gateway.web import standing_outward, standing_within
from gateway.web.paging import page_route
from gateway.web.service_sections import SECTIONS
from gateway.web.standing import Reporter, Standing
from gateway.web.typed import Typed
from gateway.web.visit import NoSuchPage, Visit
from gateway.web.words import translations
from services.catalogue.service import Service

ROOT: Final = "/administration"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """All that the API tells of how the system runs."""

    views: ViewsShape
    journal: JournalStandingShape
    post: PostStandingShape
    relay: RelayShape
    keys: KeysShape
    sessions: SessionCountsShape
    documents: HeldDocumentsShape

    def standings(self, report: Reporter) -> Mapping[str, Standing]:
        return {
            "views": standing_within.of_views(report, self.views),
            "journal": standing_outward.of_journal(report, self.journal),
            "post": standing_outward.of_post(report, self.post),
            "relay": standing_outward.of_relay(report, self.relay),
            "documents": standing_within.of_documents(report, self.documents),
            "keys": standing_within.of_keys(report, self.keys),
            "sessions": standing_within.of_sessions(report, self.sessions),
        }


async def overview(visit: Visit) -> Response:
    """How all of it stands, in a sentence each."""
    if visit.me is None:
        return visit.to_login()
    report = _reporter(visit)
    files, told = await asyncio.gather(
        visit.api.read(f"{ROOT}/services", AdministeredServicesShape), _figures(visit)
    )
    return visit.page(
        "administration.html",
        services=standing_within.of_services(report, files),
        standings=told.standings(report),
        now=visit.now(),
    )


async def running(visit: Visit) -> Response:
    """How the system runs, with all figures and what to do."""
    told = await _figures(visit)
    return visit.page(
        "administration-running.html",
        told=told,
        standings=told.standings(_reporter(visit)),
        now=visit.now(),
        readers=standing_outward.READERS,
        systems=standing_outward.SYSTEMS,
    )


async def services(visit: Visit) -> Response:
    told = await visit.api.read(f"{ROOT}/services", AdministeredServicesShape)
    standing = standing_within.of_services(_reporter(visit), told)
    return visit.page("administration-services.html", told=told, standing=standing)


async def service(visit: Visit) -> Response:
    """Its versions, and in words what has changed between two of them."""
    found = await _service(visit)
    readable = [each for each in found.versions if not each.mistakes]
    later = visit.sought("later") or str(readable[0].version if readable else "")
    before = next((each.version for each in readable[1:]), "")
    earlier = visit.sought("earlier") or str(before)
    told = None
    if earlier and later:
        told = await visit.api.read(
            f"{ROOT}/services/{found.id}/changes",
            VersionChangesShape,
            earlier=earlier,
            later=later,
        )
    return visit.page(
        "administration-service.html",
        service=found,
        readable=readable,
        earlier=earlier,
        later=later,
        told=told,
        parts=[] if told is None else _by_section(visit, told),
    )


async def version(visit: Visit) -> Response:
    """One version as a party would meet it: its form, and what is promised for answers to it."""
    name, number = visit.asked("service"), visit.asked("version")
    told = await visit.api.read(f"{ROOT}/services/{name}/versions/{number}", VersionShape)
    described = None
    if told.described is not None:
        described = Service.model_validate_json(json.dumps(told.described))
    return visit.page(
        "administration-version.html",
        told=told,
        described=described,
        typed=None if described is None else Typed.of(described.form, FormData()),
    )


async def organisation(visit: Visit) -> Response:
    told = await visit.api.read(f"{ROOT}/organisation", OrganisationShape)
    return visit.page("administration-organisation.html", told=told)


def _by_section(visit: Visit, told: VersionChangesShape) -> list[tuple[str, list[ChangeShape]]]:
    """The changes under what each part of the file is called, in the order of the file."""
    _ = translations(visit.language).gettext
    found = groupby(told.changes, key=lambda each: each.section)
    return [(_(SECTIONS[section]), list(changes)) for section, changes in found]


async def _service(visit: Visit) -> AdministeredServiceShape:
    told = await visit.api.read(f"{ROOT}/services", AdministeredServicesShape)
    found = next((each for each in told.services if each.id == visit.asked("service")), None)
    if found is None:
        raise NoSuchPage
    return found


async def _figures(visit: Visit) -> Figures:
    read = visit.api.read
    views, journal, post, relay, keys, sessions = await asyncio.gather(
        read(f"{ROOT}/views", ViewsShape),
        read(f"{ROOT}/journal", JournalStandingShape),
        read(f"{ROOT}/post", PostStandingShape),
        read(f"{ROOT}/relay", RelayShape),
        read(f"{ROOT}/keys", KeysShape),
        read(f"{ROOT}/sessions", SessionCountsShape),
    )
    return Figures(
        views=views,
        journal=journal,
        post=post,
        relay=relay,
        keys=keys,
        sessions=sessions,
        documents=await read(f"{ROOT}/documents", HeldDocumentsShape),
    )


def _reporter(visit: Visit) -> Reporter:
    return Reporter(language=visit.language, organisation=visit.organisation.id, now=visit.now())


ROUTES: Final[Sequence[Route]] = (
    page_route(ROOT, overview),
    page_route(f"{ROOT}/running", running),
    page_route(f"{ROOT}/services", services),
    page_route(f"{ROOT}/services/{{service}}", service),
    page_route(f"{ROOT}/services/{{service}}/versions/{{version}}", version),
    page_route(f"{ROOT}/organisation", organisation),
)

"""Routes for administrators: what is offered, in which versions, and mistakes in the files."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Final, TypeAlias
from uuid import UUID

from fastapi import Depends, Query
from pydantic import Field
from starlette.responses import Response

from events.ids import CaseId
from gateway import bodies
from gateway.administration_shapes import (
    AdministeredServiceShape,
    AdministeredServicesShape,
    ChangeShape,
    MistakeShape,
    PartShape,
    VersionChangesShape,
    VersionRowShape,
    VersionShape,
)
from gateway.asked import Asked
from gateway.door import admit
from gateway.language import in_language
from gateway.openapi import problems_of
from gateway.problems import Problem
from gateway.routers import router_of
from gateway.shapes import shaped
from services.authorisation import Action
from services.catalogue.answer_mistakes import AnswersInvalid
from services.catalogue.changes import changes
from services.catalogue.mistakes import Mistake
from services.catalogue.organisation import organise
from services.catalogue.preview import Preview, preview_parts
from services.catalogue.sample import sample_answers
from services.catalogue.service import Service
from services.deadlines import local_date
from services.described_homes import HomeStanding, VersionStanding, home_standing
from services.submissions import reference

router: Final = router_of("administration", "/administration")

Describing: TypeAlias = Annotated[Asked, Depends(admit(Action.SEE_CATALOGUE))]
Version: TypeAlias = Annotated[int, Field(ge=1, le=9999)]


class ChangesQuery(bodies.Query):
    earlier: Version
    later: Version


@router.get(
    "/services",
    summary="Every service with its versions, drafts too, and what is wrong with the files",
    response_model=AdministeredServicesShape,
)
async def services(asked: Describing) -> Response:
    standing = await _standing(asked)
    ids = dict.fromkeys(each.id for each in standing.versions)
    shape = AdministeredServicesShape(
        services=[_service(asked, standing, service) for service in ids],
        mistakes=_mistakes(asked, standing.mistakes),
    )
    return shaped(shape)


@router.get(
    "/services/{service}/versions/{version}",
    summary="What one version of a service says, and what a party would meet",
    response_model=VersionShape,
    responses=problems_of("service-version-not-found"),
)
async def version_of(asked: Describing, service: str, version: str) -> Response:
    standing = await _standing(asked)
    found = _found(standing, service, version)
    described = found.service
    shape = VersionShape(
        id=found.id,
        version=found.version,
        state=_state(standing, found),
        published_on=found.published_on,
        described=None
        if described is None
        else described.model_dump(mode="json", by_alias=True, exclude_none=True),
        preview=[] if described is None else _preview(asked, standing, described),
        mistakes=_mistakes(asked, found.mistakes),
    )
    return shaped(shape)


@router.get(
    "/services/{service}/changes",
    summary="In words what has changed from one version of a service to another",
    response_model=VersionChangesShape,
    responses=problems_of("service-version-not-found", "service-version-mistaken"),
)
async def version_changes(
    asked: Describing, service: str, query: Annotated[ChangesQuery, Query()]
) -> Response:
    standing = await _standing(asked)
    both = [_found(standing, service, str(each)) for each in (query.earlier, query.later)]
    before, after = (each.service for each in both)
    if before is None or after is None:
        # What cannot be read cannot be compared; its own page says what is wrong with it.
        raise Problem("service-version-mistaken")
    found = changes(before, after, asked.language.value)
    shape = VersionChangesShape(
        id=service,
        earlier=query.earlier,
        later=query.later,
        changes=[
            ChangeShape(section=each.section, sign=each.sign.value, words=each.words)
            for each in found
        ],
    )
    return shaped(shape)


def _folder(asked: Asked) -> Path:
    return asked.gateway.application.config.organisations / asked.organisation.name


async def _standing(asked: Asked) -> HomeStanding:
    return await asyncio.to_thread(home_standing, _folder(asked))


def _found(standing: HomeStanding, service: str, version: str) -> VersionStanding:
    for each in standing.versions:
        if (each.id, str(each.version)) == (service, version):
            return each
    raise Problem("service-version-not-found")


def _service(asked: Asked, standing: HomeStanding, service: str) -> AdministeredServiceShape:
    versions = [each for each in standing.versions if each.id == service]
    readable = [each.service for each in versions if each.service is not None]
    newest = readable[-1] if readable else None
    return AdministeredServiceShape(
        id=service,
        title=service if newest is None else newest.title.read_in(asked.language.value),
        team="" if newest is None else _team_name(asked, newest.team),
        kind="" if newest is None else newest.kind,
        versions=[
            VersionRowShape(
                version=each.version,
                state=_state(standing, each),
                published_on=each.published_on,
                mistakes=len(each.mistakes),
            )
            for each in reversed(versions)
        ],
    )


def _state(standing: HomeStanding, version: VersionStanding) -> str:
    if not version.is_published:
        return "draft"
    newest = max(
        each.version for each in standing.versions if each.id == version.id and each.is_published
    )
    return "offered" if version.version == newest else "superseded"


def _preview(asked: Asked, standing: HomeStanding, service: Service) -> list[PartShape]:
    """Made of what lies in the files now; nothing where the organisation itself cannot be read, or
    no answers can be made up that the form would take.
    """
    home, today = standing.home, local_date(asked.now())
    if home.about is None:
        return []
    try:
        answers = service.read_answers(sample_answers(service.form, today), today)
    except AnswersInvalid:
        return []
    whose = organise(home.about, home.versions(), home.published, home.appeals, home.look)
    preview = Preview(
        organisation=whose,
        service=service,
        answers=answers,
        on=today,
        reference=reference(whose.reference_prefix, CaseId(UUID(int=0)), today),
        language=asked.language.value,
    )
    return [PartShape(title=title, lines=list(lines)) for title, lines in preview_parts(preview)]


def _mistakes(asked: Asked, mistakes: Sequence[Mistake]) -> list[MistakeShape]:
    """By files as they are named within the folder: where that lies is nobody's business."""
    return [
        MistakeShape(
            file=each.file.relative_to(_folder(asked).parent).as_posix(),
            line=each.line,
            path=each.path,
            message=in_language(each.message, asked.language),
            remedy=in_language(each.remedy, asked.language),
        )
        for each in mistakes
    ]


def _team_name(asked: Asked, team: str) -> str:
    name = asked.names.get(f"team:{team}")
    return team if name is None else in_language(name, asked.language)

"""Routes for how I want to be told of news."""

import asyncio
from typing import Annotated, Final

from fastapi import Depends
from pydantic import Field, StringConstraints
from starlette.responses import Response

from commands.contact import SetContactPreferences
from events.contact import ContactLanguage, Frequency
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.commanding import carry_out
from gateway.door import admit
from gateway.ordering import Replacing
from gateway.post_shapes import PreferencesShape
from gateway.routers import router_of
from gateway.shapes import shaped
from services.authorisation import Action
from services.post.preferences import preferences_now

router: Final = router_of("notifications", "/me/notifications")

Email = Annotated[
    str,
    StringConstraints(
        pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$",
        max_length=254,
    ),
]


class PreferencesBody(Body):
    """`email` null stands for the address that the authority has already.

    `frequency` is of courtesies; what has legal effect comes all the same, by Digital Post or on
    paper.
    """

    email: Email | None
    language: Annotated[ContactLanguage, Field(strict=False)]
    frequency: Annotated[Frequency, Field(strict=False)]


@router.get("", summary="How I want to be told of news", response_model=PreferencesShape)
async def show_preferences(
    asked: Annotated[Asked, Depends(admit(Action.SET_PREFERENCES))],
) -> Response:
    party = asked.party
    found = await asyncio.to_thread(preferences_now, asked.organisation.store, party)
    shape = _shape(found.email, found.language, found.frequency)
    return shaped(shape, version=found.version)


@router.put(
    "",
    status_code=200,
    summary="Say how I want to be told of news",
    response_model=PreferencesShape,
)
async def set_preferences(
    asked: Annotated[Asked, Depends(admit(Action.SET_PREFERENCES))],
    order: Replacing,
    body: PreferencesBody,
) -> Response:
    command = SetContactPreferences(
        party=asked.party,
        email=body.email,
        language=body.language,
        frequency=body.frequency,
    )
    told = _shape(body.email, body.language, body.frequency).model_dump_json().encode()
    return await carry_out(asked, order, command, render=lambda _: told)


def _shape(email: str | None, language: ContactLanguage, frequency: Frequency) -> PreferencesShape:
    return PreferencesShape(email=email, language=language.value, frequency=frequency.value)

"""Routes by which members of a committee register their keys, rehearse, and say what is lost."""

from typing import Annotated, Final

from fastapi import Depends
from pydantic import StringConstraints
from starlette.responses import Response

from commands.tender_committee import RecordRehearsal, RegisterMemberKey, ReportKeyLost
from events.tender_committee import MemberKeyRegistered, ReplacementBegan
from gateway.asked import Asked
from gateway.bodies import Body
from gateway.committee_shapes import CommitteeShape, TrialShape
from gateway.committee_view import binding_shape, committee_shape, share_shape
from gateway.door import admit
from gateway.openapi import problems_of
from gateway.ordering import Making
from gateway.problems import Problem
from gateway.rehearsing import committee_row
from gateway.routers import router_of
from gateway.running_tenders import STOPPED
from gateway.shapes import shaped
from gateway.tender_door import OnTender, Sitting, admit_to_tender, carry_out_quietly
from gateway.tender_shapes import CommitteeTendersShape
from projections import rehearsals, tender_people, tenders
from services.authorisation import Action
from services.bidding.envelope import key_id_of

router: Final = router_of("tenders")

PUBLIC_KEY: Final = r"^[0-9a-f]{64}$"
MEMBERS: Final = (*STOPPED, "not-a-member", "tender-opened")


class KeyBody(Body):
    """X25519 (RFC 7748), 64 hexadecimal digits."""

    public_key: Annotated[str, StringConstraints(pattern=PUBLIC_KEY)]


class OpenedTrialBody(Body):
    """`opened` is what was in the trial, hexadecimal."""

    trial: Annotated[str, StringConstraints(min_length=1, max_length=100)]
    opened: Annotated[str, StringConstraints(pattern=PUBLIC_KEY)]


@router.get(
    "/committees",
    summary="The tenders on whose committee I am, and what I am waited for with",
    response_model=CommitteeTendersShape,
)
async def list_committees(
    asked: Annotated[
        Asked, Depends(admit(Action.SIT_ON_COMMITTEE, "tenders", "tender_people", "rehearsals"))
    ],
) -> Response:
    now = await asked.organisation.bid_clock.now()
    async with asked.organisation.reads.connection() as db:
        mine = await tender_people.tenders_of(db, asked.who.id)
        found = await tenders.some(db, mine, now)
        standing = await rehearsals.of(db, mine)
    rows = [committee_row(asked, each, standing.get(each.tender_id)) for each in found]
    return shaped(CommitteeTendersShape(tenders=rows))


@router.get(
    "/committees/{tender_id}",
    summary="A tender's committee, and what I have to do on it",
    response_model=CommitteeShape,
    responses=problems_of("tender-not-found"),
)
async def show_committee(
    on: Annotated[OnTender, Depends(admit_to_tender(Action.SIT_ON_COMMITTEE, "tenders"))],
) -> Response:
    return shaped(await committee_shape(on))


@router.post(
    "/tenders/{tender_id}/committee/key",
    status_code=204,
    summary="Register my public key; the private one never leaves my browser but in my own file",
    responses=problems_of(*MEMBERS, "tender-already-published"),
)
async def register_key(on: Sitting, order: Making, body: KeyBody) -> Response:
    public_key = bytes.fromhex(body.public_key)
    command = RegisterMemberKey(
        tender_id=on.tender_id,
        member=on.asked.who.id,
        key_id=key_id_of(public_key),
        public_key=body.public_key,
    )
    return await carry_out_quietly(on.asked, order, command)


@router.get(
    "/committees/{tender_id}/trial",
    summary="A trial share, to be opened with my key",
    response_model=TrialShape,
    responses=problems_of("tender-not-found", "not-a-member", "key-not-registered"),
)
async def trial(on: Sitting) -> Response:
    made = on.asked.organisation.trials.trial(
        on.tender_id, on.asked.who.id, _public_key(on), await on.now()
    )
    return shaped(
        TrialShape(
            trial=made.called, binding=binding_shape(made.binding), share=share_shape(made.share)
        )
    )


@router.post(
    "/tenders/{tender_id}/committee/rehearsals",
    status_code=204,
    summary="Show that I have opened the trial: my key file and my password are at hand",
    responses=problems_of(*MEMBERS, "key-not-registered", "trial-not-opened"),
)
async def rehearse(on: Sitting, order: Making, body: OpenedTrialBody) -> Response:
    now, public_key = await on.now(), _public_key(on)
    is_opened = on.asked.organisation.trials.is_opened(
        on.tender_id,
        on.asked.who.id,
        public_key,
        body.trial,
        bytes.fromhex(body.opened),
        now,
    )
    if not is_opened:
        raise Problem("trial-not-opened")
    command = RecordRehearsal(
        tender_id=on.tender_id,
        member=on.asked.who.id,
        key_id=key_id_of(public_key),
        now=now,
    )
    return await carry_out_quietly(on.asked, order, command)


@router.post(
    "/tenders/{tender_id}/committee/lost",
    status_code=204,
    summary="Say that my key is lost; a tender that too few can open is cancelled at once",
    responses=problems_of(*MEMBERS),
)
async def report_lost(on: Sitting, order: Making) -> Response:
    command = ReportKeyLost(tender_id=on.tender_id, member=on.asked.who.id, now=await on.now())
    return await carry_out_quietly(on.asked, order, command)


def _public_key(on: OnTender) -> bytes:
    """Raises:
    Problem: `not-a-member`, `key-not-registered`.
    """
    member = on.state.committee.get(on.asked.who.id)
    if member is None:
        raise Problem("not-a-member")
    for fact in reversed(on.facts):
        match fact:
            case MemberKeyRegistered() | ReplacementBegan() if fact.key_id == member.key_id:
                return bytes.fromhex(fact.public_key)
            case _:
                pass
    raise Problem("key-not-registered")

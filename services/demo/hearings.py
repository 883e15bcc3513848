"""The demo's hearings: one open, one about to close, one that has run its course."""

from collections.abc import Iterator, Sequence
from datetime import datetime, time, timedelta

from commands.hearing import ConcludeHearing, PublishHearing
from events.hearing import HearingAnswer, HearingKind
from events.ids import CaseId, HearingId, TeamId
from services.clock import COPENHAGEN
from services.demo.ids import demo_id


def open_hearings(organisation: str, team: TeamId, now: datetime) -> Iterator[PublishHearing]:
    yield hearing(
        organisation,
        "park",
        team,
        HearingKind.LOCAL_PLAN,
        "Forslag til lokalplan for boliger ved parken",
        "Planen giver plads til 40 boliger i op til tre etager, en sti langs åen og en fælles"
        " legeplads. Du kan svare på alt i forslaget.",
        now - timedelta(days=7),
        weeks=8,
    )
    yield hearing(
        organisation,
        "neighbour",
        team,
        HearingKind.NEIGHBOUR_NOTICE,
        "Naboorientering: dispensation til en høj antenne",
        "En ejer søger om at sætte en antennemast på 18 meter. Lokalplanen tillader 12.",
        now - timedelta(days=12),
        weeks=2,
    )


def harbour(organisation: str, team: TeamId, published_at: datetime) -> PublishHearing:
    return hearing(
        organisation,
        "harbour",
        team,
        HearingKind.LOCAL_PLAN,
        "Forslag til lokalplan for havnefronten",
        "Planen flytter kajens parkering og giver plads til boder og ophold ved vandet.",
        published_at,
        weeks=4,
    )


def hearing(
    organisation: str,
    name: str,
    team: TeamId,
    kind: HearingKind,
    title: str,
    description: str,
    published_at: datetime,
    weeks: int,
) -> PublishHearing:
    last_day = published_at.date() + timedelta(weeks=weeks)
    return PublishHearing(
        hearing_id=HearingId(demo_id(organisation, f"hearing {name}")),
        kind=kind,
        title=title,
        description=description,
        team=team,
        material=(),
        published_at=published_at,
        closes_at=datetime.combine(last_day + timedelta(days=1), time(), COPENHAGEN),
    )


def conclusion(plan: PublishHearing, raised_by: Sequence[CaseId], now: datetime) -> ConcludeHearing:
    answer = HearingAnswer(
        theme="Stien langs vandet",
        answer="Stien bliver liggende, og planen er rettet, så den er sikret.",
        responses=tuple(raised_by),
    )
    return ConcludeHearing(
        hearing_id=plan.hearing_id,
        summary="Der kom to svar. Planen er vedtaget med en rettelse om stien langs vandet.",
        answers=(answer,),
        now=now,
    )

"""The procedure under any fifty commands: what the law forbids is found in no history.

Each history is read by models of its own, which know nothing of how the rules remember it.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from functools import reduce
from typing import Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregates.case import Case, decider
from commands.case import CaseCommand, CloseCase, RecordWithdrawal, ReopenCase
from commands.case_deadline import Deadline, ExtendDeadline, MissDeadline
from commands.case_information import EndOverdueRequest, WithdrawInformationRequest
from commands.case_party import RemoveParty
from commands.refusal import Refused
from events.case import CaseClosed, CaseEvent, CaseKind, CaseOpened, CaseReopened
from events.case_application import CompletionAccepted
from events.case_deadline import (
    DeadlineExtended,
    DeadlineKind,
    DeadlineMet,
    DeadlineMissed,
    DeadlineResumed,
    DeadlineSet,
    DeadlineSuspended,
)
from events.case_decision import DecisionCorrected, DecisionDispatched, DecisionRecorded, Outcome
from events.case_information import InformationRequested, InformationRequestEnded
from events.case_party import PartyJoined, PartyLeft, PartyRole
from events.case_party_hearing import PartyHearingClosed, PartyHearingExempted, PartyHearingOpened
from events.case_procedure import RetentionBegan, TacitlyAccepted
from events.day_unit import DayUnit
from events.ids import DecisionId, PartyId, RequestId, RoundId
from services.codec import decode, encode
from tests import procedure_examples as examples
from tests.examples import ANNA, BO, join_party, numbered

STEPS: Final = 50
BYTES: Final = 3
BEGINS: Final = date(2026, 12, 1)
DAYS_OFF: Final = frozenset(
    BEGINS + timedelta(days=number) for number in range(800) if number % 11 in {0, 1}
)
PARTIES: Final = (ANNA, BO, examples.CILLE)
JOINING: Final = (PartyRole.NEIGHBOUR, PartyRole.CO_APPLICANT)
KINDS: Final = (CaseKind.APPLICATION, CaseKind.NOTICE, CaseKind.ACCESS_REQUEST)
OUTCOMES: Final = tuple(Outcome)


def commands(plan: bytes) -> Iterator[tuple[date, CaseCommand]]:
    """What is asked, day by day; three bytes say which command, of what, and when."""
    today = BEGINS
    for step in range(1, STEPS + 1):
        which, what, wait = plan[step * BYTES : (step + 1) * BYTES]
        today += timedelta(days=wait % 16 if wait > 128 else 0)
        yield today, command(which % 23, what, today)


def command(which: int, what: int, today: date) -> CaseCommand:  # noqa: C901, PLR0911, PLR0912 - a table
    """One command of each kind, about one of a few requests, rounds, decisions and parties."""
    parties = tuple(party for bit, party in enumerate(PARTIES) if what >> bit & 1)
    ahead = today + timedelta(days=what % 20 + 1)
    request, round_ = RequestId(numbered(300 + what % 2)), RoundId(numbered(310 + what % 2))
    decision, case_id = DecisionId(numbered(320 + what % 3)), examples.APPLICATION
    match which:
        case 0 | 1:
            asked = replace(examples.request_information, request=request)
            return replace(asked, requested_on=today, due_on=ahead)
        case 2 | 3:
            items = examples.deliver_information.items[what % 3 % 2 :]
            given = replace(examples.deliver_information, request=request, documents=())
            return replace(given, items=items, delivered_on=today, days_off=DAYS_OFF)
        case 4:
            return WithdrawInformationRequest(
                case_id=case_id, request=request, withdrawn_on=today, days_off=DAYS_OFF
            )
        case 5:
            return EndOverdueRequest(
                case_id=case_id, request=request, today=today, days_off=DAYS_OFF
            )
        case 6 | 7:
            planned = (None, Outcome.GRANTED, Outcome.REFUSED)[what // 8 % 3]
            opened = replace(examples.open_party_hearing, round=round_, planned=planned)
            return replace(opened, parties=parties, opened_on=today, due_on=ahead)
        case 8:
            answer = replace(examples.answer_party_hearing, round=round_, documents=())
            heard = PARTIES[what // 4 % len(PARTIES)]
            return replace(answer, party=heard, is_final=what % 4 > 0, answered_on=today)
        case 9:
            return replace(examples.close_expired_hearing, round=round_, today=today)
        case 10:
            reason = "Kendt." if what % 7 else ""
            return replace(examples.exempt_from_hearing, parties=parties, reason=reason)
        case 11 | 12:
            outcome = OUTCOMES[what % len(OUTCOMES)]
            unconditional = replace(examples.refuse, decision=decision, outcome=outcome)
            return replace(
                unconditional,
                grounds="Derfor." if what % 7 else "",
                appeal=examples.building_appeal if what % 5 else None,
                decided_on=today,
            )
        case 13 | 14:
            sent = replace(examples.dispatch, decision=decision)
            return replace(sent, dispatched_on=today, days_off=DAYS_OFF)
        case 15:
            slip = replace(examples.correct_decision, decision=decision)
            return replace(slip, restarts_appeal=what % 2 > 0, corrected_on=today)
        case 16:
            target = Deadline(
                deadline=DeadlineKind.PROCESSING, due_on=ahead, unit=DayUnit.WORKING_DAYS
            )
            completed = replace(examples.complete_application, complete_on=today)
            return replace(completed, deadlines=(target,))
        case 17:
            kind = tuple(DeadlineKind)[what % len(DeadlineKind)]
            if what % 3:
                return MissDeadline(case_id=case_id, deadline=kind, today=today)
            return ExtendDeadline(case_id=case_id, deadline=kind, due_on=ahead, reason="Høring.")
        case 18:
            return CloseCase(case_id=case_id, closed_on=today)
        case 19 | 20:
            role = JOINING[what // 2 % len(JOINING)]
            joining = replace(join_party, case_id=case_id, party=PARTIES[1 + what % 2], role=role)
            return joining if what % 5 else replace(joining, party=PARTIES[0])
        case 21:
            return RemoveParty(case_id=case_id, party=PARTIES[what % 3], removed_on=today)
        case _:
            if what == 0:
                return RecordWithdrawal(case_id=case_id, reason=None)
            return ReopenCase(case_id=case_id, reason="Nyt.")


def lived(plan: bytes) -> list[CaseEvent]:
    """The history that the commands make; the state goes along as it does in the desk."""
    kind = KINDS[plan[0] % len(KINDS)]
    unit = tuple(DayUnit)[plan[1] % len(DayUnit)]
    due_on = BEGINS + timedelta(days=plan[2] % 60 + 1)
    promised = (DeadlineKind.FIRST_REPLY, DeadlineKind.PROCESSING, DeadlineKind.OBJECTION)
    begin = replace(
        examples.open_application,
        kind=kind,
        deadlines=tuple(Deadline(deadline=each, due_on=due_on, unit=unit) for each in promised),
    )
    history: list[CaseEvent] = []
    state: Case = decider.initial
    for _, asked in ((BEGINS, begin), *commands(plan)):
        try:
            decided = decider.decide(asked, state)
        except Refused:
            continue
        state = reduce(decider.evolve, decided, state)
        history += decided
    stored = [decode(*encode(event)) for event in history]
    assert stored == history
    assert decider.replay(history) == state
    return history


def adverse_without_hearing(history: list[CaseEvent]) -> list[CaseEvent]:  # noqa: C901 - one case an event
    """Decisions against a party who was neither heard on what is known nor exempted."""
    asked_for_it: dict[str | None, bool] = {}
    heard: set[str | None] = set()
    running: set[str | None] = set()
    wrong: list[CaseEvent] = []
    for event in history:
        match event:
            case CaseOpened():
                asked_for_it[None] = True
            case PartyJoined():
                asked_for_it[event.party] = event.role is PartyRole.CO_APPLICANT
            case PartyLeft():
                del asked_for_it[event.party]
                heard.discard(event.party)
                if event.party in running:
                    wrong.append(event)
            case PartyHearingOpened():
                heard.discard(event.party)
                running.add(event.party)
            case PartyHearingClosed() | PartyHearingExempted():
                heard.add(event.party)
                running.discard(event.party)
            case CaseReopened():
                heard.clear()
            case DecisionRecorded():
                granted = event.outcome is Outcome.GRANTED
                against = {who for who, asked in asked_for_it.items() if not (granted and asked)}
                if running or not against <= heard:
                    wrong.append(event)
            case _:
                pass
    return wrong


def appeal_periods_out_of_place(history: list[CaseEvent]) -> list[CaseEvent]:
    """Appeal periods that run without a decision, before it is sent, or too short."""
    standing: DecisionRecorded | None = None
    until: date | None = None
    keeps = False
    wrong: list[CaseEvent] = []
    for event in history:
        match event:
            case DecisionRecorded():
                standing, keeps = event, False
            case DecisionCorrected():
                keeps = not event.restarts_appeal and (until is not None or keeps)
            case CaseReopened():
                standing, until, keeps = None, None, False
            case DecisionDispatched():
                right = standing is not None and event.decision == standing.decision
                appeal = None if standing is None else standing.appeal
                if right and appeal is not None and appeal.days is not None and not keeps:
                    least = event.dispatched_on + timedelta(days=appeal.days)
                    right = event.appeal_until is not None and event.appeal_until >= least
                elif right and appeal is None:
                    right = event.appeal_until is None
                if not right:
                    wrong.append(event)
                until = event.appeal_until
            case _:
                pass
    return wrong


def working(day: date) -> bool:
    return day.weekday() < 5 and day not in DAYS_OFF


def counted(start: date, end: date, unit: DayUnit) -> int:
    """Days of the unit after `start`, up to and with `end`."""
    days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
    return sum(unit is DayUnit.CALENDAR_DAYS or working(day) for day in days)


def clocks_that_lost_or_won_days(  # noqa: C901, PLR0912 - one case an event
    history: list[CaseEvent],
) -> list[CaseEvent]:
    """A clock that stood still must have on running what it had on stopping, no day more."""
    due: dict[DeadlineKind, tuple[date, DayUnit]] = {}
    stopped: dict[DeadlineKind, date] = {}
    wrong: list[CaseEvent] = []
    for event in history:
        match event:
            case DeadlineSet():
                due[event.deadline] = (event.due_on, event.unit)
                stopped.pop(event.deadline, None)
            case DeadlineSuspended():
                if event.deadline in stopped:
                    wrong.append(event)
                stopped[event.deadline] = event.suspended_on
            case DeadlineResumed():
                last, unit = due[event.deadline]
                left = counted(stopped.pop(event.deadline), last, unit)
                if counted(event.resumed_on, event.due_on, unit) != left:
                    wrong.append(event)
                due[event.deadline] = (event.due_on, unit)
            case DeadlineExtended():
                if event.due_on <= due[event.deadline][0] or event.deadline in stopped:
                    wrong.append(event)
                due[event.deadline] = (event.due_on, due[event.deadline][1])
            case DeadlineMissed():
                if event.due_on != due.pop(event.deadline)[0] or event.deadline in stopped:
                    wrong.append(event)
            case DeadlineMet():
                due.pop(event.deadline)
                stopped.pop(event.deadline, None)
            case TacitlyAccepted():
                if event.accepted_on != due.pop(DeadlineKind.OBJECTION)[0]:
                    wrong.append(event)
            case _:
                pass
    return wrong


def clocks_running_while_the_party_is_waited_for(history: list[CaseEvent]) -> list[CaseEvent]:
    """While anything is awaited a stopped clock stays stopped, and afterwards none is."""
    awaited: set[RequestId] = set()
    wrong: list[CaseEvent] = []
    for event in history:
        match event:
            case InformationRequested():
                awaited.add(event.request)
            case InformationRequestEnded():
                awaited.discard(event.request)
            case DeadlineResumed() if awaited:
                wrong.append(event)
            case _:
                pass
    return wrong


def closed_too_early(history: list[CaseEvent]) -> list[CaseEvent]:  # noqa: C901 - one case an event
    """Closings of what is neither decided and sent nor tacitly accepted, or still awaited."""
    sent = needs_completion = False
    awaited = 0
    wrong: list[CaseEvent] = []
    for event in history:
        match event:
            case InformationRequested():
                awaited += 1
            case InformationRequestEnded():
                awaited -= 1
            case DecisionRecorded():
                sent, needs_completion = False, event.needs_completion
            case DecisionCorrected():
                sent = False
            case DecisionDispatched() | TacitlyAccepted():
                sent = True
            case CompletionAccepted():
                needs_completion = False
            case CaseReopened():
                sent = needs_completion = False
            case CaseClosed():
                if not sent or needs_completion or awaited:
                    wrong.append(event)
            case _:
                pass
    return wrong


def decided_with_others(history: list[CaseEvent]) -> Iterator[Outcome]:
    others: set[PartyId] = set()
    for event in history:
        match event:
            case PartyJoined():
                others.add(event.party)
            case PartyLeft():
                others.discard(event.party)
            case DecisionRecorded() if others:
                yield event.outcome
            case _:
                pass


LAWS: Final = (
    adverse_without_hearing,
    appeal_periods_out_of_place,
    clocks_that_lost_or_won_days,
    clocks_running_while_the_party_is_waited_for,
    closed_too_early,
)

PLANS: Final = st.binary(min_size=BYTES * (STEPS + 1), max_size=BYTES * (STEPS + 1))
MET: Final[set[type[CaseEvent]]] = set()
SEVERAL: Final[set[Outcome]] = set()
"""The outcomes that were decided while there was more than one party."""


@settings(max_examples=1000, derandomize=True, database=None)
@given(plan=PLANS)
def test_no_history_breaks_the_law(plan: bytes) -> None:
    history = lived(plan)
    MET.update(type(event) for event in history)
    SEVERAL.update(decided_with_others(history))
    for law in LAWS:
        assert law(history) == [], law.__doc__


def test_the_histories_reach_what_the_laws_are_about() -> None:
    """Runs after the property above, which would say little of histories that get nowhere."""
    if not MET:
        pytest.skip("asks about the histories of the property above, which did not run")
    assert {
        CaseOpened,
        CaseClosed,
        CaseReopened,
        DeadlineSuspended,
        DeadlineResumed,
        DeadlineExtended,
        DeadlineMissed,
        DeadlineMet,
        InformationRequestEnded,
        PartyHearingClosed,
        PartyHearingExempted,
        PartyJoined,
        PartyLeft,
        DecisionRecorded,
        DecisionDispatched,
        DecisionCorrected,
        TacitlyAccepted,
        RetentionBegan,
    } <= MET
    assert set(OUTCOMES) == SEVERAL


FORBIDDEN: Final[list[tuple[str, list[CaseEvent]]]] = [
    ("adverse_without_hearing", [examples.application_opened, examples.refused]),
    (
        "adverse_without_hearing",
        [
            examples.application_opened,
            examples.party_hearing_exempted,
            examples.party_hearing_opened,
            examples.refused,
        ],
    ),
    (
        "adverse_without_hearing",
        [
            examples.application_opened,
            examples.neighbour_joined,
            examples.party_hearing_exempted,
            examples.refused,
        ],
    ),
    (
        "adverse_without_hearing",
        [examples.application_opened, examples.neighbour_joined, examples.granted],
    ),
    (
        "adverse_without_hearing",
        [
            examples.application_opened,
            examples.neighbour_joined,
            replace(examples.party_hearing_opened, party=BO),
            examples.neighbour_left,
        ],
    ),
    ("appeal_periods_out_of_place", [examples.dispatched]),
    (
        "appeal_periods_out_of_place",
        [examples.refused, replace(examples.dispatched, appeal_until=date(2027, 1, 18))],
    ),
    (
        "clocks_that_lost_or_won_days",
        [
            examples.target_set,
            examples.target_suspended,
            replace(examples.target_resumed, due_on=date(2027, 1, 20)),
        ],
    ),
    (
        "clocks_running_while_the_party_is_waited_for",
        [examples.information_requested, examples.target_resumed],
    ),
    ("closed_too_early", [examples.refused, examples.application_closed]),
]


@pytest.mark.parametrize(("law", "history"), FORBIDDEN, ids=[name for name, _ in FORBIDDEN])
def test_each_law_finds_what_breaks_it(law: str, history: list[CaseEvent]) -> None:
    found = {each.__name__: each for each in LAWS}[law](history)
    assert found

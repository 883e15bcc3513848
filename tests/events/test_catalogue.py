"""What is on disk for ever: each golden form is a promise; add new ones, never edit one."""

import re
from dataclasses import FrozenInstanceError, fields, replace
from typing import cast, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from events.calendar_day import CalendarDayEvent
from events.case import Answer, AnswerValue, CaseEvent, CaseOpened
from events.case_party_hearing import PartyHearingOpened
from events.catalogue import CLASSES, WIRE_NAMES, Event, names_of
from events.colleague import ColleagueEvent
from events.contact import ContactEvent
from events.day_unit import DayUnit
from events.hearing import HearingEvent
from events.journal import JournalEvent
from events.note import NoteEvent
from events.older import UPCASTERS, Payload
from events.post import PostEvent
from events.tender import TenderEvent
from services.codec import UnknownEvent, decode, encode
from tests.colleague_examples import absence_cancelled, absence_recorded
from tests.events import golden_procedure, golden_tender
from tests.events.generated import EVERY_CLASS, any_event_of
from tests.examples import (
    answer_drafted,
    answer_dropped,
    booking_cancelled,
    case_assigned,
    case_chosen,
    case_closed,
    case_linked,
    case_released,
    case_renumbered,
    case_reopened,
    case_transferred,
    case_withdrawn,
    caseworker_added_document,
    caseworker_wrote,
    choice_requested,
    difference_found,
    difference_settled,
    first_reply_met,
    first_reply_missed,
    first_reply_set,
    hearing_cancelled,
    hearing_concluded,
    hearing_extended,
    hearing_material_added,
    hearing_published,
    hold_expired,
    hold_released,
    journalised,
    journalising_refused,
    journalising_retried,
    meeting_booked,
    meeting_cancelled,
    meeting_case_opened,
    meeting_given,
    meeting_missed,
    meeting_moved,
    next_steps_announced,
    party_added_document,
    party_joined,
    party_left,
    party_wrote,
    property_identified,
    property_not_identified,
    property_stated,
    protection_recorded,
    put_on_waiting_list,
    representation_ended,
    representative_appointed,
    representative_declined,
    representative_proposed,
    response_answered,
    response_sorted,
    slot_booked,
    slot_given,
    slot_held,
    slots_published,
    taken_off_waiting_list,
    things_to_bring_listed,
    waiting_list_joined,
    waiting_list_left,
)
from tests.post_examples import (
    notification_bounced,
    notification_delivered,
    notification_failed,
    notification_given_to_paper,
    notification_in_doubt,
    notification_posted,
    notification_queued,
    notification_retried,
    notification_sent,
    preferences_set,
)

GOLDEN: list[tuple[str, str, Event]] = [
    (
        "case.opened.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001","kind":"meeting",'
            '"service":"building-meeting","service_version":1,"reference":"HJ-2026-000001",'
            '"team":"byggeri-natur","party":"person:anna","subject":"Carport, Nørregade 1",'
            '"answers":[{"field":"property","value":"Nørregade 1"},{"field":"area","value":35},'
            '{"field":"integrated","value":false},{"field":"topics","value":["distance",'
            '"height"]}],"received_on":"2026-12-01","hearing":null}'
        ),
        meeting_case_opened,
    ),
    (
        "case.next-steps-announced.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"steps":[{"text":{"da":"Vi svarer dig.","en":"We answer you."},"by":"2026-12-04"}]}'
        ),
        next_steps_announced,
    ),
    (
        "case.things-to-bring-listed.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"things":[{"what":{"da":"Tegninger af carporten","en":"Drawings of the carport"},'
            '"why":{"da":"Så vi kan se målene.","en":"So that we can see its measures."}}]}'
        ),
        things_to_bring_listed,
    ),
    (
        "case.assigned.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001","to":"staff:karen"}',
        case_assigned,
    ),
    (
        "case.released.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001"}',
        case_released,
    ),
    (
        "case.transferred.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001","from_team":"byggeri-natur",'
            '"to_team":"ejendomsdata","reason":"Sagen handler om en BBR-rettelse."}'
        ),
        case_transferred,
    ),
    (
        "case.party-wrote.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"message":"019a0000-0000-7000-8000-000000000021","text":"Må jeg bygge i skel?",'
            '"documents":[{"document_id":"019a0000-0000-7000-8000-000000000042",'
            '"sha256":"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",'
            '"name":"carport.jpg","media_type":"image/jpeg","size":1204881}]}'
        ),
        party_wrote,
    ),
    (
        "case.caseworker-wrote.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"message":"019a0000-0000-7000-8000-000000000021","text":"Ja, op til 2,5 m højde.",'
            '"documents":[{"document_id":"019a0000-0000-7000-8000-000000000043",'
            '"sha256":"0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",'
            '"name":"lokalplan 402.pdf","media_type":"application/pdf","size":5120000}]}'
        ),
        caseworker_wrote,
    ),
    (
        "case.party-added-document.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"document":{"document_id":"019a0000-0000-7000-8000-000000000041",'
            '"sha256":"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",'
            '"name":"tegning.pdf","media_type":"application/pdf","size":48213}}'
        ),
        party_added_document,
    ),
    (
        "case.caseworker-added-document.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"document":{"document_id":"019a0000-0000-7000-8000-000000000043",'
            '"sha256":"0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",'
            '"name":"lokalplan 402.pdf","media_type":"application/pdf","size":5120000}}'
        ),
        caseworker_added_document,
    ),
    (
        "case.meeting-booked.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"meeting":{"slot":"byggeri-natur.2026-12-08.0900-1",'
            '"starts_at":"2026-12-08T09:00:00+01:00","ends_at":"2026-12-08T10:00:00+01:00",'
            '"place":"Rådhuset, lokale 2"}}'
        ),
        meeting_booked,
    ),
    (
        "case.meeting-moved.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"meeting":{"slot":"byggeri-natur.2026-12-08.1000-1",'
            '"starts_at":"2026-12-08T10:00:00+01:00","ends_at":"2026-12-08T11:00:00+01:00",'
            '"place":"Rådhuset, lokale 2"}}'
        ),
        meeting_moved,
    ),
    (
        "case.meeting-missed.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"meeting":{"slot":"byggeri-natur.2026-12-08.0900-1",'
            '"starts_at":"2026-12-08T09:00:00+01:00","ends_at":"2026-12-08T10:00:00+01:00",'
            '"place":"Rådhuset, lokale 2"}}'
        ),
        meeting_missed,
    ),
    (
        "case.meeting-cancelled.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"slot":"byggeri-natur.2026-12-08.0900-1"}'
        ),
        meeting_cancelled,
    ),
    (
        "case.put-on-waiting-list.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001","day":"byggeri-natur.2026-12-08"}',
        put_on_waiting_list,
    ),
    (
        "case.taken-off-waiting-list.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001","day":"byggeri-natur.2026-12-08"}',
        taken_off_waiting_list,
    ),
    (
        "case.meeting-given-from-waiting-list.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"meeting":{"slot":"byggeri-natur.2026-12-08.0900-1",'
            '"starts_at":"2026-12-08T09:00:00+01:00","ends_at":"2026-12-08T10:00:00+01:00",'
            '"place":"Rådhuset, lokale 2"}}'
        ),
        meeting_given,
    ),
    (
        "case.hearing-response-answered.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000002",'
            '"hearing":"019a0000-0000-7000-8000-000000000011",'
            '"answers":["Højden sættes ned til 8,5 m."]}'
        ),
        response_answered,
    ),
    (
        "case.deadline-set.v2",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001","deadline":"first-reply",'
            '"due_on":"2026-12-04","unit":"working-days"}'
        ),
        first_reply_set,
    ),
    (
        "case.deadline-met.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001","deadline":"first-reply"}',
        first_reply_met,
    ),
    (
        "case.deadline-missed.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001","deadline":"first-reply",'
            '"due_on":"2026-12-04"}'
        ),
        first_reply_missed,
    ),
    (
        "case.closed.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001","closed_on":"2026-12-08"}',
        case_closed,
    ),
    (
        "case.reopened.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001","reason":"Nye oplysninger"}',
        case_reopened,
    ),
    (
        "case.withdrawn.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001","reason":"Bygger ikke"}',
        case_withdrawn,
    ),
    (
        "case.party-joined.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001","party":"person:bo","role":"neighbour","protected":true}',
        party_joined,
    ),
    (
        "case.party-left.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001","party":"person:bo"}',
        party_left,
    ),
    (
        "case.protection-recorded.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001","party":"person:anna","protected":false}',
        protection_recorded,
    ),
    (
        "case.representative-proposed.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001","party":"person:bo","representative":"company:tomrer",'
            '"basis":"power-of-attorney","document":"019a0000-0000-7000-8000-000000000044"}'
        ),
        representative_proposed,
    ),
    (
        "case.representative-appointed.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001","party":"person:bo","representative":"company:tomrer",'
            '"basis":"power-of-attorney","document":"019a0000-0000-7000-8000-000000000044","protected":false}'
        ),
        representative_appointed,
    ),
    (
        "case.representative-declined.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001","party":"person:bo","representative":"company:tomrer",'
            '"reason":"Underskriften mangler."}'
        ),
        representative_declined,
    ),
    (
        "case.representation-ended.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001","party":"person:bo","representative":"company:tomrer"}',
        representation_ended,
    ),
    (
        "case.property-identified.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001","property":{'
            '"text":"Nørregade 1","bfe":100063828,'
            '"parcels":[{"district":1260453,"number":"11ba"}],'
            '"address":"019a0000-0000-7000-8000-000000000071","municipality":"0860"},'
            '"register":"adressevaelger"}'
        ),
        property_identified,
    ),
    (
        "case.property-not-identified.v1",
        '{"case_id":"019a0000-0000-7000-8000-000000000001","reason":"several","register":"adressevaelger"}',
        property_not_identified,
    ),
    (
        "case.property-stated.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001","property":{'
            '"text":"Nørregade 1","bfe":100063828,"parcels":[],"address":null,"municipality":null}}'
        ),
        property_stated,
    ),
    (
        "hearing.published.v1",
        (
            '{"hearing_id":"019a0000-0000-7000-8000-000000000011","kind":"local-plan",'
            '"title":"Lokalplan 402, Havnen","description":"Boliger på den gamle havn.",'
            '"team":"byggeri-natur",'
            '"material":[{"document_id":"019a0000-0000-7000-8000-000000000043",'
            '"sha256":"0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c0c",'
            '"name":"lokalplan 402.pdf","media_type":"application/pdf","size":5120000}],'
            '"published_at":"2026-12-01T08:00:00+01:00","closes_at":"2026-12-29T23:59:00+01:00"}'
        ),
        hearing_published,
    ),
    (
        "hearing.material-added.v1",
        (
            '{"hearing_id":"019a0000-0000-7000-8000-000000000011",'
            '"material":[{"document_id":"019a0000-0000-7000-8000-000000000042",'
            '"sha256":"0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b",'
            '"name":"carport.jpg","media_type":"image/jpeg","size":1204881}]}'
        ),
        hearing_material_added,
    ),
    (
        "hearing.extended.v1",
        (
            '{"hearing_id":"019a0000-0000-7000-8000-000000000011",'
            '"closes_at":"2027-01-05T23:59:00+01:00"}'
        ),
        hearing_extended,
    ),
    (
        "hearing.answer-drafted.v1",
        (
            '{"hearing_id":"019a0000-0000-7000-8000-000000000011",'
            '"point":"019a0000-0000-7000-8000-000000000017","theme":"Højde",'
            '"answer":"Højden sættes ned til 8,5 m."}'
        ),
        answer_drafted,
    ),
    (
        "hearing.answer-dropped.v1",
        (
            '{"hearing_id":"019a0000-0000-7000-8000-000000000011",'
            '"point":"019a0000-0000-7000-8000-000000000017"}'
        ),
        answer_dropped,
    ),
    (
        "hearing.response-sorted.v1",
        (
            '{"hearing_id":"019a0000-0000-7000-8000-000000000011",'
            '"case_id":"019a0000-0000-7000-8000-000000000002",'
            '"points":["019a0000-0000-7000-8000-000000000017"]}'
        ),
        response_sorted,
    ),
    (
        "hearing.concluded.v1",
        (
            '{"hearing_id":"019a0000-0000-7000-8000-000000000011","summary":"Et høringssvar,'
            ' om højde.","answers":[{"theme":"Højde","answer":"Højden sættes ned til 8,5 m.",'
            '"responses":["019a0000-0000-7000-8000-000000000002"]}],'
            '"concluded_at":"2027-01-12T09:00:00+01:00"}'
        ),
        hearing_concluded,
    ),
    (
        "hearing.cancelled.v1",
        (
            '{"hearing_id":"019a0000-0000-7000-8000-000000000011",'
            '"reason":"Planen er trukket tilbage."}'
        ),
        hearing_cancelled,
    ),
    (
        "calendar-day.slots-published.v1",
        (
            '{"day":"byggeri-natur.2026-12-08",'
            '"slots":[{"slot":"byggeri-natur.2026-12-08.0900-1",'
            '"starts_at":"2026-12-08T09:00:00+01:00","ends_at":"2026-12-08T10:00:00+01:00",'
            '"place":"Rådhuset, lokale 2"},{"slot":"byggeri-natur.2026-12-08.1000-1",'
            '"starts_at":"2026-12-08T10:00:00+01:00","ends_at":"2026-12-08T11:00:00+01:00",'
            '"place":"Rådhuset, lokale 2"}]}'
        ),
        slots_published,
    ),
    (
        "calendar-day.slot-held.v1",
        (
            '{"day":"byggeri-natur.2026-12-08","slot":"byggeri-natur.2026-12-08.0900-1",'
            '"hold":"019a0000-0000-7000-8000-000000000031","party":"person:anna",'
            '"expires_at":"2026-12-01T10:10:00+01:00"}'
        ),
        slot_held,
    ),
    (
        "calendar-day.hold-released.v1",
        (
            '{"day":"byggeri-natur.2026-12-08","slot":"byggeri-natur.2026-12-08.0900-1",'
            '"hold":"019a0000-0000-7000-8000-000000000031"}'
        ),
        hold_released,
    ),
    (
        "calendar-day.hold-expired.v1",
        (
            '{"day":"byggeri-natur.2026-12-08","slot":"byggeri-natur.2026-12-08.0900-1",'
            '"hold":"019a0000-0000-7000-8000-000000000031"}'
        ),
        hold_expired,
    ),
    (
        "calendar-day.slot-booked.v1",
        (
            '{"day":"byggeri-natur.2026-12-08","slot":"byggeri-natur.2026-12-08.0900-1",'
            '"case_id":"019a0000-0000-7000-8000-000000000001","party":"person:anna"}'
        ),
        slot_booked,
    ),
    (
        "calendar-day.booking-cancelled.v1",
        (
            '{"day":"byggeri-natur.2026-12-08","slot":"byggeri-natur.2026-12-08.0900-1",'
            '"case_id":"019a0000-0000-7000-8000-000000000001"}'
        ),
        booking_cancelled,
    ),
    (
        "calendar-day.waiting-list-joined.v1",
        (
            '{"day":"byggeri-natur.2026-12-08","case_id":"019a0000-0000-7000-8000-000000000003",'
            '"party":"person:bo"}'
        ),
        waiting_list_joined,
    ),
    (
        "calendar-day.waiting-list-left.v1",
        '{"day":"byggeri-natur.2026-12-08","case_id":"019a0000-0000-7000-8000-000000000003"}',
        waiting_list_left,
    ),
    (
        "calendar-day.slot-given-from-waiting-list.v1",
        (
            '{"day":"byggeri-natur.2026-12-08","slot":"byggeri-natur.2026-12-08.0900-1",'
            '"case_id":"019a0000-0000-7000-8000-000000000003","party":"person:bo"}'
        ),
        slot_given,
    ),
    (
        "journal.esdh-case-linked.v1",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"esdh_case":{"id":"4711","number":"02.34.02-P19-12-26"},"by":"created"}'
        ),
        case_linked,
    ),
    (
        "journal.esdh-case-renumbered.v1",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"esdh_case":{"id":"4711","number":"02.34.02-P19-98-26"},'
            '"former_number":"02.34.02-P19-12-26"}'
        ),
        case_renumbered,
    ),
    (
        "journal.esdh-case-choice-requested.v1",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"reason":"several","candidates":[{"esdh_case":{"id":"4711",'
            '"number":"02.34.02-P19-12-26"},"title":"Nørregade 1, byggesag","status":"open"},'
            '{"esdh_case":{"id":"4712","number":"02.34.02-P19-7-25"},"title":"Nørregade 1,'
            ' carport","status":"open"}]}'
        ),
        choice_requested,
    ),
    (
        "journal.esdh-case-chosen.v1",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"esdh_case":{"id":"4711","number":"02.34.02-P19-12-26"}}'
        ),
        case_chosen,
    ),
    (
        "journal.journalised.v1",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"fact":"case.opened.v1","about":"019a0000-0000-7000-8000-000000001001","position":1,'
            '"esdh_case":{"id":"4711","number":"02.34.02-P19-12-26"},"receipts":["90","91"]}'
        ),
        journalised,
    ),
    (
        "journal.journalising-refused.v1",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"entry":"019a0000-0000-7000-8000-000000000061","position":1,'
            '"code":"document-too-large",'
            '"detail":"The document is larger than the records system takes."}'
        ),
        journalising_refused,
    ),
    (
        "journal.journalising-retried.v1",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"entry":"019a0000-0000-7000-8000-000000000061"}'
        ),
        journalising_retried,
    ),
    (
        "journal.difference-found.v1",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"difference":"missing-there","reference":"JL-01K8000000E008000000000031",'
            '"esdh_case":{"id":"4711","number":"02.34.02-P19-12-26"}}'
        ),
        difference_found,
    ),
    (
        "journal.difference-settled.v1",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"difference":"missing-there","reference":"JL-01K8000000E008000000000031"}'
        ),
        difference_settled,
    ),
    (
        "post.notification-queued.v2",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"notification":"019a0000-0000-7000-8000-000000000071",'
            '"fact":"case.caseworker-wrote.v1",'
            '"about":"019a0000-0000-7000-8000-000000000072","party":"person:anna",'
            '"channel":"email"}'
        ),
        notification_queued,
    ),
    (
        "post.notification-sent.v2",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"channel":"email",'
            '"receipt":"<019a0000-0000-7000-8000-000000000073@hjorring>","attempt":1,'
            '"in_doubt":0}'
        ),
        notification_sent,
    ),
    (
        "post.notification-in-doubt.v2",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"channel":"email","attempt":1}'
        ),
        notification_in_doubt,
    ),
    (
        "post.notification-delivered.v2",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"delivered_at":"2026-12-02T10:00:00+01:00"}'
        ),
        notification_delivered,
    ),
    (
        "post.notification-bounced.v2",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"attempt":1,"status":"5.1.1"}'
        ),
        notification_bounced,
    ),
    (
        "post.notification-failed.v2",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"attempt":1,"code":"mail-rejected"}'
        ),
        notification_failed,
    ),
    (
        "post.notification-retried.v2",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna"}'
        ),
        notification_retried,
    ),
    (
        "post.notification-given-to-paper.v2",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"reason":"exempt"}'
        ),
        notification_given_to_paper,
    ),
    (
        "post.notification-posted.v2",
        (
            '{"matter":{"kind":"case","id":"019a0000-0000-7000-8000-000000000001"},'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"posted_on":"2026-12-03"}'
        ),
        notification_posted,
    ),
    (
        "contact.preferences-set.v1",
        ('{"party":"person:anna","email":"anna@example.dk","language":"en","frequency":"daily"}'),
        preferences_set,
    ),
    *golden_procedure.GOLDEN,
    *golden_tender.GOLDEN,
    (
        "colleague.absence-recorded.v1",
        (
            '{"colleague":"staff:karen","absence":"019a0000-0000-7000-8000-000000000081",'
            '"first_day":"2026-12-07","last_day":"2026-12-11","substitute":"staff:niels"}'
        ),
        absence_recorded,
    ),
    (
        "colleague.absence-cancelled.v1",
        '{"colleague":"staff:karen","absence":"019a0000-0000-7000-8000-000000000081"}',
        absence_cancelled,
    ),
]

OLDER: list[tuple[str, str, Event]] = [
    (
        "case.deadline-set.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001","deadline":"first-reply",'
            '"due_on":"2026-12-04"}'
        ),
        replace(first_reply_set, unit=DayUnit.CALENDAR_DAYS),
    ),
    (
        "post.notification-queued.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"notification":"019a0000-0000-7000-8000-000000000071",'
            '"fact":"case.caseworker-wrote.v1",'
            '"about":"019a0000-0000-7000-8000-000000000072","party":"person:anna",'
            '"channel":"email"}'
        ),
        notification_queued,
    ),
    (
        "post.notification-sent.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"channel":"email",'
            '"receipt":"<019a0000-0000-7000-8000-000000000073@hjorring>","attempt":1,'
            '"in_doubt":0}'
        ),
        notification_sent,
    ),
    (
        "post.notification-in-doubt.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"channel":"email","attempt":1}'
        ),
        notification_in_doubt,
    ),
    (
        "post.notification-delivered.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"delivered_at":"2026-12-02T10:00:00+01:00"}'
        ),
        notification_delivered,
    ),
    (
        "post.notification-bounced.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"attempt":1,"status":"5.1.1"}'
        ),
        notification_bounced,
    ),
    (
        "post.notification-failed.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"attempt":1,"code":"mail-rejected"}'
        ),
        notification_failed,
    ),
    (
        "post.notification-retried.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna"}'
        ),
        notification_retried,
    ),
    (
        "post.notification-given-to-paper.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"reason":"exempt"}'
        ),
        notification_given_to_paper,
    ),
    (
        "post.notification-posted.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000001",'
            '"notification":"019a0000-0000-7000-8000-000000000071","party":"person:anna",'
            '"posted_on":"2026-12-03"}'
        ),
        notification_posted,
    ),
    *golden_procedure.OLDER,
]
"""Forms that are no longer written, and are read for ever."""

UNIONS: dict[str, object] = {
    "case": CaseEvent,
    "hearing": HearingEvent,
    "calendar-day": CalendarDayEvent,
    "journal": JournalEvent,
    "post": PostEvent,
    "contact": ContactEvent,
    "note": NoteEvent,
    "colleague": ColleagueEvent,
    "tender": TenderEvent,
}


def members(union: object) -> tuple[type[Event], ...]:
    """Those of a union, or the class itself where a noun has one event only."""
    return get_args(union) or (cast("type[Event]", union),)


@pytest.mark.parametrize(("name", "stored", "event"), GOLDEN, ids=[name for name, *_ in GOLDEN])
def test_the_stored_form_is_stable(name: str, stored: str, event: Event) -> None:
    assert encode(event) == (name, stored.encode())
    assert decode(name, stored.encode()) == event


@pytest.mark.parametrize(("name", "stored", "event"), OLDER, ids=[name for name, *_ in OLDER])
def test_an_older_form_is_still_read(name: str, stored: str, event: Event) -> None:
    assert decode(name, stored.encode()) == event
    assert encode(event)[0] != name


def test_every_older_name_has_its_form_kept() -> None:
    assert {name for name, *_ in OLDER} == set(UPCASTERS)


def test_every_event_has_a_wire_name_and_a_golden_form() -> None:
    every = {cls for union in UNIONS.values() for cls in members(union)}
    assert set(WIRE_NAMES) == every
    assert {type(event) for *_, event in GOLDEN} == every
    assert len(GOLDEN) == len(every)


def test_a_wire_name_says_the_noun_the_fact_and_the_version() -> None:
    for noun, union in UNIONS.items():
        for cls in members(union):
            assert re.fullmatch(rf"{noun}\.[a-z]+(-[a-z]+)*\.v[1-9]\d*", WIRE_NAMES[cls])


def test_no_two_events_share_a_wire_name() -> None:
    assert len(CLASSES) == len(WIRE_NAMES)


def test_no_name_is_both_of_today_and_to_be_upcast() -> None:
    assert not set(UPCASTERS) & set(CLASSES)


@pytest.mark.parametrize("event", [event for *_, event in GOLDEN], ids=lambda e: type(e).__name__)
def test_an_event_cannot_be_changed(event: Event) -> None:
    for field in fields(event):
        with pytest.raises(FrozenInstanceError):
            setattr(event, field.name, None)
    # Nothing that can be changed has a hash, however deep it lies.
    assert isinstance(hash(event), int)


@pytest.mark.parametrize("cls", EVERY_CLASS, ids=lambda cls: cls.__name__)
@settings(max_examples=40, derandomize=True)
@given(data=st.data())
def test_any_event_comes_back_as_it_was_stored(cls: type[Event], data: st.DataObject) -> None:
    event = data.draw(any_event_of(cls))
    name, stored = encode(event)
    found = decode(name, stored)
    assert found == event
    # In Python True == 1, but not on disk.
    assert encode(found) == (name, stored)


@pytest.mark.parametrize(
    "value",
    ["1", "true", "2026-12-01", "", 1, 0, -(10**30), True, False, (), ("1", "true"), ("x",)],
    ids=repr,
)
def test_an_answer_keeps_its_type(value: AnswerValue) -> None:
    event = replace(meeting_case_opened, answers=(Answer(field="x", value=value),))
    found = decode(*encode(event))
    assert isinstance(found, CaseOpened)
    assert (type(found.answers[0].value), found.answers[0].value) == (type(value), value)


def test_what_is_not_known_is_stored_as_null() -> None:
    event = replace(case_withdrawn, reason=None)
    _, stored = encode(event)
    assert stored.endswith(b'"reason":null}')
    assert decode("case.withdrawn.v1", stored) == event


def test_a_name_from_nowhere_is_said_to_be_unknown() -> None:
    with pytest.raises(UnknownEvent) as caught:
        decode("case.closed.v99", b"{}")
    assert caught.value.name == "case.closed.v99"


@pytest.mark.parametrize("stored", [b"", b"{", b"[]", b"{}", b'{"case_id":1,"closed_on":2}'])
def test_bytes_that_are_no_event_are_refused(stored: bytes) -> None:
    with pytest.raises(ValidationError):
        decode("case.closed.v1", stored)


def test_facts_are_found_under_whatever_name_they_were_written() -> None:
    """Else what was published just before an upgrade would be passed over by who reads after it."""
    opened = names_of([PartyHearingOpened])
    assert opened == {"case.party-hearing-opened.v1", "case.party-hearing-opened.v2"}
    assert names_of([CaseOpened]) == {"case.opened.v1"}
    assert names_of(WIRE_NAMES) == CLASSES.keys() | UPCASTERS.keys()


def test_an_old_form_is_brought_up_to_date_step_by_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def first_to_second(payload: Payload) -> tuple[str, Payload]:
        return "test.shut.v2", {"case_id": payload["case"], "on": payload["on"]}

    def second_to_today(payload: Payload) -> tuple[str, Payload]:
        return "case.closed.v1", {"case_id": payload["case_id"], "closed_on": payload["on"]}

    monkeypatch.setitem(UPCASTERS, "test.shut.v1", first_to_second)
    monkeypatch.setitem(UPCASTERS, "test.shut.v2", second_to_today)
    old = f'{{"case":"{case_closed.case_id}","on":"2026-12-08"}}'
    assert decode("test.shut.v1", old.encode()) == case_closed

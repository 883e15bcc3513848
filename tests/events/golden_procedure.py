"""The stored forms of what happens in the procedure: add new ones, never edit one."""

from events.catalogue import Event
from tests import procedure_examples as examples

GOLDEN: list[tuple[str, str, Event]] = [
    (
        "case.deadline-suspended.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081","deadline":"processing",'
            '"suspended_on":"2026-12-09"}'
        ),
        examples.target_suspended,
    ),
    (
        "case.deadline-resumed.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081","deadline":"processing",'
            '"resumed_on":"2026-12-14","due_on":"2027-01-21"}'
        ),
        examples.target_resumed,
    ),
    (
        "case.deadline-extended.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081","deadline":"processing",'
            '"due_on":"2027-02-01","reason":"Naboerne skal høres."}'
        ),
        examples.target_extended,
    ),
    (
        "case.information-requested.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"request":"019a0000-0000-7000-8000-000000000084","items":[{"item":"floor-plan",'
            '"text":"Plantegning i 1:100"},{"item":"drainage","text":"Afløbsplan"}],'
            '"requested_on":"2026-12-09","due_on":"2026-12-23"}'
        ),
        examples.information_requested,
    ),
    (
        "case.information-delivered.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"request":"019a0000-0000-7000-8000-000000000084",'
            '"message":"019a0000-0000-7000-8000-000000000089","items":["floor-plan","drainage"],'
            '"text":"Begge dele på samme tegning.",'
            '"documents":["019a0000-0000-7000-8000-000000000041"]}'
        ),
        examples.information_delivered,
    ),
    (
        "case.information-request-ended.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"request":"019a0000-0000-7000-8000-000000000084","because":"delivered",'
            '"ended_on":"2026-12-14"}'
        ),
        examples.request_ended,
    ),
    (
        "case.party-hearing-opened.v2",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"round":"019a0000-0000-7000-8000-000000000085","party":null,'
            '"text":"Carporten står 30 cm fra skel.","material":[],"opened_on":"2026-12-09",'
            '"due_on":"2026-12-21"}'
        ),
        examples.party_hearing_opened,
    ),
    (
        "case.party-hearing-answered.v2",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"round":"019a0000-0000-7000-8000-000000000085","party":null,'
            '"message":"019a0000-0000-7000-8000-000000000089","text":"Det er 50 cm.",'
            '"documents":[{"document_id":"019a0000-0000-7000-8000-000000000041",'
            '"sha256":"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",'
            '"name":"tegning.pdf","media_type":"application/pdf","size":48213}],"is_final":true}'
        ),
        examples.party_hearing_answered,
    ),
    (
        "case.party-hearing-closed.v2",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"round":"019a0000-0000-7000-8000-000000000085","party":null,"because":"answered",'
            '"closed_on":"2026-12-15"}'
        ),
        examples.party_hearing_closed,
    ),
    (
        "case.party-hearing-exempted.v2",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081","party":null,"ground":"nothing-new",'
            '"reason":"Alle oplysninger er ansøgerens egne."}'
        ),
        examples.party_hearing_exempted,
    ),
    (
        "case.decision-recorded.v2",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"decision":"019a0000-0000-7000-8000-000000000086","outcome":"refused",'
            '"legal_basis":"BR18 § 177","grounds":"Bygningen står for tæt på skel.",'
            '"conditions":[],"appeal":{"basis":"byggeloven § 23","body":"Byggeklageenheden",'
            '"text":"Klag på naevneneshus.dk.","days":28,"unit":"calendar-days","rolls":true},'
            '"no_appeal":null,"needs_completion":false,"decided_on":"2026-12-21"}'
        ),
        examples.refused,
    ),
    (
        "case.decision-dispatched.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"decision":"019a0000-0000-7000-8000-000000000086","channel":"digital-post",'
            '"dispatched_on":"2026-12-22","appeal_until":"2027-01-19"}'
        ),
        examples.dispatched,
    ),
    (
        "case.decision-corrected.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"decision":"019a0000-0000-7000-8000-000000000086",'
            '"correction":"Matriklen er 11bb.","restarts_appeal":false,'
            '"corrected_on":"2026-12-29"}'
        ),
        examples.decision_corrected,
    ),
    (
        "case.application-completed.v1",
        ('{"case_id":"019a0000-0000-7000-8000-000000000081","complete_on":"2026-12-07"}'),
        examples.application_completed,
    ),
    (
        "case.inspection-scheduled.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"inspection":"019a0000-0000-7000-8000-000000000087","on":"2027-03-01",'
            '"place":"Nørregade 1"}'
        ),
        examples.inspection_scheduled,
    ),
    (
        "case.inspection-held.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"inspection":"019a0000-0000-7000-8000-000000000087","is_approved":true,'
            '"remarks":"","held_on":"2027-03-01"}'
        ),
        examples.inspection_held,
    ),
    (
        "case.completion-notified.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"message":"019a0000-0000-7000-8000-000000000021","text":"Carporten står færdig.",'
            '"documents":[{"document_id":"019a0000-0000-7000-8000-000000000041",'
            '"sha256":"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",'
            '"name":"tegning.pdf","media_type":"application/pdf","size":48213}],'
            '"completed_on":"2027-03-05"}'
        ),
        examples.completion_notified,
    ),
    (
        "case.completion-accepted.v1",
        ('{"case_id":"019a0000-0000-7000-8000-000000000081","accepted_on":"2027-03-08"}'),
        examples.completion_accepted,
    ),
    (
        "case.complaint-over-decision.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000082",'
            '"about":"019a0000-0000-7000-8000-000000000081",'
            '"decision":"019a0000-0000-7000-8000-000000000086","appeal_until":"2027-01-19",'
            '"is_late":false}'
        ),
        examples.complaint_over_decision,
    ),
    (
        "case.decision-reassessed.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000082","outcome":"upheld",'
            '"text":"Afstanden er målt igen.","reassessed_on":"2027-01-25"}'
        ),
        examples.decision_upheld,
    ),
    (
        "case.complaint-forwarded.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000082","board":"Byggeklageenheden",'
            '"remarks":"Vi fastholder afslaget.","forwarded_on":"2027-01-28"}'
        ),
        examples.complaint_forwarded,
    ),
    (
        "case.board-decided.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000082","outcome":"upheld",'
            '"text":"Afslaget står ved magt.","decided_on":"2027-06-01"}'
        ),
        examples.board_decided,
    ),
    (
        "case.complaint-answered.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000082","text":"Vi beklager ventetiden.",'
            '"answered_on":"2026-12-08"}'
        ),
        examples.complaint_answered,
    ),
    (
        "case.related-case-named.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000082",'
            '"about":"019a0000-0000-7000-8000-000000000081"}'
        ),
        examples.related_case_named,
    ),
    (
        "case.tacitly-accepted.v1",
        ('{"case_id":"019a0000-0000-7000-8000-000000000083","accepted_on":"2026-12-29"}'),
        examples.tacitly_accepted,
    ),
    (
        "case.redacted-copy-added.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"original":"019a0000-0000-7000-8000-000000000041",'
            '"document":{"document_id":"019a0000-0000-7000-8000-000000000090",'
            '"sha256":"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",'
            '"name":"uden navne.pdf","media_type":"application/pdf","size":48213},'
            '"reason":"Naboens navn er fjernet."}'
        ),
        examples.redacted_copy_added,
    ),
    (
        "case.message-read.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"message":"019a0000-0000-7000-8000-000000000021"}'
        ),
        examples.message_read,
    ),
    (
        "case.retention-classed.v1",
        ('{"case_id":"019a0000-0000-7000-8000-000000000081","years":5,"basis":"KLE 02.34.02"}'),
        examples.retention_classed,
    ),
    (
        "case.retention-began.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081","years":5,"basis":"KLE 02.34.02",'
            '"kept_until":"2032-01-08"}'
        ),
        examples.retention_began,
    ),
    (
        "note.written.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"note":"019a0000-0000-7000-8000-000000000088","text":"Ring til naboen."}'
        ),
        examples.note_written,
    ),
]

OLDER: list[tuple[str, str, Event]] = [
    (
        "case.decision-recorded.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"decision":"019a0000-0000-7000-8000-000000000086","outcome":"refused",'
            '"legal_basis":"BR18 § 177","grounds":"Bygningen står for tæt på skel.",'
            '"conditions":[],"appeal":{"basis":"byggeloven § 23","body":"Byggeklageenheden",'
            '"text":"Klag på naevneneshus.dk.","days":28,"unit":"calendar-days","rolls":true},'
            '"needs_completion":false,"decided_on":"2026-12-21"}'
        ),
        examples.refused,
    ),
    (
        "case.party-hearing-opened.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"round":"019a0000-0000-7000-8000-000000000085",'
            '"text":"Carporten står 30 cm fra skel.","material":[],"opened_on":"2026-12-09",'
            '"due_on":"2026-12-21"}'
        ),
        examples.party_hearing_opened,
    ),
    (
        "case.party-hearing-answered.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"round":"019a0000-0000-7000-8000-000000000085",'
            '"message":"019a0000-0000-7000-8000-000000000089","text":"Det er 50 cm.",'
            '"documents":[{"document_id":"019a0000-0000-7000-8000-000000000041",'
            '"sha256":"0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a",'
            '"name":"tegning.pdf","media_type":"application/pdf","size":48213}],"is_final":true}'
        ),
        examples.party_hearing_answered,
    ),
    (
        "case.party-hearing-closed.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081",'
            '"round":"019a0000-0000-7000-8000-000000000085","because":"answered",'
            '"closed_on":"2026-12-15"}'
        ),
        examples.party_hearing_closed,
    ),
    (
        "case.party-hearing-exempted.v1",
        (
            '{"case_id":"019a0000-0000-7000-8000-000000000081","ground":"nothing-new",'
            '"reason":"Alle oplysninger er ansøgerens egne."}'
        ),
        examples.party_hearing_exempted,
    ),
]
"""Forms that are no longer written, and are read for ever."""

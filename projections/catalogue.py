"""Every projection that is kept."""

from typing import Final

from projections import (
    absences,
    calendar,
    caseload,
    deadlines,
    documents,
    hearing_points,
    hearings,
    messages,
    notes,
    parties,
    procedure,
    properties,
    rehearsals,
    responses,
    search_words,
    statistics,
    tender_people,
    tenders,
    timeline,
    waiting,
)
from projections.projection import Projection

PROJECTIONS: Final[tuple[Projection, ...]] = (
    timeline.projection,
    caseload.projection,
    search_words.projection,
    calendar.projection,
    waiting.projection,
    deadlines.projection,
    hearings.projection,
    hearing_points.projection,
    responses.projection,
    documents.projection,
    absences.projection,
    statistics.projection,
    parties.projection,
    procedure.projection,
    messages.projection,
    notes.projection,
    properties.projection,
    tenders.projection,
    tender_people.projection,
    rehearsals.projection,
)

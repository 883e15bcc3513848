-- Filters are found by their sealed names (ADR 25), which no statement can make of those that lie
-- here; they are nobody's facts, and quickly saved again. What was searched for and why stays as
-- it is until its time is up.
DELETE FROM {schema}.saved_filter;

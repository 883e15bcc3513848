-- What is to be filed in the records system, and how far each thing has come. Not a view: an
-- intent written here before the request is what keeps anything from being filed twice.

CREATE TABLE {schema}.journal_matter (
    matter uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('case', 'hearing')),
    holder uuid,
    epoch bigint NOT NULL DEFAULT 0,
    held_until timestamptz,
    -- When its first unfinished entry is due; null when there is none, or a person must act first.
    due_at timestamptz
) WITH (fillfactor = 70);

CREATE INDEX journal_matter_due ON {schema}.journal_matter (due_at) WHERE due_at IS NOT NULL;

CREATE TABLE {schema}.journal_entry (
    entry uuid PRIMARY KEY,
    matter uuid NOT NULL REFERENCES {schema}.journal_matter,
    kind text NOT NULL,
    event_id uuid NOT NULL,
    stream text NOT NULL,
    version integer NOT NULL,
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    part integer NOT NULL,
    parts integer NOT NULL,
    resource text,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'intent', 'filed', 'done', 'choice', 'refused')),
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    failing_since timestamptz,
    error text,
    receipt text,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 70);

CREATE INDEX journal_entry_matter ON {schema}.journal_entry (matter, position, part);
CREATE INDEX journal_entry_unfinished ON {schema}.journal_entry (recorded_at)
    WHERE state <> 'done';

CREATE TABLE {schema}.journal_resource (
    name text PRIMARY KEY,
    version bigint NOT NULL DEFAULT 0,
    busy uuid,
    esdh_ids text[] NOT NULL DEFAULT '{}'
);

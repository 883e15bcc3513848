-- What staff looked at of citizens' cases (Datatilsynet's catalogue of measures, logging; ADR 21).
-- No facts: nothing is decided by them, and they are deleted when their time is up.
CREATE TABLE {schema}.lookup (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamptz NOT NULL,
    person text NOT NULL,
    team text NOT NULL,
    shown text NOT NULL,
    purpose text NOT NULL,
    reason text NOT NULL,
    is_outside boolean NOT NULL,
    cases uuid[] NOT NULL,
    criteria jsonb NOT NULL
);
CREATE INDEX lookup_cases ON {schema}.lookup USING gin (cases);
CREATE INDEX lookup_person ON {schema}.lookup (person, id);
CREATE INDEX lookup_at ON {schema}.lookup (at);

-- Why somebody looks at a case, said beforehand; needed of those from outside its team.
CREATE TABLE {schema}.lookup_reason (
    person text NOT NULL,
    case_id uuid NOT NULL,
    purpose text NOT NULL,
    reason text NOT NULL,
    given_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    PRIMARY KEY (person, case_id)
);

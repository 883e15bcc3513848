-- Whom people have shown themselves to be when they logged in: names, and a citizen's number, as
-- words sealed by their own keys. For those who must be named towards others, and shown by name.
CREATE TABLE {schema}.known_person (
    person text COLLATE "C" PRIMARY KEY,
    told text NOT NULL,
    told_at timestamptz NOT NULL DEFAULT clock_timestamp()
);
CREATE INDEX known_person_told_at ON {schema}.known_person (told_at);

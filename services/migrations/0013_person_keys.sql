-- A key for each person, wrapped by a key-encryption key that no database has (ADR 23). The row of
-- a key that was destroyed stays, so that whatever it had sealed is known to be of somebody
-- forgotten. Ids are drawn at random and never used again, not even after a restored backup: what
-- was sealed by a key that a backup does not know must not come to fit another's.
CREATE TABLE {schema}.person_key (
    key_id bigint PRIMARY KEY CHECK (key_id > 0),
    person text COLLATE "C" NOT NULL,
    kek text COLLATE "C" NOT NULL,
    wrapped bytea,
    made_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    destroyed_at timestamptz,
    CHECK ((wrapped IS NULL) = (destroyed_at IS NOT NULL))
);
CREATE UNIQUE INDEX person_key_live ON {schema}.person_key (person) WHERE destroyed_at IS NULL;
CREATE INDEX person_key_kek ON {schema}.person_key (kek, key_id) WHERE destroyed_at IS NULL;

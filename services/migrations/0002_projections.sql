-- How far each generation of each projection has come. The row is ownership, fence and
-- checkpoint in one: whoever writes a generation's table holds its row.

CREATE TABLE {schema}.projection (
    name text NOT NULL,
    generation integer NOT NULL CHECK (generation > 0),
    version integer NOT NULL,
    position bigint NOT NULL DEFAULT 0,
    state text NOT NULL CHECK (state IN ('live', 'building', 'previous')),
    parked integer NOT NULL DEFAULT 0 CHECK (parked >= 0),
    PRIMARY KEY (name, generation)
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

CREATE UNIQUE INDEX projection_live ON {schema}.projection (name) WHERE state = 'live';

-- Facts that a generation could not take in, and the later ones of their streams that wait
-- behind them. `error` is empty for those that only wait.
CREATE TABLE {schema}.parked (
    name text NOT NULL,
    generation integer NOT NULL,
    position bigint NOT NULL,
    stream text NOT NULL,
    error text,
    attempts integer NOT NULL DEFAULT 1,
    parked_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (name, generation, position),
    FOREIGN KEY (name, generation) REFERENCES {schema}.projection ON DELETE CASCADE
);

CREATE INDEX parked_stream ON {schema}.parked (name, generation, stream);

-- That a process runs, and whom it does not get through to: written every few seconds by those that
-- work by themselves, for whoever looks after them. No fact; nothing is decided by it.
CREATE TABLE {schema}.pulse (
    process uuid PRIMARY KEY,
    job text NOT NULL,
    unanswering text[] NOT NULL,
    began_at timestamptz NOT NULL,
    beat_at timestamptz NOT NULL
);

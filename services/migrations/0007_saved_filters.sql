-- What each member of staff likes to see of a queue. No fact: nothing is decided by it, nobody
-- will ask what it was, and what is looked for may be a name, which must be forgettable.
CREATE TABLE {schema}.saved_filter (
    person text NOT NULL,
    name text NOT NULL,
    team text NOT NULL,
    query jsonb NOT NULL,
    PRIMARY KEY (person, name)
);

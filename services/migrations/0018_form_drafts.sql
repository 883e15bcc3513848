-- Forms that somebody has begun to fill in: no facts, sealed by their own key (ADR 25), and deleted
-- when they are sent, when their owner says so, or when their time is up.
CREATE TABLE {schema}.draft (
    person text COLLATE "C" NOT NULL,
    party text COLLATE "C" NOT NULL,
    service text NOT NULL,
    -- The case or hearing that it is about, where it is about one.
    about text NOT NULL,
    filled text NOT NULL,
    documents uuid[] NOT NULL,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (person, party, service, about)
);
CREATE INDEX draft_saved_at ON {schema}.draft (saved_at);

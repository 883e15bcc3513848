-- Logins that are under way, sessions, and who is who. No fact: nothing is decided by them, and all
-- but the last are forgotten within the day. Nothing here names a person or lets anybody in: what
-- is a secret stands as its hash, what is personal is sealed by what only the browser has.

CREATE TABLE {schema}.login_pending (
    state bytea PRIMARY KEY,
    browser bytea NOT NULL,
    issuer text NOT NULL,
    level text NOT NULL CHECK (level IN ('low', 'substantial', 'high')),
    max_age integer,
    return_to text NOT NULL,
    expires_at timestamptz NOT NULL
);

CREATE INDEX login_pending_expires ON {schema}.login_pending (expires_at);

CREATE TABLE {schema}.login_session (
    key bytea PRIMARY KEY,
    id uuid NOT NULL UNIQUE,
    owner text NOT NULL,
    issuer text NOT NULL,
    -- Keyed hashes of what the issuer calls the person and its own session, by which it ends ours.
    subject bytea NOT NULL,
    issuer_session bytea,
    level text NOT NULL CHECK (level IN ('low', 'substantial', 'high')),
    authenticated_at timestamptz,
    began_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    sealed bytea NOT NULL
) WITH (fillfactor = 80);

CREATE INDEX login_session_owner ON {schema}.login_session (owner, began_at DESC);
CREATE INDEX login_session_subject ON {schema}.login_session (issuer, subject);
CREATE INDEX login_session_issuer_session ON {schema}.login_session (issuer, issuer_session);
CREATE INDEX login_session_ends ON {schema}.login_session (ends_at);

-- The name a person has here for life, by each key that their number was ever hashed with.
CREATE TABLE {schema}.login_pseudonym (
    pseudonym text PRIMARY KEY,
    person text NOT NULL
);

CREATE INDEX login_pseudonym_person ON {schema}.login_pseudonym (person);

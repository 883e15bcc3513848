-- Only what is ready may be referred to; all else is held until a scanner or a person has decided.
ALTER TABLE {schema}.document
    ADD COLUMN state text NOT NULL DEFAULT 'ready'
        CHECK (state IN ('ready', 'waiting', 'quarantined', 'removed')),
    -- Why it is not ready, as its sender is told.
    ADD COLUMN code text CHECK ((code IS NULL) = (state = 'ready'));

CREATE INDEX document_held ON {schema}.document (uploaded_at)
    WHERE state IN ('waiting', 'quarantined');

-- Who decided what about a document that was held; it stays when the upload is gone.
CREATE TABLE {schema}.quarantine (
    document_id uuid PRIMARY KEY,
    sha256 text NOT NULL,
    code text NOT NULL,
    found text NOT NULL,
    since timestamptz NOT NULL,
    decision text CHECK (decision IN ('released', 'removed', 'expired')),
    decided_by text,
    reason text,
    decided_at timestamptz,
    CHECK ((decision IS NULL) = (decided_at IS NULL))
);

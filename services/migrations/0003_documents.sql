-- What has been uploaded; the bytes lie in files named by their SHA-256.
CREATE TABLE {schema}.document (
    document_id uuid PRIMARY KEY,
    sha256 text NOT NULL CHECK (length(sha256) = 64),
    name text NOT NULL,
    media_type text NOT NULL,
    size bigint NOT NULL,
    owner text NOT NULL,
    uploaded_at timestamptz NOT NULL,
    -- Null once a fact is known to refer to it: then it is never dropped.
    expires_at timestamptz
);

CREATE INDEX document_by_content ON {schema}.document (sha256);
CREATE INDEX document_by_expiry ON {schema}.document (expires_at) WHERE expires_at IS NOT NULL;

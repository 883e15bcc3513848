-- What receipts of bids are signed by (Ed25519). Rows stay for ever: whoever has a receipt checks it
-- years later, by a key that signs no more.
CREATE TABLE {schema}.receipt_key (
    -- The key's thumbprint (RFC 7638).
    kid text COLLATE "C" PRIMARY KEY,
    -- Base64url, as `x` of a JWK (RFC 8037).
    public_key text NOT NULL,
    -- Likewise, as `d`, sealed by the organisation's key (ADR 25); deleted when it signs no more.
    private_key text,
    made_at timestamptz NOT NULL DEFAULT now(),
    retired_at timestamptz,
    CHECK ((private_key IS NULL) = (retired_at IS NOT NULL))
);
CREATE UNIQUE INDEX receipt_key_signs ON {schema}.receipt_key ((true)) WHERE retired_at IS NULL;

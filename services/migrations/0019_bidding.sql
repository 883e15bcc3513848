-- What members of a committee have given and must not stay: no facts. Both are deleted once the
-- bids are opened, or the member is replaced.
CREATE TABLE {schema}.given_share (
    sitting uuid NOT NULL,
    member text COLLATE "C" NOT NULL,
    -- By bid, hexadecimal; sealed by the organisation's key (ADR 25).
    shares text NOT NULL,
    given_at timestamptz NOT NULL,
    PRIMARY KEY (sitting, member)
);
-- What helpers seal to each other, and their sums to the new member; nobody else can open it.
CREATE TABLE {schema}.replacement_piece (
    replacement uuid NOT NULL,
    sender text COLLATE "C" NOT NULL,
    receiver text COLLATE "C" NOT NULL,
    is_sum boolean NOT NULL,
    -- By bid, hexadecimal (HPKE, RFC 9180).
    pieces jsonb NOT NULL,
    PRIMARY KEY (replacement, sender, receiver, is_sum)
);

-- One organisation's facts and commands. {schema} and {slot} are filled in when it is applied.
-- Functions name their tables in full, so that no search path can lead them to a neighbour's.

CREATE TABLE {schema}.events (
    -- The sequence must not cache: a number drawn after another must be above it. 2^48 of them
    -- fit into a mark.
    notification_id bigint GENERATED ALWAYS AS IDENTITY (CACHE 1 MAXVALUE 281474976710655),
    originator_version bigint NOT NULL CHECK (originator_version > 0),
    event_id uuid NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    originator_id text COLLATE "C" NOT NULL,
    topic text COLLATE "C" NOT NULL,
    metadata jsonb NOT NULL,
    state bytea NOT NULL,
    CONSTRAINT events_stream PRIMARY KEY (originator_id, originator_version),
    CONSTRAINT events_position UNIQUE (notification_id),
    CONSTRAINT events_event UNIQUE (event_id)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);

CREATE TABLE {schema}.command (
    command_id uuid PRIMARY KEY,
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    fingerprint bytea NOT NULL,
    answer bytea NOT NULL
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05, autovacuum_analyze_scale_factor = 0.02);

CREATE FUNCTION {schema}.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what is recorded in %.% is never changed', TG_TABLE_SCHEMA, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER events_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.events
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();

CREATE TRIGGER commands_are_final BEFORE UPDATE OR DELETE OR TRUNCATE ON {schema}.command
    FOR EACH STATEMENT EXECUTE FUNCTION {schema}.refuse_change();

-- Locks of the transaction that appends. Pairs (int4, int4): the slot with a stream's hash, minus
-- the slot with a command's; each kind in the order of its numbers and streams first, so that
-- no two appends can wait for each other. Held to the end, they make "look, then write" safe.
CREATE FUNCTION {schema}.lock_for_append(command_ids uuid[], streams text[], counts int[])
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    held record;
BEGIN
    FOR held IN
        SELECT hashtext(w.stream) AS number, bool_or(w.count > 0) AS writes
        FROM unnest(streams, counts) AS w (stream, count) GROUP BY 1 ORDER BY 1
    LOOP
        IF held.writes THEN
            PERFORM pg_advisory_xact_lock({slot}, held.number);
        ELSE
            PERFORM pg_advisory_xact_lock_shared({slot}, held.number);
        END IF;
    END LOOP;
    FOR held IN SELECT DISTINCT uuid_hash(id) AS number FROM unnest(command_ids) AS c (id) ORDER BY 1
    LOOP
        PERFORM pg_advisory_xact_lock(-{slot}, held.number);
    END LOOP;
END $$;

-- Appends a batch of commands and gives one row for each, in order. Command i owns the next
-- widths[i] of `streams`, stream k the next counts[k] of the events.
-- outcome: 0 written, 1 repeated, 2 raced.
CREATE FUNCTION {schema}.append(
    command_ids uuid[], fingerprints bytea[], answers bytea[], widths int[],
    streams text[], expected bigint[], counts int[], metadatas text[],
    event_ids uuid[], topics text[], states bytea[]
) RETURNS TABLE (
    outcome int, "position" bigint, stream text, actual bigint, fingerprint bytea, answer bytea
) LANGUAGE plpgsql VOLATILE AS $$
#variable_conflict use_column
DECLARE
    first_stream int := 1;
    next_stream int;
    first_event int := 1;
    next_event int;
    standing bigint;
    envelope jsonb;
BEGIN
    IF cardinality(command_ids) = 1 AND cardinality(streams) = 1 AND counts[1] > 0 THEN
        PERFORM pg_advisory_xact_lock({slot}, hashtext(streams[1]));
        PERFORM pg_advisory_xact_lock(-{slot}, uuid_hash(command_ids[1]));
    ELSE
        PERFORM {schema}.lock_for_append(command_ids, streams, counts);
    END IF;
    -- The low-water mark: from here to the end of the transaction every position drawn is above
    -- it. Only after the waiting is done, for readers stop at the lowest mark in force.
    PERFORM pg_advisory_xact_lock_shared(
            ({slot}::bigint << 48) | CASE WHEN is_called THEN last_value ELSE 0 END)
        FROM {schema}.events_notification_id_seq;
    FOR i IN 1 .. cardinality(command_ids) LOOP
        next_stream := first_stream + widths[i];
        next_event := first_event;
        stream := NULL;
        actual := NULL;
        SELECT 1, c.position, c.fingerprint, c.answer
            INTO outcome, "position", fingerprint, answer
            FROM {schema}.command AS c WHERE c.command_id = command_ids[i];
        IF NOT FOUND THEN
            outcome := 0;
            "position" := 0;
            FOR k IN first_stream .. next_stream - 1 LOOP
                SELECT e.originator_version INTO standing FROM {schema}.events AS e
                    WHERE e.originator_id = streams[k] ORDER BY e.originator_version DESC LIMIT 1;
                IF coalesce(standing, 0) <> expected[k] THEN
                    outcome := 2;
                    stream := streams[k];
                    actual := coalesce(standing, 0);
                    EXIT;
                END IF;
            END LOOP;
        END IF;
        FOR k IN first_stream .. next_stream - 1 LOOP
            envelope := metadatas[k];
            IF outcome = 0 AND counts[k] = 1 THEN
                INSERT INTO {schema}.events
                    (originator_id, originator_version, topic, state, event_id, metadata)
                    VALUES (streams[k], expected[k] + 1, topics[next_event], states[next_event],
                        event_ids[next_event], envelope)
                    RETURNING notification_id INTO "position";
            ELSIF outcome = 0 AND counts[k] > 1 THEN
                INSERT INTO {schema}.events
                    (originator_id, originator_version, topic, state, event_id, metadata)
                    SELECT streams[k], expected[k] + n, topics[next_event + n - 1],
                        states[next_event + n - 1], event_ids[next_event + n - 1], envelope
                    FROM generate_series(1, counts[k]) AS g (n) ORDER BY n;
                "position" := currval('{schema}.events_notification_id_seq');
            END IF;
            next_event := next_event + counts[k];
        END LOOP;
        IF outcome = 0 THEN
            INSERT INTO {schema}.command (command_id, position, fingerprint, answer)
                VALUES (command_ids[i], "position", fingerprints[i], answers[i]);
        END IF;
        first_stream := next_stream;
        first_event := next_event;
        RETURN NEXT;
    END LOOP;
END $$;

-- The last fact below which nothing can appear any more. Three things in this order, each seeing
-- what the one before has left: the highest position drawn, then the lowest mark in force, then,
-- in a new statement at READ COMMITTED, the facts. A transaction that the second does not see has
-- either ended, so the third sees its facts, or takes its mark later and so draws only above the
-- first. Marks are the shared 64-bit locks with our slot in the top 16 bits.
-- It answers with a fact and not with the bound, because the number of a fact is on disk: one
-- drawn by a transaction that was rolled back may be drawn again after a crash.
CREATE FUNCTION {schema}.safe_position() RETURNS bigint LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    drawn bigint;
    mark bigint;
BEGIN
    SELECT CASE WHEN is_called THEN last_value ELSE 0 END INTO drawn
        FROM {schema}.events_notification_id_seq;
    SELECT min(((classid::bigint & 65535) << 32) | objid::bigint) INTO mark
        FROM pg_locks
        WHERE locktype = 'advisory' AND objsubid = 1 AND mode = 'ShareLock' AND granted
            AND classid::bigint >> 16 = {slot}
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
    RETURN coalesce((SELECT max(notification_id) FROM {schema}.events
        WHERE notification_id <= least(drawn, mark)), 0);
END $$;

-- Locks of the session, the same that an append takes: whoever holds a stream here may append to
-- it on this connection, and on every other an append waits.
CREATE FUNCTION {schema}.hold(streams text[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    held record;
BEGIN
    FOR held IN SELECT DISTINCT hashtext(s) AS number FROM unnest(streams) AS w (s) ORDER BY 1
    LOOP
        PERFORM pg_advisory_lock({slot}, held.number);
    END LOOP;
END $$;

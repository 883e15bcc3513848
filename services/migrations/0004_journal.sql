-- What is to be filed in the records system, and how far each thing has come. Not a view: an
-- intent written here before the request is what keeps anything from being filed twice.
-- Whoever changes anything first locks the matters it is about, then the resources, each kind in
-- the order of its keys, and only then looks: in a new statement, which sees what whoever held
-- the locks before has left.

CREATE TABLE {schema}.journal_matter (
    matter uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('case', 'hearing')),
    holder uuid,
    epoch bigint NOT NULL DEFAULT 0,
    held_until timestamptz,
    -- When its first unfinished entry is due; null when there is none, or a person must act first.
    -- Not kept up while somebody holds it: whoever lets go reckons it anew.
    due_at timestamptz
) WITH (fillfactor = 70);

CREATE INDEX journal_matter_due ON {schema}.journal_matter (due_at, matter)
    WHERE holder IS NULL AND due_at IS NOT NULL;
CREATE INDEX journal_matter_held ON {schema}.journal_matter (held_until) WHERE holder IS NOT NULL;

CREATE TABLE {schema}.journal_entry (
    entry uuid PRIMARY KEY,
    matter uuid NOT NULL REFERENCES {schema}.journal_matter,
    kind text NOT NULL,
    event_id uuid NOT NULL,
    stream text NOT NULL,
    version integer NOT NULL,
    position bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    part integer NOT NULL,
    parts integer NOT NULL,
    resource text,
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'intent', 'filed', 'done', 'choice', 'refused')),
    -- Of the states, the one that indexes ask about: any other change leaves them untouched.
    done boolean NOT NULL GENERATED ALWAYS AS (state = 'done') STORED,
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    failing_since timestamptz,
    error text,
    receipt text,
    -- The case there that it lies on, once it does.
    esdh_id text,
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp()
) WITH (fillfactor = 70);

CREATE INDEX journal_entry_matter ON {schema}.journal_entry (matter, done, position, part);
CREATE INDEX journal_entry_event ON {schema}.journal_entry (event_id);
CREATE INDEX journal_entry_there ON {schema}.journal_entry (esdh_id, position)
    WHERE esdh_id IS NOT NULL;
CREATE INDEX journal_entry_log ON {schema}.journal_entry (position, part);
CREATE INDEX journal_entry_unfinished_log ON {schema}.journal_entry (position, part)
    WHERE NOT done;
CREATE INDEX journal_entry_unfinished ON {schema}.journal_entry (recorded_at) WHERE NOT done;

CREATE TABLE {schema}.journal_resource (
    name text PRIMARY KEY,
    version bigint NOT NULL DEFAULT 0,
    busy uuid,
    esdh_ids text[] NOT NULL DEFAULT '{}'
);

CREATE INDEX journal_resource_busy ON {schema}.journal_resource (busy) WHERE busy IS NOT NULL;

CREATE FUNCTION {schema}.journal_lock(matters uuid[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM 1 FROM {schema}.journal_matter AS m WHERE m.matter = ANY (matters)
        ORDER BY m.matter FOR NO KEY UPDATE;
END $$;

-- When the first unfinished entry of a matter is due: null if there is none or it is a person's.
-- What lies there already and waits for the rest of its fact does not make it due before that.
CREATE FUNCTION {schema}.journal_due(of_matter uuid) RETURNS timestamptz
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT CASE WHEN e.state NOT IN ('choice', 'refused') THEN e.due_at END
        FROM {schema}.journal_entry AS e WHERE e.matter = of_matter AND NOT e.done
        ORDER BY e.state = 'filed', e.position, e.part LIMIT 1);
END $$;

-- Nobody holds these, which are locked already; each is due when it is due.
CREATE FUNCTION {schema}.journal_free(matters uuid[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    UPDATE {schema}.journal_matter AS m SET holder = NULL, held_until = NULL, due_at = f.due_at
        FROM (SELECT w.matter, {schema}.journal_due(w.matter) AS due_at
            FROM (SELECT DISTINCT unnest(matters)) AS w (matter)) AS f
        WHERE m.matter = f.matter
            AND (m.holder IS NOT NULL OR m.due_at IS DISTINCT FROM f.due_at);
END $$;

CREATE FUNCTION {schema}.journal_take_in(
    entries uuid[], matters uuid[], matter_kinds text[], kinds text[], event_ids uuid[],
    streams text[], versions integer[], positions bigint[], recorded timestamptz[],
    part_numbers integer[], part_counts integer[], resources text[]
) RETURNS integer LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    added integer;
    moment timestamptz;
BEGIN
    INSERT INTO {schema}.journal_matter (matter, kind)
        SELECT DISTINCT ON (w.matter) w.matter, w.kind
        FROM unnest(matters, matter_kinds) AS w (matter, kind) ORDER BY w.matter
        ON CONFLICT DO NOTHING;
    PERFORM {schema}.journal_lock(matters);
    moment := clock_timestamp();
    INSERT INTO {schema}.journal_entry (entry, matter, kind, event_id, stream, version, position,
            recorded_at, part, parts, resource, due_at, changed_at)
        SELECT w.*, moment, moment
        FROM unnest(entries, matters, kinds, event_ids, streams, versions, positions, recorded,
            part_numbers, part_counts, resources) AS w (entry) ORDER BY w.entry
        ON CONFLICT (entry) DO NOTHING;
    GET DIAGNOSTICS added = ROW_COUNT;
    IF added > 0 THEN
        PERFORM {schema}.journal_free(ARRAY(SELECT m.matter FROM {schema}.journal_matter AS m
            WHERE m.matter = ANY (matters) AND m.holder IS NULL));
    END IF;
    RETURN added;
END $$;

CREATE FUNCTION {schema}.journal_wake(matters uuid[]) RETURNS void LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    moment timestamptz;
BEGIN
    PERFORM {schema}.journal_lock(matters);
    moment := clock_timestamp();
    UPDATE {schema}.journal_entry AS e
        SET state = 'waiting', due_at = moment, failing_since = NULL, error = NULL,
            changed_at = moment
        WHERE e.matter = ANY (matters) AND NOT e.done AND e.state IN ('choice', 'refused');
    PERFORM {schema}.journal_free(ARRAY(SELECT m.matter FROM {schema}.journal_matter AS m
        WHERE m.matter = ANY (matters) AND m.holder IS NULL));
END $$;

-- One row for each unfinished entry of the matters taken: the first due first, each in the order
-- of the log. What a vanished worker held is let go first, for it may be due no more.
CREATE FUNCTION {schema}.journal_claim(worker uuid, at_most integer, lease interval)
RETURNS TABLE (held_epoch bigint, held_kind text, held_entry {schema}.journal_entry)
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    moment timestamptz := clock_timestamp();
    taken uuid[];
BEGIN
    taken := ARRAY(SELECT m.matter FROM {schema}.journal_matter AS m
        WHERE m.holder IS NOT NULL AND m.held_until <= moment
        ORDER BY m.matter FOR NO KEY UPDATE SKIP LOCKED);
    IF cardinality(taken) > 0 THEN
        PERFORM {schema}.journal_free(taken);
    END IF;
    taken := ARRAY(SELECT m.matter FROM {schema}.journal_matter AS m
        WHERE m.holder IS NULL AND m.due_at <= moment
        ORDER BY m.due_at, m.matter LIMIT at_most FOR NO KEY UPDATE SKIP LOCKED);
    UPDATE {schema}.journal_matter AS m
        SET holder = worker, held_until = moment + lease, epoch = m.epoch + 1
        WHERE m.matter = ANY (taken);
    RETURN QUERY SELECT m.epoch, m.kind, e
        FROM {schema}.journal_matter AS m JOIN {schema}.journal_entry AS e USING (matter)
        WHERE m.matter = ANY (taken) AND NOT e.done
        ORDER BY m.due_at, m.matter, e.position, e.part;
END $$;

-- Whether each change was made, in order; a later one sees what an earlier one did. A change
-- without a state is an intent, which only what waits or already has one can be given. What is to
-- be released is let go after all changes.
CREATE FUNCTION {schema}.journal_change(
    matters uuid[], epochs bigint[], entries uuid[], resources text[], resource_versions bigint[],
    states text[], receipts text[], errors text[], delays interval[], opened text[],
    released uuid[], released_epochs bigint[]
) RETURNS boolean[] LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    moment timestamptz;
    wanted record;
    made boolean[] := '{}';
    is_made boolean;
BEGIN
    PERFORM {schema}.journal_lock(matters || released);
    INSERT INTO {schema}.journal_resource (name)
        SELECT DISTINCT w.name FROM unnest(resources) AS w (name) WHERE w.name IS NOT NULL
        ORDER BY w.name ON CONFLICT DO NOTHING;
    PERFORM 1 FROM {schema}.journal_resource AS r
        WHERE r.name = ANY (resources) OR r.busy = ANY (entries) ORDER BY r.name FOR UPDATE;
    moment := clock_timestamp();
    FOR wanted IN
        SELECT w.*, coalesce(m.holder IS NOT NULL AND m.epoch = w.epoch, false) AS is_held
        FROM unnest(matters, epochs, entries, resources, resource_versions, states, receipts,
                errors, delays, opened) WITH ORDINALITY
            AS w (matter, epoch, entry, resource, resource_version, state, receipt, error, delay,
                esdh_id, number)
        LEFT JOIN {schema}.journal_matter AS m USING (matter) ORDER BY w.number
    LOOP
        is_made := wanted.is_held;
        IF is_made AND wanted.state IS NULL THEN
            is_made := {schema}.journal_intend(wanted.matter, wanted.entry, wanted.resource,
                wanted.resource_version, moment);
        ELSIF is_made THEN
            UPDATE {schema}.journal_entry AS e
                SET state = wanted.state, due_at = moment + wanted.delay, error = wanted.error,
                    receipt = coalesce(wanted.receipt, e.receipt),
                    esdh_id = coalesce(wanted.esdh_id, e.esdh_id),
                    attempts = e.attempts + (wanted.error IS NOT NULL)::integer,
                    failing_since = CASE WHEN wanted.error IS NOT NULL
                        THEN coalesce(e.failing_since, moment) END,
                    changed_at = moment
                WHERE e.entry = wanted.entry AND e.matter = wanted.matter;
            is_made := FOUND;
            IF is_made AND wanted.state <> 'intent' THEN
                UPDATE {schema}.journal_resource AS r SET busy = NULL, version = r.version + 1,
                    esdh_ids = r.esdh_ids || array_remove(ARRAY[wanted.esdh_id], NULL)
                    WHERE r.busy = wanted.entry;
            END IF;
        END IF;
        made := made || is_made;
    END LOOP;
    PERFORM {schema}.journal_release(released, released_epochs);
    RETURN made;
END $$;

CREATE FUNCTION {schema}.journal_intend(
    of_matter uuid, of_entry uuid, on_resource text, at_version bigint, moment timestamptz
) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    IF on_resource IS NOT NULL THEN
        UPDATE {schema}.journal_resource AS r SET busy = of_entry
            WHERE r.name = on_resource AND r.version = at_version
                AND (r.busy IS NULL OR r.busy = of_entry)
                AND EXISTS (SELECT FROM {schema}.journal_entry AS e WHERE e.entry = of_entry
                    AND e.matter = of_matter AND e.state IN ('waiting', 'intent'));
        IF NOT FOUND THEN
            RETURN false;
        END IF;
    END IF;
    UPDATE {schema}.journal_entry AS e
        SET state = 'intent', changed_at = moment
        WHERE e.entry = of_entry AND e.matter = of_matter AND e.state IN ('waiting', 'intent');
    RETURN FOUND;
END $$;

CREATE FUNCTION {schema}.journal_extend(matters uuid[], epochs bigint[], lease interval)
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM {schema}.journal_lock(matters);
    UPDATE {schema}.journal_matter AS m SET held_until = clock_timestamp() + lease
        FROM unnest(matters, epochs) AS w (matter, epoch)
        WHERE m.matter = w.matter AND m.epoch = w.epoch AND m.holder IS NOT NULL;
END $$;

CREATE FUNCTION {schema}.journal_release(matters uuid[], epochs bigint[])
RETURNS void LANGUAGE plpgsql VOLATILE AS $$
BEGIN
    PERFORM {schema}.journal_lock(matters);
    PERFORM {schema}.journal_free(ARRAY(SELECT m.matter
        FROM {schema}.journal_matter AS m JOIN unnest(matters, epochs) AS w (matter, epoch)
            USING (matter)
        WHERE m.epoch = w.epoch AND m.holder IS NOT NULL));
END $$;

-- Seconds until a matter that nobody holds is due, also one whose holder has vanished.
CREATE FUNCTION {schema}.journal_next_due() RETURNS double precision LANGUAGE plpgsql STABLE AS $$
DECLARE
    moment timestamptz := clock_timestamp();
    first_due timestamptz := least(
        (SELECT min(m.due_at) FROM {schema}.journal_matter AS m
            WHERE m.holder IS NULL AND m.due_at IS NOT NULL),
        (SELECT min({schema}.journal_due(m.matter)) FROM {schema}.journal_matter AS m
            WHERE m.holder IS NOT NULL AND m.held_until <= moment));
BEGIN
    RETURN CASE WHEN first_due <= moment THEN 0 ELSE extract(epoch FROM first_due - moment) END;
END $$;

-- Where our journal and the records system were last seen to disagree.
CREATE TABLE {schema}.journal_difference (
    kind text NOT NULL,
    reference text NOT NULL,
    esdh_id text NOT NULL,
    matter_kind text NOT NULL,
    matter uuid NOT NULL,
    found_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (esdh_id, kind, reference)
);

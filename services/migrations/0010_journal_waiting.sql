-- An intent that is only waited for has not gone wrong once more: it keeps its error, and its next
-- pause grows no longer. Else a sync that is started anew ten times would put it off for half an hour.
CREATE OR REPLACE FUNCTION {schema}.journal_change(
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
                SET state = wanted.state, due_at = moment + wanted.delay,
                    error = CASE wanted.state WHEN 'intent' THEN coalesce(wanted.error, e.error)
                        ELSE wanted.error END,
                    receipt = coalesce(wanted.receipt, e.receipt),
                    esdh_id = coalesce(wanted.esdh_id, e.esdh_id),
                    attempts = e.attempts + (wanted.error IS NOT NULL)::integer,
                    failing_since = CASE
                        WHEN wanted.error IS NOT NULL THEN coalesce(e.failing_since, moment)
                        WHEN wanted.state = 'intent' THEN e.failing_since END,
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

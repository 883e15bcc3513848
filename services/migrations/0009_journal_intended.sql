-- Under which epoch an entry's latest intent was written. Whoever waited out an earlier one must
-- wait again: another worker may have sent the request anew since.
ALTER TABLE {schema}.journal_entry ADD COLUMN intended bigint NOT NULL DEFAULT 0;

CREATE OR REPLACE FUNCTION {schema}.journal_intend(
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
        SET state = 'intent', changed_at = moment, intended = m.epoch
        FROM {schema}.journal_matter AS m
        WHERE e.entry = of_entry AND e.matter = of_matter AND e.state IN ('waiting', 'intent')
            AND m.matter = of_matter;
    RETURN FOUND;
END $$;

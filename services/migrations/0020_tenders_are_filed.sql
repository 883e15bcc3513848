-- A tender is journalised on a case of its own, like a hearing.
ALTER TABLE {schema}.journal_matter DROP CONSTRAINT journal_matter_kind_check;
ALTER TABLE {schema}.journal_matter ADD CONSTRAINT journal_matter_kind_check
    CHECK (kind IN ('case', 'hearing', 'tender'));

-- The parties of tenders are told of news, too: `case_id` is then the tender's.
ALTER TABLE {schema}.post_notification
    ADD COLUMN kind text NOT NULL DEFAULT 'case' CHECK (kind IN ('case', 'tender')),
    -- Of a tender that is not opened: who is told would tell who has bid, so no fact says that they
    -- were, and no list or count shows it.
    ADD COLUMN is_secret boolean NOT NULL DEFAULT false;

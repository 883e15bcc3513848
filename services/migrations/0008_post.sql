-- What is told to the parties outside the platform, and how far each thing has come. Not a view:
-- an intent written here before anything is handed over is what keeps it from being sent twice.
-- A mail is what goes out in one piece to one person; a daily digest carries many notifications.

CREATE TABLE {schema}.post_mail (
    mail uuid PRIMARY KEY,
    party text NOT NULL,
    channel text NOT NULL CHECK (channel IN ('email', 'digital-post', 'paper')),
    state text NOT NULL DEFAULT 'waiting'
        CHECK (state IN ('waiting', 'intent', 'doubt', 'outcome', 'done')),
    fate text CHECK (fate IN ('sent', 'delivered', 'bounced', 'failed', 'paper', 'posted')),
    -- Raised by every intent; of which one an outcome is told.
    attempts integer NOT NULL DEFAULT 0,
    due_at timestamptz NOT NULL,
    failing_since timestamptz,
    error text,
    receipt text,
    -- Raised by every claim, so that whoever held it before can change nothing.
    epoch bigint NOT NULL DEFAULT 0,
    held_until timestamptz,
    changed_at timestamptz NOT NULL
) WITH (fillfactor = 70);

CREATE INDEX post_mail_due ON {schema}.post_mail (due_at, mail) WHERE state <> 'done';
CREATE INDEX post_mail_ended ON {schema}.post_mail (changed_at) WHERE fate IN
    ('bounced', 'failed', 'paper');

CREATE TABLE {schema}.post_notification (
    notification uuid PRIMARY KEY,
    mail uuid NOT NULL REFERENCES {schema}.post_mail,
    case_id uuid NOT NULL,
    event_id uuid NOT NULL,
    stream text NOT NULL,
    version integer NOT NULL,
    position bigint NOT NULL,
    fact text NOT NULL,
    recorded_at timestamptz NOT NULL
);

CREATE INDEX post_notification_mail ON {schema}.post_notification (mail);
CREATE INDEX post_notification_case ON {schema}.post_notification (case_id);

-- What happened before there was anybody to tell it is not told now.
INSERT INTO {schema}.feed_position (consumer, position)
    SELECT 'post', coalesce(max(notification_id), 0) FROM {schema}.events
    ON CONFLICT DO NOTHING;

-- How far those have come who read the log and send it on or act on it. The row is checkpoint and
-- fence in one: only the owner of its epoch moves it. Who owns it is an advisory lock's business.

CREATE TABLE {schema}.relay (
    name text PRIMARY KEY,
    position bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
    epoch bigint NOT NULL DEFAULT 0 CHECK (epoch >= 0)
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

CREATE TABLE {schema}.feed_position (
    consumer text PRIMARY KEY,
    position bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
    epoch bigint NOT NULL DEFAULT 0 CHECK (epoch >= 0)
) WITH (fillfactor = 50, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_scale_factor = 0);

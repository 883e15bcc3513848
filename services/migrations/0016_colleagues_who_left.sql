-- A colleague who is none any longer, until they log in again: by whoever runs the site, or because
-- their login had no role. Whose last login is too long ago is so without being told (`told_at`).
ALTER TABLE {schema}.known_person ADD COLUMN has_left boolean NOT NULL DEFAULT false;

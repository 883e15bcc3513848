-- What one municipality's SBSYS holds. Nothing is ever deleted: a case that is gone has deleted_at.

CREATE TABLE IF NOT EXISTS cases (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    identity TEXT NOT NULL UNIQUE,
    number TEXT NOT NULL UNIQUE,
    subject TEXT NOT NULL,
    facet TEXT NOT NULL,
    year INTEGER NOT NULL,
    sequence INTEGER NOT NULL,
    template INTEGER NOT NULL,
    status INTEGER NOT NULL,
    status_comment TEXT,
    status_at TEXT NOT NULL,
    -- In lower case, for searching.
    title TEXT NOT NULL,
    -- The members of SagDto that PUT sag replaces.
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    deleted_at TEXT
);
CREATE INDEX IF NOT EXISTS cases_sequence ON cases (subject, facet, year, sequence);

CREATE TABLE IF NOT EXISTS persons (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    identity TEXT NOT NULL UNIQUE,
    cpr TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    protected INTEGER NOT NULL,
    -- Seconds since 1970: before that CPR has not told us the name.
    known_from REAL NOT NULL
);

CREATE TABLE IF NOT EXISTS firms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    identity TEXT NOT NULL UNIQUE,
    cvr TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL
);

CREATE TABLE IF NOT EXISTS parties (
    case_id INTEGER NOT NULL REFERENCES cases,
    kind TEXT NOT NULL CHECK (kind IN ('Person', 'Firma')),
    party_id INTEGER NOT NULL,
    is_primary INTEGER NOT NULL,
    PRIMARY KEY (case_id, kind, party_id)
);

CREATE TABLE IF NOT EXISTS folders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL REFERENCES cases,
    title TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS folders_of_case ON folders (case_id);

CREATE TABLE IF NOT EXISTS documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    identity TEXT NOT NULL UNIQUE,
    registration TEXT NOT NULL UNIQUE,
    case_id INTEGER NOT NULL REFERENCES cases,
    folder_id INTEGER REFERENCES folders,
    name TEXT NOT NULL,
    description TEXT,
    kind INTEGER,
    access INTEGER NOT NULL,
    file_id TEXT NOT NULL UNIQUE,
    file_name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size INTEGER NOT NULL,
    sha256 TEXT NOT NULL,
    created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS documents_of_case ON documents (case_id);

CREATE TABLE IF NOT EXISTS files (
    id TEXT PRIMARY KEY,
    content BLOB NOT NULL
);

CREATE TABLE IF NOT EXISTS notes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    identity TEXT NOT NULL UNIQUE,
    case_id INTEGER NOT NULL REFERENCES cases,
    heading TEXT NOT NULL,
    text TEXT NOT NULL,
    contact_at TEXT,
    created_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS notes_of_case ON notes (case_id);

CREATE TABLE IF NOT EXISTS reminders (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    case_id INTEGER NOT NULL REFERENCES cases,
    -- The members of the reminder that PUT erindring replaces.
    body TEXT NOT NULL,
    created_at TEXT NOT NULL,
    changed_at TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS reminders_of_case ON reminders (case_id);

-- Everything that ever happened, in order.
CREATE TABLE IF NOT EXISTS entries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at TEXT NOT NULL,
    what TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    case_id INTEGER REFERENCES cases
);

CREATE TABLE IF NOT EXISTS counts (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
);

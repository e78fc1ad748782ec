-- The truth. One writer (the engine), any number of readers.
-- A change here is a migration in migrations.py, never an edit of a schema that people already have.

CREATE TABLE collections (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,
    created_at REAL NOT NULL,
    removed_at REAL                       -- set: gone, but can be brought back until the next start
);

CREATE TABLE documents (
    id       TEXT PRIMARY KEY,            -- SHA-256 of the bytes; "unread:" + a hash of the path where they could not be read
    kind     TEXT NOT NULL DEFAULT '',
    lang     TEXT NOT NULL DEFAULT '',    -- of its text, as 'en' or 'zh'; '' where it cannot be told
    title    TEXT NOT NULL DEFAULT '',
    verdict  TEXT,                        -- NULL until read
    paged    INTEGER NOT NULL DEFAULT 0,
    pages    INTEGER NOT NULL DEFAULT 0,
    passages INTEGER NOT NULL DEFAULT 0,
    size     INTEGER NOT NULL DEFAULT 0,
    gaps     TEXT NOT NULL DEFAULT '[]',  -- [[page, reason], …]
    detail   TEXT NOT NULL DEFAULT '',
    read_at  REAL
);

CREATE TABLE places (
    id            INTEGER PRIMARY KEY AUTOINCREMENT,
    collection_id TEXT NOT NULL REFERENCES collections (id) ON DELETE CASCADE,
    absolute      BLOB NOT NULL,          -- os.fsencode of the path: names need not be UTF-8
    path          TEXT NOT NULL,          -- as the person named it
    document_id   TEXT REFERENCES documents (id),
    state         TEXT NOT NULL DEFAULT 'queued',   -- queued | read
    job_id        INTEGER,                -- the request that brought it
    size          INTEGER NOT NULL DEFAULT 0,
    modified_ns   INTEGER NOT NULL DEFAULT 0,
    added_at      REAL NOT NULL,
    removed_at    REAL,
    UNIQUE (collection_id, absolute)
);
CREATE INDEX places_document ON places (document_id);
CREATE INDEX places_queue ON places (job_id) WHERE state = 'queued';

CREATE TABLE pages (
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    number      INTEGER NOT NULL,
    name        TEXT NOT NULL DEFAULT '',
    text        TEXT NOT NULL,
    PRIMARY KEY (document_id, number)
) WITHOUT ROWID;

CREATE TABLE passages (
    number      INTEGER PRIMARY KEY AUTOINCREMENT,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    position    INTEGER NOT NULL,
    text        TEXT NOT NULL,            -- mended for search
    context     TEXT NOT NULL,            -- title and heading path
    spans       TEXT NOT NULL,            -- [[page, start, length], …]
    hash        BLOB NOT NULL,            -- of what is embedded: same hash, same vector
    fold        BLOB NOT NULL,            -- of the text without case, space and punctuation: twins share it
    word_text    TEXT,                    -- what the word search reads where it is not the text itself:
    word_context TEXT,                    -- stemmed, or cut into words, as its language asks for
    UNIQUE (document_id, position)
);
CREATE INDEX passages_hash ON passages (hash);
CREATE INDEX passages_fold ON passages (fold);

CREATE VIEW searched AS
    SELECT number, coalesce(word_text, text) AS text, coalesce(word_context, context) AS context FROM passages;
CREATE VIRTUAL TABLE words USING fts5 (
    text, context,
    content = 'searched', content_rowid = 'number',
    tokenize = 'porter unicode61 remove_diacritics 2'
);
CREATE TRIGGER passages_added AFTER INSERT ON passages BEGIN
    INSERT INTO words (rowid, text, context)
    VALUES (new.number, coalesce(new.word_text, new.text), coalesce(new.word_context, new.context));
END;
CREATE TRIGGER passages_removed AFTER DELETE ON passages BEGIN
    INSERT INTO words (words, rowid, text, context)
    VALUES ('delete', old.number, coalesce(old.word_text, old.text), coalesce(old.word_context, old.context));
END;

CREATE TABLE vectors (
    seq            INTEGER PRIMARY KEY AUTOINCREMENT,   -- the vector's number in the index, never used twice
    passage_number INTEGER NOT NULL REFERENCES passages (number) ON DELETE CASCADE,
    model          TEXT NOT NULL,
    vector         BLOB NOT NULL,         -- float32, length 1
    UNIQUE (passage_number, model)
);

CREATE TABLE conversations (
    id            TEXT PRIMARY KEY,
    title         TEXT NOT NULL,
    collection_id TEXT,
    created_at    REAL NOT NULL
);

CREATE TABLE turns (
    id              TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
    question        TEXT NOT NULL,
    asked_at        REAL NOT NULL,
    collection_id   TEXT,                 -- the shelf asked, NULL for all
    answer          TEXT,                 -- JSON of domain.conversation.Answer, NULL until it is there
    assistant_id    TEXT                  -- who was asked, NULL for RagDesk as it comes
);
CREATE INDEX turns_conversation ON turns (conversation_id, asked_at);

-- What a person said about an answer; kept for the router, for tuning and for the exam.
CREATE TABLE judgements (
    turn_id       TEXT PRIMARY KEY,
    question      TEXT NOT NULL,          -- kept here too: a deleted conversation does not unteach
    verdict       TEXT NOT NULL,          -- right | wrong | absent: it is not in the documents
    answer        TEXT NOT NULL DEFAULT '',   -- the right answer, where the person gave it or agreed to it
    document_id   TEXT,                   -- where it stands
    spans         TEXT NOT NULL DEFAULT '[]', -- [[page, start, length], …] in that document
    collection_id TEXT,                   -- the shelf that holds it
    made_at       REAL NOT NULL
);

-- What the program worked out from a library; each can be made again. JSON by name.
CREATE TABLE learned (
    name    TEXT PRIMARY KEY,
    value   TEXT NOT NULL,
    made_at REAL NOT NULL
);

-- An assistant is a shelf (NULL: all) and versions of what was tuned for it; files lie in the home.
CREATE TABLE assistants (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    collection_id TEXT,
    current       INTEGER NOT NULL DEFAULT 0,   -- the version that answers, 0: RagDesk as it comes
    created_at    REAL NOT NULL,
    removed_at    REAL
);
CREATE TABLE versions (
    assistant_id TEXT NOT NULL REFERENCES assistants (id) ON DELETE CASCADE,
    number       INTEGER NOT NULL,
    made_at      REAL NOT NULL,
    card         TEXT NOT NULL,           -- JSON of domain.assistant.ReportCard
    PRIMARY KEY (assistant_id, number)
);

-- Practice questions; what each column means stands at domain.training.Pair.
CREATE TABLE pairs (
    assistant_id TEXT NOT NULL REFERENCES assistants (id) ON DELETE CASCADE,
    id           TEXT NOT NULL,
    question     TEXT NOT NULL,
    answer       TEXT NOT NULL,
    document_id  TEXT NOT NULL,
    position     INTEGER NOT NULL,
    quote        TEXT NOT NULL DEFAULT '',
    spans        TEXT NOT NULL DEFAULT '[]',
    start        INTEGER NOT NULL DEFAULT -1,
    end          INTEGER NOT NULL DEFAULT -1,
    source       TEXT NOT NULL,
    kind         TEXT NOT NULL,
    style        TEXT NOT NULL DEFAULT 'natural',
    fold         TEXT NOT NULL,
    state        TEXT NOT NULL DEFAULT 'made',
    reason       TEXT NOT NULL DEFAULT '',
    usefulness   REAL NOT NULL DEFAULT 0,
    made_at      REAL NOT NULL,
    PRIMARY KEY (assistant_id, id)
);

CREATE TABLE jobs (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    kind        TEXT NOT NULL,
    state       TEXT NOT NULL,
    label       TEXT NOT NULL DEFAULT '',
    payload     TEXT NOT NULL DEFAULT '{}',
    done        INTEGER NOT NULL DEFAULT 0,
    total       INTEGER NOT NULL DEFAULT 0,
    attempts    INTEGER NOT NULL DEFAULT 0,
    error       TEXT NOT NULL DEFAULT '',
    created_at  REAL NOT NULL,
    finished_at REAL
);

CREATE TABLE settings (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL                   -- JSON
);

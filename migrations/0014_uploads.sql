-- A file that arrives in parts, over dropped connections and restarts, until it is whole, checked and attached.
create table uploads (
    id uuid primary key,                     -- of the file it becomes
    owner_id uuid not null references accounts,
    pitch_id uuid not null,                  -- where it is to go, and as what
    kind text not null,
    name text not null,
    size bigint not null check (size > 0),
    key text not null unique,                -- in the store
    multipart text not null,                 -- the store's own name for it; empty where it has none
    status text not null check (status in ('arriving', 'checking', 'done', 'refused')),
    checked bigint not null default 0,       -- bytes of the whole that were read again
    note text,                               -- why it was refused, or what it waits for
    begun_at timestamptz not null,
    touched_at timestamptz not null          -- when a part last arrived, or it ended
);
create index uploads_of_owner on uploads (owner_id, begun_at);
create index uploads_of_pitch on uploads (pitch_id);
create index uploads_by_age on uploads (touched_at);

create table upload_parts (
    upload_id uuid not null references uploads on delete cascade,
    number integer not null check (number >= 0),
    sha256 bytea not null check (length(sha256) = 32),
    tag text not null,                       -- what the store calls it
    primary key (upload_id, number)
);

-- Files that a virus was found in: no row of files, so nothing serves them.
create table quarantine (
    id uuid primary key,
    owner_id uuid not null references accounts,
    key text not null,
    name text not null,
    size bigint not null,
    sha256 bytea not null,
    found text not null,                     -- what the scanner calls it
    at timestamptz not null
);
create index quarantine_by_age on quarantine (at);

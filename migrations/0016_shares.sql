-- Links by which somebody without an account reads documents of a pitch. Of the token in the address only a hash is kept.
create table shares (
    id uuid primary key,
    pitch_id uuid not null references pitches,
    made_by uuid not null references accounts,
    token_hash bytea not null unique check (length(token_hash) = 32),
    name text not null,                      -- for whom
    email text not null,                     -- where the link is sent
    also text[] not null default '{}',       -- who else is let in: addresses, and domains as '@company.com'; lower case
    note text not null default '',
    passcode_hash text,                      -- argon2id, PHC string; null: none is asked
    made_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz
);
create index shares_of_pitch on shares (pitch_id, made_at desc, id desc);

-- What a link opens: of each material the newest version.
create table share_materials (
    share_id uuid not null references shares,
    material_id uuid not null references materials,
    primary key (share_id, material_id)
);

-- Who proved by a code that an address is theirs.
create table share_recipients (
    id uuid primary key,
    share_id uuid not null references shares,
    email text not null,                     -- lower case
    first_at timestamptz not null,
    last_at timestamptz not null,            -- when they last came in
    unique (share_id, email)
);

-- "I keep this confidential", each time somebody comes in. Never changed, never deleted.
create table share_promises (
    id uuid primary key,
    recipient_id uuid not null references share_recipients,
    version text not null,                   -- of the statement
    at timestamptz not null,
    address text not null,
    user_agent text not null
);
create index share_promises_of_recipient on share_promises (recipient_id, at);

-- Somebody at a link in one browser: first they wait for a code, then they are in until it expires.
create table share_entries (
    key_hash bytea primary key check (length(key_hash) = 32), -- of what is in the cookie
    share_id uuid not null references shares,
    email text not null,                     -- as typed, lower case
    code_hash bytea,                         -- null: not on the list, or too often: no code was sent
    wrong integer not null default 0,        -- codes typed that were not it
    recipient_id uuid references share_recipients, -- in, since the code was typed
    asked_at timestamptz not null,
    expires_at timestamptz not null
);
create index share_entries_of_share on share_entries (share_id, asked_at);
create index share_entries_by_expiry on share_entries (expires_at);

-- A document is read by an account, or by somebody a link was shared with.
alter table reading_visits
    alter account_id drop not null,
    alter role drop not null,
    add recipient_id uuid references share_recipients,
    add check (num_nonnulls(account_id, recipient_id) = 1),
    add check (named or role is not null);
create index reading_visits_of_recipient on reading_visits (recipient_id, file_id, seen_at desc) where recipient_id is not null;
alter table file_views
    alter account_id drop not null,
    add recipient_id uuid references share_recipients,
    add check (num_nonnulls(account_id, recipient_id) = 1);
create index file_views_of_recipient on file_views (recipient_id, file_id, at) where recipient_id is not null;

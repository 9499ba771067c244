create table organisations (
    id uuid primary key,
    name text not null,
    created_at timestamptz not null
);

create table accounts (
    id uuid primary key,
    kind text not null check (kind in ('creator', 'investor', 'production', 'admin')),
    email text not null,                     -- as typed, trimmed
    name text not null,
    handle text not null unique,             -- /people/{handle}
    headline text not null default '',
    bio text not null default '',
    website text not null default '',
    location text not null default '',
    avatar_id uuid,                          -- a file
    password_hash text,                      -- argon2id, PHC string; null: no password yet
    email_verified_at timestamptz,
    onboarded_at timestamptz,
    demo boolean not null default false,
    created_at timestamptz not null
);
create unique index accounts_email on accounts (lower(email));

create table seats (
    organisation_id uuid not null references organisations,
    account_id uuid not null references accounts,
    role text not null check (role in ('owner', 'editor', 'viewer')),
    created_at timestamptz not null,
    primary key (organisation_id, account_id)
);
create unique index one_seat_per_account on seats (account_id);

-- Staff looked at who a buyer is. One row per decision; the newest counts.
create table verifications (
    id uuid primary key,
    account_id uuid not null references accounts,
    method text not null,                    -- what was checked, shown on the badge
    verified_at timestamptz not null
);
create index verifications_of_account on verifications (account_id, verified_at desc);

-- Statements a person agreed to, with the version of the text.
create table consents (
    account_id uuid not null references accounts,
    kind text not null,                      -- 'terms', 'adult'
    version text not null,
    at timestamptz not null,
    primary key (account_id, kind, version)
);

-- Links in mails. Only a hash is kept; used once, by a POST.
create table mail_tokens (
    token_hash bytea primary key,
    account_id uuid not null references accounts on delete cascade,
    purpose text not null check (purpose in ('verify-email', 'reset-password', 'first-password')),
    email text not null,                     -- the address it was sent to; a change of address voids it
    created_at timestamptz not null,
    expires_at timestamptz not null,
    used_at timestamptz
);
create index mail_tokens_of_account on mail_tokens (account_id, purpose);

-- Sessions of tower-sessions, under the hash of their token.
create table sessions (
    id_hash bytea primary key,
    account_id uuid references accounts on delete cascade,
    data jsonb not null,
    address text not null default '',
    user_agent text not null default '',
    created_at timestamptz not null,
    seen_at timestamptz not null,
    expires_at timestamptz not null
);
create index sessions_of_account on sessions (account_id);
create index sessions_by_expiry on sessions (expires_at);

-- Failed sign-ins, for the limit per account and address.
create table sign_in_failures (
    email_hash bytea not null,               -- of the lower-cased address, known or not
    address text not null,
    at timestamptz not null
);
create index sign_in_failures_recent on sign_in_failures (email_hash, address, at);
create index sign_in_failures_by_time on sign_in_failures (at);

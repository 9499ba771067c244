-- Second factors. An account has its factors on when it has a confirmed authenticator app or a passkey.

-- Authenticator apps (TOTP, RFC 6238): one that counts, and one that is being set up.
create table totp_factors (
    id uuid primary key,
    account_id uuid not null references accounts on delete cascade,
    secret bytea not null,                   -- sealed (platform::vault)
    last_step bigint not null default 0,     -- of the last code taken: no code is taken twice
    created_at timestamptz not null,
    confirmed_at timestamptz,                -- null: no code of it was seen yet
    last_used_at timestamptz
);
create unique index one_totp_of_account on totp_factors (account_id) where confirmed_at is not null;
create unique index one_totp_being_set_up on totp_factors (account_id) where confirmed_at is null;

create table passkeys (
    id uuid primary key,
    account_id uuid not null references accounts on delete cascade,
    name text not null,
    credential_id bytea not null unique,
    credential jsonb not null,               -- the public key and its counter, as webauthn-rs keeps them
    created_at timestamptz not null,
    last_used_at timestamptz
);
create index passkeys_of_account on passkeys (account_id, created_at);

-- Codes for when the phone is gone; each works once. New ones replace all.
create table recovery_codes (
    account_id uuid not null references accounts on delete cascade,
    code_hash bytea not null,
    used_at timestamptz,
    primary key (account_id, code_hash)
);

-- What a passkey was asked to sign; taken away by the answer, so that none counts twice.
create table passkey_challenges (
    id uuid primary key,
    account_id uuid references accounts on delete cascade, -- null: whose passkey it will be is not known
    purpose text not null check (purpose in ('sign-in', 'factor', 'step-up', 'add')),
    state jsonb not null,
    expires_at timestamptz not null
);
create index passkey_challenges_by_expiry on passkey_challenges (expires_at);

-- People whose password, or mailed link, was right and who still owe a factor. The session knows the id.
create table half_sign_ins (
    id uuid primary key,
    account_id uuid not null references accounts on delete cascade,
    began_with text not null check (began_with in ('password', 'link')),
    next text not null,                      -- where they were going
    tries integer not null default 0,
    expires_at timestamptz not null
);
create index half_sign_ins_by_expiry on half_sign_ins (expires_at);

-- Who lost every factor asks to have them dropped, and waits.
create table factor_resets (
    id uuid primary key,
    account_id uuid not null references accounts on delete cascade,
    address text not null,
    asked_at timestamptz not null,
    due_at timestamptz not null,
    told_at timestamptz not null,            -- when the person was last mailed of it
    cancelled_at timestamptz,
    done_at timestamptz,
    check (cancelled_at is null or done_at is null)
);
create unique index one_open_factor_reset on factor_resets (account_id) where cancelled_at is null and done_at is null;

-- A password that only the mailbox vouches for does not ask for that, for a while.
alter table accounts add column password_reset_at timestamptz;

-- Links that sign in.
alter table mail_tokens drop constraint mail_tokens_purpose_check;
alter table mail_tokens add constraint mail_tokens_purpose_check
    check (purpose in ('verify-email', 'reset-password', 'first-password', 'sign-in'));

-- Browsers that an account has signed in from, by a cookie of their own that outlives sessions.
create table known_devices (
    account_id uuid not null references accounts on delete cascade,
    device_hash bytea not null,
    first_seen_at timestamptz not null,
    last_seen_at timestamptz not null,
    primary key (account_id, device_hash)
);

-- Changes of address: confirmed by the new one, undone by the old one.
create table email_changes (
    id uuid primary key,
    account_id uuid not null references accounts on delete cascade,
    old_email text not null,
    old_verified boolean not null,           -- when this was asked for: else nobody takes it back, or keeps it from others
    new_email text not null,
    asked_at timestamptz not null,
    confirmed_at timestamptz,
    ended_at timestamptz                     -- undone, or another one was asked for
);
create index email_changes_of_account on email_changes (account_id, asked_at);

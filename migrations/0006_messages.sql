-- A conversation between a pitch's owner and one other person, opened when an NDA is signed.
create table threads (
    id uuid primary key,
    pitch_id uuid not null references pitches,
    owner_id uuid not null references accounts,      -- the pitch's side
    other_id uuid not null references accounts,      -- the buyer's side
    created_at timestamptz not null,
    last_at timestamptz not null,
    unique (pitch_id, owner_id, other_id)
);
create index threads_of_owner on threads (owner_id, last_at desc, id desc);
create index threads_of_other on threads (other_id, last_at desc, id desc);

create table messages (
    id uuid primary key,                             -- v7: order within the thread
    thread_id uuid not null references threads,
    author_id uuid references accounts,              -- null: the system
    body text not null,
    at timestamptz not null,
    key uuid not null unique                         -- made with the form: a replayed form writes nothing twice
);
create index messages_of_thread on messages (thread_id, id);
create index messages_of_author on messages (author_id, at);

create table thread_reads (
    thread_id uuid not null references threads,
    account_id uuid not null references accounts,
    read_to uuid not null,                           -- the newest message seen
    at timestamptz not null,
    primary key (thread_id, account_id)
);

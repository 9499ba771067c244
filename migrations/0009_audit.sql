-- What happened, each row bound to the one before by its hash: a changed or missing row is found and named. Ids and numbers
-- only, so that erasing a person breaks nothing.
create table audit_entries (
    seq bigint primary key,                  -- from 1, without gaps
    event_id uuid not null unique,
    at timestamptz not null,
    actor_id uuid,
    organisation_id uuid,
    subject_id uuid not null,
    kind text not null,
    payload text not null,                   -- JSON, as it was hashed
    previous bytea not null check (length(previous) = 32), -- the hash of row seq - 1; zeros for the first
    hash bytea not null check (length(hash) = 32)
);
create index audit_entries_of_subject on audit_entries (subject_id, seq);

create function audit_is_append_only() returns trigger language plpgsql as $$
begin
    raise exception 'audit_entries is append-only';
end
$$;
create trigger audit_is_append_only before update or delete or truncate on audit_entries
    for each statement execute function audit_is_append_only();

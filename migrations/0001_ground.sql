-- What every room stands on: settings that take effect while running, and the record of what happened.

create table settings (
    key text primary key,
    value jsonb not null
);

-- One row per thing that happened, written in the transaction that made it happen.
-- Notifications, live updates, analytics and audit read these rows; nothing else tells them.
create table events (
    id uuid primary key,                     -- v7: sorts by time
    at timestamptz not null,
    actor_id uuid,                           -- who did it; null: the system
    organisation_id uuid,                    -- on whose behalf, if an organisation's
    subject_id uuid not null,                -- what it happened to; `kind` tells of which sort it is
    kind text not null,                      -- 'nda.requested', 'pitch.published', ...
    payload jsonb not null default '{}'
);
create index events_of_subject on events (subject_id, id);

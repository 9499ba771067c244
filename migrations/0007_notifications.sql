-- One person's notice of one event; words and link are made from the event's kind and payload.
create table notifications (
    id uuid primary key,                             -- v7
    account_id uuid not null references accounts,
    event_id uuid not null references events,
    kind text not null,
    title text not null,
    link text not null,
    at timestamptz not null,
    read_at timestamptz,
    unique (account_id, event_id)
);
create index notifications_of_account on notifications (account_id, id desc);
create index notifications_unread on notifications (account_id) where read_at is null;

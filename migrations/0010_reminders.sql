-- How often the owner was reminded of a request, and when last.
alter table ndas
    add reminders smallint not null default 0,
    add reminded_at timestamptz;
create index ndas_waiting on ndas (requested_at) where status = 'requested';

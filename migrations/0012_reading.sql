-- Who read which document, when, and how long each of its pages was in front of them. Kept for 13 months.
create table reading_visits (
    id uuid primary key,
    file_id uuid not null references files on delete cascade,
    account_id uuid not null references accounts,
    pitch_id uuid not null references pitches,
    named boolean not null,                  -- read behind the NDA: the owner is shown who it was
    role text not null,                      -- the reader's kind of account; of those not named only this is told
    started_at timestamptz not null,
    seen_at timestamptz not null,            -- the last page or beat
    counted_to timestamptz not null          -- time up to here was claimed by a beat
);
create index reading_visits_of_reader on reading_visits (file_id, account_id, seen_at desc);
create index reading_visits_of_pitch on reading_visits (pitch_id, started_at desc, id desc);
create index reading_visits_by_age on reading_visits (started_at);

create table reading_pages (
    visit_id uuid not null references reading_visits on delete cascade,
    page integer not null check (page > 0),
    milliseconds bigint not null default 0 check (milliseconds >= 0),
    primary key (visit_id, page)
);

-- Who may read a document may also take it along, with their mark on every page.
alter table materials add allow_download boolean not null default false;

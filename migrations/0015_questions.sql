-- What signers ask the owner of a pitch. An answer is for the asker, or published to everyone who has signed.
create table questions (
    id uuid primary key,
    pitch_id uuid not null references pitches,
    asker_id uuid not null references accounts,
    body text not null,
    asked_at timestamptz not null,
    answer text,
    answered_at timestamptz,
    answered_by uuid references accounts,
    withdrawn_at timestamptz,                        -- taken back unanswered; counts against the day's limit all the same
    published boolean not null default false,        -- question and answer, without the asker's name
    check ((answer is null) = (answered_at is null) and (answer is null) = (answered_by is null)),
    check (answer is not null or not published)
);
create index questions_of_pitch on questions (pitch_id, asked_at desc, id desc);
create index questions_of_asker on questions (asker_id, asked_at desc);
create index questions_waiting on questions (pitch_id) where answer is null and withdrawn_at is null;
-- A form sent twice asks once.
create unique index question_asked_once on questions (pitch_id, asker_id, md5(body)) where withdrawn_at is null;

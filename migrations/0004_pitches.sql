-- A pitch. `draft` is the working copy the owner edits; what others see is the newest row of pitch_versions.
-- The columns from `title` to `search` are what browsing needs of the published version, written at publishing.
create table pitches (
    id uuid primary key,
    owner_id uuid not null references accounts,
    organisation_id uuid references organisations,   -- set: owned by the organisation
    slug text not null unique,                       -- made once from the first title; stays
    status text not null check (status in ('draft', 'in-review', 'published', 'archived', 'taken-down')),
    draft jsonb not null,                            -- PitchContent
    revision integer not null default 1,             -- of the draft; a save names the one it started from
    touched jsonb not null default '{}',             -- at which revision each part of the form last changed
    saved_at timestamptz not null,
    live_number integer,                             -- the published version; null: never published
    demo boolean not null default false,
    created_at timestamptz not null,
    published_at timestamptz,                        -- first publishing
    deleted_at timestamptz,

    title text not null default '',
    logline text not null default '',
    genres text[] not null default '{}',             -- primary first
    format text not null default '',
    budget text,                                     -- null: not public
    stage text,                                      -- null: not public
    locked boolean not null default false,           -- some of the text is behind the NDA
    search tsvector not null default ''::tsvector    -- public fields only
);
create index pitches_newest on pitches (published_at desc, id desc) where status = 'published' and deleted_at is null;
create index pitches_by_title on pitches (lower(title), id) where status = 'published' and deleted_at is null;
create index pitches_by_genre on pitches using gin (genres) where status = 'published' and deleted_at is null;
create index pitches_search on pitches using gin (search) where status = 'published' and deleted_at is null;
create index pitches_of_owner on pitches (owner_id, created_at desc);
create index pitches_of_organisation on pitches (organisation_id, created_at desc) where organisation_id is not null;

create table pitch_versions (
    pitch_id uuid not null references pitches,
    number integer not null,
    content jsonb not null,                          -- PitchContent, as published
    published_at timestamptz not null,
    published_by uuid not null references accounts,
    primary key (pitch_id, number)
);

-- A poster, a script, a deck of a pitch. Visibility belongs to the material, not to its versions.
create table materials (
    id uuid primary key,
    pitch_id uuid not null references pitches,
    kind text not null check (kind in ('poster', 'lookbook', 'deck', 'script', 'treatment', 'budget', 'schedule', 'trailer', 'other')),
    visibility text not null check (visibility in ('public', 'members', 'nda')),
    created_at timestamptz not null,
    removed_at timestamptz
);
create index materials_of_pitch on materials (pitch_id) where removed_at is null;
create unique index one_material_of_a_kind on materials (pitch_id, kind) where removed_at is null and kind <> 'other';

create table material_versions (
    material_id uuid not null references materials,
    number integer not null,
    file_id uuid not null unique references files,
    uploaded_at timestamptz not null,
    primary key (material_id, number)
);

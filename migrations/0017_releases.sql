-- A text is for NDAs or for submission releases.
alter table nda_templates add kind text not null default 'nda' check (kind in ('nda', 'release'));

-- A submission release: a production company offers it with its signature, the owner of a pitch signs or refuses. One that is
-- signed opens what is behind the NDA to the company's seats until either side ends it.
create table releases (
    id uuid primary key,
    pitch_id uuid not null references pitches,
    organisation_id uuid not null references organisations,  -- the company
    offered_by uuid not null references accounts,
    status text not null check (status in ('offered', 'signed', 'refused', 'withdrawn', 'ended')),
    note text not null default '',
    template_id uuid not null,
    template_version integer not null,
    extra_terms text not null default '',
    document text not null,                  -- the whole text both sign
    document_sha256 bytea not null check (length(document_sha256) = 32),
    offered_at timestamptz not null,
    signed_at timestamptz,
    signed_by uuid references accounts,      -- for the owner
    ended_at timestamptz,                    -- refused, withdrawn or ended
    ended_by text check (ended_by in ('owner', 'requester')),  -- null: the system
    reason text not null default '',
    check ((signed_at is null) = (signed_by is null)),
    check ((ended_at is null) = (status in ('offered', 'signed'))),
    foreign key (template_id, template_version) references nda_template_versions
);
-- One offered or signed release per company and pitch.
create unique index one_open_release on releases (pitch_id, organisation_id) where status in ('offered', 'signed');
create index releases_of_pitch on releases (pitch_id, offered_at desc, id desc);
create index releases_of_organisation on releases (organisation_id, offered_at desc, id desc);
create index releases_by_template on releases (template_id, template_version);
create index releases_signed on releases (signed_at) where signed_at is not null;

-- What is recorded with each signature. Never changed, never deleted.
create table release_signatures (
    release_id uuid not null references releases,
    party text not null check (party in ('owner', 'requester')),
    account_id uuid not null references accounts,
    account_name text not null,                      -- as they were called then
    organisation_id uuid references organisations,   -- signed for, with authority declared
    organisation_name text,
    legal_name text not null,
    email text not null,                             -- verified at the time
    consent_version text not null,                   -- of the statement on electronic records
    document_sha256 bytea not null check (length(document_sha256) = 32),
    at timestamptz not null,
    address text not null,
    user_agent text not null,
    check ((organisation_id is null) = (organisation_name is null)),
    primary key (release_id, party)
);

-- The text was opened, and read to its end.
create table release_openings (
    release_id uuid not null references releases,
    account_id uuid not null references accounts,
    opened_at timestamptz not null,
    read_to_end_at timestamptz,
    address text not null,
    user_agent text not null,
    primary key (release_id, account_id)
);

-- The finished paper of a release, as nda_seals of an NDA. Never changed, never deleted.
create table release_seals (
    release_id uuid primary key references releases,
    file_id uuid not null unique references files,
    sha256 bytea not null unique check (length(sha256) = 32),
    sealed_at timestamptz not null
);

-- By which right a protected file was opened.
alter table file_views add release_id uuid references releases;

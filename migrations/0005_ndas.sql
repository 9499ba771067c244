-- The texts an NDA can be made from. A template is never edited: an edit is a new version.
create table nda_templates (
    id uuid primary key,
    owner_id uuid references accounts,       -- null: the platform's
    name text not null,
    created_at timestamptz not null
);

create table nda_template_versions (
    template_id uuid not null references nda_templates,
    number integer not null,
    body text not null,                      -- with {{variables}}
    created_at timestamptz not null,
    primary key (template_id, number)
);

create table ndas (
    id uuid primary key,
    pitch_id uuid not null references pitches,
    requester_id uuid not null references accounts,
    requester_organisation_id uuid references organisations,
    status text not null check (status in
        ('requested', 'approved', 'signed', 'declined', 'withdrawn', 'lapsed', 'revoked', 'expired')),
    purpose text not null,
    note text not null default '',
    requested_at timestamptz not null,

    -- The owner's decision. Approving is the owner's signature and fixes the document.
    decided_at timestamptz,
    decided_by uuid references accounts,
    reason text not null default '',         -- of declining or revoking
    owner_legal_name text,
    template_id uuid,
    template_version integer,
    term_days integer check (term_days between 30 and 1095),
    extra_terms text not null default '',
    document text,                           -- the whole text both sign
    document_sha256 bytea check (length(document_sha256) = 32),
    lapses_at timestamptz,                   -- approved and not signed by then

    signed_at timestamptz,
    expires_at timestamptz,                  -- of access; the duty of confidence has its own term
    ended_at timestamptz,                    -- declined, withdrawn, revoked, lapsed or expired
    foreign key (template_id, template_version) references nda_template_versions
);
-- One open or signed NDA per person and pitch.
create unique index one_open_nda on ndas (pitch_id, requester_id) where status in ('requested', 'approved', 'signed');
create index ndas_of_pitch on ndas (pitch_id, requested_at desc, id desc);
create index ndas_of_requester on ndas (requester_id, requested_at desc, id desc);
create index ndas_of_requesting_organisation on ndas (requester_organisation_id, requested_at);
create index ndas_lapsing on ndas (lapses_at) where status = 'approved';
create index ndas_expiring on ndas (expires_at) where status = 'signed';

-- What is recorded with each signature. Never changed, never deleted.
create table nda_signatures (
    nda_id uuid not null references ndas,
    party text not null check (party in ('owner', 'requester')),
    account_id uuid not null references accounts,
    organisation_id uuid references organisations,   -- signed for, with authority declared
    legal_name text not null,
    email text not null,                             -- verified at the time
    consent_version text not null,                   -- of the statement on electronic records
    document_sha256 bytea not null check (length(document_sha256) = 32),
    at timestamptz not null,
    address text not null,
    user_agent text not null,
    primary key (nda_id, party)
);

-- The text was opened, and read to its end.
create table nda_openings (
    nda_id uuid not null references ndas,
    account_id uuid not null references accounts,
    document_sha256 bytea not null,
    opened_at timestamptz not null,
    read_to_end_at timestamptz,
    address text not null,
    user_agent text not null,
    primary key (nda_id, account_id, document_sha256)
);

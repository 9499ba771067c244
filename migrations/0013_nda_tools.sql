-- Own templates belong to a person or to an organisation. One that is archived is not offered any more, one that is deleted
-- not shown either; both stay, in all their versions, for the documents made from them.
alter table nda_templates
    add organisation_id uuid references organisations,
    add archived_at timestamptz,
    add deleted_at timestamptz;
create index nda_templates_of_owner on nda_templates (owner_id, created_at desc, id desc)
    where organisation_id is null and deleted_at is null;
create index nda_templates_of_organisation on nda_templates (organisation_id, created_at desc, id desc)
    where deleted_at is null;
alter table nda_template_versions add created_by uuid references accounts;  -- null: the platform

-- The template that a pitch's owner begins with when approving; without a row it is the standard one.
create table nda_pitch_templates (
    pitch_id uuid primary key references pitches,
    template_id uuid not null references nda_templates
);
create index nda_pitch_templates_by_template on nda_pitch_templates (template_id);

-- A signature that an owner gave in advance, for every verified buyer who asks while it stands. Never changed but ended.
create table nda_advances (
    id uuid primary key,
    pitch_id uuid not null references pitches,
    given_by uuid not null references accounts,
    legal_name text not null,
    email text not null,                             -- verified at the time
    template_id uuid not null,
    template_version integer not null,
    term_days integer not null check (term_days between 30 and 1095),
    extra_terms text not null,
    consent_version text not null,
    at timestamptz not null,
    address text not null,
    user_agent text not null,
    ended_at timestamptz,
    ended_by uuid references accounts,
    foreign key (template_id, template_version) references nda_template_versions
);
create unique index one_advance_per_pitch on nda_advances (pitch_id) where ended_at is null;
create index nda_advances_by_template on nda_advances (template_id) where ended_at is null;
alter table ndas add advance_id uuid references nda_advances;               -- approved by it
create index ndas_by_advance on ndas (advance_id) where advance_id is not null;
create index ndas_by_template on ndas (template_id, template_version) where template_id is not null;

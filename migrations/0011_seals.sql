-- The finished paper of an NDA: a PDF of the text and what was recorded, sealed. Never changed, never deleted.
create table nda_seals (
    nda_id uuid primary key references ndas,
    file_id uuid not null unique references files,
    sha256 bytea not null unique check (length(sha256) = 32),   -- of the sealed file
    sealed_at timestamptz not null
);
create index ndas_unsealed on ndas (signed_at) where signed_at is not null;

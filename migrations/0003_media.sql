-- Bytes in the object store. A file never changes; a new upload is a new file.
create table files (
    id uuid primary key,
    owner_id uuid not null references accounts,
    key text not null unique,                -- in the store; made by the server
    name text not null,                      -- as the person named it; for Content-Disposition
    media_type text not null,                -- by magic bytes
    size bigint not null check (size >= 0),
    sha256 bytea not null check (length(sha256) = 32),
    pages integer,                           -- of a PDF
    width integer,                           -- of an image
    height integer,
    variants integer[] not null default '{}', -- widths in pixels that exist as WebP beside the original
    uploaded_at timestamptz not null
);
create index files_of_owner on files (owner_id, uploaded_at desc);
alter table accounts add foreign key (avatar_id) references files;
create index accounts_by_avatar on accounts (avatar_id) where avatar_id is not null;

-- Who opened which protected file, when. The owner is shown it.
create table file_views (
    id uuid primary key,
    file_id uuid not null references files,
    account_id uuid not null references accounts,
    pitch_id uuid not null,
    nda_id uuid,                             -- by which right, if by an NDA
    at timestamptz not null,
    address text not null,
    user_agent text not null
);
create index file_views_of_file on file_views (file_id, account_id, at);
create index file_views_of_pitch on file_views (pitch_id, at desc);

-- A version of a template may be an uploaded PDF: then its body is the text beside it, which names it by its checksum. The
-- words of its pages are those that a screen reader is given.
alter table nda_template_versions
    add file_id uuid unique references files,
    add words text[],
    add check ((file_id is null) = (words is null));

-- Who signed is told by the name of that day, whatever the account or the organisation is called later.
alter table nda_signatures add account_name text, add organisation_name text;
update nda_signatures s set account_name = a.name from accounts a where a.id = s.account_id;
update nda_signatures s set organisation_name = o.name from organisations o where o.id = s.organisation_id;
alter table nda_signatures
    alter account_name set not null,
    add check ((organisation_id is null) = (organisation_name is null));

-- The same of a signature given in advance; and of the words that it was given for, the platform's own among them. Of old
-- ones nobody knows these: they answer nothing until they are given again.
alter table nda_advances add account_name text, add text_sha256 bytea check (length(text_sha256) = 32);
update nda_advances v set account_name = a.name from accounts a where a.id = v.given_by;
alter table nda_advances alter account_name set not null;

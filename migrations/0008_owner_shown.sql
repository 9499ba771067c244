-- Whether anyone may see whose pitch it is: only then it is listed on that person's page. Written at publishing.
alter table pitches add owner_shown boolean not null default true;
update pitches p set owner_shown = false
from pitch_versions v
where v.pitch_id = p.id and v.number = p.live_number and v.content -> 'visibility' ->> 'owner' in ('members', 'nda');

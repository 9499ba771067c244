-- Published pitches until there are 10 000, as far as the wall looks at them: their rows, and for three of four a poster,
-- for half of them a script behind the NDA. No bytes are stored.
begin;

insert into accounts (id, kind, email, name, handle, created_at)
values ('00000000-0000-7000-8000-000000000001', 'creator', 'many@bench.test', 'Many', 'many-bench', now());

create temporary table made on commit drop as
select n, gen_random_uuid() as id, now() - n * interval '7 minutes' as at,
    (array['The Lamp', 'Low Tide', 'A House', 'The Ninth Tile', 'Second Chair', 'Ferry', 'The Locksmith', 'Rain'])[1 + n % 8]
        || ' in ' || (array['Winter', 'Beirut', 'the Walls', 'Ansty', 'Lisbon', 'No Time', 'the Reeds'])[1 + n % 7] || ' ' || n as title,
    (array[
        'In the driest summer on record a drowned village rises out of its reservoir, and the retired engineer who closed the valves goes back down to find out who lit the lamp.',
        'A clerical error removes a village from every map & register; its council must prove that nine hundred people exist, until some notice the advantages of not existing.',
        'For half a century a locksmith has kept the keys of four hundred families who left during the war. Now he is eighty, and wants to give them back.'
    ])[1 + n % 3] as logline,
    (array['action', 'comedy', 'crime', 'documentary', 'drama', 'horror', 'noir', 'thriller', 'western'])[1 + n % 9] as genre,
    (array['feature-film', 'short-film', 'scripted-series', 'limited-series', 'podcast'])[1 + n % 5] as format,
    (array['under-100k', '500k-1m', '1m-5m', '5m-20m', null])[1 + n % 5] as budget,
    (array['idea', 'treatment', 'script', 'packaged', 'funded', null])[1 + n % 6] as stage
from generate_series(1, 10000 - (select count(*)::int from pitches where status = 'published')) n;

insert into pitches (id, owner_id, slug, status, draft, saved_at, live_number, created_at, published_at, title, logline, genres, format,
    budget, stage, locked, search)
select id, '00000000-0000-7000-8000-000000000001', 'bench-' || n, 'published', '{}', at, 1, at, at, title, logline, array[genre], format,
    budget, stage, n % 4 = 0, to_tsvector('simple', title) || to_tsvector('english', logline)
from made;

create temporary table kept on commit drop as
select id as pitch_id, at, kind, gen_random_uuid() as file_id, gen_random_uuid() as material_id
from made, unnest(array['poster', 'script']) kind
where kind = 'poster' and n % 4 > 0 or kind = 'script' and n % 2 = 0;

insert into files (id, owner_id, key, name, media_type, size, sha256, variants, uploaded_at)
select file_id, '00000000-0000-7000-8000-000000000001', 'files/' || file_id, kind, 'image/webp', 1, sha256(file_id::text::bytea),
    '{160,320,640,1280}', at
from kept;

insert into materials (id, pitch_id, kind, visibility, created_at)
select material_id, pitch_id, kind, case kind when 'poster' then 'public' else 'nda' end, at from kept;

insert into material_versions (material_id, number, file_id, uploaded_at) select material_id, 1, file_id, at from kept;

commit;

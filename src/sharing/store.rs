//! The SQL of links and of who comes by them, and nothing else.

use std::collections::HashMap;

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    model::{LinkReader, SharedDocument},
    rules::Lately,
    token::Hash,
};
use crate::{
    media::model::Document,
    shared::{
        error::Result,
        ids::{AccountId, FileId, MaterialId, OrganisationId, PitchId, RecipientId, ShareId},
        time::Time,
    },
};

/// A link that is made.
pub struct New<'a> {
    pub id: ShareId,
    pub pitch: PitchId,
    pub made_by: AccountId,
    pub token_hash: Hash,
    pub name: &'a str,
    pub email: &'a str,
    pub also: &'a [String],
    pub note: &'a str,
    pub passcode_hash: Option<&'a str>,
    pub expires_at: Time,
    pub documents: &'a [MaterialId],
}

pub async fn insert(tx: &mut PgConnection, new: &New<'_>, now: Time) -> Result<()> {
    sqlx::query!(
        "insert into shares
           (id, pitch_id, made_by, token_hash, name, email, also, note, passcode_hash, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        new.id.0,
        new.pitch.0,
        new.made_by.0,
        new.token_hash.as_slice(),
        new.name,
        new.email,
        new.also,
        new.note,
        new.passcode_hash,
        now,
        new.expires_at,
    )
    .execute(&mut *tx)
    .await?;
    let documents: Vec<Uuid> = new.documents.iter().map(|id| id.0).collect();
    sqlx::query!(
        "insert into share_materials (share_id, material_id) select $1, unnest($2::uuid[])",
        new.id.0,
        &documents
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// How many links of a pitch are live.
pub async fn live(tx: &mut PgConnection, pitch: PitchId, now: Time) -> Result<i64> {
    let count = sqlx::query_scalar!(
        r#"select count(*) as "count!" from shares where pitch_id = $1 and revoked_at is null and expires_at > $2"#,
        pitch.0,
        now,
    );
    Ok(count.fetch_one(tx).await?)
}

/// A link as its owner keeps it.
pub struct Row {
    pub id: ShareId,
    pub pitch: PitchId,
    pub token_hash: Vec<u8>,
    pub name: String,
    pub email: String,
    pub also: Vec<String>,
    pub note: String,
    pub passcode: bool,
    pub made_at: Time,
    pub expires_at: Time,
    pub revoked_at: Option<Time>,
}

/// `query_as!` of `Row`s.
macro_rules! rows {
    ($tail:literal, $($value:expr),+ $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select id as "id: ShareId", pitch_id as "pitch: PitchId", token_hash, name, email, also, note,
                      passcode_hash is not null as "passcode!", made_at, expires_at, revoked_at from shares "# + $tail,
            $($value),+
        )
    };
}

/// The links of a pitch, newest first.
pub async fn of_pitch(
    db: &mut PgConnection,
    pitch: PitchId,
    after: Option<(Time, ShareId)>,
    limit: i64,
) -> Result<Vec<Row>> {
    let (after_at, after_id) = after.unzip();
    let rows = rows!(
        "where pitch_id = $1 and ($2::timestamptz is null or (made_at, id) < ($2, $3::uuid))
         order by made_at desc, id desc limit $4",
        pitch.0,
        after_at,
        after_id.map(|id| id.0),
        limit,
    );
    Ok(rows.fetch_all(db).await?)
}

/// Locks a link until the transaction ends.
pub async fn lock(tx: &mut PgConnection, id: ShareId) -> Result<Option<Row>> {
    Ok(rows!("where id = $1 for update", id.0).fetch_optional(tx).await?)
}

/// What each of `shares` opens, as the owner calls it.
pub async fn labels(db: &mut PgConnection, shares: &[ShareId]) -> Result<HashMap<ShareId, Vec<String>>> {
    let ids: Vec<Uuid> = shares.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select x.share_id as "share: ShareId",
                  case when m.kind = 'other' then f.name else upper(left(m.kind, 1)) || substr(m.kind, 2) end as "label!"
           from share_materials x
           join materials m on m.id = x.material_id and m.removed_at is null
           join lateral (select file_id from material_versions where material_id = m.id order by number desc limit 1) v on true
           join files f on f.id = v.file_id
           where x.share_id = any($1) order by m.created_at, m.id"#,
        &ids,
    );
    let mut labels: HashMap<ShareId, Vec<String>> = HashMap::new();
    for row in rows.fetch_all(db).await? {
        labels.entry(row.share).or_default().push(row.label);
    }
    Ok(labels)
}

/// Who came in by each of `shares`, the latest first, and what they read.
pub async fn readers(db: &mut PgConnection, shares: &[ShareId]) -> Result<HashMap<ShareId, Vec<LinkReader>>> {
    let ids: Vec<Uuid> = shares.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select c.share_id as "share: ShareId", c.email, greatest(c.last_at, max(v.seen_at)) as "last_at!",
                  coalesce(sum(g.milliseconds), 0)::bigint as "milliseconds!",
                  count(distinct (v.file_id, g.page)) filter (where g.page is not null) as "pages!"
           from share_recipients c
           left join reading_visits v on v.recipient_id = c.id
           left join reading_pages g on g.visit_id = v.id
           where c.share_id = any($1) group by c.id order by 3 desc"#,
        &ids,
    );
    let mut readers: HashMap<ShareId, Vec<LinkReader>> = HashMap::new();
    for row in rows.fetch_all(db).await? {
        let (email, last_at, milliseconds, pages) = (row.email, row.last_at, row.milliseconds, row.pages);
        readers.entry(row.share).or_default().push(LinkReader { email, last_at, milliseconds, pages });
    }
    Ok(readers)
}

pub async fn set_revoked(tx: &mut PgConnection, id: ShareId, now: Time) -> Result<()> {
    sqlx::query!("update shares set revoked_at = $2 where id = $1", id.0, now).execute(tx).await?;
    Ok(())
}

pub async fn set_token(tx: &mut PgConnection, id: ShareId, hash: Hash) -> Result<()> {
    sqlx::query!("update shares set token_hash = $2 where id = $1", id.0, hash.as_slice()).execute(tx).await?;
    Ok(())
}

/// A live link, for who comes by it.
pub struct Link {
    pub id: ShareId,
    pub pitch: PitchId,
    pub organisation: Option<OrganisationId>,
    pub email: String,
    pub also: Vec<String>,
    pub note: String,
    pub passcode_hash: Option<String>,
    pub expires_at: Time,
    /// Who shares, and for which company.
    pub by: String,
    pub title: String,
    /// Anyone may know of the project.
    pub public: bool,
}

/// The link with this token, if it is live and its pitch is there.
pub async fn link(db: &mut PgConnection, token: Hash, now: Time) -> Result<Option<Link>> {
    Ok(sqlx::query_as!(
        Link,
        r#"select s.id as "id: ShareId", s.pitch_id as "pitch: PitchId",
                  p.organisation_id as "organisation: OrganisationId", s.email, s.also, s.note, s.passcode_hash, s.expires_at,
                  concat_ws(', ', a.name, o.name) as "by!",
                  coalesce(nullif(p.title, ''), nullif(p.draft ->> 'title', ''), 'Untitled') as "title!",
                  p.status = 'published' as "public!"
           from shares s
           join pitches p on p.id = s.pitch_id
           join accounts a on a.id = s.made_by
           left join organisations o on o.id = p.organisation_id
           where s.token_hash = $1 and s.revoked_at is null and s.expires_at > $2
             and p.deleted_at is null and p.status <> 'taken-down'"#,
        token.as_slice(),
        now,
    )
    .fetch_optional(db)
    .await?)
}

/// What was asked and typed at a link since an hour and a day ago.
pub async fn lately(tx: &mut PgConnection, share: ShareId, email: &str, (hour, day): (Time, Time)) -> Result<Lately> {
    Ok(sqlx::query_as!(
        Lately,
        r#"select count(*) filter (where email = $2 and asked_at > $3 and code_hash is not null) as "to_one!",
                  count(*) filter (where code_hash is not null) as "to_all!",
                  coalesce(sum(wrong) filter (where code_hash is not null), 0)::bigint as "wrong!"
           from share_entries where share_id = $1 and asked_at > $4"#,
        share.0,
        email,
        hour,
        day,
    )
    .fetch_one(tx)
    .await?)
}

/// Somebody begins to wait for a code; `None`: for one that does not come.
pub async fn insert_entry(
    tx: &mut PgConnection,
    share: ShareId,
    (key, code): (Hash, Option<Hash>),
    email: &str,
    (now, until): (Time, Time),
) -> Result<()> {
    sqlx::query!(
        "insert into share_entries (key_hash, share_id, email, code_hash, asked_at, expires_at) values ($1, $2, $3, $4, $5, $6)",
        key.as_slice(),
        share.0,
        email,
        code.as_ref().map(Hash::as_slice),
        now,
        until,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Somebody at a link.
pub struct Entry {
    pub email: String,
    pub code_hash: Option<Vec<u8>>,
    pub wrong: i32,
    /// They are in.
    pub recipient: Option<RecipientId>,
}

/// Who has this key to the link, waiting or in.
pub async fn entry(db: &mut PgConnection, share: ShareId, key: Hash, now: Time) -> Result<Option<Entry>> {
    Ok(sqlx::query_as!(
        Entry,
        r#"select email, code_hash, wrong, recipient_id as "recipient: RecipientId" from share_entries
           where key_hash = $1 and share_id = $2 and expires_at > $3"#,
        key.as_slice(),
        share.0,
        now,
    )
    .fetch_optional(db)
    .await?)
}

/// The same, locked until the transaction ends: of two who type the same code, the second finds nobody waiting.
pub async fn lock_entry(tx: &mut PgConnection, share: ShareId, key: Hash, now: Time) -> Result<Option<Entry>> {
    Ok(sqlx::query_as!(
        Entry,
        r#"select email, code_hash, wrong, recipient_id as "recipient: RecipientId" from share_entries
           where key_hash = $1 and share_id = $2 and expires_at > $3 and recipient_id is null for update"#,
        key.as_slice(),
        share.0,
        now,
    )
    .fetch_optional(tx)
    .await?)
}

pub async fn count_wrong(tx: &mut PgConnection, key: Hash) -> Result<()> {
    sqlx::query!("update share_entries set wrong = wrong + 1 where key_hash = $1", key.as_slice()).execute(tx).await?;
    Ok(())
}

/// Notes that an address was proved; says whose it is, and whether for the first time.
pub async fn prove(tx: &mut PgConnection, share: ShareId, email: &str, now: Time) -> Result<(RecipientId, bool)> {
    let row = sqlx::query!(
        r#"insert into share_recipients (id, share_id, email, first_at, last_at) values ($1, $2, $3, $4, $4)
           on conflict (share_id, email) do update set last_at = excluded.last_at
           returning id as "id: RecipientId", first_at = last_at as "first!""#,
        RecipientId::new().0,
        share.0,
        email,
        now,
    );
    let row = row.fetch_one(tx).await?;
    Ok((row.id, row.first))
}

/// Lets in who waited, under a new key.
pub async fn let_in(tx: &mut PgConnection, (old, new): (Hash, Hash), who: RecipientId, until: Time) -> Result<()> {
    sqlx::query!(
        "update share_entries set key_hash = $2, recipient_id = $3, expires_at = $4 where key_hash = $1",
        old.as_slice(),
        new.as_slice(),
        who.0,
        until,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps what somebody agreed to, and from where.
pub async fn insert_promise(
    tx: &mut PgConnection,
    who: RecipientId,
    version: &str,
    (address, user_agent): (&str, &str),
    now: Time,
) -> Result<()> {
    sqlx::query!(
        "insert into share_promises (id, recipient_id, version, at, address, user_agent) values ($1, $2, $3, $4, $5, $6)",
        Uuid::now_v7(),
        who.0,
        version,
        now,
        address,
        user_agent,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The documents that a link opens now.
pub async fn documents(db: &mut PgConnection, share: ShareId) -> Result<Vec<SharedDocument>> {
    let rows = sqlx::query!(
        r#"select f.id as "file: FileId", f.name, f.media_type, f.size, f.pages, f.uploaded_at,
                  case when m.kind = 'other' then f.name else upper(left(m.kind, 1)) || substr(m.kind, 2) end as "label!"
           from share_materials x
           join materials m on m.id = x.material_id and m.removed_at is null
           join lateral (select file_id from material_versions where material_id = m.id order by number desc limit 1) v on true
           join files f on f.id = v.file_id and f.media_type = 'application/pdf'
           where x.share_id = $1 order by m.created_at, m.id"#,
        share.0,
    );
    let rows = rows.fetch_all(db).await?.into_iter().map(|r| {
        let document = Document {
            file: r.file,
            name: r.name,
            media_type: r.media_type,
            size: r.size,
            pages: r.pages,
            sha256: String::new(),
            uploaded_at: r.uploaded_at,
        };
        SharedDocument { file: r.file, label: r.label, described: document.described() }
    });
    Ok(rows.collect())
}

/// Who is in at a link, and may read a document of it.
pub struct Seated {
    pub recipient: RecipientId,
    pub email: String,
    pub pitch: PitchId,
}

/// Who has this key, if they are in, the link is live, its pitch there, and the file the newest of a document it opens.
pub async fn seated(
    db: &mut PgConnection,
    share: ShareId,
    key: Hash,
    file: FileId,
    now: Time,
) -> Result<Option<Seated>> {
    Ok(sqlx::query_as!(
        Seated,
        r#"select e.recipient_id as "recipient!: RecipientId", e.email, s.pitch_id as "pitch: PitchId"
           from share_entries e
           join shares s on s.id = e.share_id and s.revoked_at is null and s.expires_at > $4
           join pitches p on p.id = s.pitch_id and p.deleted_at is null and p.status <> 'taken-down'
           join share_materials x on x.share_id = s.id
           join materials m on m.id = x.material_id and m.removed_at is null
           join material_versions v on v.material_id = m.id and v.file_id = $3
             and v.number = (select max(number) from material_versions where material_id = m.id)
           where e.key_hash = $2 and e.share_id = $1 and e.recipient_id is not null and e.expires_at > $4"#,
        share.0,
        key.as_slice(),
        file.0,
        now,
    )
    .fetch_optional(db)
    .await?)
}

/// Forgets who waited or was in, once it is over and they count against no limit any more.
pub async fn forget_entries(db: &mut PgConnection, now: Time, day: Time) -> Result<()> {
    sqlx::query!("delete from share_entries where expires_at < $1 and asked_at < $2", now, day).execute(db).await?;
    Ok(())
}

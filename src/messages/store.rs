//! The SQL of conversations and nothing else.

use sqlx::PgConnection;
use uuid::Uuid;

use super::{
    model::{Correspondent, Project, Said, ThreadCard},
    rules,
};
use crate::{
    accounts::model::Kind,
    shared::{
        error::Result,
        ids::{AccountId, MessageId, NdaId, PitchId, ReleaseId, ThreadId},
        time::Time,
    },
};

pub async fn open(
    tx: &mut PgConnection,
    pitch: PitchId,
    owner: AccountId,
    other: AccountId,
    now: Time,
) -> Result<ThreadId> {
    Ok(sqlx::query_scalar!(
        r#"insert into threads (id, pitch_id, owner_id, other_id, created_at, last_at) values ($1, $2, $3, $4, $5, $5)
           on conflict (pitch_id, owner_id, other_id) do update set last_at = excluded.last_at
           returning id as "id: ThreadId""#,
        ThreadId::new().0,
        pitch.0,
        owner.0,
        other.0,
        now,
    )
    .fetch_one(tx)
    .await?)
}

/// Adds a message; `false` when its key was used before.
pub async fn add(
    tx: &mut PgConnection,
    id: MessageId,
    thread: ThreadId,
    author: Option<AccountId>,
    body: &str,
    at: Time,
    key: Uuid,
) -> Result<bool> {
    let added = sqlx::query!(
        "insert into messages (id, thread_id, author_id, body, at, key) values ($1, $2, $3, $4, $5, $6)
         on conflict (key) do nothing",
        id.0,
        thread.0,
        author.map(|a| a.0),
        body,
        at,
        key,
    )
    .execute(tx)
    .await?;
    Ok(added.rows_affected() == 1)
}

pub async fn between(
    db: &mut PgConnection,
    pitch: PitchId,
    owner: AccountId,
    other: AccountId,
) -> Result<Option<ThreadId>> {
    Ok(sqlx::query_scalar!(
        r#"select id as "id: ThreadId" from threads where pitch_id = $1 and owner_id = $2 and other_id = $3"#,
        pitch.0,
        owner.0,
        other.0,
    )
    .fetch_optional(db)
    .await?)
}

/// Locks a conversation of `me`; gives the other side.
pub async fn lock(tx: &mut PgConnection, thread: ThreadId, me: AccountId) -> Result<Option<AccountId>> {
    Ok(sqlx::query_scalar!(
        r#"select case when owner_id = $2 then other_id else owner_id end as "other!: AccountId"
           from threads where id = $1 and (owner_id = $2 or other_id = $2) for update"#,
        thread.0,
        me.0,
    )
    .fetch_optional(tx)
    .await?)
}

pub async fn was_sent(tx: &mut PgConnection, thread: ThreadId, author: AccountId, key: Uuid) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select 1 from messages where key = $1 and thread_id = $2 and author_id = $3) as "sent!""#,
        key,
        thread.0,
        author.0,
    )
    .fetch_one(tx)
    .await?)
}

pub async fn sent_since(tx: &mut PgConnection, author: AccountId, since: Time) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from messages where author_id = $1 and at > $2"#,
        author.0,
        since,
    )
    .fetch_one(tx)
    .await?)
}

pub async fn touch(tx: &mut PgConnection, thread: ThreadId, at: Time) -> Result<()> {
    sqlx::query!("update threads set last_at = $2 where id = $1", thread.0, at).execute(tx).await?;
    Ok(())
}

/// The newest message of a conversation that is not newer than `up_to`.
pub async fn newest(tx: &mut PgConnection, thread: ThreadId, up_to: Option<MessageId>) -> Result<Option<MessageId>> {
    Ok(sqlx::query_scalar!(
        r#"select id as "id: MessageId" from messages where thread_id = $1 and ($2::uuid is null or id <= $2)
           order by id desc limit 1"#,
        thread.0,
        up_to.map(|m| m.0),
    )
    .fetch_optional(tx)
    .await?)
}

pub async fn mark_read(
    tx: &mut PgConnection,
    thread: ThreadId,
    account: AccountId,
    seen: MessageId,
    at: Time,
) -> Result<()> {
    sqlx::query!(
        "insert into thread_reads (thread_id, account_id, read_to, at) values ($1, $2, $3, $4)
         on conflict (thread_id, account_id) do update set read_to = excluded.read_to, at = excluded.at
         where thread_reads.read_to < excluded.read_to",
        thread.0,
        account.0,
        seen.0,
        at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The conversations of `me`, after a cursor, with what is unread in each.
pub async fn cards(
    db: &mut PgConnection,
    me: AccountId,
    after: Option<(Time, ThreadId)>,
    limit: i64,
) -> Result<Vec<ThreadCard>> {
    let rows = sqlx::query!(
        r#"select t.id as "id: ThreadId", t.last_at, p.title, o.name, o.handle, o.kind as "kind: Kind",
             g.name as "organisation?", last.body as "body?", last.author_id, unread.count as "unread!"
           from threads t
           join pitches p on p.id = t.pitch_id
           join accounts o on o.id = case when t.owner_id = $1 then t.other_id else t.owner_id end
           left join seats s on s.account_id = o.id
           left join organisations g on g.id = s.organisation_id
           left join thread_reads r on r.thread_id = t.id and r.account_id = $1
           left join lateral (
             select m.body, m.author_id from messages m where m.thread_id = t.id order by m.id desc limit 1
           ) last on true
           cross join lateral (
             select count(*) from messages m
             where m.thread_id = t.id and m.author_id <> $1 and (r.read_to is null or m.id > r.read_to)
           ) unread
           where (t.owner_id = $1 or t.other_id = $1) and ($2::timestamptz is null or (t.last_at, t.id) < ($2, $3::uuid))
           order by t.last_at desc, t.id desc limit $4"#,
        me.0,
        after.map(|a| a.0),
        after.map(|a| a.1.0),
        limit,
    )
    .fetch_all(db)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| ThreadCard {
            id: row.id,
            pitch_title: row.title,
            with: Correspondent { name: row.name, handle: row.handle, kind: row.kind, organisation: row.organisation },
            last: rules::excerpt(&row.body.unwrap_or_default()),
            last_is_mine: row.author_id == Some(me.0),
            last_at: row.last_at,
            unread: row.unread,
        })
        .collect())
}

/// What stands at the top of a conversation.
pub struct Head {
    pub project: Project,
    pub with: Correspondent,
    pub unread: i64,
}

/// The head of a conversation of `me`.
pub async fn head(db: &mut PgConnection, thread: ThreadId, me: AccountId, now: Time) -> Result<Option<Head>> {
    let row = sqlx::query!(
        r#"select p.title, p.slug, p.logline, o.name, o.handle, o.kind as "kind: Kind", g.name as "organisation?",
             nda.id as "nda?: NdaId", release.id as "release?: ReleaseId", unread.count as "unread!",
             (p.deleted_at is null and (p.status = 'published' or t.owner_id = $2)
               or coalesce(nda.status = 'signed' and nda.expires_at > $3, false)
               or coalesce(release.status = 'signed', false) and p.deleted_at is null) as "readable!"
           from threads t
           join pitches p on p.id = t.pitch_id
           join accounts o on o.id = case when t.owner_id = $2 then t.other_id else t.owner_id end
           left join seats s on s.account_id = o.id
           left join organisations g on g.id = s.organisation_id
           left join thread_reads r on r.thread_id = t.id and r.account_id = $2
           left join lateral (
             select n.id, n.status, n.expires_at from ndas n
             where n.pitch_id = t.pitch_id and n.requester_id = t.other_id order by n.requested_at desc limit 1
           ) nda on true
           left join lateral (
             select l.id, l.status from releases l join seats ls on ls.organisation_id = l.organisation_id
             where l.pitch_id = t.pitch_id and ls.account_id = t.other_id and l.signed_at is not null
             order by l.signed_at desc limit 1
           ) release on true
           cross join lateral (
             select count(*) from messages m
             where m.thread_id = t.id and m.author_id <> $2 and (r.read_to is null or m.id > r.read_to)
           ) unread
           where t.id = $1 and (t.owner_id = $2 or t.other_id = $2)"#,
        thread.0,
        me.0,
        now,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Head {
        project: Project {
            title: row.title,
            slug: row.slug,
            logline: row.logline,
            readable: row.readable,
            nda: row.nda,
            release: row.release,
        },
        with: Correspondent { name: row.name, handle: row.handle, kind: row.kind, organisation: row.organisation },
        unread: row.unread,
    }))
}

/// The messages of a conversation, newest first, before a cursor.
pub async fn said(
    db: &mut PgConnection,
    thread: ThreadId,
    me: AccountId,
    before: Option<MessageId>,
    limit: i64,
) -> Result<Vec<Said>> {
    Ok(sqlx::query_as!(
        Said,
        r#"select m.id as "id: MessageId", a.name as "author?", coalesce(m.author_id = $2, false) as "mine!", m.body, m.at
           from messages m left join accounts a on a.id = m.author_id
           where m.thread_id = $1 and ($3::uuid is null or m.id < $3)
           order by m.id desc limit $4"#,
        thread.0,
        me.0,
        before.map(|m| m.0),
        limit,
    )
    .fetch_all(db)
    .await?)
}

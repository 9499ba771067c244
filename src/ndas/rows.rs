//! The SQL that shows NDAs; `store` has the SQL that changes them.

use sqlx::PgConnection;

use super::{
    model::{Counts, NdaCard, NdaStatus, Pages, Party, ReadableMaterial, Side, Signature, Verified},
    template_rows,
};
use crate::{
    accounts::model::{Kind, Viewer},
    shared::{
        error::Result,
        ids::{AccountId, FileId, NdaId, OrganisationId, PitchId, ThreadId},
        time::Time,
    },
};

/// A card as the database gives it.
struct CardRow {
    id: NdaId,
    status: NdaStatus,
    pitch_id: PitchId,
    pitch_title: String,
    pitch_slug: String,
    owner_name: String,
    owner_handle: String,
    owner_kind: Kind,
    owner_organisation: Option<String>,
    owner_keeps_name: bool,
    requester_name: String,
    requester_handle: String,
    requester_kind: Kind,
    requester_organisation: Option<String>,
    verified_method: Option<String>,
    verified_at: Option<Time>,
    purpose: String,
    note: String,
    reason: String,
    term_days: Option<i32>,
    requested_at: Time,
    decided_at: Option<Time>,
    lapses_at: Option<Time>,
    signed_at: Option<Time>,
    expires_at: Option<Time>,
    ended_at: Option<Time>,
    thread: Option<ThreadId>,
}

impl From<CardRow> for NdaCard {
    fn from(row: CardRow) -> Self {
        let verified = row.verified_method.zip(row.verified_at).map(|(method, at)| Verified { method, at });
        Self {
            id: row.id,
            status: row.status,
            pitch_id: row.pitch_id,
            pitch_title: row.pitch_title,
            pitch_slug: row.pitch_slug,
            owner: Some(Party {
                name: row.owner_name,
                handle: row.owner_handle,
                kind: row.owner_kind,
                organisation: row.owner_organisation,
                verified: None,
            }),
            owner_keeps_name: row.owner_keeps_name,
            requester: Party {
                name: row.requester_name,
                handle: row.requester_handle,
                kind: row.requester_kind,
                organisation: row.requester_organisation,
                verified,
            },
            purpose: row.purpose,
            note: row.note,
            reason: row.reason,
            term_days: row.term_days,
            requested_at: row.requested_at,
            decided_at: row.decided_at,
            lapses_at: row.lapses_at,
            signed_at: row.signed_at,
            expires_at: row.expires_at,
            ended_at: row.ended_at,
            thread: row.thread,
        }
    }
}

/// `query_as!` of `CardRow`s.
macro_rules! cards {
    ($db:ident, $tail:tt, $($value:expr),* $(,)?) => {
        sqlx::query_as!(
            CardRow,
            r#"select n.id as "id: NdaId", n.status as "status: NdaStatus", n.pitch_id as "pitch_id: PitchId",
                 p.title as pitch_title, p.slug as pitch_slug,
                 o.name as owner_name, o.handle as owner_handle, o.kind as "owner_kind: Kind", og.name as "owner_organisation?",
                 n.document is null and coalesce(c.content -> 'visibility' ->> 'owner' = 'nda', false) as "owner_keeps_name!",
                 r.name as requester_name, r.handle as requester_handle, r.kind as "requester_kind: Kind",
                 rg.name as "requester_organisation?", v.method as "verified_method?", v.verified_at as "verified_at?",
                 n.purpose, n.note, n.reason, n.term_days, n.requested_at, n.decided_at, n.lapses_at, n.signed_at,
                 n.expires_at, n.ended_at, t.id as "thread?: ThreadId"
               from ndas n
               join pitches p on p.id = n.pitch_id
               left join pitch_versions c on c.pitch_id = p.id and c.number = p.live_number
               join accounts o on o.id = coalesce(n.decided_by, p.owner_id)
               left join organisations og on og.id = p.organisation_id
               join accounts r on r.id = n.requester_id
               left join organisations rg on rg.id = n.requester_organisation_id
               left join lateral (
                 select method, verified_at from verifications where account_id = n.requester_id
                 order by verified_at desc limit 1
               ) v on true
               left join threads t on n.signed_at is not null and t.pitch_id = n.pitch_id and t.owner_id = n.decided_by
                 and t.other_id = n.requester_id "# + $tail,
            $($value),*
        )
        .fetch_all($db)
        .await?
        .into_iter()
        .map(NdaCard::from)
        .collect()
    };
}

fn words(statuses: &[NdaStatus]) -> Vec<String> {
    statuses.iter().map(|status| status.word().to_string()).collect()
}

/// The card of one NDA.
pub async fn card(db: &mut PgConnection, id: NdaId) -> Result<Option<NdaCard>> {
    let cards: Vec<NdaCard> = cards!(db, "where n.id = $1", id.0);
    Ok(cards.into_iter().next())
}

/// Where a list goes on: after this time and id.
pub type Cursor = (Time, NdaId);

/// What was asked of `viewer` or their organisation, newest first.
pub async fn received(
    db: &mut PgConnection,
    viewer: &Viewer,
    statuses: &[NdaStatus],
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<NdaCard>> {
    Ok(cards!(
        db,
        "where (p.organisation_id is null and p.owner_id = $1 or p.organisation_id = $2) and n.status = any($3)
           and ($4::timestamptz is null or (n.requested_at, n.id) < ($4, $5::uuid))
         order by n.requested_at desc, n.id desc limit $6",
        viewer.id.0,
        viewer.organisation().map(|o| o.0),
        &words(statuses),
        after.map(|a| a.0),
        after.map(|a| a.1.0),
        limit,
    ))
}

/// Of these, what was asked of `viewer` or their organisation, each with whether it was `viewer` who decided it.
pub async fn received_of(db: &mut PgConnection, viewer: &Viewer, ids: &[NdaId]) -> Result<Vec<(NdaCard, bool)>> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let mine = sqlx::query_scalar!(
        r#"select id as "id: NdaId" from ndas where id = any($1) and decided_by = $2"#,
        &ids,
        viewer.id.0,
    )
    .fetch_all(&mut *db)
    .await?;
    let cards: Vec<NdaCard> = cards!(
        db,
        "where (p.organisation_id is null and p.owner_id = $1 or p.organisation_id = $2) and n.id = any($3)
         order by n.requested_at, n.id",
        viewer.id.0,
        viewer.organisation().map(|o| o.0),
        &ids,
    );
    let with_mine = |card: NdaCard| {
        let is_mine = mine.contains(&card.id);
        (card, is_mine)
    };
    Ok(cards.into_iter().map(with_mine).collect())
}

/// What waits for a decision of `viewer` or their organisation, oldest first.
pub async fn to_decide(
    db: &mut PgConnection,
    viewer: &Viewer,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<NdaCard>> {
    Ok(cards!(
        db,
        "where (p.organisation_id is null and p.owner_id = $1 or p.organisation_id = $2) and n.status = 'requested'
           and ($3::timestamptz is null or (n.requested_at, n.id) > ($3, $4::uuid))
         order by n.requested_at, n.id limit $5",
        viewer.id.0,
        viewer.organisation().map(|o| o.0),
        after.map(|a| a.0),
        after.map(|a| a.1.0),
        limit,
    ))
}

/// What `viewer` asked for, newest first.
pub async fn sent(
    db: &mut PgConnection,
    viewer: AccountId,
    statuses: &[NdaStatus],
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<NdaCard>> {
    Ok(cards!(
        db,
        "where n.requester_id = $1 and n.status = any($2)
           and ($3::timestamptz is null or (n.requested_at, n.id) < ($3, $4::uuid))
         order by n.requested_at desc, n.id desc limit $5",
        viewer.0,
        &words(statuses),
        after.map(|a| a.0),
        after.map(|a| a.1.0),
        limit,
    ))
}

/// What waits for the signature of `viewer`, the one that lapses first first.
pub async fn to_sign(db: &mut PgConnection, viewer: AccountId, now: Time, limit: i64) -> Result<Vec<NdaCard>> {
    Ok(cards!(
        db,
        "where n.requester_id = $1 and n.status = 'approved' and n.lapses_at > $2 order by n.lapses_at, n.id limit $3",
        viewer.0,
        now,
        limit,
    ))
}

/// The newest NDA of a person for a pitch.
pub async fn newest(db: &mut PgConnection, pitch: PitchId, requester: AccountId) -> Result<Option<NdaCard>> {
    let cards: Vec<NdaCard> = cards!(
        db,
        "where n.pitch_id = $1 and n.requester_id = $2 order by n.requested_at desc, n.id desc limit 1",
        pitch.0,
        requester.0,
    );
    Ok(cards.into_iter().next())
}

/// How many NDAs stand where, on both sides of `viewer`: received, then sent.
pub async fn counts(db: &mut PgConnection, viewer: &Viewer) -> Result<(Counts, Counts)> {
    let row = sqlx::query!(
        r#"select
             count(*) filter (where mine and status = 'requested') as "received_requested!",
             count(*) filter (where mine and status = 'approved') as "received_approved!",
             count(*) filter (where mine and status = 'signed') as "received_signed!",
             count(*) filter (where mine and status not in ('requested', 'approved', 'signed')) as "received_ended!",
             count(*) filter (where not mine and status = 'requested') as "sent_requested!",
             count(*) filter (where not mine and status = 'approved') as "sent_approved!",
             count(*) filter (where not mine and status = 'signed') as "sent_signed!",
             count(*) filter (where not mine and status not in ('requested', 'approved', 'signed')) as "sent_ended!"
           from (
             select n.status, true as mine from ndas n join pitches p on p.id = n.pitch_id
             where p.organisation_id is null and p.owner_id = $1 or p.organisation_id = $2
             union all
             select n.status, false from ndas n where n.requester_id = $1
           ) all_of_mine"#,
        viewer.id.0,
        viewer.organisation().map(|o| o.0),
    )
    .fetch_one(db)
    .await?;
    let received = Counts {
        requested: row.received_requested,
        approved: row.received_approved,
        signed: row.received_signed,
        ended: row.received_ended,
    };
    let sent = Counts {
        requested: row.sent_requested,
        approved: row.sent_approved,
        signed: row.sent_signed,
        ended: row.sent_ended,
    };
    Ok((received, sent))
}

/// The document that both sign, its checksum, and the pages that it names; `None` before approval.
pub async fn document(db: &mut PgConnection, id: NdaId) -> Result<Option<(String, Vec<u8>, Option<Pages>)>> {
    let row = sqlx::query!(
        r#"select n.document, n.document_sha256, v.file_id as "file: FileId", v.words from ndas n
           left join nda_template_versions v on v.template_id = n.template_id and v.number = n.template_version
           where n.id = $1"#,
        id.0
    )
    .fetch_one(db)
    .await?;
    let pages = template_rows::pages(row.file, row.words);
    Ok(row.document.zip(row.document_sha256).map(|(document, sha256)| (document, sha256, pages)))
}

/// What was recorded with the signatures, the owner's first.
pub async fn signatures(db: &mut PgConnection, id: NdaId) -> Result<Vec<Signature>> {
    Ok(sqlx::query_as!(
        Signature,
        r#"select s.party as "party: Side", s.account_name as account, s.organisation_name as organisation, s.legal_name,
             s.email, s.consent_version, s.at, a.at as "given_at?", s.address, s.user_agent
           from nda_signatures s join ndas n on n.id = s.nda_id
           left join nda_advances a on a.id = n.advance_id and s.party = 'owner'
           where s.nda_id = $1 order by s.at, s.party"#,
        id.0,
    )
    .fetch_all(db)
    .await?)
}

/// Who opened the document that is signed, and read it to its end.
pub async fn openings(db: &mut PgConnection, id: NdaId) -> Result<Vec<(AccountId, Time, Option<Time>)>> {
    let rows = sqlx::query!(
        r#"select o.account_id as "account_id: AccountId", o.opened_at, o.read_to_end_at
           from nda_openings o join ndas n on n.id = o.nda_id and n.document_sha256 = o.document_sha256
           where o.nda_id = $1 order by o.opened_at"#,
        id.0,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.opened_at, row.read_to_end_at)).collect())
}

/// A pitch as its NDA panel needs it.
pub struct PanelPitch {
    pub slug: String,
    pub owner_id: AccountId,
    pub organisation_id: Option<OrganisationId>,
    pub published: bool,
}

pub async fn panel_pitch(db: &mut PgConnection, pitch: PitchId) -> Result<Option<PanelPitch>> {
    Ok(sqlx::query_as!(
        PanelPitch,
        r#"select slug, owner_id as "owner_id: AccountId", organisation_id as "organisation_id: OrganisationId",
             (status = 'published' and deleted_at is null) as "published!"
           from pitches where id = $1 and live_number is not null and deleted_at is null"#,
        pitch.0,
    )
    .fetch_optional(db)
    .await?)
}

pub async fn waiting_of_pitch(db: &mut PgConnection, pitch: PitchId) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from ndas where pitch_id = $1 and status = 'requested'"#,
        pitch.0,
    )
    .fetch_one(db)
    .await?)
}

/// The PDF documents of a pitch that are behind its NDA, each in its newest version.
pub async fn materials(db: &mut PgConnection, pitch: PitchId) -> Result<Vec<ReadableMaterial>> {
    Ok(sqlx::query_as!(
        ReadableMaterial,
        r#"select f.id as "file!: FileId", f.pages,
             case when m.kind = 'other' then f.name else upper(left(m.kind, 1)) || substr(m.kind, 2) end as "label!"
           from materials m
           join lateral (
             select file_id from material_versions where material_id = m.id order by number desc limit 1
           ) v on true
           join files f on f.id = v.file_id
           where m.pitch_id = $1 and m.removed_at is null and m.visibility = 'nda' and f.media_type = 'application/pdf'
           order by m.kind = 'script' desc, m.kind, m.created_at"#,
        pitch.0,
    )
    .fetch_all(db)
    .await?)
}

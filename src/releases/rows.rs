//! The SQL that shows releases; `store` has the SQL that changes them.

use sqlx::PgConnection;

use super::model::{Counts, ReleaseCard, ReleaseStatus};
use crate::{
    accounts::model::{Kind, Viewer},
    ndas::model::{Party, Side, Verified},
    shared::{
        error::Result,
        ids::{AccountId, OrganisationId, PitchId, ReleaseId, ThreadId},
        time::Time,
    },
};

/// A card as the database gives it.
struct CardRow {
    id: ReleaseId,
    status: ReleaseStatus,
    pitch_id: PitchId,
    pitch_title: String,
    pitch_slug: String,
    of_company: bool,
    owner_name: String,
    owner_handle: String,
    owner_kind: Kind,
    owner_organisation: Option<String>,
    owner_keeps_name: bool,
    offerer_name: String,
    offerer_handle: String,
    offerer_kind: Kind,
    company_name: String,
    verified_method: Option<String>,
    verified_at: Option<Time>,
    note: String,
    reason: String,
    ended_by: Option<Side>,
    offered_at: Time,
    signed_at: Option<Time>,
    ended_at: Option<Time>,
    thread: Option<ThreadId>,
}

impl From<CardRow> for ReleaseCard {
    fn from(row: CardRow) -> Self {
        let verified = row.verified_method.zip(row.verified_at).map(|(method, at)| Verified { method, at });
        let owner = Party {
            name: row.owner_name,
            handle: row.owner_handle,
            kind: row.owner_kind,
            organisation: row.owner_organisation,
            verified: None,
        };
        Self {
            id: row.id,
            status: row.status,
            pitch_id: row.pitch_id,
            pitch_title: row.pitch_title,
            pitch_slug: row.pitch_slug,
            side: if row.of_company { Side::Requester } else { Side::Owner },
            company: Party {
                name: row.offerer_name,
                handle: row.offerer_handle,
                kind: row.offerer_kind,
                organisation: Some(row.company_name),
                verified,
            },
            owner: Some(owner).filter(|_| !(row.of_company && row.owner_keeps_name)),
            owner_keeps_name: row.owner_keeps_name,
            note: row.note,
            reason: row.reason,
            ended_by: row.ended_by,
            offered_at: row.offered_at,
            signed_at: row.signed_at,
            ended_at: row.ended_at,
            thread: row.thread,
        }
    }
}

/// `query_as!` of the cards that are `$viewer`'s: of their company, or for pitches of theirs. `$1` is the person, `$2` their
/// organisation.
macro_rules! cards {
    ($db:ident, $viewer:expr, $tail:tt $(, $value:expr)* $(,)?) => {
        sqlx::query_as!(
            CardRow,
            r#"select r.id as "id: ReleaseId", r.status as "status: ReleaseStatus", r.pitch_id as "pitch_id: PitchId",
                 p.title as pitch_title, p.slug as pitch_slug,
                 coalesce(r.organisation_id = $2, false) as "of_company!",
                 o.name as owner_name, o.handle as owner_handle, o.kind as "owner_kind: Kind", og.name as "owner_organisation?",
                 r.signed_at is null and coalesce(v.content -> 'visibility' ->> 'owner' = 'nda', false) as "owner_keeps_name!",
                 b.name as offerer_name, b.handle as offerer_handle, b.kind as "offerer_kind: Kind", c.name as company_name,
                 f.method as "verified_method?", f.verified_at as "verified_at?",
                 r.note, r.reason, r.ended_by as "ended_by: Side", r.offered_at, r.signed_at, r.ended_at,
                 t.id as "thread?: ThreadId"
               from releases r
               join pitches p on p.id = r.pitch_id
               left join pitch_versions v on v.pitch_id = p.id and v.number = p.live_number
               join accounts o on o.id = coalesce(r.signed_by, p.owner_id)
               left join organisations og on og.id = p.organisation_id
               join accounts b on b.id = r.offered_by
               join organisations c on c.id = r.organisation_id
               left join lateral (
                 select method, verified_at from verifications where account_id = r.offered_by
                 order by verified_at desc limit 1
               ) f on true
               left join lateral (
                 select th.id from threads th join seats s on s.account_id = th.other_id
                 where r.signed_at is not null and th.pitch_id = r.pitch_id and th.owner_id = r.signed_by
                   and s.organisation_id = r.organisation_id and (th.owner_id = $1 or th.other_id = $1)
                 order by (th.other_id = r.offered_by) desc, th.created_at limit 1
               ) t on true
               where (r.organisation_id = $2 or p.organisation_id = $2 or p.organisation_id is null and p.owner_id = $1) "# + $tail,
            $viewer.id.0,
            $viewer.organisation().map(|o| o.0)
            $(, $value)*
        )
        .fetch_all($db)
        .await?
        .into_iter()
        .map(ReleaseCard::from)
        .collect()
    };
}

/// The card of one release, if it is the viewer's.
pub async fn card(db: &mut PgConnection, viewer: &Viewer, id: ReleaseId) -> Result<Option<ReleaseCard>> {
    let cards: Vec<ReleaseCard> = cards!(db, viewer, "and r.id = $3", id.0);
    Ok(cards.into_iter().next())
}

/// Where a list goes on: after this time and id.
pub type Cursor = (Time, ReleaseId);

/// The viewer's releases of both sides, newest first.
pub async fn list(
    db: &mut PgConnection,
    viewer: &Viewer,
    statuses: &[ReleaseStatus],
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<ReleaseCard>> {
    let words: Vec<String> = statuses.iter().map(|status| status.word().to_string()).collect();
    Ok(cards!(
        db,
        viewer,
        "and r.status = any($3) and ($4::timestamptz is null or (r.offered_at, r.id) < ($4, $5::uuid))
         order by r.offered_at desc, r.id desc limit $6",
        &words,
        after.map(|a| a.0),
        after.map(|a| a.1.0),
        limit,
    ))
}

/// What waits for the signature of the viewer's side, oldest first; on one pitch, or on all.
pub async fn to_sign(
    db: &mut PgConnection,
    viewer: &Viewer,
    pitch: Option<PitchId>,
    limit: i64,
) -> Result<Vec<ReleaseCard>> {
    Ok(cards!(
        db,
        viewer,
        "and r.status = 'offered' and r.organisation_id is distinct from $2 and ($3::uuid is null or r.pitch_id = $3)
         order by r.offered_at, r.id limit $4",
        pitch.map(|p| p.0),
        limit,
    ))
}

/// The newest release of the viewer's company for a pitch.
pub async fn newest(db: &mut PgConnection, viewer: &Viewer, pitch: PitchId) -> Result<Option<ReleaseCard>> {
    let cards: Vec<ReleaseCard> = cards!(
        db,
        viewer,
        "and r.pitch_id = $3 and r.organisation_id = $2 order by r.offered_at desc, r.id desc limit 1",
        pitch.0,
    );
    Ok(cards.into_iter().next())
}

/// How many of the viewer's releases stand where.
pub async fn counts(db: &mut PgConnection, viewer: &Viewer) -> Result<Counts> {
    Ok(sqlx::query_as!(
        Counts,
        r#"select count(*) filter (where r.status = 'offered') as "offered!",
             count(*) filter (where r.status = 'signed') as "signed!",
             count(*) filter (where r.status not in ('offered', 'signed')) as "ended!"
           from releases r join pitches p on p.id = r.pitch_id
           where r.organisation_id = $2 or p.organisation_id = $2 or p.organisation_id is null and p.owner_id = $1"#,
        viewer.id.0,
        viewer.organisation().map(|o| o.0),
    )
    .fetch_one(db)
    .await?)
}

/// The text that both sign.
pub async fn document(db: &mut PgConnection, id: ReleaseId) -> Result<String> {
    Ok(sqlx::query_scalar!("select document from releases where id = $1", id.0).fetch_one(db).await?)
}

/// Who opened the text, for which side, and read it to its end.
pub async fn openings(db: &mut PgConnection, id: ReleaseId) -> Result<Vec<(AccountId, Time, Option<Time>)>> {
    let rows = sqlx::query!(
        r#"select account_id as "account_id: AccountId", opened_at, read_to_end_at from release_openings
           where release_id = $1 order by opened_at"#,
        id.0,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.opened_at, row.read_to_end_at)).collect())
}

/// A pitch as its release panel needs it.
pub struct PanelPitch {
    pub owner_id: AccountId,
    pub organisation_id: Option<OrganisationId>,
    pub published: bool,
}

pub async fn panel_pitch(db: &mut PgConnection, pitch: PitchId) -> Result<Option<PanelPitch>> {
    Ok(sqlx::query_as!(
        PanelPitch,
        r#"select owner_id as "owner_id: AccountId", organisation_id as "organisation_id: OrganisationId",
             (status = 'published') as "published!"
           from pitches where id = $1 and live_number is not null and deleted_at is null"#,
        pitch.0,
    )
    .fetch_optional(db)
    .await?)
}

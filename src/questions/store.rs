//! The SQL of questions and nothing else.

use sqlx::PgConnection;

use super::model::{Answer, Asker, Part, Question, Waiting};
use crate::shared::{
    error::Result,
    ids::{AccountId, OrganisationId, PitchId, QuestionId},
    time::Time,
};

/// A question with what decides who sees what of it.
pub struct Row {
    id: QuestionId,
    asker_id: AccountId,
    body: String,
    asked_at: Time,
    asker_name: String,
    asker_handle: String,
    asker_organisation: Option<String>,
    answer: Option<String>,
    answered_at: Option<Time>,
    published: bool,
}

/// Where a list goes on: whether the last one waited, when it was asked, and which it was.
pub type Cursor = (bool, Time, QuestionId);

impl Row {
    pub fn cursor(&self) -> Cursor {
        (self.answer.is_none(), self.asked_at, self.id)
    }

    pub fn seen_by(self, viewer: AccountId, part: Part) -> Question {
        let asker = Asker { name: self.asker_name, handle: self.asker_handle, organisation: self.asker_organisation };
        Question {
            id: self.id,
            body: self.body,
            asked_at: self.asked_at,
            mine: self.asker_id == viewer,
            asker: (part != Part::Asks).then_some(asker),
            answer: self.answer.zip(self.answered_at).map(|(body, at)| Answer { body, at }),
            published: self.published,
        }
    }
}

/// `query_as!` of `Row`s.
macro_rules! rows {
    ($db:ident, $tail:tt, $($value:expr),* $(,)?) => {
        sqlx::query_as!(
            Row,
            r#"select q.id as "id: QuestionId", q.asker_id as "asker_id: AccountId", q.body, q.asked_at, a.name as asker_name,
                 a.handle as asker_handle, o.name as "asker_organisation?", q.answer, q.answered_at, q.published
               from questions q join accounts a on a.id = q.asker_id
               left join seats s on s.account_id = a.id left join organisations o on o.id = s.organisation_id "# + $tail,
            $($value),*
        )
        .fetch_all($db)
        .await?
    };
}

/// All of a pitch; those that wait first, then the newest.
pub async fn for_owner(db: &mut PgConnection, pitch: PitchId, after: Option<Cursor>, limit: i64) -> Result<Vec<Row>> {
    Ok(rows!(
        db,
        "where q.pitch_id = $1 and q.withdrawn_at is null
           and ($2::bool is null or (q.answer is null, q.asked_at, q.id) < ($2, $3::timestamptz, $4::uuid))
         order by (q.answer is null) desc, q.asked_at desc, q.id desc limit $5",
        pitch.0,
        after.map(|a| a.0),
        after.map(|a| a.1),
        after.map(|a| a.2.0),
        limit,
    ))
}

/// A signer's own and what was published, newest first.
pub async fn for_signer(
    db: &mut PgConnection,
    pitch: PitchId,
    signer: AccountId,
    after: Option<Cursor>,
    limit: i64,
) -> Result<Vec<Row>> {
    Ok(rows!(
        db,
        "where q.pitch_id = $1 and q.withdrawn_at is null and (q.published or q.asker_id = $2)
           and ($3::timestamptz is null or (q.asked_at, q.id) < ($3, $4::uuid))
         order by q.asked_at desc, q.id desc limit $5",
        pitch.0,
        signer.0,
        after.map(|a| a.1),
        after.map(|a| a.2.0),
        limit,
    ))
}

/// How many wait for an answer: of a pitch, or of one asker.
pub async fn waiting(db: &mut PgConnection, pitch: PitchId, asker: Option<AccountId>) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from questions
           where pitch_id = $1 and answer is null and withdrawn_at is null and ($2::uuid is null or asker_id = $2)"#,
        pitch.0,
        asker.map(|a| a.0),
    )
    .fetch_one(db)
    .await?)
}

/// The projects of a person, or of the organisation they write for, with questions that wait; at most twenty.
pub async fn waiting_of(
    db: &mut PgConnection,
    owner: AccountId,
    organisation: Option<OrganisationId>,
) -> Result<Vec<Waiting>> {
    Ok(sqlx::query_as!(
        Waiting,
        r#"select p.id as "pitch: PitchId", coalesce(nullif(p.title, ''), p.draft ->> 'title', '') as "title!", p.slug,
                  count(*) as "count!", min(q.asked_at) as "since!"
           from questions q join pitches p on p.id = q.pitch_id
           where q.answer is null and q.withdrawn_at is null and p.deleted_at is null
             and (p.organisation_id is null and p.owner_id = $1 or p.organisation_id = $2)
           group by p.id order by min(q.asked_at) limit 20"#,
        owner.0,
        organisation.map(|o| o.0),
    )
    .fetch_all(db)
    .await?)
}

pub async fn asked_since(db: &mut PgConnection, asker: AccountId, since: Time) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"select count(*) as "count!" from questions where asker_id = $1 and asked_at > $2"#,
        asker.0,
        since,
    )
    .fetch_one(db)
    .await?)
}

pub async fn insert(
    tx: &mut PgConnection,
    id: QuestionId,
    pitch: PitchId,
    asker: AccountId,
    body: &str,
    at: Time,
) -> Result<(), sqlx::Error> {
    sqlx::query!(
        "insert into questions (id, pitch_id, asker_id, body, asked_at) values ($1, $2, $3, $4, $5)",
        id.0,
        pitch.0,
        asker.0,
        body,
        at,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// A question while it is decided about.
pub struct Locked {
    pub pitch_id: PitchId,
    pub asker_id: AccountId,
    pub answered: bool,
    pub published: bool,
}

pub async fn lock(tx: &mut PgConnection, id: QuestionId) -> Result<Option<Locked>> {
    Ok(sqlx::query_as!(
        Locked,
        r#"select pitch_id as "pitch_id: PitchId", asker_id as "asker_id: AccountId", answer is not null as "answered!", published
           from questions where id = $1 and withdrawn_at is null for update"#,
        id.0,
    )
    .fetch_optional(tx)
    .await?)
}

pub async fn answer(
    tx: &mut PgConnection,
    id: QuestionId,
    by: AccountId,
    body: &str,
    publish: bool,
    at: Time,
) -> Result<()> {
    sqlx::query!(
        "update questions set answer = $2, answered_at = $3, answered_by = $4, published = $5 where id = $1",
        id.0,
        body,
        at,
        by.0,
        publish,
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub async fn set_withdrawn(tx: &mut PgConnection, id: QuestionId, at: Time) -> Result<()> {
    sqlx::query!("update questions set withdrawn_at = $2 where id = $1", id.0, at).execute(tx).await?;
    Ok(())
}

/// Makes the questions of one person queue up, so that their limit holds for parallel ones too.
pub async fn queue_up(tx: &mut PgConnection, asker: AccountId) -> Result<()> {
    sqlx::query!("select pg_advisory_xact_lock(hashtextextended('questions of ' || $1::text, 0))", asker.to_string())
        .execute(tx)
        .await?;
    Ok(())
}

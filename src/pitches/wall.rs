//! The wall of posters: the one query that is put together from what was asked.

use sqlx::{FromRow, PgConnection, Postgres, QueryBuilder};

use super::{
    model::{PitchCard, Search},
    words::{Budget, Format, Genre, Stage},
};
use crate::shared::{
    error::Result,
    ids::{FileId, PitchId},
    time::Time,
};

/// Where the page before ended, by the order that was asked for.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct After {
    pub at: Time,
    pub title: String,
    pub id: PitchId,
}

impl After {
    pub fn of(card: &PitchCard) -> Self {
        Self { at: card.published_at, title: card.title.clone(), id: card.id }
    }
}

#[derive(FromRow)]
struct Row {
    id: uuid::Uuid,
    slug: String,
    title: String,
    logline: String,
    genre: Option<String>,
    format: String,
    budget: Option<String>,
    stage: Option<String>,
    published_at: Time,
    demo: bool,
    poster: Option<uuid::Uuid>,
    locked: bool,
}

/// Published pitches that match, `limit` of them. Only public things are looked at and only public things come back.
pub async fn cards(
    db: &mut PgConnection,
    search: &Search,
    after: Option<&After>,
    limit: i64,
    with_poster: bool,
) -> Result<Vec<PitchCard>> {
    // `locked` is no `exists`: Postgres would read all materials there are to answer that for a page of them.
    let mut query = QueryBuilder::<Postgres>::new(
        "select p.id, p.slug, p.title, p.logline, p.genres[1] as genre, p.format, p.budget, p.stage, p.published_at, p.demo,
            poster.file_id as poster,
            p.locked or (select true from materials m
                where m.pitch_id = p.id and m.visibility = 'nda' and m.removed_at is null limit 1) is not null as locked
         from pitches p left join lateral (
            select v.file_id from materials m join material_versions v on v.material_id = m.id
            where m.pitch_id = p.id and m.kind = 'poster' and m.visibility = 'public' and m.removed_at is null
            order by v.number desc limit 1) poster on true
         where p.status = 'published' and p.deleted_at is null",
    );
    if with_poster {
        query.push(" and poster.file_id is not null");
    }
    if !search.q.is_empty() {
        query.push(" and p.search @@ (websearch_to_tsquery('simple', ").push_bind(search.q.clone());
        query.push(") || websearch_to_tsquery('english', ").push_bind(search.q.clone()).push("))");
    }
    if let Some(handle) = &search.of {
        let person = "(select id from accounts where kind <> 'admin' and email_verified_at is not null and handle = ";
        query.push(" and p.owner_shown and (p.organisation_id is null and p.owner_id = ").push(person);
        query
            .push_bind(handle.clone())
            .push(") or p.organisation_id = (select organisation_id from seats where account_id = ");
        query.push(person).push_bind(handle.clone()).push(")))");
    }
    if let Some(genre) = search.genre {
        query.push(" and p.genres @> array[").push_bind(genre.word()).push("]::text[]");
    }
    let words = [
        ("format", search.format.map(Format::word)),
        ("budget", search.budget.map(Budget::word)),
        ("stage", search.stage.map(Stage::word)),
    ];
    for (column, word) in words {
        if let Some(word) = word {
            query.push(" and p.").push(column).push(" = ").push_bind(word);
        }
    }
    if let Some(after) = after {
        if search.by_title {
            query.push(" and (lower(p.title), p.id) > (lower(").push_bind(after.title.clone()).push(")");
        } else {
            query.push(" and (p.published_at, p.id) < (").push_bind(after.at);
        }
        query.push(", ").push_bind(after.id.0).push(")");
    }
    let order = if search.by_title { "lower(p.title), p.id" } else { "p.published_at desc, p.id desc" };
    query.push(" order by ").push(order).push(" limit ").push_bind(limit);
    let rows: Vec<Row> = query.build_query_as().fetch_all(db).await?;
    Ok(rows.into_iter().map(card).collect())
}

/// The addresses of published pitches and when each was last published, the newest first.
pub async fn addresses(db: &mut PgConnection, limit: i64) -> Result<Vec<(String, Time)>> {
    let rows = sqlx::query!(
        r#"select p.slug, v.published_at from pitches p join pitch_versions v on v.pitch_id = p.id and v.number = p.live_number
           where p.status = 'published' and p.deleted_at is null order by p.published_at desc, p.id desc limit $1"#,
        limit,
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.slug, row.published_at)).collect())
}

fn card(row: Row) -> PitchCard {
    PitchCard {
        id: PitchId(row.id),
        slug: row.slug,
        title: row.title,
        logline: row.logline,
        genre: row.genre.and_then(|g| g.parse::<Genre>().ok()),
        format: row.format.parse().ok(),
        budget: row.budget.and_then(|b| b.parse().ok()),
        stage: row.stage.and_then(|s| s.parse().ok()),
        poster: row.poster.map(FileId),
        locked: row.locked,
        demo: row.demo,
        published_at: row.published_at,
    }
}

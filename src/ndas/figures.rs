//! An owner's NDAs in numbers. Each is a query over the rows themselves; how many queries there are does not depend on how
//! many projects or NDAs there are.

use chrono::{Datelike, NaiveDate};
use sqlx::PgConnection;

use super::owner_model::{Figures, Month, Summary};
use crate::{
    accounts::{door::Caller, model::Viewer},
    shared::{error::Result, ids::PitchId, time::Time},
};

/// So many projects are shown by themselves.
const PITCHES: i64 = 20;
const MONTHS: i32 = 12;

/// All of the caller's NDAs, or of their organisation's, and by project.
pub async fn of_owner(caller: &Caller) -> Result<Figures> {
    let months = last_months(caller.platform.now());
    let mut db = caller.platform.db.acquire().await?;
    let (overall, by_pitch) = totals(&mut db, &caller.viewer).await?;
    let counted = by_month(&mut db, &caller.viewer, months[0]).await?;
    let with_months = |summary: Summary, of: Option<PitchId>| Summary {
        months: months.iter().map(|first| month(*first, of, &counted)).collect(),
        ..summary
    };
    Ok(Figures {
        overall: with_months(overall, None),
        pitches: by_pitch.into_iter().map(|(id, title, summary)| (title, with_months(summary, Some(id)))).collect(),
    })
}

/// The first days of the last twelve months, this one included.
fn last_months(now: Time) -> Vec<NaiveDate> {
    let this = now.year() * 12 + now.month0() as i32;
    let first = |month: i32| NaiveDate::from_ymd_opt(month.div_euclid(12), month.rem_euclid(12) as u32 + 1, 1);
    ((this - MONTHS + 1)..=this).filter_map(first).collect()
}

/// One month of one pitch, or of all.
fn month(first: NaiveDate, of: Option<PitchId>, counted: &[Counted]) -> Month {
    let mut month = Month { name: first.format("%B %Y").to_string(), ..Month::default() };
    for row in counted.iter().filter(|row| row.month == first && of.is_none_or(|pitch| pitch == row.pitch)) {
        month.signed += row.signed;
        month.declined += row.declined;
        month.lapsed += row.lapsed;
        month.revoked += row.revoked;
    }
    month
}

/// The sum of all, and that of the projects most asked for.
async fn totals(db: &mut PgConnection, viewer: &Viewer) -> Result<(Summary, Vec<(PitchId, String, Summary)>)> {
    let rows = sqlx::query!(
        r#"select p.id as "id?: PitchId", p.title as "title?", count(*) as "requests!",
             count(*) filter (where n.decided_by is not null) as "decided!",
             count(*) filter (where n.owner_legal_name is not null) as "approved!",
             (percentile_cont(0.5) within group (order by extract(epoch from n.decided_at - n.requested_at)::float8)
                filter (where n.decided_by is not null and n.advance_id is null))::bigint as to_decision,
             (percentile_cont(0.5) within group (order by extract(epoch from n.signed_at - n.decided_at)::float8)
                filter (where n.signed_at is not null))::bigint as to_signature
           from pitches p join ndas n on n.pitch_id = p.id
           where p.organisation_id is null and p.owner_id = $1 or p.organisation_id = $2
           group by grouping sets ((), (p.id, p.title))
           order by p.id is not null, count(*) desc, p.id limit $3"#,
        viewer.id.0,
        viewer.organisation().map(|o| o.0),
        PITCHES + 1,
    )
    .fetch_all(db)
    .await?;
    let (mut overall, mut by_pitch) = (Summary::default(), Vec::new());
    for row in rows {
        let summary = Summary {
            requests: row.requests,
            decided: row.decided,
            approved: row.approved,
            to_decision: row.to_decision,
            to_signature: row.to_signature,
            months: Vec::new(),
        };
        match row.id.zip(row.title) {
            Some((id, title)) => by_pitch.push((id, title, summary)),
            None => overall = summary,
        }
    }
    Ok((overall, by_pitch))
}

/// What happened to a pitch's NDAs in a month.
struct Counted {
    pitch: PitchId,
    month: NaiveDate,
    signed: i64,
    declined: i64,
    lapsed: i64,
    revoked: i64,
}

async fn by_month(db: &mut PgConnection, viewer: &Viewer, since: NaiveDate) -> Result<Vec<Counted>> {
    Ok(sqlx::query_as!(
        Counted,
        r#"select n.pitch_id as "pitch: PitchId", date_trunc('month', w.at at time zone 'utc')::date as "month!",
             count(*) filter (where w.what = 'signed') as "signed!",
             count(*) filter (where w.what = 'declined') as "declined!",
             count(*) filter (where w.what = 'lapsed') as "lapsed!",
             count(*) filter (where w.what = 'revoked') as "revoked!"
           from pitches p join ndas n on n.pitch_id = p.id
           cross join lateral (values ('signed', n.signed_at), (n.status, n.ended_at)) w (what, at)
           where (p.organisation_id is null and p.owner_id = $1 or p.organisation_id = $2)
             and w.at at time zone 'utc' >= $3::date
           group by 1, 2"#,
        viewer.id.0,
        viewer.organisation().map(|o| o.0),
        since,
    )
    .fetch_all(db)
    .await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_twelve_months_end_with_this_one_and_cross_the_new_year() {
        let months = last_months(chrono::DateTime::from_timestamp(1_798_800_000, 0).unwrap());
        let said: Vec<String> = months.iter().map(|m| m.format("%Y-%m").to_string()).collect();
        assert_eq!((said.len(), said[0].as_str(), said[11].as_str()), (12, "2026-02", "2027-01"));
    }
}

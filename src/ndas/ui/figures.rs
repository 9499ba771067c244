//! An owner's NDAs in numbers, with small plots of the last twelve months.

use leptos::prelude::*;

use crate::{
    kit::{
        empty::Empty,
        load::{Loaded, page_data},
    },
    ndas::{
        owner_api::own_figures,
        owner_model::{Figures, Month, Summary},
    },
};

type Count = fn(&Month) -> i64;

/// What is counted of a month, under its name.
const KINDS: [(&str, Count); 4] =
    [("Signed", |m| m.signed), ("Declined", |m| m.declined), ("Lapsed", |m| m.lapsed), ("Revoked", |m| m.revoked)];

/// The numbers of all projects together, and of each.
#[component]
pub fn NdaFigures() -> impl IntoView {
    let figures = page_data(|| (), |()| own_figures());
    view! {
        <section class="nda-figures stack" aria-labelledby="nda-figures">
            <h2 id="nda-figures">"In numbers"</h2>
            <Loaded data=figures view=shown/>
        </section>
    }
}

fn shown(figures: Figures) -> AnyView {
    if figures.overall.requests == 0 {
        return view! {
            <Empty title="Nothing to count yet" text="Nobody has asked for an NDA. Once someone does, this says how many are approved, how long decisions and signatures take, and what came of them."/>
        }
        .into_any();
    }
    let several = figures.pitches.len() > 1;
    let each = figures.pitches.into_iter().filter(|_| several).map(|(title, summary)| {
        view! {
            <details class="nda-figures-pitch">
                <summary>{title}" "<span class="muted">{asked(summary.requests)}</span></summary>
                <SummaryFigures summary/>
            </details>
        }
    });
    view! {
        <SummaryFigures summary=figures.overall/>
        {each.collect_view()}
    }
    .into_any()
}

fn asked(requests: i64) -> String {
    if requests == 1 { "1 request".into() } else { format!("{requests} requests") }
}

#[component]
fn SummaryFigures(summary: Summary) -> impl IntoView {
    let rate = match summary.decided {
        0 => "none decided".to_string(),
        decided => format!("{} %", (summary.approved * 100 + decided / 2) / decided),
    };
    let facts = [
        ("Requests", summary.requests.to_string()),
        ("Approved of those decided", rate),
        ("Median time to your decision", summary.to_decision.map_or("none yet".into(), lasting)),
        ("Median time to the signature", summary.to_signature.map_or("none yet".into(), lasting)),
    ];
    let facts = facts.map(|(name, value)| view! { <div><dt>{name}</dt><dd>{value}</dd></div> });
    let most = summary.months.iter().flat_map(|m| KINDS.iter().map(|(_, count)| count(m))).max().unwrap_or(0);
    let plots = KINDS.map(|(name, count)| view! { <Plot name months=summary.months.clone() count most/> });
    view! {
        <dl class="nda-figures-facts">{facts.into_iter().collect_view()}</dl>
        <p class="muted small">"The last twelve months, month by month:"</p>
        <div class="nda-plots">{plots.into_iter().collect_view()}</div>
        <Table months=summary.months/>
    }
}

/// "3 hours": a length of time as a person says it.
fn lasting(seconds: i64) -> String {
    let (count, unit) = match seconds {
        ..60 => return "under a minute".into(),
        60..5_400 => (seconds / 60, "minute"),
        5_400..129_600 => ((seconds + 1_800) / 3_600, "hour"),
        _ => ((seconds + 43_200) / 86_400, "day"),
    };
    format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
}

const STEP: i64 = 10;
const HEIGHT: i64 = 40;

/// Twelve bars; all plots of a group have one scale, so that they can be compared.
#[component]
fn Plot(
    name: &'static str,
    months: Vec<Month>,
    count: Count,
    /// The highest bar of the group.
    most: i64,
) -> impl IntoView {
    let total: i64 = months.iter().map(count).sum();
    let span = months.first().zip(months.last()).map(|(first, last)| format!("{} to {}", first.name, last.name));
    let label = format!("{name}: {total}, {}", span.unwrap_or_default());
    let bars = months.iter().enumerate().map(|(nth, month)| {
        let value = count(month);
        let height = if value == 0 { 1 } else { (value * HEIGHT / most.max(1)).max(3) };
        view! {
            <rect x=(nth as i64 * STEP).to_string() y=(HEIGHT - height).to_string() width="8" height=height.to_string()
                class:nda-plot-none=value == 0>
                <title>{format!("{}: {value}", month.name)}</title>
            </rect>
        }
    });
    view! {
        <figure class="nda-plot">
            <figcaption>{name}" "<strong>{total}</strong></figcaption>
            <svg viewBox="0 0 118 40" role="img" aria-label=label>{bars.collect_view()}</svg>
        </figure>
    }
}

/// The same for who would rather read it.
#[component]
fn Table(months: Vec<Month>) -> impl IntoView {
    let head = KINDS.map(|(name, _)| view! { <th scope="col" class="number">{name}</th> });
    let rows = months.into_iter().rev().map(|month| {
        let cells = KINDS.map(|(name, count)| view! { <td class="number" data-label=name>{count(&month)}</td> });
        view! { <tr><th scope="row">{month.name}</th>{cells.into_iter().collect_view()}</tr> }
    });
    view! {
        <details>
            <summary class="small">"The same as a table"</summary>
            <table class="table">
                <thead><tr><th scope="col">"Month"</th>{head.into_iter().collect_view()}</tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </details>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_read_as_a_person_says_them() {
        let said = [30, 60, 3_599, 7_200, 90_000, 172_800].map(lasting);
        assert_eq!(said, ["under a minute", "1 minute", "59 minutes", "2 hours", "25 hours", "2 days"]);
    }
}

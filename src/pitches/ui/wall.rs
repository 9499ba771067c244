//! Looking for pitches: the filters, which are a form with its state in the address.

use leptos::prelude::*;

use crate::{
    kit::icon::Icon,
    pitches::words::{Budget, Format, Genre, Stage},
};

/// The address of `/browse` as it was typed. A word that we do not know is left out, and said to be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub q: String,
    pub genre: String,
    pub format: String,
    pub budget: String,
    pub stage: String,
    pub sort: String,
    pub after: String,
    /// Names of filters that had a value we do not know.
    pub unknown: Vec<&'static str>,
}

impl Query {
    /// Reads the values by name.
    pub fn read(get: impl Fn(&str) -> String) -> Self {
        let mut unknown = Vec::new();
        let mut word = |name: &'static str, known: fn(&str) -> bool| {
            let value = get(name);
            if value.is_empty() || known(&value) {
                value
            } else {
                unknown.push(name);
                String::new()
            }
        };
        let genre = word("genre", |w| w.parse::<Genre>().is_ok());
        let format = word("format", |w| w.parse::<Format>().is_ok());
        let budget = word("budget", |w| w.parse::<Budget>().is_ok());
        let stage = word("stage", |w| w.parse::<Stage>().is_ok());
        let sort = word("sort", |w| matches!(w, "newest" | "title"));
        Self { q: get("q").trim().to_string(), genre, format, budget, stage, sort, after: get("after"), unknown }
    }

    /// The address with the value of `name` replaced, from the first page on.
    pub fn with(&self, name: &str, value: &str) -> String {
        let mut pairs = Vec::new();
        for (key, now) in self.pairs() {
            let value = if key == name { value } else { now };
            if !value.is_empty() && (key != "after" || name == "after") {
                pairs.push(format!("{key}={}", escape(value)));
            }
        }
        if pairs.is_empty() { "/browse".into() } else { format!("/browse?{}", pairs.join("&")) }
    }

    fn pairs(&self) -> [(&'static str, &str); 7] {
        [
            ("q", &self.q),
            ("genre", &self.genre),
            ("format", &self.format),
            ("budget", &self.budget),
            ("stage", &self.stage),
            ("sort", &self.sort),
            ("after", &self.after),
        ]
    }

    /// What is filtered by, with the address without it.
    pub fn chips(&self) -> Vec<(String, String)> {
        let label = |name: &str, word: &str| match name {
            "genre" => word.parse::<Genre>().map(Genre::label).unwrap_or_default().to_string(),
            "format" => word.parse::<Format>().map(Format::label).unwrap_or_default().to_string(),
            "budget" => word.parse::<Budget>().map(Budget::label).unwrap_or_default().to_string(),
            "stage" => word.parse::<Stage>().map(Stage::label).unwrap_or_default().to_string(),
            _ => format!("\u{201c}{word}\u{201d}"),
        };
        let filters =
            self.pairs().into_iter().filter(|(name, value)| !matches!(*name, "sort" | "after") && !value.is_empty());
        filters.map(|(name, value)| (label(name, value), self.with(name, ""))).collect()
    }
}

fn escape(value: &str) -> String {
    let mut out = String::new();
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// The bar of filters and what is filtered by. A plain GET form.
#[component]
pub fn Filters(query: Query) -> impl IntoView {
    let chips = query.chips();
    let any = !chips.is_empty();
    let chips = chips.into_iter().map(|(label, without)| {
        let remove = format!("Remove {label}");
        view! {
            <li><a class="chip" href=without aria-label=remove>{label} <Icon name="cross"/></a></li>
        }
    });
    let sorts = vec![("title".to_string(), "By title".to_string())];
    view! {
        <search>
            <form class="wall-filters" action="/browse" method="get">
                <label class="wall-search">
                    <span class="visually-hidden">"Search"</span>
                    <input class="input" type="search" name="q" value=query.q placeholder="Title, logline, tag" maxlength="200"/>
                </label>
                <Filter name="genre" label="Genre" any="Any genre" options=Genre::options() chosen=query.genre/>
                <Filter name="format" label="Format" any="Any format" options=Format::options() chosen=query.format/>
                <Filter name="budget" label="Budget" any="Any budget" options=Budget::options() chosen=query.budget/>
                <Filter name="stage" label="Stage" any="Any stage" options=Stage::options() chosen=query.stage/>
                <Filter name="sort" label="Sort" any="Newest first" options=sorts chosen=query.sort/>
                <button class="button" type="submit">"Search"</button>
            </form>
        </search>
        {any.then(|| view! {
            <ul class="chips" aria-label="Filtered by">
                {chips.collect_view()}
                <li><a class="chip chip-clear" href="/browse">"Clear all"</a></li>
            </ul>
        })}
    }
}

#[component]
fn Filter(
    name: &'static str,
    label: &'static str,
    /// The label of "no filter".
    any: &'static str,
    options: Vec<(String, String)>,
    chosen: String,
) -> impl IntoView {
    let options = options.into_iter().map(|(word, label)| {
        let selected = word == chosen;
        view! { <option value=word selected=selected>{label}</option> }
    });
    view! {
        <label class="wall-filter">
            <span class="visually-hidden">{label}</span>
            <select class="input" name=name>
                <option value="">{any}</option>
                {options.collect_view()}
            </select>
        </label>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &'static [(&str, &str)]) -> Query {
        Query::read(|name| pairs.iter().find(|(n, _)| *n == name).map(|(_, v)| v.to_string()).unwrap_or_default())
    }

    #[test]
    fn a_word_we_do_not_know_is_left_out_and_said_to_be() {
        let query = query(&[("genre", "haiku"), ("stage", "idea"), ("sort", "best")]);
        assert_eq!((query.genre.as_str(), query.stage.as_str()), ("", "idea"));
        assert_eq!(query.unknown, ["genre", "sort"]);
    }

    #[test]
    fn a_chip_leads_to_the_same_search_without_it() {
        let query = query(&[("q", "a&b"), ("genre", "war"), ("after", "00")]);
        assert_eq!(
            query.chips(),
            [
                ("\u{201c}a&b\u{201d}".to_string(), "/browse?genre=war".to_string()),
                ("War".to_string(), "/browse?q=a%26b".to_string()),
            ]
        );
        assert_eq!(query.with("after", "ff"), "/browse?q=a%26b&genre=war&after=ff");
    }
}

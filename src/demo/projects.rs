//! The twelve projects: each a `.toml` with what it says, a poster, and for some a screenplay.

use bytes::Bytes;
use chrono::TimeDelta;
use figment::{
    Figment,
    providers::{Format, Toml},
};
use futures::stream;
use serde::Deserialize;

use super::{
    ago,
    people::{self, People},
};
use crate::{
    accounts::door::Caller,
    media::model::Accept,
    pitches::{content::PitchContent, files, form, rules::slug, service, words::MaterialKind},
    platform::Platform,
    shared::{
        error::{AppError, Result},
        ids::PitchId,
    },
};

struct Files {
    project: &'static str,
    poster: &'static [u8],
    scripts: &'static [&'static [u8]],
}

macro_rules! files {
    ($($name:literal $($script:literal)?),+ $(,)?) => {
        [$(Files {
            project: include_str!(concat!("projects/", $name, ".toml")),
            poster: include_bytes!(concat!("posters/", $name, ".webp")),
            scripts: &[$(include_bytes!(concat!("scripts/", $script)))?],
        }),+]
    };
}

const PROJECTS: [Files; 12] = files![
    "low-water" "low-water.pdf",
    "second-chair",
    "eleven-minutes",
    "the-ninth-tile",
    "unlisted",
    "the-swallow-who-stayed",
    "house-of-keys",
    "brace-position",
    "the-fence-rider",
    "the-last-word-for-rain",
    "overlock",
    "faithful",
];

#[derive(Deserialize)]
struct Project {
    owner: Owner,
    published_days_ago: i64,
    #[serde(flatten)]
    content: PitchContent,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Owner {
    Alex,
    Stellar,
}

impl Files {
    fn read(&self) -> Result<Project> {
        Figment::from(Toml::string(self.project)).extract().map_err(AppError::internal)
    }
}

/// Makes and publishes what is missing, oldest first; says how many that were.
pub async fn load(platform: &Platform, people: &People) -> Result<usize> {
    let mut missing = Vec::new();
    for files in &PROJECTS {
        let project = files.read()?;
        if find(platform, &slug(&project.content.title)).await?.is_none() {
            missing.push((project, files));
        }
    }
    missing.sort_by_key(|(project, _)| -project.published_days_ago);
    for (project, files) in &missing {
        let owner = if project.owner == Owner::Alex { people.alex } else { people.stellar };
        let written = TimeDelta::days(project.published_days_ago + 4);
        // Not all at the same time of day.
        let published =
            TimeDelta::days(project.published_days_ago) + TimeDelta::minutes(project.published_days_ago * 37);
        let owner_then = people::caller(&ago(platform, written), owner).await?;
        let owner_now = people::caller(&ago(platform, published), owner).await?;
        publish(&owner_then, &owner_now, project, files).await?;
    }
    Ok(missing.len())
}

async fn publish(writing: &Caller, publishing: &Caller, project: &Project, files: &Files) -> Result<()> {
    let made = service::create(writing, form::values(&project.content)).await?;
    add(writing, made.pitch_id, MaterialKind::Poster, Accept::Image, "poster.webp", files.poster).await?;
    for script in files.scripts {
        add(writing, made.pitch_id, MaterialKind::Script, Accept::Pdf, &format!("{}.pdf", made.slug), script).await?;
    }
    service::publish(publishing, made.pitch_id, None, form::Values::new()).await?;
    Ok(())
}

async fn add(
    caller: &Caller,
    pitch: PitchId,
    kind: MaterialKind,
    accept: Accept,
    name: &str,
    bytes: &'static [u8],
) -> Result<()> {
    let body = stream::iter([Ok(Bytes::from_static(bytes))]);
    files::add_material(caller, pitch, kind, accept, name, body).await.map(drop)
}

/// The demo pitch at this address, however it has fared since.
pub async fn find(platform: &Platform, slug: &str) -> Result<Option<PitchId>> {
    Ok(sqlx::query_scalar!(r#"select id as "id: PitchId" from pitches where slug = $1 and demo"#, slug)
        .fetch_optional(&platform.db)
        .await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        pitches::{
            content::Field,
            rules::{self, Draft, Save},
        },
        shared::text,
    };

    #[test]
    fn every_project_can_be_published_and_says_all_there_is_to_say() {
        for files in &PROJECTS {
            let Project { content, .. } = files.read().unwrap();
            let title = content.title.clone();
            assert_eq!(rules::missing(&content), [], "{title}");
            assert!(text::words(&content.logline) <= 60, "{title}");
            let silent: Vec<_> = Field::ALL.iter().filter(|f| !content.says(**f)).collect();
            let series = content.format.is_some_and(|f| f.word().ends_with("series"));
            let expected: &[&Field] = if series { &[&Field::Owner] } else { &[&Field::Owner, &Field::Episodes] };
            assert_eq!(silent, expected, "{title}");
            let typed = rules::apply(&Draft::default(), &Save::new(0, form::values(&content))).unwrap();
            let trimmed = form::values(&content).into_iter().map(|(name, value)| (name, value.trim().to_string()));
            assert_eq!(form::values(&typed.content), trimmed.collect(), "{title} passes through its own form");
        }
    }

    #[test]
    fn two_are_stellars_and_the_screenplay_has_pages() {
        let stellars = PROJECTS.iter().filter(|f| f.read().unwrap().owner == Owner::Stellar).count();
        assert_eq!(stellars, 2);
        assert!(PROJECTS.iter().any(|f| !f.scripts.is_empty()));
    }
}

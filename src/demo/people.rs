//! The four demo accounts: verified, onboarded, and said to be demo accounts.

use chrono::TimeDelta;
use totp_rs::Secret;

use super::{PASSWORD, ago};
use crate::{
    accounts::{
        door::{Caller, Client},
        factors,
        model::{Kind, Profile},
        passwords,
        rules::NewAccount,
        service, store,
    },
    platform::Platform,
    shared::{
        error::{AppError, Result},
        ids::AccountId,
    },
};

pub const ALEX: &str = "alex.creator@demo.test";
const SARAH: &str = "sarah.investor@demo.test";
const STELLAR: &str = "stellar.production@demo.test";
const ADMIN: &str = "admin@demo.test";

/// The key of the admin's authenticator app, as it is typed into one.
const ADMIN_KEY: &str = "PITCHEYDEMOADMINPITCHEYDEMOADMIN";

/// The accounts by id.
pub struct People {
    pub alex: AccountId,
    pub sarah: AccountId,
    pub stellar: AccountId,
}

struct Person {
    kind: Kind,
    email: &'static str,
    name: &'static str,
    company: Option<&'static str>,
    /// What staff checked of a buyer.
    verified: Option<&'static str>,
    headline: &'static str,
    bio: &'static str,
    location: &'static str,
}

const PEOPLE: [Person; 4] = [
    Person {
        kind: Kind::Creator,
        email: ALEX,
        name: "Alex Rivera",
        company: None,
        verified: None,
        headline: "Writer and director. Low Water is next.",
        bio: "Writes about water, work and things that are kept quiet. Three short films, one series room, and a desk \
              drawer that is now on this site.",
        location: "Cardiff",
    },
    Person {
        kind: Kind::Investor,
        email: SARAH,
        name: "Sarah Lindqvist",
        company: Some("Northlight Film Fund"),
        verified: Some("Company register and fund documents"),
        headline: "First features and series with one strong idea.",
        bio: "Northlight takes minority positions in European and Commonwealth projects from packaged to part-funded. We \
              read everything we sign for.",
        location: "Stockholm",
    },
    Person {
        kind: Kind::Production,
        email: STELLAR,
        name: "Dana Okoye",
        company: Some("Stellar Pictures"),
        verified: Some("Company register and credits"),
        headline: "Series for people who watch to the end of the credits.",
        bio: "Stellar Pictures develops and produces scripted series out of Dublin and Osaka. We look for writers who know \
              how something works.",
        location: "Dublin",
    },
    Person {
        kind: Kind::Admin,
        email: ADMIN,
        name: "Robin Hale",
        company: None,
        verified: None,
        headline: "Pitchey staff",
        bio: "",
        location: "",
    },
];

/// Makes who is missing.
pub async fn load(platform: &Platform) -> Result<People> {
    let mut hash = None;
    for person in &PEOPLE {
        if find(platform, person.email).await?.is_some() {
            continue;
        }
        if hash.is_none() {
            hash = Some(passwords::hash(PASSWORD).await?);
        }
        make(&ago(platform, TimeDelta::days(60)), person, hash.as_deref()).await?;
    }
    give_the_admin_a_phone(platform).await?;
    Ok(People {
        alex: known(platform, ALEX).await?,
        sarah: known(platform, SARAH).await?,
        stellar: known(platform, STELLAR).await?,
    })
}

/// Staff need a second factor. Its key is said once, when it is set.
async fn give_the_admin_a_phone(platform: &Platform) -> Result<()> {
    let admin = known(platform, ADMIN).await?;
    if factors::store::on(&mut *platform.db.acquire().await?, admin).await?.any() {
        return Ok(());
    }
    let key = Secret::try_from_base32(ADMIN_KEY).map_err(AppError::internal)?;
    factors::service::install_app(platform, admin, key.as_bytes()).await?;
    tracing::info!("the authenticator app of {ADMIN} has the key {ADMIN_KEY}");
    Ok(())
}

async fn make(platform: &Platform, person: &Person, hash: Option<&str>) -> Result<()> {
    let account = NewAccount {
        kind: person.kind,
        name: person.name.into(),
        company: person.company.map(Into::into),
        email: person.email.into(),
        password: PASSWORD.into(),
    };
    let mut tx = platform.begin().await?;
    let id = service::create(&mut tx, platform, &account, hash).await?;
    let id = id.ok_or_else(|| AppError::internal("a demo account was made twice at once"))?;
    store::set_email_verified(&mut tx, id, platform.now()).await?;
    sqlx::query!("update accounts set demo = true where id = $1", id.0).execute(&mut *tx).await?;
    tx.commit().await?;

    let caller = caller(platform, id).await?;
    let profile = Profile {
        headline: person.headline.into(),
        bio: person.bio.into(),
        location: person.location.into(),
        ..service::own_profile(&caller).await?
    };
    service::save_profile(&caller, profile).await?;
    if let Some(method) = person.verified {
        service::verify_buyer(platform, person.email, method).await?;
    }
    Ok(())
}

async fn find(platform: &Platform, email: &str) -> Result<Option<AccountId>> {
    let account = store::credentials_by_email(&mut *platform.db.acquire().await?, email).await?;
    Ok(account.map(|a| a.id))
}

async fn known(platform: &Platform, email: &str) -> Result<AccountId> {
    find(platform, email).await?.ok_or_else(AppError::not_found)
}

/// A demo person at work, under the clock of `platform`.
pub async fn caller(platform: &Platform, id: AccountId) -> Result<Caller> {
    let viewer = store::viewer(&mut *platform.db.acquire().await?, id, true).await?;
    let client = Client { address: "203.0.113.20".into(), user_agent: "Pitchey demo data".into() };
    Ok(Caller { platform: platform.clone(), viewer: viewer.ok_or_else(AppError::not_found)?, client })
}

//! From an event to the notices of it: who is told, in which words, and where the link leads.
//!
//! Messages are not told of here: the conversation's own unread count is in the header, and nothing is announced twice.

use serde::Deserialize;
use sqlx::PgConnection;

use super::store::{self, About};
use crate::{
    platform::{Platform, outbox::Event},
    shared::{
        error::{AppError, Result},
        ids::{AccountId, FileId, NdaId, NotificationId, PitchId, RecipientId, ReleaseId},
    },
};

/// Makes the notices of `event`. Hearing of the same event twice makes none twice.
pub async fn on_event(tx: &mut PgConnection, _platform: &Platform, event: &Event) -> Result<()> {
    match event.kind.split_once('.') {
        Some(("nda", verb)) => of_nda(tx, event, verb).await,
        Some(("release", verb)) => of_release(tx, event, verb).await,
        Some(("buyer", "verified")) => of_verification(tx, event).await,
        Some(("question", verb)) => of_question(tx, event, verb).await,
        Some(("share", "opened")) => of_share(tx, event).await,
        Some(("pitch", "file_added")) => of_file(tx, event).await,
        Some(("file", "quarantined")) => of_virus(tx, event).await,
        Some(("account", "factor_loss_told")) => of_loss(tx, event).await,
        _ => Ok(()),
    }
}

async fn of_nda(tx: &mut PgConnection, event: &Event, verb: &str) -> Result<()> {
    let Some(about) = store::about(tx, NdaId(event.subject)).await? else { return Ok(()) };
    let link = format!("/ndas/{}", event.subject);
    let in_advance = event.payload.get("advance_id").is_some_and(|id| !id.is_null());
    if let Some(words) = words_for_owner(verb, in_advance, &about) {
        let deciders = store::deciders(tx, about.owner_id, about.organisation_id).await?;
        tell(tx, event, &deciders, &words, &link).await?;
    }
    if let Some(words) = words_for_requester(verb, &about) {
        tell(tx, event, &[about.requester_id], &words, &link).await?;
    }
    Ok(())
}

fn words_for_owner(verb: &str, in_advance: bool, about: &About) -> Option<String> {
    let (title, requester) = (&about.title, &about.requester_name);
    Some(match verb {
        // What the owner signed in advance has answered it: they are told of that alone.
        "requested" if in_advance => return None,
        "approved" if in_advance => format!("{requester} asked for “{title}” and was approved automatically"),
        "requested" => format!("{requester} asks for an NDA for “{title}”"),
        "reminded" => format!("{requester} still waits for your answer about “{title}”"),
        "withdrawn" => format!("{requester} withdrew the request for “{title}”"),
        "signed" => format!("{requester} signed the NDA for “{title}”"),
        "lapsed" => format!("{requester} did not sign the NDA for “{title}” in time"),
        "expired" => format!("The NDA of {requester} for “{title}” has expired"),
        _ => return None,
    })
}

fn words_for_requester(verb: &str, about: &About) -> Option<String> {
    let title = &about.title;
    Some(match verb {
        "approved" => format!("Your NDA for “{title}” is ready to sign"),
        "declined" => format!("Your request for “{title}” was declined"),
        "revoked" => format!("Your NDA for “{title}” was revoked"),
        "lapsed" => format!("Your NDA for “{title}” lapsed: it was not signed in time"),
        "expired" => format!("Your NDA for “{title}” has expired; you can ask again"),
        _ => return None,
    })
}

async fn of_release(tx: &mut PgConnection, event: &Event, verb: &str) -> Result<()> {
    let Some(about) = store::about_release(tx, ReleaseId(event.subject)).await? else { return Ok(()) };
    let (title, company) = (&about.title, &about.company);
    let link = format!("/releases/{}", event.subject);
    let for_owner = match verb {
        "offered" => Some(format!("{company} offers its submission release for “{title}”")),
        "withdrawn" if event.actor.is_some() => {
            Some(format!("{company} withdrew its submission release for “{title}”"))
        }
        "ended" => Some(format!("The submission release of {company} for “{title}” has ended")),
        _ => None,
    };
    let for_company = match verb {
        "signed" => {
            Some(format!("Your submission release for “{title}” is signed: you can read what is behind its NDA"))
        }
        "refused" => Some(format!("Your submission release for “{title}” was refused")),
        "withdrawn" => Some(format!("Your submission release for “{title}” was withdrawn")),
        "ended" => Some(format!("Your submission release for “{title}” has ended")),
        _ => None,
    };
    if let Some(words) = for_owner {
        let deciders = store::deciders(tx, about.owner_id, about.organisation_id).await?;
        tell(tx, event, &deciders, &words, &link).await?;
    }
    if let Some(words) = for_company {
        let seats = store::seats(tx, about.company_id).await?;
        tell(tx, event, &seats, &words, &link).await?;
    }
    Ok(())
}

#[derive(Deserialize)]
struct Verification {
    account_id: AccountId,
}

async fn of_verification(tx: &mut PgConnection, event: &Event) -> Result<()> {
    let payload: Verification = serde_json::from_value(event.payload.clone()).map_err(AppError::internal)?;
    tell(tx, event, &[payload.account_id], "You are verified: you can ask for NDAs now", "/browse").await
}

async fn of_file(tx: &mut PgConnection, event: &Event) -> Result<()> {
    let pitch = PitchId(event.subject);
    let Some((title, slug)) = store::pitch(tx, pitch).await? else { return Ok(()) };
    let signers = store::signers(tx, pitch, event.at).await?;
    tell(tx, event, &signers, &format!("There is something new to read in “{title}”"), &format!("/pitch/{slug}")).await
}

#[derive(Deserialize)]
struct Asked {
    pitch_id: PitchId,
    asker_id: AccountId,
}

async fn of_question(tx: &mut PgConnection, event: &Event, verb: &str) -> Result<()> {
    let Asked { pitch_id, asker_id } = serde_json::from_value(event.payload.clone()).map_err(AppError::internal)?;
    let Some(about) = store::questioned(tx, pitch_id).await? else { return Ok(()) };
    let (title, link) = (&about.title, format!("/pitch/{}#questions", about.slug));
    match verb {
        "asked" => {
            let deciders = store::deciders(tx, about.owner_id, about.organisation_id).await?;
            tell(tx, event, &deciders, &format!("Somebody who signed has a question about “{title}”"), &link).await
        }
        "answered" => tell(tx, event, &[asker_id], &format!("Your question about “{title}” was answered"), &link).await,
        "published" => {
            tell(tx, event, &[asker_id], &format!("Your question about “{title}” was answered for all"), &link).await?;
            let others = store::signers(tx, pitch_id, event.at).await?;
            tell(tx, event, &others, &format!("The owner of “{title}” answered a question"), &link).await
        }
        _ => Ok(()),
    }
}

#[derive(Deserialize)]
struct CameIn {
    recipient_id: RecipientId,
    first: bool,
}

/// Whoever comes again is seen on the pitch's own page; the first time is news.
async fn of_share(tx: &mut PgConnection, event: &Event) -> Result<()> {
    let came: CameIn = serde_json::from_value(event.payload.clone()).map_err(AppError::internal)?;
    let about = if came.first { store::shared(tx, came.recipient_id).await? } else { None };
    let Some(about) = about else { return Ok(()) };
    let deciders = store::deciders(tx, about.owner_id, about.organisation_id).await?;
    let title = format!("{} opened “{}” by your share link", about.reader, about.title);
    let link = format!("{}/pitches/{}#shares", about.kind.home(), about.pitch);
    tell(tx, event, &deciders, &title, &link).await
}

async fn of_virus(tx: &mut PgConnection, event: &Event) -> Result<()> {
    let Some(file) = store::quarantined(tx, FileId(event.subject)).await? else { return Ok(()) };
    let title = format!("“{}” was refused: our virus scanner found “{}” in it", file.name, file.found);
    let link = if file.kind.publishes() { format!("{}/pitches", file.kind.home()) } else { "/settings/profile".into() };
    tell(tx, event, &[file.owner], &title, &link).await
}

async fn of_loss(tx: &mut PgConnection, event: &Event) -> Result<()> {
    let title = "Somebody with your password says that your second factors are lost: stop it if it is not you";
    tell(tx, event, &[AccountId(event.subject)], title, "/settings/security").await
}

/// Tells `people`, except the one who did it.
async fn tell(tx: &mut PgConnection, event: &Event, people: &[AccountId], title: &str, link: &str) -> Result<()> {
    for person in people.iter().filter(|person| Some(**person) != event.actor) {
        store::add(tx, NotificationId::new(), *person, event, title, link).await?;
    }
    Ok(())
}

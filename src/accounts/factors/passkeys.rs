//! Passkeys, by WebAuthn. What one was asked waits in the database and is taken away by the answer. All of them verify their
//! person (a finger, a face, a PIN), so that one is enough to sign in.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;
use sqlx::PgConnection;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, DiscoverableAuthentication, Passkey, PasskeyAuthentication, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Url, Webauthn, WebauthnBuilder, WebauthnError,
};

use super::{
    model::Challenge,
    passkey_rows::{self as rows, Asked},
    rules,
};
use crate::{
    accounts::model::Viewer,
    platform::{Platform, config::Config, db},
    shared::{
        error::{AppError, Result},
        ids::{AccountId, ChallengeId},
        time::Time,
    },
};

/// An answer: the challenge's id and the credential as the browser gave it, in JSON.
pub type Answer<'a> = (ChallengeId, &'a str);

/// The site as passkeys know it. They belong to a name; on this machine that is `localhost`, whatever its port.
fn site(config: &Config) -> Option<Webauthn> {
    let url = Url::parse(config.public_url.as_deref().unwrap_or(&config.local_url)).ok()?;
    let host = url.host_str()?.to_owned();
    let built = if matches!(host.as_str(), "127.0.0.1" | "[::1]" | "localhost") {
        let here = Url::parse("http://localhost").ok()?;
        WebauthnBuilder::new("localhost", &here).and_then(|site| site.allow_any_port(true).rp_name("Pitchey").build())
    } else {
        WebauthnBuilder::new(&host, &url).and_then(|site| site.rp_name("Pitchey").build())
    };
    built.ok()
}

fn this_site(platform: &Platform) -> Result<Webauthn> {
    site(&platform.config).ok_or_else(|| AppError::conflict("This site has no name that passkeys could belong to."))
}

/// Whether there can be passkeys here.
pub fn possible(platform: &Platform) -> bool {
    site(&platform.config).is_some()
}

/// What waits for a new passkey: its name, and what WebAuthn needs to know.
#[derive(Serialize, Deserialize)]
struct New {
    name: String,
    state: PasskeyRegistration,
}

/// Asks `viewer` for a new passkey, to be called `name`.
pub async fn ask_new(platform: &Platform, viewer: &Viewer, name: String) -> Result<Challenge> {
    let known = keys(platform, viewer.id).await?;
    if known.len() >= rules::PASSKEYS {
        return Err(AppError::conflict("You have as many passkeys as we keep. Remove one that you do not need."));
    }
    let known = known.iter().map(|key| key.cred_id().clone()).collect();
    let (mut asked, state) = this_site(platform)?
        .start_passkey_registration(viewer.id.0, &viewer.email, &viewer.name, Some(known))
        .map_err(AppError::internal)?;
    // One that the browser finds by itself can be the whole sign-in.
    if let Some(choice) = asked.public_key.authenticator_selection.take() {
        let choice = serde_json::to_value(choice).map(discoverable).and_then(serde_json::from_value);
        asked.public_key.authenticator_selection = Some(choice.map_err(AppError::internal)?);
    }
    keep(platform, (Some(viewer.id), "add"), &New { name, state }, &asked.public_key).await
}

/// The type of this choice is not exported; its JSON is the standard's.
fn discoverable(mut choice: Value) -> Value {
    choice["residentKey"] = "required".into();
    choice["requireResidentKey"] = true.into();
    choice
}

/// A passkey that was made.
pub struct Made {
    pub name: String,
    key: Passkey,
}

/// The passkey that a browser made of our challenge.
pub async fn made(platform: &Platform, account: AccountId, (id, credential): Answer<'_>) -> Result<Made> {
    let made: RegisterPublicKeyCredential = read(credential)?;
    let New { name, state } = taken(platform, (Some(account), "add"), id).await?;
    let key = this_site(platform)?.finish_passkey_registration(&made, &state).map_err(refused)?;
    Ok(Made { name, key })
}

/// Keeps it.
pub async fn insert(tx: &mut PgConnection, account: AccountId, made: &Made, now: Time) -> Result<()> {
    let public = serde_json::to_value(&made.key).map_err(AppError::internal)?;
    match rows::insert(tx, account, &made.name, (made.key.cred_id().as_ref(), public), now).await {
        Err(error) if db::violates(&error, "passkeys_credential_id_key") => {
            Err(AppError::conflict("This passkey is in use already."))
        }
        other => Ok(other?),
    }
}

/// Asks for a passkey of `account`, to `purpose`.
pub async fn ask(platform: &Platform, account: AccountId, purpose: &'static str) -> Result<Challenge> {
    let keys = keys(platform, account).await?;
    if keys.is_empty() {
        return Err(AppError::conflict("There is no passkey to ask for."));
    }
    let (asked, state) = this_site(platform)?.start_passkey_authentication(&keys).map_err(AppError::internal)?;
    keep(platform, (Some(account), purpose), &state, &asked.public_key).await
}

/// Goes on if one of `account`'s passkeys has signed.
pub async fn answered(
    platform: &Platform,
    account: AccountId,
    purpose: &'static str,
    (id, credential): Answer<'_>,
) -> Result<()> {
    let signed: PublicKeyCredential = read(credential)?;
    let state: PasskeyAuthentication = taken(platform, (Some(account), purpose), id).await?;
    let result = this_site(platform)?.finish_passkey_authentication(&signed, &state).map_err(refused)?;
    was_used(platform, account, &result).await
}

/// Asks for a passkey of whoever it is.
pub async fn ask_anybody(platform: &Platform) -> Result<Challenge> {
    let (asked, state) = this_site(platform)?.start_discoverable_authentication().map_err(AppError::internal)?;
    keep(platform, (None, "sign-in"), &state, &asked.public_key).await
}

/// Whose passkey has signed.
pub async fn answered_by_anybody(platform: &Platform, (id, credential): Answer<'_>) -> Result<AccountId> {
    let signed: PublicKeyCredential = read(credential)?;
    let state: DiscoverableAuthentication = taken(platform, (None, "sign-in"), id).await?;
    let site = this_site(platform)?;
    let (person, credential_id) = site.identify_discoverable_authentication(&signed).map_err(refused)?;
    let account = AccountId(person);
    let row = rows::lock_one(&mut *platform.db.acquire().await?, account, credential_id).await?;
    let (_, public) = row.ok_or_else(unknown)?;
    let key: Passkey = serde_json::from_value(public).map_err(AppError::internal)?;
    let result = site.finish_discoverable_authentication_v2(&signed, state, &key).map_err(refused)?;
    was_used(platform, account, &result).await?;
    Ok(account)
}

async fn keys(platform: &Platform, account: AccountId) -> Result<Vec<Passkey>> {
    let all = rows::credentials(&mut *platform.db.acquire().await?, account).await?;
    all.into_iter().map(|key| serde_json::from_value(key).map_err(AppError::internal)).collect()
}

/// Writes the counter of a passkey down, which must not fall, and when it was used. One that is gone meanwhile counts no more.
async fn was_used(platform: &Platform, account: AccountId, result: &AuthenticationResult) -> Result<()> {
    let mut tx = platform.begin().await?;
    let row = rows::lock_one(&mut tx, account, result.cred_id().as_ref()).await?;
    let (id, public) = row.ok_or_else(unknown)?;
    // Two answers at once may have been compared with the same counter; here one comes after the other.
    if !counts_on(&public, result.counter()) {
        tracing::info!("a passkey was refused: its counter stood still");
        return Err(unknown());
    }
    let mut key: Passkey = serde_json::from_value(public).map_err(AppError::internal)?;
    key.update_credential(result);
    let public = serde_json::to_value(&key).map_err(AppError::internal)?;
    rows::used(&mut tx, id, public, platform.now()).await?;
    Ok(tx.commit().await?)
}

/// Whether `counter` goes on from the one that is kept; those that count nothing say 0.
fn counts_on(public: &Value, counter: u32) -> bool {
    let kept = public.pointer("/cred/counter").and_then(Value::as_u64).unwrap_or_default();
    counter == 0 || u64::from(counter) > kept
}

async fn keep(
    platform: &Platform,
    (account, purpose): (Option<AccountId>, &str),
    state: &impl Serialize,
    options: &impl Serialize,
) -> Result<Challenge> {
    let id = ChallengeId(Uuid::new_v4());
    let state = serde_json::to_value(state).map_err(AppError::internal)?;
    let expires_at = platform.now() + TimeDelta::minutes(rules::CHALLENGE_MINUTES);
    let asked = Asked { account, purpose: purpose.into(), state };
    rows::insert_challenge(&mut *platform.db.acquire().await?, id, asked, expires_at).await?;
    Ok(Challenge { id, options: serde_json::to_string(options).map_err(AppError::internal)? })
}

async fn taken<T: DeserializeOwned>(
    platform: &Platform,
    whose: (Option<AccountId>, &str),
    id: ChallengeId,
) -> Result<T> {
    let state = rows::take_challenge(&mut *platform.db.acquire().await?, id, whose, platform.now()).await?;
    serde_json::from_value(state.ok_or_else(unknown)?).map_err(AppError::internal)
}

fn read<T: DeserializeOwned>(credential: &str) -> Result<T> {
    serde_json::from_str(credential).map_err(|_| unknown())
}

fn refused(error: WebauthnError) -> AppError {
    tracing::info!(%error, "a passkey was refused");
    unknown()
}

fn unknown() -> AppError {
    AppError::field("credential", "That passkey did not work, or it took too long. Please try again.")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;
    use sqlx::PgPool;

    use super::*;
    use crate::tests::people;

    #[test]
    fn passkeys_belong_to_a_name() {
        let mut config = Config::for_tests(Path::new("/nowhere"));
        assert!(site(&config).is_some(), "this machine is called localhost");
        config.public_url = Some("https://pitchey.example".into());
        assert!(site(&config).is_some());
        config.public_url = Some("https://192.0.2.1".into());
        assert!(site(&config).is_none());
    }

    /// A passkey as it is kept, with this counter.
    fn kept(counter: u32) -> Value {
        let key = json!({ "EC_EC2": { "curve": "SECP256R1", "x": "A".repeat(43), "y": "A".repeat(43) } });
        let none = json!({ "data": "None", "metadata": "None" });
        let cred = json!({
            "cred_id": "AQID", "cred": { "type_": "ES256", "key": key }, "counter": counter, "transports": null,
            "user_verified": true, "backup_eligible": false, "backup_state": false, "registration_policy": "required",
            "extensions": {}, "attestation": none, "attestation_format": "none",
        });
        serde_json::to_value(serde_json::from_value::<Passkey>(json!({ "cred": cred })).unwrap()).unwrap()
    }

    fn signed(counter: u32) -> AuthenticationResult {
        let result = json!({
            "cred_id": "AQID", "needs_update": true, "user_verified": true, "backup_state": false,
            "backup_eligible": false, "counter": counter, "extensions": {},
        });
        serde_json::from_value(result).unwrap()
    }

    #[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
    async fn a_counter_goes_up_or_counts_nothing(db: PgPool) {
        let platform = people::platform(db).await;
        let alex = people::creator(&platform, "alex").await.viewer.id;
        let mut db = platform.db.acquire().await.unwrap();
        rows::insert(&mut db, alex, "key", (&[1, 2, 3], kept(5)), platform.now()).await.unwrap();
        for (counter, goes_on) in [(5, false), (4, false), (6, true), (6, false), (0, true)] {
            assert_eq!(was_used(&platform, alex, &signed(counter)).await.is_ok(), goes_on, "{counter}");
        }
        let (two, three) = (signed(9), signed(9));
        let (two, three) = tokio::join!(was_used(&platform, alex, &two), was_used(&platform, alex, &three));
        assert!(two.is_ok() != three.is_ok(), "of two at once one counts");
    }
}

//! Password hashes: Argon2id with the parameters of security.md, off the async threads, never more at once than the
//! machine has cores for; who would have to queue for long is told to come back.

use std::{sync::LazyLock, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version,
    password_hash::{SaltString, rand_core::OsRng},
};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::shared::error::{AppError, Result};

static AT_ONCE: LazyLock<Semaphore> =
    LazyLock::new(|| Semaphore::new(std::thread::available_parallelism().map_or(2, usize::from)));

/// Who signs in waits no longer than this for a turn.
const PATIENCE: Duration = Duration::from_millis(80);

/// A hash that no password has, for accounts that do not exist: answering takes the same time.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody's password").ok());

/// OWASP's second recommended setting for Argon2id: m = 19 MiB, t = 2, p = 1.
fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(19_456, 2, 1, None).map_err(AppError::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The turn ends with the work it is moved into, also when who waits for it has gone.
async fn a_turn<'a>(turns: &'a Semaphore, patience: Duration, refusal: &str) -> Result<SemaphorePermit<'a>> {
    match tokio::time::timeout(patience, turns.acquire()).await {
        Ok(permit) => permit.map_err(AppError::internal),
        Err(_) => Err(AppError::too_many(refusal, 2)),
    }
}

fn hash_now(password: &str) -> Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    Ok(argon2()?.hash_password(password.as_bytes(), &salt).map_err(AppError::internal)?.to_string())
}

/// The PHC string to keep for `password`.
pub async fn hash(password: &str) -> Result<String> {
    let (password, turn) = (
        password.to_string(),
        a_turn(&AT_ONCE, Duration::from_secs(3), "We are busy right now. Please send this again in a moment.").await?,
    );
    let hashed = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        hash_now(&password)
    });
    hashed.await.map_err(AppError::internal)?
}

/// Whether `password` is the one behind `hash`; `None` stands for an account that does not exist or has no password.
pub async fn verify(password: &str, hash: Option<String>) -> Result<bool> {
    let (password, turn) = (
        password.to_string(),
        a_turn(&AT_ONCE, PATIENCE, "Many people are signing in right now. Please try again in a moment.").await?,
    );
    tokio::task::spawn_blocking(move || {
        let _turn = turn;
        let known = hash.is_some();
        let Some(hash) = hash.or_else(|| NOBODY.clone()) else { return Ok(false) };
        let parsed = PasswordHash::new(&hash).map_err(AppError::internal)?;
        Ok(argon2()?.verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await
    .map_err(AppError::internal)?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::error::Refusal;

    #[tokio::test]
    async fn who_finds_everybody_busy_is_told_so_at_once() {
        let turns = Semaphore::new(1);
        let turn = a_turn(&turns, PATIENCE, "Busy.").await.unwrap();
        let refused = tokio::time::timeout(PATIENCE * 5, a_turn(&turns, PATIENCE, "Busy.")).await.unwrap().unwrap_err();
        assert_eq!((refused.refusal, refused.retry_after), (Refusal::TooMany, Some(2)));
        drop(turn);
        drop(a_turn(&turns, PATIENCE, "Busy.").await.unwrap());
    }

    #[tokio::test]
    async fn the_right_password_fits_and_nobodys_never_does() {
        let hash = hash("Demo-pitchey-1").await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("Demo-pitchey-1", Some(hash.clone())).await.unwrap());
        assert!(!verify("demo-pitchey-1", Some(hash)).await.unwrap());
        assert!(!verify("nobody's password", None).await.unwrap());
    }
}

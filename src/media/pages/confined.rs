//! The process that opens documents, from outside: it gets one, is waited for, and is stopped when it takes too long. It has
//! no environment, and `draws::run` takes away its memory beyond a limit before it reads a byte.

use std::{process::Stdio, time::Duration};

use futures::TryStreamExt;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::{Child, ChildStdin, Command},
    sync::Semaphore,
};

use super::draws::{self, Drawn, Flaw, Order, SECONDS};
use crate::{
    platform::Platform,
    shared::error::{AppError, Result},
};

/// So many documents are open at once.
static OPEN_DOCUMENTS: Semaphore = Semaphore::const_new(2);
/// How long a document waits for those before it.
const A_TURN: Duration = Duration::from_secs(20);
/// The most bytes of an answer.
const ANSWER: u64 = 128 * 1024 * 1024;

/// How the program is told to become that process.
#[cfg(not(test))]
const BECOME_IT: &[&str] = &["draw-pages"];
#[cfg(test)]
const BECOME_IT: &[&str] = &["--exact", "media::pages::confined::tests::becomes_the_process", "--nocapture", "--"];

/// Has `order` carried out on the document at `key`.
pub async fn draw(platform: &Platform, key: &str, order: &Order) -> Result<Result<Drawn, Flaw>> {
    let turn = tokio::time::timeout(A_TURN, OPEN_DOCUMENTS.acquire()).await;
    let _turn = turn
        .map_err(|_| AppError::too_many("Many pages are being drawn right now. Please try again.", 5))?
        .map_err(AppError::internal)?;
    let mut process = start(order)?;
    let (to, from) = (process.stdin.take(), process.stdout.take());
    let mut answer = Vec::new();
    let work = async {
        let told = async {
            let mut from = from?.take(ANSWER);
            from.read_to_end(&mut answer).await.ok()
        };
        let (sent, _) = tokio::join!(send(platform, key, to), told);
        sent
    };
    match tokio::time::timeout(Duration::from_secs(SECONDS), work).await {
        Ok(sent) => sent?,
        Err(_) => tracing::warn!(key, "a document was stopped: it took too long"),
    }
    let drawn = draws::read(&answer);
    if drawn.is_none() {
        let ended = process.try_wait().ok().flatten();
        tracing::warn!(key, ?ended, "a document could not be drawn within its memory and time");
    }
    Ok(drawn.unwrap_or(Err(Flaw::TooHeavy)))
}

fn start(order: &Order) -> Result<Child> {
    let order = serde_json::to_string(order).map_err(AppError::internal)?;
    let program = std::env::current_exe().map_err(AppError::internal)?;
    Command::new(program)
        .args(BECOME_IT)
        .env_clear()
        .env(super::ORDER, order)
        // The allocator would take hold of more memory at once than the process may have.
        .env("MIMALLOC_ARENA_EAGER_COMMIT", "0")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(AppError::internal)
}

/// Hands the document on as it comes from the store. A process that has gone is no failure of ours.
async fn send(platform: &Platform, key: &str, to: Option<ChildStdin>) -> Result<()> {
    let Some(mut to) = to else { return Ok(()) };
    let (mut document, _) = platform.storage.get(key, None).await?;
    while let Some(chunk) = document.try_next().await? {
        if to.write_all(&chunk).await.is_err() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    /// Not a test: what the tests' program does when it is started as that process.
    #[test]
    fn becomes_the_process() {
        let Ok(order) = std::env::var(super::super::ORDER) else { return };
        super::super::draws::run(&order, std::io::stdin().lock(), std::io::stdout().lock()).unwrap();
    }
}

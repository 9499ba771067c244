//! The virus scanner: clamd, where the settings name one. Nothing is seen before it passed. What is infected stays in the
//! store for a while without a row of `files`, so that nothing serves it; while the scanner is away nothing passes.

use std::{io, time::Duration};

use bytes::Bytes;
use clamav_client::tokio::{Socket, Tcp, scan_stream};
use futures::{Stream, TryStreamExt};
use serde_json::json;

use super::{
    service::{Received, discard},
    store,
};
use crate::{
    platform::{
        Platform,
        outbox::{self, Event},
    },
    shared::error::{AppError, Refusal, Result},
};

/// What the scanner says.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Clean,
    /// With what it calls it.
    Infected(String),
}

/// Longer than the largest file takes, sent and scanned: a scanner that hangs does not hold others up for good.
const PATIENCE: Duration = Duration::from_secs(600);

/// Bytes that the scanner is sent at once.
const CHUNK: usize = 64 * 1024;

/// Sends `stream` through the scanner at `address`: `host:port`, or the path of a socket.
pub async fn scan(address: &str, stream: impl Stream<Item = Result<Bytes>> + Send) -> Result<Verdict> {
    let stream = stream.map_err(io::Error::other);
    let asked = async {
        if address.starts_with('/') {
            scan_stream(stream, Socket { socket_path: address }, Some(CHUNK)).await
        } else {
            scan_stream(stream, Tcp { host_address: address }, Some(CHUNK)).await
        }
    };
    let answer = tokio::time::timeout(PATIENCE, asked).await.map_err(|_| away("no answer in time"))?;
    read(&answer.map_err(|error| away(&error.to_string()))?)
}

/// "stream: OK" or "stream: Eicar-Test FOUND"; everything else is a failure of the scanner.
fn read(answer: &[u8]) -> Result<Verdict> {
    let text = String::from_utf8_lossy(answer);
    let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
    match text.strip_prefix("stream: ") {
        Some("OK") => Ok(Verdict::Clean),
        Some(found) if found.ends_with(" FOUND") => Ok(Verdict::Infected(found.trim_end_matches(" FOUND").into())),
        _ => Err(away(text)),
    }
}

fn away(cause: &str) -> AppError {
    tracing::error!(cause, "the virus scanner cannot be asked; nothing passes until it can");
    AppError::unavailable("We cannot check files for viruses for the moment. Nothing was changed; please try again.")
}

/// Lets a file of the ordinary form pass, or refuses it by `field`.
pub async fn pass(platform: &Platform, received: &Received, field: &str) -> Result<()> {
    let Some(address) = &platform.config.clamav_addr else { return Ok(()) };
    let verdict = match platform.storage.get(&received.key, None).await {
        Ok((stored, _)) => scan(address, stored).await,
        Err(error) => Err(error),
    };
    let judged = match verdict {
        Ok(verdict) => judge(platform, received, verdict, field).await,
        Err(error) => Err(error),
    };
    // What is infected is kept apart; what could not be judged is not kept at all.
    if judged.as_ref().is_err_and(|error| error.refusal != Refusal::Invalid) {
        discard(platform, received).await;
    }
    judged
}

/// Puts what is infected into quarantine, tells of it, and refuses it by `field`.
pub async fn judge(platform: &Platform, received: &Received, verdict: Verdict, field: &str) -> Result<()> {
    let Verdict::Infected(found) = verdict else { return Ok(()) };
    let now = platform.now();
    let mut tx = platform.begin().await?;
    if store::quarantine(&mut tx, received, &found, now).await? {
        let payload = json!({ "account_id": received.owner });
        outbox::record(&mut tx, Event::new(now, None, received.id.0, "file.quarantined", payload)?).await?;
    }
    tx.commit().await?;
    let message =
        format!("Our virus scanner found “{found}” in this file. It was not published, and nobody can open it.");
    Err(AppError::field(field, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_clear_answer_lets_a_file_pass() {
        assert_eq!(read(b"stream: OK\0").unwrap(), Verdict::Clean);
        assert_eq!(read(b"stream: Eicar-Test FOUND\0").unwrap(), Verdict::Infected("Eicar-Test".into()));
        for odd in [b"".as_slice(), b"INSTREAM size limit exceeded. ERROR\0", b"OK", b"stream: lstat() failed. ERROR\0"]
        {
            assert_eq!(read(odd).unwrap_err().refusal, Refusal::Unavailable);
        }
    }
}

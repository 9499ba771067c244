//! What staff do by command until there is a desk for it.

use anyhow::{Context, bail};
use chrono::TimeDelta;
use clap::Subcommand;
use pitchey::{
    accounts, audit,
    platform::{Platform, queue},
    shared::{error::Refusal, time},
};

use super::say;

#[derive(Subcommand)]
pub enum Clock {
    /// Move the clock of every process forward: `15d`, `36h`, `90m`.
    Advance {
        #[arg(value_parser = span)]
        by: TimeDelta,
    },
}

pub async fn clock(platform: &Platform, Clock::Advance { by }: Clock) -> anyhow::Result<()> {
    if platform.config.production {
        bail!("The clock can be moved in development only.");
    }
    platform.clock.advance_for_all(&platform.db, by).await?;
    say(format_args!("It is now {}.", time::exact(platform.now())))
}

/// `15d`, `36h` or `90m`.
fn span(text: &str) -> Result<TimeDelta, String> {
    let count =
        |unit| text.strip_suffix(unit).and_then(|n| n.parse::<i64>().ok()).filter(|n| (1..=100_000).contains(n));
    count('d')
        .and_then(TimeDelta::try_days)
        .or_else(|| count('h').and_then(TimeDelta::try_hours))
        .or_else(|| count('m').and_then(TimeDelta::try_minutes))
        .ok_or_else(|| "say days, hours or minutes, such as 15d, 36h or 90m".into())
}

#[derive(Subcommand)]
pub enum Seal {
    /// Print a new key for SEAL_KEY; it is kept nowhere else.
    NewKey,
    /// Print the certificate in use: for readers that are to trust it, and to go on with SEAL_KEY once the key is retired.
    Certificate,
}

pub fn new_seal_key() -> anyhow::Result<()> {
    say(pitchey::platform::seal::new_key()?.trim_end())
}

#[derive(Subcommand)]
pub enum Audit {
    /// Follow the record from its first row to its last; names the first that does not hold.
    Verify,
    /// The whole record as CSV, to the standard output.
    Export,
}

pub async fn audit(platform: &Platform, command: Audit) -> anyhow::Result<()> {
    match command {
        Audit::Verify => match audit::service::verify(platform).await? {
            Ok(head) => say(format_args!("{} rows hold. The last one's hash is {}", head.seq, hex::encode(head.hash))),
            Err(broken) => bail!("The record does not hold: {broken}."),
        },
        Audit::Export => {
            audit::service::export(platform, std::io::stdout().lock()).await?;
            Ok(())
        }
    }
}

#[derive(Subcommand)]
pub enum Buyer {
    /// Record that staff verified an investor or production company.
    Verify {
        email: String,
        /// What was checked; people read it on the badge.
        #[arg(long)]
        method: String,
    },
}

pub async fn buyer(platform: &Platform, Buyer::Verify { email, method }: Buyer) -> anyhow::Result<()> {
    match accounts::service::verify_buyer(platform, &email, &method).await {
        Ok(()) => say(format_args!("{email} is verified: {method}.")),
        Err(error) if error.refusal == Refusal::NotFound => bail!("There is no account with the email {email}."),
        Err(error) => Err(error.into()),
    }
}

#[derive(Subcommand)]
pub enum Admin {
    /// Make a staff account and print the one-time link that sets its password.
    Create { email: String },
    /// For who lost every second factor: drop them and end all sessions.
    DropFactors { email: String },
}

pub async fn admin(platform: &Platform, command: Admin) -> anyhow::Result<()> {
    match command {
        Admin::Create { email } => {
            let path = accounts::service::create_admin(platform, &email).await.context("The account was not made")?;
            say(format_args!("Open this link once to set a password:\n{}", platform.link(&path)))
        }
        Admin::DropFactors { email } => {
            accounts::factors::lost::drop_now(platform, &email).await.context("Nothing was dropped")?;
            say(format_args!("{email} signs in with the password alone, and sets up a new factor first of all."))
        }
    }
}

#[derive(Subcommand)]
pub enum Jobs {
    /// List the jobs that failed for good.
    Dead,
}

pub async fn jobs(platform: &Platform, Jobs::Dead: Jobs) -> anyhow::Result<()> {
    let letters = queue::dead_letters(&platform.db).await?;
    if letters.is_empty() {
        return say("No job has failed for good.");
    }
    for job in letters {
        let error = job.last_error.unwrap_or_default().replace('\n', " ");
        say(format_args!(
            "{}\t{}\t{} attempts\tqueued {}\t{error}",
            job.id,
            job.task,
            job.attempts,
            time::exact(job.queued_at)
        ))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_days_hours_or_minutes() {
        assert_eq!(span("15d"), Ok(TimeDelta::days(15)));
        assert_eq!(span("36h"), Ok(TimeDelta::hours(36)));
        assert_eq!(span("90m"), Ok(TimeDelta::minutes(90)));
        for wrong in ["", "15", "d", "-1d", "1w", "99999999999d"] {
            assert!(span(wrong).is_err(), "{wrong}");
        }
    }
}

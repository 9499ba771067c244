//! What can be asked of the program on the command line. `serve` is what it does when nothing is asked.

mod database;
mod serve;
mod staff;

use std::io::Write;

use clap::{Args, Parser, Subcommand};
use pitchey::{
    media::pages,
    platform::{Platform, Started, config::Config},
};

/// Pitchey: a marketplace for film and series projects.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
pub struct Pitchey {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: Serve,
}

#[derive(Args)]
struct Serve {
    /// Load demo people and pitches (development only).
    #[arg(long)]
    demo: bool,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages and carry out jobs, until Ctrl-C (this is what happens without a command).
    Serve(Serve),
    /// Bring the database's schema up to date.
    Migrate,
    /// The own Postgres, without the server.
    #[command(subcommand)]
    Postgres(database::Postgres),
    /// Open psql on the database; what follows is passed on.
    Psql {
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        arguments: Vec<std::ffi::OsString>,
    },
    /// The clock (development only).
    #[command(subcommand)]
    Clock(staff::Clock),
    /// Buyers: investors and production companies.
    #[command(subcommand)]
    Buyer(staff::Buyer),
    /// Staff accounts.
    #[command(subcommand)]
    Admin(staff::Admin),
    /// The record of what happened.
    #[command(subcommand)]
    Audit(staff::Audit),
    /// The platform's seal over signed documents.
    #[command(subcommand)]
    Seal(staff::Seal),
    /// The job queue.
    #[command(subcommand)]
    Jobs(staff::Jobs),
    /// Become the process that opens a document (`media::pages`); the server starts it.
    #[command(hide = true)]
    DrawPages,
}

impl Pitchey {
    /// Whether this is the process that opens documents: it needs no threads, and their memory would count against it.
    pub fn draws_pages(&self) -> bool {
        matches!(self.command, Some(Command::DrawPages))
    }

    pub async fn run(self) -> anyhow::Result<()> {
        match self.command.unwrap_or(Command::Serve(self.serve)) {
            Command::Serve(Serve { demo }) => serve::run(demo).await,
            Command::Migrate => beside(async |_| say("The schema is up to date.")).await,
            Command::Postgres(command) => database::postgres(command).await,
            Command::Psql { arguments } => database::psql(arguments).await,
            Command::Clock(command) => beside(async |platform| staff::clock(platform, command).await).await,
            Command::Buyer(command) => beside(async |platform| staff::buyer(platform, command).await).await,
            Command::Admin(command) => beside(async |platform| staff::admin(platform, command).await).await,
            Command::Audit(command) => beside(async |platform| staff::audit(platform, command).await).await,
            Command::Seal(staff::Seal::NewKey) => staff::new_seal_key(),
            Command::Seal(staff::Seal::Certificate) => {
                beside(async |platform| say(platform.seal.certificate_pem()?.trim_end())).await
            }
            Command::DrawPages => draw_pages(),
            Command::Jobs(command) => beside(async |platform| staff::jobs(platform, command).await).await,
        }
    }
}

/// Carries out the order in the environment on the document in the standard input.
pub fn draw_pages() -> anyhow::Result<()> {
    let order = std::env::var(pages::ORDER)?;
    pages::draws::run(&order, std::io::stdin().lock(), std::io::stdout().lock())
}

/// Gives `act` a Platform, beside a running server or alone, with the schema up to date.
async fn beside(act: impl AsyncFnOnce(&Platform) -> anyhow::Result<()>) -> anyhow::Result<()> {
    let config = Config::load()?;
    let started: Started = Platform::beside(config).await?;
    let done = act(&started.platform).await;
    started.stop().await?;
    done
}

/// Writes a line to the standard output.
fn say(line: impl std::fmt::Display) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{line}")?)
}

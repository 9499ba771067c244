//! The server.

use std::{io::ErrorKind, net::SocketAddr};

use anyhow::anyhow;
use pitchey::{
    platform::{
        Platform,
        config::{self, Config},
        embedded_postgres,
    },
    server,
};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

/// Serves until Ctrl-C or SIGTERM, then finishes what is under way and stops what was started.
pub async fn run(demo: bool) -> anyhow::Result<()> {
    let config = Config { demo, ..Config::load()? };
    config.check()?;
    log_to_the_terminal(config.production);
    let options = config::leptos_options()?;
    // First of all the address: a second server should not get as far as the database.
    let listener =
        TcpListener::bind(options.site_addr).await.map_err(|error| unavailable(options.site_addr, &error))?;
    let address = listener.local_addr()?;
    let stop = stop_signal()?;

    let own_postgres = config.database_url.is_none().then(|| config.data_dir.clone());
    let started = tokio::select! {
        started = Platform::start(config) => started?,
        () = stop.cancelled() => {
            return match own_postgres {
                Some(data_dir) => embedded_postgres::stop(&data_dir).await,
                None => Ok(()),
            };
        }
    };
    tracing::info!("Pitchey is at http://{address}");
    let served = server::serve(started.platform.clone(), options, listener, stop).await;
    tracing::info!("stopping");
    started.stop().await?;
    served
}

/// Fires on Ctrl-C and on SIGTERM.
fn stop_signal() -> anyhow::Result<CancellationToken> {
    let stop = CancellationToken::new();
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    let fired = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        fired.cancel();
    });
    Ok(stop)
}

fn log_to_the_terminal(production: bool) {
    let usual = || EnvFilter::new("info,sqlx=warn,tower_http=info");
    let mut filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| usual());
    // The queue logs what its jobs hold, links to set a password among them; our jobs say themselves what failed.
    if let Ok(silence) = "graphile_worker=off".parse() {
        filter = filter.add_directive(silence);
    }
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if production { log.json().init() } else { log.with_target(false).init() }
}

/// Why an address cannot be had, as one sentence.
fn unavailable(address: SocketAddr, error: &std::io::Error) -> anyhow::Error {
    match error.kind() {
        ErrorKind::AddrInUse => anyhow!(
            "The address {address} is taken by another program: stop it, or choose another with LEPTOS_SITE_ADDR."
        ),
        ErrorKind::PermissionDenied => {
            anyhow!("This user may not listen on {address}: choose a port above 1023 with LEPTOS_SITE_ADDR.")
        }
        _ => anyhow!("The server cannot listen on {address}: {error}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_one_sentence() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap();
        let error = TcpListener::bind(address).await.unwrap_err();
        assert!(unavailable(address, &error).to_string().contains("is taken by another program"));
    }
}

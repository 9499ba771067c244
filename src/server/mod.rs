//! The HTTP server and the worker. `router` is the way in, `guard` decides who is asking, `forms` answers posts,
//! `worker` is THE list of jobs and schedules.

pub mod files;
pub mod forms;
pub mod guard;
pub mod health;
pub mod pages;
pub mod parts;
pub mod router;
pub mod security;
pub mod sitemap;
pub mod worker;

use std::time::Duration;

use axum::serve::ListenerExt;
use leptos::config::LeptosOptions;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{demo, ndas, platform::Platform};

/// How long requests under way may take to finish after a stop was asked for.
const GRACE: Duration = Duration::from_secs(20);

/// Serves until `stop`, with the worker beside; then finishes the requests and jobs under way.
pub async fn serve(
    platform: Platform,
    options: LeptosOptions,
    listener: TcpListener,
    stop: CancellationToken,
) -> anyhow::Result<()> {
    ndas::service::install_standard_template(&platform).await?;
    if platform.config.clamav_addr.is_none() {
        tracing::warn!("CLAMAV_ADDR is not set: uploaded files are not scanned for viruses");
    }
    if platform.config.demo {
        worker::worker(&platform).await?;
        demo::load(&platform).await?;
    }
    let worker = tokio::spawn(worker::run(platform.clone(), stop.clone()));
    let clock = tokio::spawn(follow_clock(platform.clone(), stop.clone()));
    // Without TCP_NODELAY every streamed page waits 40 ms for the peer's delayed acknowledgement.
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY");
        }
    });
    let app = router::router(platform, options).into_make_service_with_connect_info::<std::net::SocketAddr>();
    let drained = stop.clone();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move { drained.cancelled().await });
    tokio::select! {
        served = server => served?,
        () = async { stop.cancelled().await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!("some requests did not finish in {GRACE:?}");
        }
    }
    stop.cancel();
    clock.abort();
    worker.await??;
    Ok(())
}

/// In development the clock may be moved by `clock advance` in another process.
async fn follow_clock(platform: Platform, stop: CancellationToken) {
    if platform.config.production {
        return;
    }
    while !stop.is_cancelled() {
        if let Err(error) = platform.clock.sync(&platform.db).await {
            tracing::debug!(%error, "the clock's offset could not be read");
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

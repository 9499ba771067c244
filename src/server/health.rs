//! How the server is, for machines.

use std::time::Duration;

use axum::{
    Json,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

use crate::{platform::Platform, shared::time::Time};

#[derive(Serialize)]
struct Health {
    status: &'static str,
    timestamp: Time,
    services: Services,
}

#[derive(Serialize)]
struct Services {
    database: &'static str,
    cache: &'static str,
    storage: &'static str,
    auth: &'static str,
}

/// `GET /api/health`: 200 while people can be served, if with something missing; 503 without the database.
pub async fn health(State(platform): State<Platform>) -> Response {
    let (database, storage) = tokio::join!(database(&platform), platform.storage.is_available());
    let status = match (database, storage) {
        (true, true) => "healthy",
        (true, false) => "degraded",
        (false, _) => "unhealthy",
    };
    let word = |up, yes, no| if up { yes } else { no };
    let health = Health {
        status,
        timestamp: platform.now(),
        services: Services {
            database: word(database, "connected", "unavailable"),
            cache: "operational",
            storage: word(storage, "available", "unavailable"),
            auth: word(database, "ready", "unavailable"),
        },
    };
    let code = if database { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (code, Json(health)).into_response()
}

/// `GET /api/live`: the process answers.
pub async fn live() -> StatusCode {
    StatusCode::NO_CONTENT
}

/// `GET /api/ready`: requests can be served.
pub async fn ready(State(platform): State<Platform>) -> StatusCode {
    if database(&platform).await { StatusCode::NO_CONTENT } else { StatusCode::SERVICE_UNAVAILABLE }
}

async fn database(platform: &Platform) -> bool {
    let asked = tokio::time::timeout(Duration::from_secs(2), sqlx::query("select 1").execute(&platform.db));
    matches!(asked.await, Ok(Ok(_)))
}

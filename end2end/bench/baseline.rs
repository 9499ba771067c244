//! What `bin/bench` compares the server with, on the same database and in the same kind of program: the wall's query as
//! JSON, the wall's page from compiled templates, and a fixed string. No session, no log, no compression.
//!
//! `baseline URL ADDRESS`

use askama::Template;
use axum::{
    Json, Router,
    extract::State,
    http::StatusCode,
    response::{Html, IntoResponse, Response},
    routing::get,
    serve::ListenerExt,
};
use pitchey::{
    pitches::{
        model::{PitchCard, Search, Wall},
        service::WALL,
        wall::{self, After},
        words::{Budget, Format, Genre, Stage},
    },
    platform::db,
    shared::{
        error::AppError,
        paging::{Page, write_cursor},
    },
};
use sqlx::PgPool;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// As many as the server has.
const CONNECTIONS: u32 = 20;
const THREADS: usize = 4;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(address)) = (arguments.next(), arguments.next()) else {
        return Err("usage: baseline URL ADDRESS".into());
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(THREADS).enable_all().build()?;
    runtime.block_on(async {
        let app = Router::new()
            .route("/json", get(json))
            .route("/template", get(template))
            .route("/fixed", get(|| async { "This is not a page." }))
            .with_state(db::connect(&url, CONNECTIONS).await?);
        let listener = tokio::net::TcpListener::bind(address).await?.tap_io(|stream| {
            let _ = stream.set_nodelay(true);
        });
        axum::serve(listener, app).await?;
        Ok(())
    })
}

/// The first page of the wall, by the product's own query.
async fn wall(db: &PgPool) -> Result<Wall, AppError> {
    let mut db = db.acquire().await.map_err(AppError::internal)?;
    let cards = wall::cards(&mut db, &Search::default(), None, WALL as i64 + 1, false).await?;
    Ok(Page::cut(cards, WALL, |card| write_cursor(&After::of(card))))
}

async fn json(State(db): State<PgPool>) -> Response {
    match wall(&db).await {
        Ok(wall) => Json(wall).into_response(),
        Err(error) => failed(&error.message),
    }
}

async fn template(State(db): State<PgPool>) -> Response {
    let wall = match wall(&db).await {
        Ok(wall) => wall,
        Err(error) => return failed(&error.message),
    };
    let page = Browse {
        cards: wall.items,
        next: wall.next,
        genres: Genre::options(),
        formats: Format::options(),
        budgets: Budget::options(),
        stages: Stage::options(),
    };
    match page.render() {
        Ok(html) => Html(html).into_response(),
        Err(error) => failed(&error.to_string()),
    }
}

fn failed(why: &str) -> Response {
    (StatusCode::INTERNAL_SERVER_ERROR, why.to_string()).into_response()
}

/// `/browse` for a guest, with the elements that the product renders and without what only hydration needs.
#[derive(Template)]
#[template(path = "browse.html")]
struct Browse {
    cards: Vec<PitchCard>,
    next: Option<String>,
    genres: Vec<(String, String)>,
    formats: Vec<(String, String)>,
    budgets: Vec<(String, String)>,
    stages: Vec<(String, String)>,
}

impl Browse {
    fn genre(&self, card: &PitchCard) -> &'static str {
        card.genre.map(Genre::label).unwrap_or_default()
    }

    fn facts(&self, card: &PitchCard) -> String {
        let facts = [card.genre.map(Genre::label), card.format.map(Format::label), card.stage.map(Stage::label)];
        facts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn tint(&self, card: &PitchCard) -> u32 {
        card.title.chars().fold(7_u32, |hash, c| hash.wrapping_mul(31).wrapping_add(c as u32)) % 6
    }
}

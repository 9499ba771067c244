//! Pitchey: a marketplace for film and series projects. By floors, from the ground up; a file imports only from lower
//! floors or from rooms earlier in the list (`src/tests/arrows.rs` sees to it).

// View types that are not erased (a plain `cargo build`) nest deeper than the compiler's default.
#![recursion_limit = "512"]

// The ground: words both sides speak, and the parts of every page that know no domain word.
pub mod kit;
pub mod shared;

// The outside world.
#[cfg(feature = "ssr")]
pub mod platform;

// The rooms, in import order.
pub mod accounts;
pub mod media;
pub mod messages;
pub mod ndas;
pub mod notifications;
pub mod pitches;

// Pages composed of pieces of rooms, the document around them, and the server that serves it all.
pub mod app;
#[cfg(feature = "ssr")]
pub mod demo;
pub mod portals;
#[cfg(feature = "ssr")]
pub mod server;

#[cfg(test)]
mod tests;

/// Called once by the browser: takes over the page that the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_lazy(app::App);
}

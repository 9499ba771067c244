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
#[cfg(feature = "ssr")]
pub mod audit;
pub mod media;
pub mod messages;
pub mod ndas;
pub mod notifications;
pub mod pitches;
pub mod questions;
pub mod reading;
pub mod releases;
pub mod sharing;

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

/// Room for the splitter of the WebAssembly: it moves each constant to the file that uses it, and where alignment makes them
/// longer than they were together, it gives up and leaves all of them in the main file. Nothing refers to these bytes, so
/// no file holds them.
#[cfg(feature = "hydrate")]
#[used]
static ROOM_FOR_CONSTANTS: [u8; 4096] = [1; 4096];

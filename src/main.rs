//! The one program: the server, and the commands that work beside it.

mod commands;

use std::process::ExitCode;

use clap::Parser;

/// A third more pages a second than the system's allocator, measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A page must not wait because another one is being rendered, not even on a machine with one or two cores.
const THREADS_AT_LEAST: usize = 4;

fn main() -> ExitCode {
    let command = commands::Pitchey::parse();
    let ended = if command.draws_pages() { commands::draw_pages() } else { run(command) };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("pitchey: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: commands::Pitchey) -> anyhow::Result<()> {
    let threads = std::thread::available_parallelism().map_or(1, usize::from).max(THREADS_AT_LEAST);
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(threads).enable_all().build()?;
    runtime.block_on(command.run())
}

# Shared by the scripts in this folder: where things are, and which toolchain builds them.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"

TOOLCHAIN=pitchey-debian            # made by bin/setup only where rustup cannot add the wasm32 target
WASM=wasm32-unknown-unknown

say() { printf '\033[1m== %s\033[0m\n' "$*"; }
fail() { printf 'pitchey: %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

export PATH="${CARGO_HOME:-$HOME/.cargo}/bin:$ROOT/style/node_modules/.bin:$PATH"

# The linked toolchain wins where it exists: server and browser must come from one compiler.
if [ -d "${RUSTUP_HOME:-$HOME/.rustup}/toolchains/$TOOLCHAIN" ]; then
  export RUSTUP_TOOLCHAIN=$TOOLCHAIN
fi

# CI clones afresh: the build folder outlives the clone, so a second run takes minutes.
if [ -n "${CI:-}" ]; then
  export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-${XDG_CACHE_HOME:-$HOME/.cache}/pitchey/target}"
fi
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}

# The macros read .sqlx/ unless a developer asks for a live database with SQLX_OFFLINE=false.
export SQLX_OFFLINE="${SQLX_OFFLINE:-true}"
export LEPTOS_OUTPUT_NAME=pitchey

# Everything built for development uses the same flags, or everything would be built twice. cargo-leptos adds this one by
# itself to whatever it finds, so it must find nothing; in a release build it adds none.
with_dev_flags() { RUSTFLAGS="--cfg erase_components" "$@"; }
cargo_leptos() { env -u RUSTFLAGS cargo leptos "$@"; }

# The browser's files carry hashes in their names only in a release: `cargo leptos watch` would go on serving the first
# build under them. The server looks for hash.txt in the site's folder.
build_release() {
  LEPTOS_HASH_FILES=true LEPTOS_HASH_FILE_NAME="$ROOT/target/site/hash.txt" cargo_leptos build --release --split
}

locked_version() { # NAME -> the version Cargo.lock holds
  awk -v name="\"$1\"" '$1=="name" && $3==name {getline; gsub(/"/,"",$3); print $3; exit}' Cargo.lock
}

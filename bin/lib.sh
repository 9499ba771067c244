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

# Everything is built with the same flags, or everything would be built twice. cargo-leptos adds this one by itself to
# whatever it finds (`always-erase-components`), so it must find nothing.
with_our_flags() { RUSTFLAGS="--cfg erase_components" "$@"; }
cargo_leptos() { env -u RUSTFLAGS cargo leptos "$@"; }

# The browser's files carry hashes in their names only in a release: `cargo leptos watch` would go on serving the first
# build under them. The server looks for hash.txt in the site's folder.
# They are compressed once, here and as far as brotli goes, instead of less well by the server each time they are asked for.
build_release() {
  LEPTOS_HASH_FILES=true LEPTOS_HASH_FILE_NAME="$ROOT/target/site/hash.txt" cargo_leptos build --release --split --precompress
}

release_into() { # FOLDER: what a deployment is, in an empty folder
  mkdir -p "$1/target"
  chmod 711 "$1"
  cp "$TARGET/release/pitchey" Leptos.toml "$1/"
  cp -r target/site "$1/target/site"
}

locked_version() { # NAME -> the version Cargo.lock holds
  awk -v name="\"$1\"" '$1=="name" && $3==name {getline; gsub(/"/,"",$3); print $3; exit}' Cargo.lock
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; elif have sudo; then sudo "$@"; else fail "this needs root: $*"; fi
}

apt_updated=
apt_install() {
  have apt-get || fail "please install with your system's package manager, then run this again: $*"
  if [ -z "$apt_updated" ]; then as_root apt-get update -qq; apt_updated=1; fi
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
    -o Dpkg::Options::=--force-confold "$@" >/dev/null
}

free_port() { node -e 'const s=require("net").createServer().listen(0,"127.0.0.1",()=>{console.log(s.address().port);s.close()})'; }

answers() { # URL: waits up to two minutes
  node -e '
    const until = Date.now() + 120000, ask = () => fetch(process.argv[1]).then(r => r.ok ? process.exit(0) : later(), later),
      later = () => Date.now() > until ? process.exit(1) : setTimeout(ask, 200); ask()' "$1"
}

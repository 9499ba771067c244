//! The secrets of links. A link's own is made from the link's id and the server's key, so that its owner can copy the address
//! again although only a hash of it is kept; what is in a cookie, and codes, are random.

use hmac::{Hmac, Mac};
use rand::{Rng, RngCore};
use sha2::{Digest, Sha256};

use crate::{
    platform::Platform,
    shared::{
        error::{AppError, Result},
        ids::ShareId,
    },
};

/// Stands in for `SECRET_KEY`, which production does not start without.
const DEVELOPMENT: &str = "a development server's key for shared links";

pub type Hash = [u8; 32];

/// The token in the address of a link: 256 bits that nobody has who has only the database.
pub fn of_link(platform: &Platform, share: ShareId) -> Result<String> {
    let key = platform.config.secret_key.as_deref().unwrap_or(DEVELOPMENT);
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).map_err(AppError::internal)?;
    mac.update(b"share link ");
    mac.update(share.0.as_bytes());
    Ok(hex::encode(mac.finalize().into_bytes()))
}

pub fn hash(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

/// What a browser keeps.
pub fn key() -> String {
    let mut bytes = [0u8; 32];
    rand::rng().fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// Six digits.
pub fn code() -> String {
    format!("{:06}", rand::rng().random_range(0..1_000_000))
}

/// A code is short: its hash is taken together with the key of the browser that asked, which is kept nowhere else.
pub fn hash_code(key: &str, code: &str) -> Hash {
    hash(&format!("{key} {code}"))
}

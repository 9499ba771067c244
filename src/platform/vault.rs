//! Small secrets that the database keeps and that a copy of it must not give away: sealed with keys made from `SECRET_KEY`
//! (HKDF-SHA-256, AES-256-GCM). Each is bound to what it is for, so that one cannot be put in another's place.

use aes_gcm::{
    Aes256Gcm, KeyInit,
    aead::{Aead, Payload},
};
use hkdf::Hkdf;
use rand::RngCore;
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::config::Config;
use crate::shared::error::{AppError, Result};

/// What a development server works with; `Config::check` keeps production from it.
const DEVELOPMENT_KEY: &str = "a development server's secrets are none";

const NONCE: usize = 12;

/// Seals and opens.
pub struct Vault {
    root: Hkdf<Sha256>,
}

impl Vault {
    pub fn of(config: &Config) -> Self {
        let secret = config.secret_key.as_deref().unwrap_or(DEVELOPMENT_KEY);
        Self { root: Hkdf::new(Some(b"pitchey vault 1"), secret.as_bytes()) }
    }

    /// `plain`, readable only by `open` with the same `purpose`.
    pub fn seal(&self, purpose: &str, plain: &[u8]) -> Result<Vec<u8>> {
        let mut sealed = vec![0; NONCE];
        rand::rng().fill_bytes(&mut sealed);
        let nonce = sealed.as_slice().try_into().map_err(AppError::internal)?;
        let body = self.cipher()?.encrypt(nonce, Payload { msg: plain, aad: purpose.as_bytes() });
        sealed.extend(body.map_err(AppError::internal)?);
        Ok(sealed)
    }

    pub fn open(&self, purpose: &str, sealed: &[u8]) -> Result<Vec<u8>> {
        let (nonce, body) =
            sealed.split_at_checked(NONCE).ok_or_else(|| AppError::internal("a sealed secret is cut"))?;
        let nonce = nonce.try_into().map_err(AppError::internal)?;
        let plain = self.cipher()?.decrypt(nonce, Payload { msg: body, aad: purpose.as_bytes() });
        plain.map_err(|_| AppError::internal("a secret was sealed with another SECRET_KEY, or for something else"))
    }

    /// For links that carry what they are about: `id`, and what only we can have made of it for `purpose`.
    pub fn token(&self, purpose: &str, id: Uuid) -> Result<String> {
        Ok(format!("{id}.{}", hex::encode(self.derived(format!("token to {purpose}: {id}").as_bytes())?)))
    }

    /// The id in such a token; `None` when it is none of ours. Compared by hashes: how long it takes says nothing.
    pub fn id_in(&self, purpose: &str, token: &str) -> Result<Option<Uuid>> {
        let token = token.trim();
        let Some(id) = token.split('.').next().and_then(|id| id.parse().ok()) else { return Ok(None) };
        let ours = self.token(purpose, id)?;
        Ok((Sha256::digest(ours) == Sha256::digest(token)).then_some(id))
    }

    fn cipher(&self) -> Result<Aes256Gcm> {
        Ok(Aes256Gcm::new(&self.derived(b"seal")?.into()))
    }

    fn derived(&self, info: &[u8]) -> Result<[u8; 32]> {
        let mut key = [0; 32];
        self.root.expand(info, &mut key).map_err(AppError::internal)?;
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn a_secret_is_read_only_with_its_key_and_for_its_purpose() {
        let mut config = Config::for_tests(Path::new("/nowhere"));
        let vault = Vault::of(&config);
        let sealed = vault.seal("totp a", b"secret").unwrap();
        assert!(!sealed.windows(6).any(|part| part == b"secret"));
        assert_ne!(sealed, vault.seal("totp a", b"secret").unwrap());
        assert_eq!(vault.open("totp a", &sealed).unwrap(), b"secret");
        assert!(vault.open("totp b", &sealed).is_err());
        assert!(vault.open("totp a", &sealed[..5]).is_err());
        let id = Uuid::now_v7();
        let token = vault.token("keep", id).unwrap();
        assert_eq!(vault.id_in("keep", &token).unwrap(), Some(id));
        for no in [
            token.replace('.', ""),
            token.to_uppercase(),
            id.to_string(),
            String::new(),
            vault.token("undo", id).unwrap(),
        ] {
            assert_eq!(vault.id_in("keep", &no).unwrap(), None, "{no}");
        }
        config.secret_key = Some("another key of at least 32 characters".into());
        assert!(Vault::of(&config).open("totp a", &sealed).is_err());
        assert_eq!(Vault::of(&config).id_in("keep", &token).unwrap(), None);
    }
}

//! The platform's seal: a signature of ours over a finished PDF, so that anyone can tell it was not changed since. PAdES
//! baseline B (ETSI EN 319 142-1): ECDSA on P-256 with SHA-256 under a certificate of our own, which readers call "unknown".
//! With a time-stamp authority configured it is baseline T.

mod cms;
mod pdf;
mod timestamp;

use std::path::Path;

use anyhow::{Context, anyhow};
use der::{Encode, EncodePem, pem::LineEnding};
use p256::{
    ecdsa::{DerSignature, SigningKey},
    pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey},
};
use rand::RngCore;
use sha2::{Digest, Sha256};
use x509_cert::{
    Certificate,
    builder::{Builder, CertificateBuilder, Profile},
    name::Name,
    serial_number::SerialNumber,
    spki::{DecodePublicKey, SubjectPublicKeyInfoOwned},
    time::Validity,
};

use self::timestamp::Authority;
use super::config::Config;
use crate::shared::{error::Result, time::Time};

/// The key and what belongs to it.
pub struct Seal {
    key: SigningKey,
    certificate: Certificate,
    /// DER: the certificate in use, then retired ones, whose seals are still ours.
    known: Vec<Vec<u8>>,
    /// Who says when, if anyone is asked.
    authority: Option<Authority>,
}

/// What a reader's program shows of a seal.
#[derive(Clone, Copy, Debug)]
pub struct Told<'a> {
    pub at: Time,
    pub reason: &'a str,
    /// What the sealed file is, in words of ours; written beside the seal, where `marks` finds it.
    pub mark: &'a str,
}

impl Seal {
    /// The key of `SEAL_KEY` or, without one, the development key in the data folder, made when it is not there.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let seal = match &config.seal_key {
            Some(pem) => Self::read(&pem.replace("\\n", "\n")).context("SEAL_KEY does not hold")?,
            None => Self::read(&development_key(&config.data_dir.join("seal.pem"))?)?,
        };
        Ok(Self { authority: config.tsa_url.as_deref().map(Authority::new).transpose()?, ..seal })
    }

    /// A key that goes away.
    #[cfg(test)]
    pub fn for_tests() -> Self {
        Self::read(&new_key().unwrap()).unwrap()
    }

    /// Reads a private key (PKCS #8) and certificates, all as PEM. The certificate of the key itself is made when it is not
    /// among them, always the same.
    fn read(pem: &str) -> anyhow::Result<Self> {
        let key = blocks(pem, "PRIVATE KEY").next().ok_or_else(|| anyhow!("there is no PRIVATE KEY in it"))?;
        let key = SigningKey::from_pkcs8_pem(&key).context("the key must be of the curve P-256, in PKCS #8")?;
        let given: Vec<Certificate> = blocks(pem, "CERTIFICATE")
            .map(|block| Ok(Certificate::load_pem_chain(block.as_bytes())?.remove(0)))
            .collect::<anyhow::Result<_>>()
            .context("a certificate cannot be read")?;
        let (own, retired): (Vec<_>, Vec<_>) = given.into_iter().partition(|certificate| is_of(certificate, &key));
        let certificate = match own.into_iter().next() {
            Some(certificate) => certificate,
            None => self_signed(&key)?,
        };
        let known = std::iter::once(&certificate).chain(&retired).map(Encode::to_der).collect::<Result<_, _>>()?;
        Ok(Self { key, certificate, known, authority: None })
    }

    /// Seals a finished PDF. The same PDF sealed again with the same words gives the same bytes, but for the word of a
    /// time-stamp authority.
    pub async fn apply(&self, unsealed: &[u8], told: Told<'_>) -> Result<Vec<u8>> {
        let mut sealed = pdf::with_room(unsealed, told)?;
        let signer = cms::sign(&self.key, &self.certificate, &sealed.digest())?;
        let time = match &self.authority {
            Some(authority) => Some(authority.token(signer.signature.as_bytes()).await?),
            None => None,
        };
        sealed.put(&cms::signed_data(signer, &self.certificate, time)?)?;
        Ok(sealed.bytes)
    }

    /// Whether a seal of ours is in `file`, whole or not.
    pub fn is_in(&self, file: &[u8]) -> bool {
        self.known.iter().any(|certificate| pdf::holds_certificate(file, certificate))
    }

    /// The certificate in use, as PEM, for who wants to tell their reader that they trust it.
    pub fn certificate_pem(&self) -> Result<String> {
        self.certificate.to_pem(LineEnding::LF).map_err(crate::shared::error::AppError::internal)
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Seal").field("known", &self.known.len()).finish_non_exhaustive()
    }
}

pub use pdf::marks;

/// A new key as PEM, for `SEAL_KEY`.
pub fn new_key() -> anyhow::Result<String> {
    let mut secret = [0; 32];
    loop {
        rand::rng().fill_bytes(&mut secret);
        // All but about one in 2^32 are keys.
        if let Ok(key) = SigningKey::from_slice(&secret) {
            return Ok(key.to_pkcs8_pem(LineEnding::LF)?.to_string());
        }
    }
}

/// Reads the key of a development server, or makes one; of two that start at once, one does.
fn development_key(path: &Path) -> anyhow::Result<String> {
    use std::{fs::OpenOptions, io::Write, os::unix::fs::OpenOptionsExt};

    if !path.exists() {
        let folder = path.parent().unwrap_or(Path::new("."));
        let aside = folder.join(format!(".seal-{}", std::process::id()));
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&aside)?;
        file.write_all(new_key()?.as_bytes())?;
        file.sync_all()?;
        let _ = std::fs::hard_link(&aside, path);
        std::fs::remove_file(&aside)?;
    }
    std::fs::read_to_string(path).with_context(|| format!("The key for seals, {}, cannot be read", path.display()))
}

/// The PEM blocks of a sort, each with its first and last line.
fn blocks<'a>(pem: &'a str, sort: &'a str) -> impl Iterator<Item = String> + 'a {
    let (begin, end) = (format!("-----BEGIN {sort}-----"), format!("-----END {sort}-----"));
    let starts: Vec<usize> = pem.match_indices(&begin).map(|(at, _)| at).collect();
    starts.into_iter().filter_map(move |start| {
        let length = pem[start..].find(&end)? + end.len();
        Some(format!("{}\n", &pem[start..start + length]))
    })
}

fn is_of(certificate: &Certificate, key: &SigningKey) -> bool {
    let theirs = certificate.tbs_certificate.subject_public_key_info.to_der().ok();
    theirs.and_then(|der| p256::ecdsa::VerifyingKey::from_public_key_der(&der).ok()).as_ref()
        == Some(key.verifying_key())
}

/// A certificate of `key` by itself. Nothing in it is random or of today: it is the same at every start.
fn self_signed(key: &SigningKey) -> anyhow::Result<Certificate> {
    let public = key.verifying_key().to_public_key_der()?;
    let mut serial: Vec<u8> = Sha256::digest(public.as_bytes())[..16].to_vec();
    serial[0] &= 0x7f;
    serial[0] |= 0x40;
    let since = der::DateTime::new(2026, 1, 1, 0, 0, 0)?;
    let until = der::DateTime::new(2066, 1, 1, 0, 0, 0)?;
    let validity = Validity {
        not_before: x509_cert::time::Time::GeneralTime(der::asn1::GeneralizedTime::from_date_time(since)),
        not_after: x509_cert::time::Time::GeneralTime(der::asn1::GeneralizedTime::from_date_time(until)),
    };
    let name: Name = "CN=Pitchey document seal,O=Pitchey".parse().map_err(|e| anyhow!("the seal's name: {e}"))?;
    // For digital signatures that are not to be disowned, and nothing else.
    let profile = Profile::Leaf { issuer: name.clone(), enable_key_agreement: false, enable_key_encipherment: false };
    let public = SubjectPublicKeyInfoOwned::from_key(*key.verifying_key())?;
    let builder = CertificateBuilder::new(profile, SerialNumber::new(&serial)?, validity, name, public, key)?;
    Ok(builder.build::<DerSignature>()?)
}

#[cfg(test)]
mod tests;

//! An authority's word on when a signature existed (RFC 3161), asked over HTTP.

use std::time::Duration;

use cms::{content_info::ContentInfo, signed_data::SignedData};
use der::{
    Decode, Encode,
    asn1::{Int, OctetString},
    oid::db::rfc5912::ID_SHA_256,
};
use rand::Rng;
use sha2::{Digest, Sha256};
use x509_cert::spki::AlgorithmIdentifierOwned;
use x509_tsp::{MessageImprint, TimeStampReq, TimeStampResp, TspVersion, TstInfo};

use crate::shared::error::{AppError, Result};

/// Who is asked.
#[derive(Clone, Debug)]
pub struct Authority {
    address: String,
    client: reqwest::Client,
}

/// Longer than any authority takes.
const PATIENCE: Duration = Duration::from_secs(20);

/// Answers are a few thousand bytes.
const MOST: usize = 64 * 1024;

impl Authority {
    pub fn new(address: &str) -> anyhow::Result<Self> {
        let client =
            reqwest::Client::builder().timeout(PATIENCE).redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { address: address.into(), client })
    }

    /// The token for `signature`, if it is one for these very bytes and this question.
    pub async fn token(&self, signature: &[u8]) -> Result<ContentInfo> {
        let question = question(signature).map_err(AppError::internal)?;
        let asked = self
            .client
            .post(&self.address)
            .header("content-type", "application/timestamp-query")
            .body(question.to_der().map_err(AppError::internal)?);
        let mut answer = asked.send().await.and_then(reqwest::Response::error_for_status).map_err(no_answer)?;
        let mut bytes = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(no_answer)? {
            bytes.extend_from_slice(&chunk);
            if bytes.len() > MOST {
                return Err(no_answer("more than any answer"));
            }
        }
        read(&question, &bytes).map_err(no_answer)?.ok_or_else(|| no_answer("the answer is not to this question"))
    }
}

fn no_answer(why: impl std::fmt::Display) -> AppError {
    AppError::internal(format!("the time-stamp authority: {why}"))
}

fn question(signature: &[u8]) -> der::Result<TimeStampReq> {
    let mut nonce: [u8; 8] = rand::rng().random();
    // Positive, and as short as it can be written.
    nonce[0] = nonce[0] & 0x3f | 0x40;
    Ok(TimeStampReq {
        version: TspVersion::V1,
        message_imprint: MessageImprint {
            hash_algorithm: AlgorithmIdentifierOwned { oid: ID_SHA_256, parameters: None },
            hashed_message: OctetString::new(Sha256::digest(signature).to_vec())?,
        },
        req_policy: None,
        nonce: Some(Int::new(&nonce)?),
        cert_req: true,
        extensions: None,
    })
}

/// The token of an answer; `None` when it was refused or is about something else.
fn read(question: &TimeStampReq, answer: &[u8]) -> der::Result<Option<ContentInfo>> {
    let answer = TimeStampResp::from_der(answer)?;
    // RFC 3161: granted, or granted with modifications.
    let granted = answer.status.status as u32 <= 1;
    let Some(token) = answer.time_stamp_token.filter(|_| granted) else { return Ok(None) };
    let signed: SignedData = token.content.decode_as()?;
    let Some(content) = signed.encap_content_info.econtent else { return Ok(None) };
    let told = TstInfo::from_der(content.value())?;
    let same = told.message_imprint.hashed_message == question.message_imprint.hashed_message
        && told.message_imprint.hash_algorithm.oid == ID_SHA_256
        && told.nonce == question.nonce;
    Ok(Some(token).filter(|_| same))
}

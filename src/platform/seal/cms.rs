//! The signature itself: CMS SignedData (RFC 5652) without its content, with the attributes that PAdES asks for.

use cms::{
    cert::{CertificateChoices, IssuerAndSerialNumber},
    content_info::{CmsVersion, ContentInfo},
    signed_data::{EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo},
};
use der::{
    Any, Encode, Sequence, Tag,
    asn1::{ObjectIdentifier, OctetString, SetOfVec},
    oid::db::{
        rfc5911::{ID_AA_SIGNING_CERTIFICATE_V_2, ID_CONTENT_TYPE, ID_DATA, ID_MESSAGE_DIGEST, ID_SIGNED_DATA},
        rfc5912::{ECDSA_WITH_SHA_256, ID_SHA_256},
    },
};
use p256::ecdsa::{DerSignature, SigningKey, signature::Signer};
use sha2::{Digest, Sha256};
use x509_cert::{Certificate, attr::Attribute, spki::AlgorithmIdentifierOwned};

use crate::shared::error::{AppError, Result};

/// RFC 3161, appendix A.
const ID_AA_TIME_STAMP_TOKEN: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// RFC 5035: which certificate signed. The hash is SHA-256, which is not named.
#[derive(Sequence)]
struct SigningCertificateV2 {
    certs: Vec<EssCertIdV2>,
}

#[derive(Sequence)]
struct EssCertIdV2 {
    cert_hash: OctetString,
}

/// A signature over what has the SHA-256 `digest`. The time is not in it: in a PDF it stands beside the signature.
pub fn sign(key: &SigningKey, certificate: &Certificate, digest: &[u8; 32]) -> Result<SignerInfo> {
    signer(key, certificate, digest).map_err(AppError::internal)
}

/// The whole, as it stands in a PDF, with an authority's word on the time where there is one.
pub fn signed_data(signer: SignerInfo, certificate: &Certificate, time: Option<ContentInfo>) -> Result<Vec<u8>> {
    whole(signer, certificate, time).map_err(AppError::internal)
}

fn signer(key: &SigningKey, certificate: &Certificate, digest: &[u8; 32]) -> der::Result<SignerInfo> {
    let certificate_hash = OctetString::new(Sha256::digest(certificate.to_der()?).to_vec())?;
    let signing_certificate = SigningCertificateV2 { certs: vec![EssCertIdV2 { cert_hash: certificate_hash }] };
    let signed_attributes = SetOfVec::try_from(vec![
        attribute(ID_CONTENT_TYPE, Any::encode_from(&ID_DATA)?)?,
        attribute(ID_MESSAGE_DIGEST, Any::new(Tag::OctetString, digest.as_slice())?)?,
        attribute(ID_AA_SIGNING_CERTIFICATE_V_2, Any::encode_from(&signing_certificate)?)?,
    ])?;
    // Deterministic (RFC 6979): the same document gets the same signature.
    let signature: DerSignature = key.sign(&signed_attributes.to_der()?);
    let tbs = &certificate.tbs_certificate;
    Ok(SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer.clone(),
            serial_number: tbs.serial_number.clone(),
        }),
        digest_alg: algorithm(ID_SHA_256),
        signed_attrs: Some(signed_attributes),
        signature_algorithm: algorithm(ECDSA_WITH_SHA_256),
        signature: OctetString::new(signature.as_bytes())?,
        unsigned_attrs: None,
    })
}

fn whole(mut signer: SignerInfo, certificate: &Certificate, time: Option<ContentInfo>) -> der::Result<Vec<u8>> {
    if let Some(token) = time {
        let attribute = attribute(ID_AA_TIME_STAMP_TOKEN, Any::encode_from(&token)?)?;
        signer.unsigned_attrs = Some(SetOfVec::try_from(vec![attribute])?);
    }
    let signed = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm(ID_SHA_256)])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: ID_DATA, econtent: None },
        certificates: Some(vec![CertificateChoices::Certificate(certificate.clone())].try_into()?),
        crls: None,
        signer_infos: vec![signer].try_into()?,
    };
    ContentInfo { content_type: ID_SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()
}

fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

fn algorithm(oid: ObjectIdentifier) -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid, parameters: None }
}

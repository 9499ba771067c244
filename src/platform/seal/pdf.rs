//! Where a signature sits in a PDF (ISO 32000-1, 12.8): a field without looks on the last page, whose value says which bytes
//! are signed (all but the signature's own) and holds the signature in hexadecimal.

use std::{collections::BTreeSet, ops::Range};

use lopdf::{Dictionary, Document, Object, ObjectId, StringFormat, dictionary};
use sha2::{Digest, Sha256};

use super::Told;
use crate::shared::error::{AppError, Result};

/// Bytes kept free for the signature; ours with its certificate are about a thousand, an authority's word on the time several.
pub(super) const ROOM: usize = 16_384;

/// Stands for an offset until it is known; as long as any.
const UNKNOWN: i64 = 9_999_999_999;

/// What stands before the words that say what a file is.
const MARK: &str = "pitchey:";

/// So many different marks are read; a file of ours has one.
const MARKS: usize = 8;

/// A PDF with room for a signature.
pub struct Roomy {
    pub bytes: Vec<u8>,
    /// The signature with the angle brackets around it: all that is not signed.
    room: Range<usize>,
}

/// `pdf` written anew with a signature field, its byte range filled in and its signature empty.
pub fn with_room(pdf: &[u8], told: Told<'_>) -> Result<Roomy> {
    let mut document = Document::load_mem(pdf).map_err(AppError::internal)?;
    add_field(&mut document, told).map_err(AppError::internal)?;
    let mut bytes = Vec::with_capacity(pdf.len() + 2 * ROOM + 4_096);
    document.save_to(&mut bytes).map_err(AppError::internal)?;
    let missing = || AppError::internal("the sealed PDF has no place for its signature");
    // The last one: what people uploaded stands before it, and may look alike.
    let empty = [b"<".as_slice(), &vec![b'0'; 2 * ROOM], b">"].concat();
    let room = memchr::memmem::rfind(&bytes, &empty).ok_or_else(missing)?;
    let room = room..room + 2 * ROOM + 2;
    // The last one before the room: a title may hold these words, too.
    let old = memchr::memmem::rfind(&bytes[..room.start], b"/ByteRange").ok_or_else(missing)?;
    let length = find(&bytes[old..room.start], b"]").ok_or_else(missing)? + 1;
    let range = format!("/ByteRange[0 {} {} {}", room.start, room.end, bytes.len() - room.end);
    let padded = format!("{range:<width$}]", width = length - 1);
    if padded.len() != length {
        return Err(missing());
    }
    bytes[old..old + length].copy_from_slice(padded.as_bytes());
    Ok(Roomy { bytes, room })
}

impl Roomy {
    /// The SHA-256 of what is signed.
    pub fn digest(&self) -> [u8; 32] {
        let hash = Sha256::new().chain_update(&self.bytes[..self.room.start]);
        hash.chain_update(&self.bytes[self.room.end..]).finalize().into()
    }

    /// Puts the signature into its room.
    pub fn put(&mut self, signature: &[u8]) -> Result<()> {
        let hex = hex::encode(signature);
        if hex.len() > 2 * ROOM {
            return Err(AppError::internal("the signature is larger than its room"));
        }
        self.bytes[self.room.start + 1..][..hex.len()].copy_from_slice(hex.as_bytes());
        Ok(())
    }
}

fn add_field(document: &mut Document, told: Told<'_>) -> lopdf::Result<()> {
    let last = document.get_pages().into_values().next_back().ok_or(lopdf::Error::PageNumberNotFound(1))?;
    let value = document.add_object(signature(told));
    let field = document.add_object(dictionary! {
        "Type" => "Annot", "Subtype" => "Widget", "FT" => "Sig", "F" => 132, "T" => text("Seal"), "TU" => text("The platform's seal"),
        "Rect" => vec![0.into(), 0.into(), 0.into(), 0.into()], "P" => last, "V" => value,
    });
    add_annotation(document, last, field)?;
    document.catalog_mut()?.set("AcroForm", dictionary! { "Fields" => vec![field.into()], "SigFlags" => 3 });
    // A second place for the mark: one flipped byte cannot hide what a file was.
    let information =
        document.add_object(dictionary! { "Producer" => text("Pitchey"), "Keywords" => text(&marked(told)) });
    if document.trailer.get(b"Info").is_err() {
        document.trailer.set("Info", information);
    } else {
        document.trailer.set("PitcheyMark", information);
    }
    Ok(())
}

fn signature(told: Told<'_>) -> Dictionary {
    dictionary! {
        "Type" => "Sig", "Filter" => "Adobe.PPKLite", "SubFilter" => "ETSI.CAdES.detached",
        "ByteRange" => vec![0.into(), UNKNOWN.into(), UNKNOWN.into(), UNKNOWN.into()],
        "Contents" => Object::String(vec![0; ROOM], StringFormat::Hexadecimal),
        "M" => text(&told.at.format("D:%Y%m%d%H%M%SZ").to_string()),
        "Name" => text("Pitchey"), "Reason" => text(told.reason), "PitcheyMark" => text(&marked(told)),
    }
}

fn add_annotation(document: &mut Document, page: ObjectId, annotation: ObjectId) -> lopdf::Result<()> {
    let present = document.get_dictionary(page)?.get(b"Annots").and_then(|a| document.dereference(a)).ok();
    let mut all = match present {
        Some((_, Object::Array(all))) => all.clone(),
        _ => Vec::new(),
    };
    all.push(annotation.into());
    document.get_object_mut(page)?.as_dict_mut()?.set("Annots", all);
    Ok(())
}

fn text(words: &str) -> Object {
    Object::string_literal(words)
}

fn marked(told: Told<'_>) -> String {
    format!("{MARK}{}", told.mark)
}

/// What `file` says it is, by the marks of seals: each once, without what stands before it.
pub fn marks(file: &[u8]) -> BTreeSet<String> {
    let mut marks = BTreeSet::new();
    let mut rest = file;
    while let Some(at) = find(rest, MARK.as_bytes()).filter(|_| marks.len() < MARKS) {
        rest = &rest[at + MARK.len()..];
        let mark = rest.iter().take(64).take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b':'));
        marks.insert(mark.map(|b| char::from(*b)).collect());
    }
    marks
}

/// Whether a signature in `file` brings this certificate.
pub fn holds_certificate(file: &[u8], certificate: &[u8]) -> bool {
    let hex = hex::encode(certificate);
    find(file, hex.as_bytes()).is_some() || find(file, hex.to_uppercase().as_bytes()).is_some()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    memchr::memmem::find(bytes, wanted)
}

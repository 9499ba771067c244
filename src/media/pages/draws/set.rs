//! A document as a part of another one: what is set around it with typst takes in its pages as they are.

use hayro::hayro_syntax::{
    Pdf,
    object::{Array, Dict, Name},
};
use sha2::{Digest, Sha256};

use super::{Flaw, Setting, open};
use crate::platform::typeset;

/// What `setting` says, with the pages of `bytes` in it and `bytes` beside it.
pub fn set(bytes: Vec<u8>, setting: &Setting) -> Result<Vec<u8>, Flaw> {
    if hex::encode(Sha256::digest(&bytes)) != setting.sha256 {
        return Err(Flaw::Damaged);
    }
    flat(&open(bytes.clone())?)?;
    let texts = setting.texts.iter().map(|(name, text)| (name.as_str(), text.as_bytes()));
    let files: Vec<(&str, &[u8])> = texts.chain([(setting.name.as_str(), bytes.as_slice())]).collect();
    typeset::pdf(&setting.template, &setting.data, &files, setting.at).map_err(|_| Flaw::NotTaken)
}

/// What lies over the pages is not taken in, and what is hidden would be shown: then the copy would say something else.
fn flat(pdf: &Pdf) -> Result<(), Flaw> {
    let is_link = |note: Dict<'_>| note.get::<Name<'_>>("Subtype").is_some_and(|sort| sort.as_ref() == b"Link");
    let covered = |notes: Array<'_>| notes.iter::<Dict<'_>>().any(|note| !is_link(note));
    let laid_over = pdf.pages().iter().any(|page| page.raw().get::<Array<'_>>("Annots").is_some_and(covered));
    if laid_over || pdf.xref().has_optional_content_groups() { Err(Flaw::NotFlat) } else { Ok(()) }
}

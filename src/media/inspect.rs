//! What a file is, told from its bytes and before anything decodes it: its name and declared type are hearsay.

use std::{collections::BTreeSet, io::Cursor};

use super::model::{Accept, IMAGE_BYTES, PDF_BYTES, VIDEO_BYTES};
use crate::shared::error::{AppError, Result};

/// So many bytes are looked at to tell the type.
pub const HEAD: usize = 512;
/// A picture with more pixels than this is not decoded.
const PIXELS: u64 = 40_000_000;
/// The longest side that WebP can hold.
const SIDE: u32 = 16_383;
/// A document with more pages than this is no pitch material.
pub const PAGES: usize = 3_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    Jpeg,
    Png,
    Webp,
    Pdf,
    Mp4,
    Webm,
    Mov,
}

impl Sort {
    /// By the first bytes; refused if `accept` does not take it.
    pub fn of(head: &[u8], accept: Accept, field: &str) -> Result<Self> {
        let told = infer::get(head);
        let sort = match told.map(|t| t.mime_type()) {
            Some("image/jpeg") => Some(Sort::Jpeg),
            Some("image/png") => Some(Sort::Png),
            Some("image/webp") => Some(Sort::Webp),
            Some("application/pdf") => Some(Sort::Pdf),
            Some("video/mp4" | "video/x-m4v") => Some(Sort::Mp4),
            Some("video/quicktime") => Some(Sort::Mov),
            // Matroska begins alike; browsers play only what calls itself WebM.
            Some("video/webm") if head.windows(4).any(|word| word == b"webm") => Some(Sort::Webm),
            _ => None,
        };
        if told.is_some_and(|t| t.matcher_type() == infer::MatcherType::Archive) && sort.is_none() {
            return Err(AppError::field(
                field,
                "This is an archive. We open none: please send the files in it one by one.",
            ));
        }
        let taken = match accept {
            Accept::Image => "a JPEG, PNG or WebP image",
            Accept::Pdf => "a PDF document",
            Accept::ImageOrPdf => "a PDF document or a JPEG, PNG or WebP image",
            Accept::Video => "an MP4, WebM or MOV video",
        };
        sort.filter(|s| s.is_taken_by(accept)).ok_or_else(|| {
            AppError::field(field, format!("This is not {taken}, whatever its name says. Please choose another file."))
        })
    }

    fn is_taken_by(self, accept: Accept) -> bool {
        match self {
            Sort::Jpeg | Sort::Png | Sort::Webp => accept.images(),
            Sort::Pdf => accept.pdfs(),
            Sort::Mp4 | Sort::Webm | Sort::Mov => accept == Accept::Video,
        }
    }

    pub fn is_picture(self) -> bool {
        matches!(self, Sort::Jpeg | Sort::Png | Sort::Webp)
    }

    pub fn media_type(self) -> &'static str {
        match self {
            Sort::Jpeg => "image/jpeg",
            Sort::Png => "image/png",
            Sort::Webp => "image/webp",
            Sort::Pdf => "application/pdf",
            Sort::Mp4 => "video/mp4",
            Sort::Webm => "video/webm",
            Sort::Mov => "video/quicktime",
        }
    }

    /// The most bytes of this sort.
    pub fn most(self) -> u64 {
        match self {
            Sort::Jpeg | Sort::Png | Sort::Webp => IMAGE_BYTES,
            Sort::Pdf => PDF_BYTES,
            Sort::Mp4 | Sort::Webm | Sort::Mov => VIDEO_BYTES,
        }
    }
}

/// Width and height, read from the header; the pixels are not touched.
pub fn dimensions(bytes: &[u8], field: &str) -> Result<(u32, u32)> {
    let reader = image::ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(AppError::internal)?;
    let broken = |_| AppError::field(field, "This image is damaged: it does not say how large it is.");
    let (width, height) = reader.into_dimensions().map_err(broken)?;
    if width == 0 || height == 0 || width.max(height) > SIDE || u64::from(width) * u64::from(height) > PIXELS {
        let message =
            format!("This image is {width} × {height} pixels; up to 40 megapixels and {SIDE} pixels a side are fine.");
        return Err(AppError::field(field, message));
    }
    Ok((width, height))
}

/// Watches a PDF go by: counts its page objects and keeps its end. Nothing is decompressed, so nothing can explode; pages
/// that are packed into object streams are not counted, and a document of such pages has no page count.
#[derive(Default)]
pub struct PdfWatch {
    size: u64,
    /// The end of what went by, for the trailer.
    tail: Vec<u8>,
    /// What was not looked at yet, because a word may be cut by the chunk's border, after a little that was.
    pending: Vec<u8>,
    looked: usize,
    /// The number of the object that is going by.
    object: u32,
    pages: BTreeSet<u32>,
}

/// The trailer is within the last so many bytes.
const TAIL: usize = 2_048;
/// The longest word that is looked for, with its white space.
const WORD: usize = 64;

impl PdfWatch {
    pub fn feed(&mut self, chunk: &[u8]) {
        self.size += chunk.len() as u64;
        self.tail.extend_from_slice(&chunk[chunk.len().saturating_sub(TAIL)..]);
        self.tail.drain(..self.tail.len().saturating_sub(TAIL));
        self.pending.extend_from_slice(chunk);
        let whole = self.pending.len().saturating_sub(WORD).max(self.looked);
        self.look(whole);
        let past = whole.saturating_sub(WORD);
        self.pending.drain(..past);
        self.looked = whole - past;
    }

    /// Looks at the words that begin before `end`.
    fn look(&mut self, end: usize) {
        for at in self.looked..end {
            let rest = &self.pending[at..];
            match rest[0] {
                b' ' if rest.starts_with(b" obj") => {
                    if let Some(number) = object_number(&self.pending[..at]) {
                        self.object = number;
                    }
                }
                // More than the limit need not be remembered.
                b'/' if is_page(rest) && self.pages.len() <= PAGES => {
                    self.pages.insert(self.object);
                }
                _ => {}
            }
        }
    }

    /// The number of pages, if they can be counted; refused if the document is cut off or far too long.
    pub fn finish(&mut self, field: &str) -> Result<Option<i32>> {
        self.look(self.pending.len());
        self.pending.clear();
        let end = String::from_utf8_lossy(&self.tail);
        let xref = end.rsplit_once("startxref").and_then(|(_, rest)| {
            let number = rest.trim_start().split(|c: char| !c.is_ascii_digit()).next()?;
            rest.contains("%%EOF").then_some(number.parse::<u64>().ok()?)
        });
        if xref.is_none_or(|offset| offset >= self.size) {
            return Err(AppError::field(
                field,
                "This PDF is damaged or cut off: its end is missing. Please export it again and send that.",
            ));
        }
        match self.pages.len() {
            0 => Ok(None),
            pages if pages > PAGES => {
                Err(AppError::field(field, format!("This PDF has more than {PAGES} pages; please send a shorter one.")))
            }
            pages => Ok(i32::try_from(pages).ok()),
        }
    }
}

/// `/Type /Page`, and not `/Pages`.
fn is_page(text: &[u8]) -> bool {
    let Some(rest) = text.strip_prefix(b"/Type") else { return false };
    let Some(rest) = rest.trim_ascii_start().strip_prefix(b"/Page") else { return false };
    rest.first().is_some_and(|next| !next.is_ascii_alphanumeric())
}

/// The `12` of `12 0` before ` obj`.
fn object_number(before: &[u8]) -> Option<u32> {
    let mut words = before.rsplit(u8::is_ascii_whitespace).map(|word| str::from_utf8(word).ok());
    let _generation: u16 = words.next()??.parse().ok()?;
    words.next()??.parse().ok()
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A PDF of empty pages, as a simple program writes it.
    pub fn pdf(pages: usize) -> Vec<u8> {
        let mut out = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec();
        let mut offsets = Vec::new();
        let kids: Vec<String> = (0..pages).map(|n| format!("{} 0 R", n + 3)).collect();
        let mut object = |out: &mut Vec<u8>, body: String| {
            offsets.push(out.len());
            out.extend(format!("{} 0 obj\n{body}\nendobj\n", offsets.len()).bytes());
        };
        object(&mut out, "<< /Type /Catalog /Pages 2 0 R >>".into());
        object(&mut out, format!("<< /Type /Pages /Count {pages} /Kids [{}] >>", kids.join(" ")));
        for _ in 0..pages {
            object(&mut out, "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>".into());
        }
        let xref = out.len();
        out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).bytes());
        for offset in &offsets {
            out.extend(format!("{offset:010} 00000 n \n").bytes());
        }
        out.extend(
            format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n", offsets.len() + 1).bytes(),
        );
        out
    }

    fn watch(bytes: &[u8], chunk: usize) -> Result<Option<i32>> {
        let mut watch = PdfWatch::default();
        bytes.chunks(chunk).for_each(|c| watch.feed(c));
        watch.finish("script")
    }

    #[test]
    fn pages_are_counted_however_the_bytes_arrive() {
        for chunk in [1, 7, 63, 64, 65, 4_096, 1 << 20] {
            assert_eq!(watch(&pdf(12), chunk).unwrap(), Some(12), "in chunks of {chunk}");
        }
    }

    #[test]
    fn a_page_that_was_written_again_counts_once() {
        let mut twice = pdf(2);
        let first = twice.clone();
        twice.extend_from_slice(&first);
        assert_eq!(watch(&twice, 100).unwrap(), Some(2));
    }

    #[test]
    fn a_truncated_pdf_is_refused_wherever_it_was_cut() {
        let whole = pdf(30);
        for part in [10, 50, 90, 99] {
            let cut = &whole[..whole.len() * part / 100];
            assert_eq!(watch(cut, 512).unwrap_err().fields[0].field, "script", "{part} %");
        }
    }

    #[test]
    fn a_page_bomb_is_refused() {
        assert!(watch(&pdf(PAGES + 1), 65_536).unwrap_err().message.contains("3000"));
    }

    #[test]
    fn types_are_told_by_bytes() {
        let refused = |head: &[u8], accept| Sort::of(head, accept, "poster").is_err();
        assert!(refused(b"MZ\x90\0\x03\0\0\0", Accept::Pdf));
        assert!(refused(b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>", Accept::Image));
        assert!(refused(b"<!DOCTYPE html><html><script>alert(1)</script>", Accept::ImageOrPdf));
        assert!(refused(b"GIF89a\x01\0\x01\0", Accept::Image));
        assert!(refused(b"%PDF-1.7", Accept::Image));
        assert!(refused(b"\x89PNG\r\n\x1a\n", Accept::Pdf));
        assert!(refused(b"", Accept::ImageOrPdf));
        assert!(refused(b"%PDF-1.7", Accept::Video));
        assert!(refused(b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska", Accept::Video));
        assert!(refused(b"RIFF\0\0\0\0AVI LIST", Accept::Video));
        for archive in
            [b"PK\x03\x04\x14\0\0\0".as_slice(), b"\x1f\x8b\x08\0\0\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07\0"]
        {
            let said = Sort::of(archive, Accept::Pdf, "script").unwrap_err().message;
            assert!(said.contains("archive"), "{said}");
        }
        let ebml = b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\x82\x84webm";
        assert_eq!(Sort::of(ebml, Accept::Video, "trailer").unwrap(), Sort::Webm);
        assert_eq!(Sort::of(b"\0\0\0\x18ftypmp42\0\0\0\0", Accept::Video, "trailer").unwrap(), Sort::Mp4);
        assert_eq!(Sort::of(b"\0\0\0\x14ftypqt  \0\0\0\0", Accept::Video, "trailer").unwrap(), Sort::Mov);
        assert_eq!(Sort::of(b"%PDF-1.7", Accept::Pdf, "script").unwrap(), Sort::Pdf);
        assert_eq!(Sort::of(b"\x89PNG\r\n\x1a\n", Accept::ImageOrPdf, "other").unwrap(), Sort::Png);
    }

    #[test]
    fn a_pixel_bomb_is_refused_by_its_header() {
        // A PNG header that promises 60 000 x 60 000 pixels and brings none.
        let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
        png.extend(60_000_u32.to_be_bytes());
        png.extend(60_000_u32.to_be_bytes());
        png.extend([8, 2, 0, 0, 0, 0, 0, 0, 0]);
        assert_eq!(dimensions(&png, "poster").unwrap_err().fields[0].field, "poster");
    }
}

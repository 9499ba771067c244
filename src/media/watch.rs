//! Watches a file go by, whatever its sort: what is cut off or far too long is refused without anything being unpacked.

use super::inspect::{PdfWatch, Sort};
use crate::shared::error::{AppError, Result};

/// What is looked at while a file goes by.
pub enum Watch {
    Pdf(PdfWatch),
    /// MP4 and MOV: a row of boxes.
    Boxes(BoxWatch),
    /// Nothing to be told from the outside.
    Nothing,
}

impl Watch {
    pub fn of(sort: Sort) -> Self {
        match sort {
            Sort::Pdf => Watch::Pdf(PdfWatch::default()),
            Sort::Mp4 | Sort::Mov => Watch::Boxes(BoxWatch::default()),
            Sort::Jpeg | Sort::Png | Sort::Webp | Sort::Webm => Watch::Nothing,
        }
    }

    pub fn feed(&mut self, chunk: &[u8]) {
        match self {
            Watch::Pdf(watch) => watch.feed(chunk),
            Watch::Boxes(watch) => watch.feed(chunk),
            Watch::Nothing => {}
        }
    }

    /// The number of pages, if it has such; refused if it does not hold.
    pub fn finish(&mut self, field: &str) -> Result<Option<i32>> {
        match self {
            Watch::Pdf(watch) => watch.finish(field),
            Watch::Boxes(watch) => watch.finish(field).map(|()| None),
            Watch::Nothing => Ok(None),
        }
    }
}

/// Follows the boxes of an MP4 or MOV from header to header: the last one must end where the file ends, and one of them must
/// say what is in the others.
#[derive(Default)]
pub struct BoxWatch {
    /// Where we are, and where the next box begins.
    at: u64,
    next: u64,
    /// As much of the next box's header as went by.
    header: Vec<u8>,
    has_index: bool,
    broken: bool,
}

impl BoxWatch {
    fn feed(&mut self, mut chunk: &[u8]) {
        while !chunk.is_empty() && !self.broken {
            let skipped = (self.next - self.at).min(chunk.len() as u64);
            // Not more than the chunk's own length.
            let (_, rest) = chunk.split_at(usize::try_from(skipped).unwrap_or(chunk.len()));
            self.at += skipped;
            chunk = rest;
            if let Some((first, rest)) = chunk.split_first()
                && self.at == self.next
            {
                self.header.push(*first);
                self.at += 1;
                self.next += 1;
                chunk = rest;
                self.read_header();
            }
        }
    }

    /// Once the header is complete: where the box ends.
    fn read_header(&mut self) {
        let number = |bytes: &[u8]| bytes.iter().fold(0_u64, |n, byte| (n << 8) | u64::from(*byte));
        let size = match (self.header.len(), self.header.get(..4).map(number)) {
            (8, Some(0)) => u64::MAX,
            (8, Some(size)) if size != 1 => size,
            (16, Some(1)) => number(&self.header[8..]),
            _ => return,
        };
        self.has_index |= &self.header[4..8] == b"moov";
        let read = self.header.len() as u64;
        self.broken |= size < read;
        self.next = self.at.saturating_add(size.saturating_sub(read));
        self.header.clear();
    }

    fn finish(&self, field: &str) -> Result<()> {
        // A box of size zero reaches to the end.
        let ends = self.header.is_empty() && (self.next == self.at || self.next >= u64::MAX - 16);
        if ends && self.has_index && !self.broken {
            return Ok(());
        }
        Err(AppError::field(field, "This video is damaged or cut off. Please export it again and send that."))
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// A video of nothing: the boxes of an MP4 with `size` bytes of "film" in all.
    pub fn mp4(size: usize) -> Vec<u8> {
        let mut out = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
        out.extend(b"\0\0\0\x10moov\0\0\0\x08mvhd");
        let film = size - out.len();
        out.extend(u32::try_from(film).unwrap().to_be_bytes());
        out.extend(b"mdat");
        out.extend((0..film - 8).map(|n| (n / 4_096 % 251) as u8));
        out
    }

    fn holds(bytes: &[u8], chunk: usize) -> bool {
        let mut watch = Watch::of(Sort::Mp4);
        bytes.chunks(chunk).for_each(|c| watch.feed(c));
        watch.finish("trailer").is_ok()
    }

    #[test]
    fn a_whole_video_holds_and_a_cut_one_does_not() {
        let whole = mp4(5_000);
        for chunk in [1, 7, 8, 4_096, 1 << 20] {
            assert!(holds(&whole, chunk), "in chunks of {chunk}");
            for cut in [4, 24, 30, 44, 4_999] {
                assert!(!holds(&whole[..cut], chunk), "cut at {cut}, in chunks of {chunk}");
            }
        }
        let mut open = whole.clone();
        open[40..44].copy_from_slice(&[0; 4]);
        assert!(holds(&open, 100), "the last box may leave its size open");
        let mut wide = whole[..40].to_vec();
        wide.extend(b"\0\0\0\x01mdat\0\0\0\0\0\0\0\x14film");
        assert!(holds(&wide, 3), "a size of 64 bits");
        assert!(!holds(b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", 9), "nothing but a beginning");
        assert!(!holds(b"\0\0\0\x02moov", 9), "a box smaller than its header");
    }
}

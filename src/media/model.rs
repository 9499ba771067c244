//! What the browser may know of files, too.

use serde::{Deserialize, Serialize};

use crate::{
    shared::{
        ids::{FileId, PitchId},
        time::Time,
    },
    word_enum,
};

/// What sort of file is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// JPEG, PNG or WebP.
    Image,
    Pdf,
    ImageOrPdf,
    /// MP4, WebM or MOV.
    Video,
}

/// The most bytes of an image, of a PDF, and of a video.
pub const IMAGE_BYTES: u64 = 10 * 1024 * 1024;
pub const PDF_BYTES: u64 = 50 * 1024 * 1024;
pub const VIDEO_BYTES: u64 = 500 * 1024 * 1024;

impl Accept {
    pub fn images(self) -> bool {
        matches!(self, Accept::Image | Accept::ImageOrPdf)
    }

    pub fn pdfs(self) -> bool {
        matches!(self, Accept::Pdf | Accept::ImageOrPdf)
    }

    /// What of it may arrive in parts: pictures are small, and are sent whole.
    pub fn in_parts(self) -> Option<Accept> {
        match self {
            Accept::Image => None,
            Accept::Pdf | Accept::ImageOrPdf => Some(Accept::Pdf),
            Accept::Video => Some(Accept::Video),
        }
    }

    /// For the `accept` of a file input.
    pub fn input(self) -> &'static str {
        match self {
            Accept::Image => "image/jpeg,image/png,image/webp",
            Accept::Pdf => "application/pdf",
            Accept::ImageOrPdf => "application/pdf,image/jpeg,image/png,image/webp",
            Accept::Video => "video/mp4,video/webm,video/quicktime,.mov",
        }
    }

    /// What may be sent, told before it is.
    pub fn hint(self) -> &'static str {
        match self {
            Accept::Image => "JPEG, PNG or WebP, up to 10 MB.",
            Accept::Pdf => "PDF, up to 50 MB.",
            Accept::ImageOrPdf => "PDF up to 50 MB, or JPEG, PNG or WebP up to 10 MB.",
            Accept::Video => "MP4, WebM or MOV, up to 500 MB.",
        }
    }

    /// The most bytes of any of them.
    pub fn most(self) -> u64 {
        match self {
            Accept::Image => IMAGE_BYTES,
            Accept::Pdf | Accept::ImageOrPdf => PDF_BYTES,
            Accept::Video => VIDEO_BYTES,
        }
    }
}

word_enum! {
    /// Where an upload in parts stands.
    UploadStatus { Arriving = "arriving", Checking = "checking", Done = "done", Refused = "refused" }
}

/// A file that arrives in parts, as who sends it is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Upload {
    /// Of the file it becomes.
    pub id: FileId,
    pub pitch: PitchId,
    /// As what it is to go there.
    pub kind: String,
    pub name: String,
    pub size: i64,
    /// The bytes of every part but the last.
    pub part: i64,
    /// The parts that are here.
    pub parts: Vec<Part>,
    pub status: UploadStatus,
    /// Bytes of the whole that were checked.
    pub checked: i64,
    /// Why it was refused, or what it waits for.
    pub note: Option<String>,
}

/// A part that is here: its number, counted from zero, and its SHA-256 in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub number: u32,
    pub sha256: String,
}

impl Upload {
    /// The bytes that are here.
    pub fn arrived(&self) -> i64 {
        self.parts.iter().map(|part| self.part_size(part.number).unwrap_or(0)).sum()
    }

    /// The bytes of a part; `None` if there is no such part.
    pub fn part_size(&self, number: u32) -> Option<i64> {
        let rest = self.size - i64::from(number) * self.part;
        (rest > 0).then_some(rest.min(self.part))
    }

    /// How many parts it has.
    pub fn part_count(&self) -> u32 {
        u32::try_from((self.size + self.part - 1) / self.part).unwrap_or(0)
    }
}

/// How much of their room somebody uses, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub used: i64,
    pub most: i64,
}

/// A stored file, as who may open it is told of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    pub file: FileId,
    pub name: String,
    pub media_type: String,
    pub size: i64,
    pub pages: Option<i32>,
    /// Hexadecimal.
    pub sha256: String,
    pub uploaded_at: Time,
}

impl Document {
    /// "PDF, 112 pages, 1.4 MB".
    pub fn described(&self) -> String {
        let kind = match self.media_type.as_str() {
            "application/pdf" => "PDF",
            "image/jpeg" => "JPEG",
            "image/png" => "PNG",
            "image/webp" => "WebP",
            "video/mp4" => "MP4 video",
            "video/webm" => "WebM video",
            "video/quicktime" => "MOV video",
            other => other,
        };
        let pages = match self.pages {
            Some(1) => ", 1 page".to_string(),
            Some(pages) => format!(", {pages} pages"),
            None => String::new(),
        };
        format!("{kind}{pages}, {}", size(self.size))
    }
}

/// "1.4 MB".
pub fn size(bytes: i64) -> String {
    match bytes {
        ..1_024 => format!("{bytes} bytes"),
        1_024..1_048_576 => format!("{} KB", bytes / 1_024),
        1_048_576..1_073_741_824 => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
        _ => format!("{:.1} GB", bytes as f64 / 1_073_741_824.0),
    }
}

/// The address of a file; of an image at least `width` pixels wide, where that exists.
pub fn href(file: FileId, width: Option<u32>) -> String {
    match width {
        Some(width) => format!("/files/{file}?w={width}"),
        None => format!("/files/{file}"),
    }
}

/// The address of a file's receipt.
pub fn receipt(file: FileId) -> String {
    format!("/files/{file}/receipt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_say_them() {
        assert_eq!([size(12), size(12_345), size(1_500_000)], ["12 bytes", "12 KB", "1.4 MB"]);
        assert_eq!(size(5 << 30), "5.0 GB");
    }

    #[test]
    fn the_last_part_is_what_is_left() {
        let upload = |size| Upload {
            id: FileId(Default::default()),
            pitch: PitchId(Default::default()),
            kind: "trailer".into(),
            name: String::new(),
            size,
            part: 10,
            parts: Vec::new(),
            status: UploadStatus::Arriving,
            checked: 0,
            note: None,
        };
        let of = |size: i64| (upload(size).part_count(), (0..4).map(|n| upload(size).part_size(n)).collect::<Vec<_>>());
        assert_eq!(of(25), (3, vec![Some(10), Some(10), Some(5), None]));
        assert_eq!(of(20), (2, vec![Some(10), Some(10), None, None]));
        assert_eq!(of(1), (1, vec![Some(1), None, None, None]));
    }
}

//! What the browser may know of files, too.

use serde::{Deserialize, Serialize};

use crate::shared::{ids::FileId, time::Time};

/// What sort of file is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Accept {
    /// JPEG, PNG or WebP.
    Image,
    Pdf,
    ImageOrPdf,
}

/// The most bytes of an image and of a PDF.
pub const IMAGE_BYTES: u64 = 10 * 1024 * 1024;
pub const PDF_BYTES: u64 = 50 * 1024 * 1024;

impl Accept {
    pub fn images(self) -> bool {
        self != Accept::Pdf
    }

    pub fn pdfs(self) -> bool {
        self != Accept::Image
    }

    /// For the `accept` of a file input.
    pub fn input(self) -> &'static str {
        match self {
            Accept::Image => "image/jpeg,image/png,image/webp",
            Accept::Pdf => "application/pdf",
            Accept::ImageOrPdf => "application/pdf,image/jpeg,image/png,image/webp",
        }
    }

    /// What may be sent, told before it is.
    pub fn hint(self) -> &'static str {
        match self {
            Accept::Image => "JPEG, PNG or WebP, up to 10 MB.",
            Accept::Pdf => "PDF, up to 50 MB.",
            Accept::ImageOrPdf => "PDF up to 50 MB, or JPEG, PNG or WebP up to 10 MB.",
        }
    }

    /// The most bytes of any of them.
    pub fn most(self) -> u64 {
        if self.pdfs() { PDF_BYTES } else { IMAGE_BYTES }
    }
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
        _ => format!("{:.1} MB", bytes as f64 / 1_048_576.0),
    }
}

/// The address of a file; of an image at least `width` pixels wide, where that exists.
pub fn href(file: FileId, width: Option<u32>) -> String {
    match width {
        Some(width) => format!("/files/{file}?w={width}"),
        None => format!("/files/{file}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_read_as_people_say_them() {
        assert_eq!([size(12), size(12_345), size(1_500_000)], ["12 bytes", "12 KB", "1.4 MB"]);
    }
}

//! Setting a document as a PDF with typst: a template, data for it, and files to attach. Nothing else is read, and the same
//! input gives the same bytes.

use std::sync::LazyLock;

use chrono::{Datelike, Timelike};
use typst::{
    Library, LibraryExt, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, Timestamp};

use crate::shared::{
    error::{AppError, Result},
    time::Time,
};

/// The PDF of `template`, which finds `data` as `data.json` and the attachments by their names. `at` is when it was made.
pub fn pdf(template: &str, data: &serde_json::Value, attachments: &[(&str, &[u8])], at: Time) -> Result<Vec<u8>> {
    let mut files = vec![(file("data.json")?, Bytes::new(data.to_string().into_bytes()))];
    for (name, bytes) in attachments {
        files.push((file(name)?, Bytes::new(bytes.to_vec())));
    }
    let main = file("main.typ")?;
    let desk = Desk { source: Source::new(main, template.into()), files };
    let set = typst::compile::<PagedDocument>(&desk).output.map_err(|errors| failed(&errors));
    let made = set.and_then(|document| {
        let options = PdfOptions {
            creator: Smart::Custom(Some("Pitchey".into())),
            timestamp: timestamp(at),
            ..PdfOptions::default()
        };
        typst_pdf::pdf(&document, &options).map_err(|errors| failed(&errors))
    });
    // What typst remembers of this document is of no use for the next.
    typst::comemo::evict(0);
    made
}

fn failed(errors: &[SourceDiagnostic]) -> AppError {
    let words: Vec<&str> = errors.iter().map(|error| error.message.as_str()).collect();
    AppError::internal(format!("a document cannot be set: {}", words.join("; ")))
}

fn file(name: &str) -> Result<FileId> {
    let path = VirtualPath::new(name).map_err(|_| AppError::internal("not a name for a file of a document"))?;
    Ok(RootedPath::new(VirtualRoot::Project, path).intern())
}

fn timestamp(at: Time) -> Option<Timestamp> {
    let small = |number: u32| u8::try_from(number).ok();
    let at = Datetime::from_ymd_hms(
        at.year(),
        small(at.month())?,
        small(at.day())?,
        small(at.hour())?,
        small(at.minute())?,
        small(at.second())?,
    )?;
    Some(Timestamp::new_utc(at))
}

/// What typst's own fonts (Latin, Greek, Cyrillic) leave out and names are written in. `fonts/OFL.txt` is their licence.
const OTHER_SCRIPTS: [&[u8]; 4] = [
    include_bytes!("fonts/NotoSansArabic.ttf"),
    include_bytes!("fonts/NotoSansDevanagari.ttf"),
    include_bytes!("fonts/NotoSansHebrew.ttf"),
    include_bytes!("fonts/NotoSansThai.ttf"),
];

/// The fonts that documents are set in, read once.
struct Fonts {
    book: LazyHash<FontBook>,
    fonts: Vec<Font>,
}

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let data = typst_assets::fonts().chain(OTHER_SCRIPTS);
    let fonts: Vec<Font> = data.flat_map(|data| Font::iter(Bytes::new(data))).collect();
    Fonts { book: LazyHash::new(FontBook::from_fonts(&fonts)), fonts }
});

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

/// The characters of `text` that no font has, in order: they would be set as boxes.
pub fn missing(text: &str) -> Vec<char> {
    let has = |c: char| FONTS.fonts.iter().any(|font| font.info().coverage.contains(u32::from(c)));
    let shows = |c: &char| !c.is_whitespace() && !joins(*c);
    text.chars().filter(shows).filter(|c| !has(*c)).collect()
}

/// Joiners and selectors of variants show nothing by themselves.
fn joins(c: char) -> bool {
    matches!(c, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}')
}

/// All that one document can read.
struct Desk {
    source: Source,
    files: Vec<(FileId, Bytes)>,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        self.source.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.source.id() { Ok(self.source.clone()) } else { Err(FileError::NotSource) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        let found = self.files.iter().find(|(file, _)| *file == id);
        found.map(|(_, bytes)| bytes.clone()).ok_or(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.fonts.get(index).cloned()
    }

    fn today(&self, _offset: Option<Duration>) -> Option<Datetime> {
        None
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn at() -> Time {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    #[test]
    fn what_people_wrote_is_set_as_they_wrote_it() {
        let name = "#panic() *Zoë* $x$ \\ Łódź Ωμέγα Привет";
        let made = pdf("#json(\"data.json\").name", &serde_json::json!({ "name": name }), &[], at()).unwrap();
        assert!(made.starts_with(b"%PDF-"));
        assert_eq!(made, pdf("#json(\"data.json\").name", &serde_json::json!({ "name": name }), &[], at()).unwrap());
    }

    #[test]
    fn the_scripts_that_names_are_written_in_have_letters_and_the_others_are_known() {
        for name in
            ["Zoë Łukasz", "Ωμέγα Иванов", "محمد بن سلمان", "שרה כהן", "प्रिया शर्मा", "สมชาย ใจดี", "فارسی\u{200c}ها"]
        {
            assert!(missing(name).is_empty(), "{name}: {:?}", missing(name));
        }
        assert_eq!(missing("Wang 王小王"), ['王', '小', '王']);
    }

    #[test]
    fn a_document_reads_nothing_else() {
        for template in ["#read(\"/etc/passwd\")", "#image(\"x.png\")", "#import \"@preview/cetz:0.3.0\"", "#nonsense"]
        {
            assert!(pdf(template, &serde_json::Value::Null, &[], at()).is_err(), "{template}");
        }
    }
}

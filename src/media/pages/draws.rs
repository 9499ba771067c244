//! What the confined process does: reads a document from its standard input, draws the pages that were ordered and writes
//! them to its standard output. It knows neither database nor store nor network.

use std::io::{self, BufRead, Read, Write};

use hayro::{
    RenderCache, RenderSettings,
    hayro_interpret::{InterpreterSettings, TransformExt},
    hayro_syntax::{
        LoadPdfError, Pdf,
        object::{Object, dict::Dict},
        page::Page,
    },
    kurbo::Affine,
    vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources, TargetInit, color::palette::css::WHITE},
};
use serde::{Deserialize, Serialize};

use super::super::inspect::PAGES;
use crate::shared::time::Time;

mod set;
mod stamp;
mod words;

/// Bytes of memory and seconds of work that one order may take.
pub const MEMORY: u64 = 768 * 1024 * 1024;
pub const SECONDS: u64 = 20;
/// A page is drawn in at most so many pixels, however long it is.
const PIXELS: f32 = 12_000_000.0;
/// The longest side of a page, in points: 7 m, five times what the format's readers are made for.
const SIDE: f32 = 20_000.0;
const QUALITY: f32 = 90.0;

/// Which pages to draw how wide, what to stamp on all of them, or what to set around them; none: only look at the document.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Order {
    pub pages: Vec<i32>,
    pub widths: Vec<u32>,
    pub stamp: Option<String>,
    pub set: Option<Setting>,
}

/// What is set around a document, whose pages it takes in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Setting {
    pub template: String,
    pub data: serde_json::Value,
    /// Under which name the template finds the document.
    pub name: String,
    /// In hexadecimal: of these bytes and no others.
    pub sha256: String,
    /// Files beside it: name and text.
    pub texts: Vec<(String, String)>,
    pub at: Time,
}

/// What was drawn.
#[derive(Debug, Default)]
pub struct Drawn {
    /// How many pages the document has.
    pub pages: i32,
    pub drawn: Vec<DrawnPage>,
    /// The document with a stamp on every page, or with what was set around it.
    pub made: Vec<u8>,
}

#[derive(Debug)]
pub struct DrawnPage {
    pub number: i32,
    pub text: String,
    /// WebP by width.
    pub pictures: Vec<(u32, Vec<u8>)>,
}

/// Why a document cannot be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Flaw {
    Locked,
    Damaged,
    Empty,
    Scripted,
    TooLong,
    HugePage,
    TooHeavy,
    NotFlat,
    NotTaken,
}

impl Flaw {
    /// For the person who sent it or would read it.
    pub fn sentence(self) -> String {
        match self {
            Flaw::Locked => "This PDF is locked with a password. Please export it without one and send that.".into(),
            Flaw::Damaged => "This PDF is damaged and cannot be opened. Please export it again and send that.".into(),
            Flaw::Empty => "This PDF has no pages. Please export it again and send that.".into(),
            Flaw::Scripted => {
                "This PDF has a program inside (JavaScript). Please export it without, for instance by printing it to a PDF."
                    .into()
            }
            Flaw::TooLong => format!("This PDF has more than {PAGES} pages; please send a shorter one."),
            Flaw::HugePage => "A page of this PDF has no size that can be shown. Please export it in a paper size.".into(),
            Flaw::TooHeavy => {
                "This PDF takes more time or memory to show than a document needs. Please export it again, with smaller pictures."
                    .into()
            }
            Flaw::NotFlat => {
                "This PDF has form fields, notes or layers, which a copy on paper would not show. Please print it to a PDF and send that."
                    .into()
            }
            Flaw::NotTaken => {
                "The pages of this PDF cannot be put into another document. Please export it again, as PDF 1.7 or older."
                    .into()
            }
        }
    }
}

/// A line of the answer; pictures follow their line as so many bytes.
#[derive(Debug, Serialize, Deserialize)]
enum Line {
    Document { pages: i32 },
    Page { number: i32, text: String },
    Picture { width: u32, bytes: usize },
    Made { bytes: usize },
    Flaw(Flaw),
    End,
}

/// Carries out an order, confined to its memory and time.
pub fn run(order: &str, document: impl Read, answer: impl Write) -> anyhow::Result<()> {
    rlimit::setrlimit(rlimit::Resource::DATA, MEMORY, MEMORY)?;
    rlimit::setrlimit(rlimit::Resource::CPU, SECONDS, SECONDS)?;
    rlimit::setrlimit(rlimit::Resource::CORE, 0, 0)?;
    carry_out(&serde_json::from_str(order)?, document, answer)
}

fn carry_out(order: &Order, mut document: impl Read, mut answer: impl Write) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    document.read_to_end(&mut bytes)?;
    let done = match order {
        Order { stamp: Some(line), .. } => hand_over(stamp::stamp(&bytes, line), &mut answer)?,
        Order { set: Some(setting), .. } => hand_over(set::set(bytes, setting), &mut answer)?,
        _ => draw(order, bytes, &mut answer)?,
    };
    if let Err(flaw) = done {
        write_line(&mut answer, &Line::Flaw(flaw))?;
    }
    write_line(&mut answer, &Line::End)?;
    Ok(answer.flush()?)
}

fn hand_over(made: Result<Vec<u8>, Flaw>, answer: &mut impl Write) -> anyhow::Result<Result<(), Flaw>> {
    let made = match made {
        Ok(made) => made,
        Err(flaw) => return Ok(Err(flaw)),
    };
    write_line(answer, &Line::Made { bytes: made.len() })?;
    answer.write_all(&made)?;
    Ok(Ok(()))
}

fn draw(order: &Order, bytes: Vec<u8>, answer: &mut impl Write) -> anyhow::Result<Result<(), Flaw>> {
    let pdf = match open(bytes) {
        Ok(pdf) => pdf,
        Err(flaw) => return Ok(Err(flaw)),
    };
    let pages = pdf.pages();
    write_line(answer, &Line::Document { pages: i32::try_from(pages.len())? })?;
    if order.pages.is_empty() && pages.iter().any(|page| scale(page, 1).is_none()) {
        return Ok(Err(Flaw::HugePage));
    }
    let cache = RenderCache::new();
    for &number in &order.pages {
        let Some(page) = usize::try_from(number - 1).ok().and_then(|at| pages.get(at)) else { continue };
        write_line(answer, &Line::Page { number, text: words::read(page) })?;
        for &width in &order.widths {
            let Some(scale) = scale(page, width) else { return Ok(Err(Flaw::HugePage)) };
            let webp = encode(&paint(page, &cache, scale))?;
            write_line(answer, &Line::Picture { width, bytes: webp.len() })?;
            answer.write_all(&webp)?;
        }
    }
    Ok(Ok(()))
}

fn open(bytes: Vec<u8>) -> Result<Pdf, Flaw> {
    let pdf = Pdf::new(bytes).map_err(|error| match error {
        LoadPdfError::Decryption(_) => Flaw::Locked,
        LoadPdfError::Invalid => Flaw::Damaged,
    })?;
    match pdf.pages().len() {
        0 => return Err(Flaw::Empty),
        pages if pages > PAGES => return Err(Flaw::TooLong),
        _ => {}
    }
    if pdf.objects().into_iter().any(|object| is_scripted(&object)) { Err(Flaw::Scripted) } else { Ok(pdf) }
}

/// Whether an object holds an action that runs a program. It is never run here, but a reader's own viewer would.
fn is_scripted(object: &Object<'_>) -> bool {
    match object {
        Object::Dict(dict) => names_a_script(dict),
        Object::Stream(stream) => names_a_script(stream.dict()),
        Object::Array(array) => has_script_name(array.data()),
        _ => false,
    }
}

fn names_a_script(dict: &Dict<'_>) -> bool {
    has_script_name(dict.data())
}

fn has_script_name(raw: &[u8]) -> bool {
    let plain = unescaped(raw);
    let named = |name: &[u8]| {
        let ends = |rest: &[u8]| rest.first().is_none_or(|next| !next.is_ascii_alphanumeric());
        plain.windows(name.len()).enumerate().any(|(at, w)| w == name && ends(&plain[at + name.len()..]))
    };
    named(b"/JS") || named(b"/JavaScript")
}

/// With `#4a` as the letter that it stands for (ISO 32000-1, 7.3.5).
fn unescaped(raw: &[u8]) -> Vec<u8> {
    let mut plain = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&first, after)) = rest.split_first() {
        let code = after.get(..2).filter(|_| first == b'#').and_then(|two| std::str::from_utf8(two).ok());
        match code.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(letter) => {
                plain.push(letter);
                rest = &after[2..];
            }
            None => {
                plain.push(first);
                rest = after;
            }
        }
    }
    plain
}

/// Pixels a point at `width`; less if the page is so long that it would have too many of them.
fn scale(page: &Page<'_>, width: u32) -> Option<f32> {
    let (across, down) = page.render_dimensions();
    let fine = |side: f32| (1.0..=SIDE).contains(&side);
    let most = (PIXELS / (across * down)).sqrt();
    (fine(across) && fine(down)).then(|| (width as f32 / across).min(most).min(f32::from(u16::MAX) / down))
}

fn paint<'a>(page: &'a Page<'a>, cache: &RenderCache<'a>, scale: f32) -> Pixmap {
    let (across, down) = page.render_dimensions();
    let side = |points: f32| ((points * scale).round() as u16).max(1);
    let mut context = RenderContext::new(side(across), side(down));
    let transform = Affine::scale(f64::from(scale)) * page.initial_transform(true).to_kurbo();
    let settings = InterpreterSettings::default();
    hayro::render_into(page, cache, &settings, &RenderSettings::default(), &mut context, transform);
    context.flush();
    let mut picture = Pixmap::new(context.width(), context.height());
    let paper = RasterizerSettings { target_init: TargetInit::Clear(WHITE), ..Default::default() };
    context.render_with(&mut picture, &mut Resources::default(), paper);
    picture
}

/// The paper is opaque, so what is premultiplied is what it is.
fn encode(picture: &Pixmap) -> anyhow::Result<Vec<u8>> {
    let encoder = webp::Encoder::from_rgba(picture.data_as_u8_slice(), picture.width().into(), picture.height().into());
    super::mark::webp(&encoder, QUALITY)
}

fn write_line(answer: &mut impl Write, line: &Line) -> io::Result<()> {
    // On a line of its own, whatever was printed before.
    writeln!(answer, "\n{}", serde_json::to_string(line)?)
}

/// Reads what `run` wrote; `None` if it ends too early: then the process was stopped.
pub fn read(answer: &[u8]) -> Option<Result<Drawn, Flaw>> {
    let mut rest = answer;
    let mut drawn = Drawn::default();
    loop {
        let mut line = String::new();
        rest.read_line(&mut line).ok().filter(|read| *read > 0)?;
        // A test's own lines may stand between ours.
        let Ok(line) = serde_json::from_str::<Line>(&line) else { continue };
        match line {
            Line::Document { pages } => drawn.pages = pages,
            Line::Page { number, text } => drawn.drawn.push(DrawnPage { number, text, pictures: Vec::new() }),
            Line::Picture { width, bytes } => {
                let (webp, after) = rest.split_at_checked(bytes)?;
                drawn.drawn.last_mut()?.pictures.push((width, webp.to_vec()));
                rest = after;
            }
            Line::Made { bytes } => {
                let (made, after) = rest.split_at_checked(bytes)?;
                drawn.made = made.to_vec();
                rest = after;
            }
            Line::Flaw(flaw) => return Some(Err(flaw)),
            Line::End => return Some(Ok(drawn)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_is_found_however_its_name_is_written() {
        for scripted in
            [&b"<</S/JavaScript/JS(x)>>"[..], b"<</S /J#53 1 0 R>>", b"<</S/J#61vaScript>>", b"[<</#4aS 1>>]"]
        {
            assert!(has_script_name(scripted), "{}", String::from_utf8_lossy(scripted));
        }
        for plain in [&b"<</Type/Page>>"[..], b"<</JSON 1>>", b"<</A#>>", b"<</A#4"] {
            assert!(!has_script_name(plain), "{}", String::from_utf8_lossy(plain));
        }
    }
}

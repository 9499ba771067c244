//! A whole document with the reader's mark on every page: over what is there, upright however the page is turned. The mark is
//! drawn with the same words as on pictures.

use lopdf::{Dictionary, Document, Object, ObjectId, Stream, dictionary};

use super::{super::mark, Flaw};

/// How far up the tree of pages a page's own values are looked for.
const DEPTH: usize = 64;

/// `bytes` again, with `line` on every page.
pub fn stamp(bytes: &[u8], line: &str) -> Result<Vec<u8>, Flaw> {
    let mut pdf = Document::load_mem(bytes).map_err(|_| Flaw::Damaged)?;
    if pdf.is_encrypted() || pdf.was_encrypted() {
        return Err(Flaw::Locked);
    }
    let before = pdf.add_object(Stream::new(Dictionary::new(), b"q".to_vec()));
    let ours = Ours::put_into(&mut pdf);
    for page in pdf.get_pages().into_values() {
        mark_page(&mut pdf, page, line, before, &ours).ok_or(Flaw::Damaged)?;
    }
    let mut out = Vec::new();
    pdf.save_to(&mut out).map_err(|_| Flaw::Damaged)?;
    Ok(out)
}

/// What the mark is drawn with, once in the document.
struct Ours {
    font: ObjectId,
    pale: ObjectId,
    firm: ObjectId,
}

impl Ours {
    fn put_into(pdf: &mut Document) -> Self {
        let shows = |part: f32| dictionary! { "Type" => "ExtGState", "ca" => part, "BM" => "Normal" };
        Self {
            font: pdf.add_object(dictionary! { "Type" => "Font", "Subtype" => "Type1", "BaseFont" => "Helvetica" }),
            pale: pdf.add_object(shows(mark::PALE)),
            firm: pdf.add_object(shows(mark::FIRM)),
        }
    }

    /// `resources` and these beside them.
    fn beside(&self, pdf: &Document, mut resources: Dictionary) -> Dictionary {
        let mut add = |kind: &str, names: &[(&str, ObjectId)]| {
            let mut all = resources.get(kind.as_bytes()).ok().and_then(|o| dict(pdf, o)).unwrap_or_default();
            names.iter().for_each(|(name, id)| all.set(*name, Object::Reference(*id)));
            resources.set(kind, all);
        };
        add("Font", &[("PitcheyFont", self.font)]);
        add("ExtGState", &[("PitcheyPale", self.pale), ("PitcheyFirm", self.firm)]);
        resources
    }
}

fn dict(pdf: &Document, object: &Object) -> Option<Dictionary> {
    pdf.dereference(object).ok()?.1.as_dict().ok().cloned()
}

/// A value of a page, or of the nearest folder of pages above it that has it.
fn inherited(pdf: &Document, page: ObjectId, key: &str) -> Option<Object> {
    let mut at = pdf.get_dictionary(page).ok()?;
    for _ in 0..DEPTH {
        if let Ok(value) = at.get(key.as_bytes()) {
            return Some(pdf.dereference(value).ok()?.1.clone());
        }
        at = pdf.get_dictionary(at.get(b"Parent").ok()?.as_reference().ok()?).ok()?;
    }
    None
}

/// Left, bottom, width and height of what is shown of a page.
fn area(pdf: &Document, page: ObjectId) -> Option<[f64; 4]> {
    let shown = inherited(pdf, page, "CropBox").or_else(|| inherited(pdf, page, "MediaBox"))?;
    let corner = |n: usize| Some(f64::from(pdf.dereference(shown.as_array().ok()?.get(n)?).ok()?.1.as_float().ok()?));
    let [x, y, to_x, to_y] = [corner(0)?, corner(1)?, corner(2)?, corner(3)?];
    Some([x.min(to_x), y.min(to_y), (to_x - x).abs(), (to_y - y).abs()])
}

fn mark_page(pdf: &mut Document, page: ObjectId, line: &str, before: ObjectId, ours: &Ours) -> Option<()> {
    let [x, y, width, height] = area(pdf, page)?;
    let turned = inherited(pdf, page, "Rotate").and_then(|o| o.as_i64().ok()).unwrap_or(0).rem_euclid(360);
    let (upright, width, height) = match turned {
        90 => (format!("0 1 -1 0 {} {y}", x + width), height, width),
        180 => (format!("-1 0 0 -1 {} {}", x + width, y + height), width, height),
        270 => (format!("0 -1 1 0 {x} {}", y + height), height, width),
        _ => (format!("1 0 0 1 {x} {y}"), width, height),
    };
    let drawing = format!("Q q {upright} cm\n{}Q", mark::drawing(width, height, line));
    let after = pdf.add_object(Stream::new(Dictionary::new(), drawing.into_bytes()));
    let resources = inherited(pdf, page, "Resources").and_then(|o| dict(pdf, &o)).unwrap_or_default();
    let resources = ours.beside(pdf, resources);
    let mut contents = vec![Object::Reference(before)];
    contents.extend(pdf.get_page_contents(page).into_iter().map(Object::Reference));
    contents.push(Object::Reference(after));
    let page = pdf.get_dictionary_mut(page).ok()?;
    page.set("Resources", resources);
    page.set("Contents", contents);
    Some(())
}

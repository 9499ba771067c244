//! Documents for tests, well made and badly: each is written here, byte by byte.

/// A PDF of `objects`, the first of which is its catalog; `more` goes into the trailer.
pub fn of(objects: &[String], more: &str) -> Vec<u8> {
    let mut out = b"%PDF-1.5\n%\xe2\xe3\xcf\xd3\n".to_vec();
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(out.len());
        out.extend(format!("{number} 0 obj\n{object}\nendobj\n").bytes());
    }
    let table = out.len();
    out.extend(format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1).bytes());
    offsets.iter().for_each(|offset| out.extend(format!("{offset:010} 00000 n \n").bytes()));
    let size = offsets.len() + 1;
    out.extend(format!("trailer\n<< /Size {size} /Root 1 0 R {more} >>\nstartxref\n{table}\n%%EOF\n").bytes());
    out
}

fn stream(dict: &str, data: &str) -> String {
    format!("<< {dict} /Length {} >>\nstream\n{data}\nendstream", data.len())
}

/// One page on `paper` (its `/MediaBox`), with `content` and what else its dictionary says.
fn one_page(catalog: &str, paper: &str, page: &str, content: String) -> Vec<String> {
    vec![
        format!("<< /Type /Catalog /Pages 2 0 R {catalog} >>"),
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>".into(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox {paper} /Contents 4 0 R /Resources << /Font << /F 5 0 R >> {page} >> >>"
        ),
        content,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>".into(),
    ]
}

const LETTER: &str = "[0 0 612 792]";

fn says(words: &str) -> String {
    stream("", &format!("BT /F 12 Tf 72 700 Td ({words}) Tj ET"))
}

/// A screenplay: each page says its number, and goes on for some lines.
pub fn script(pages: usize) -> Vec<u8> {
    script_with(pages, "")
}

fn script_with(pages: usize, more: &str) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|n| format!("{} 0 R", 2 * n + 4)).collect();
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        format!("<< /Type /Pages /Count {pages} /Kids [{}] >>", kids.join(" ")),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>".into(),
    ];
    for n in 0..pages {
        let contents = 2 * n + 5;
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox {LETTER} /Contents {contents} 0 R /Resources << /Font << /F 3 0 R >> >> {more} >>"
        ));
        let lines: String = (0..50).map(|line| format!("(Line {line} of what is said at night.) Tj T* ")).collect();
        objects.push(stream("", &format!("BT /F 12 Tf 12 TL 72 740 Td (This is page {}.) Tj T* {lines}ET", n + 1)));
    }
    of(&objects, "")
}

pub fn locked() -> Vec<u8> {
    let hex = "5a".repeat(32);
    let lock = format!("/Encrypt << /Filter /Standard /V 1 /R 2 /O <{hex}> /U <{hex}> /P -44 >> /ID [<00> <00>]");
    of(&one_page("", LETTER, "", says("Secret.")), &lock)
}

pub fn scripted() -> Vec<u8> {
    of(&one_page("/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>", LETTER, "", says("Hello.")), "")
}

/// The list of pages holds itself.
pub fn looped_pages() -> Vec<u8> {
    of(&["<< /Type /Catalog /Pages 2 0 R >>".into(), "<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>".into()], "")
}

/// A drawing that draws itself.
pub fn looped_drawing() -> Vec<u8> {
    let mut objects =
        one_page("", LETTER, "/XObject << /X 6 0 R >>", stream("", "/X Do BT /F 12 Tf 72 700 Td (Still here.) Tj ET"));
    objects.push(stream(
        "/Type /XObject /Subtype /Form /BBox [0 0 100 100] /Resources << /XObject << /X 6 0 R >> >>",
        "/X Do /X Do",
    ));
    of(&objects, "")
}

pub fn huge_page() -> Vec<u8> {
    of(&one_page("", "[0 0 90000000 90000000]", "", says("Far away.")), "")
}

/// A script whose first page has a field to fill in.
pub fn with_a_field() -> Vec<u8> {
    script_with(1, "/Annots [<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Nobody) /Rect [72 72 200 90] >>]")
}

/// Wider than any screen, yet a page.
pub fn banner() -> Vec<u8> {
    of(&one_page("", "[0 0 14400 100]", "", says("Along the wall.")), "")
}

/// A font that it does not bring along.
pub fn fontless() -> Vec<u8> {
    let mut objects = one_page("", LETTER, "", says("In any letters."));
    objects[4] = "<< /Type /Font /Subtype /TrueType /BaseFont /NoSuchFont-Bold /Encoding /WinAnsiEncoding >>".into();
    of(&objects, "")
}

/// A drawing that unpacks to 900 MB of blanks.
pub fn bomb() -> Vec<u8> {
    let packed = "81 20 ".repeat(900 * 1024 * 1024 / 128);
    of(&one_page("", LETTER, "", stream("/Filter [/ASCIIHexDecode /RunLengthDecode]", &packed)), "")
}

/// Many pages, packed so that they cannot be counted as they go by.
pub fn packed(pages: usize) -> Vec<u8> {
    let kids: Vec<String> = (0..pages).map(|n| format!("{} 0 R", n + 3)).collect();
    let mut inside = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        format!("<< /Type /Pages /Count {pages} /Kids [{}] >>", kids.join(" ")),
    ];
    inside.extend((0..pages).map(|_| format!("<< /Type /Page /Parent 2 0 R /MediaBox {LETTER} >>")));
    let (mut numbers, mut bodies) = (String::new(), String::new());
    for (number, object) in (1..).zip(&inside) {
        numbers.push_str(&format!("{number} {} ", bodies.len()));
        bodies.push_str(object);
        bodies.push(' ');
    }
    let mut out = b"%PDF-1.5\n".to_vec();
    let holder = inside.len() + 1;
    let at = out.len();
    let packed = hex::encode(format!("{numbers}{bodies}"));
    let dict = format!("/Type /ObjStm /N {} /First {} /Filter /ASCIIHexDecode", inside.len(), numbers.len());
    out.extend(format!("{holder} 0 obj\n{}\nendobj\n", stream(&dict, &packed)).bytes());
    let table = out.len();
    let mut rows = String::from("00 00000000 FFFF ");
    (0..inside.len()).for_each(|index| rows.push_str(&format!("02 {holder:08X} {index:04X} ")));
    rows.push_str(&format!("01 {at:08X} 0000 01 {table:08X} 0000 "));
    let size = holder + 2;
    let dict = format!("/Type /XRef /Size {size} /W [1 4 2] /Root 1 0 R /Filter /ASCIIHexDecode");
    out.extend(format!("{} 0 obj\n{}\nendobj\nstartxref\n{table}\n%%EOF\n", holder + 1, stream(&dict, &rows)).bytes());
    out
}

/// Four pages, each turned further; paper and fonts are their folder's, as some programs write it.
pub fn turned() -> Vec<u8> {
    let mut objects = vec![
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        format!(
            "<< /Type /Pages /Count 4 /Kids [4 0 R 6 0 R 8 0 R 10 0 R] /MediaBox {LETTER} /Resources << /Font << /F 3 0 R >> >> >>"
        ),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>".into(),
    ];
    for n in 0..4 {
        objects.push(format!("<< /Type /Page /Parent 2 0 R /Rotate {} /Contents {} 0 R >>", n * 90, 2 * n + 5));
        objects.push(says(&format!("Turned {}.", n + 1)));
    }
    of(&objects, "")
}

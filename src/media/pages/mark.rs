//! Who reads, burned into every page that goes out: a line at the foot that can be read on any paper, and pale ones across
//! the page that cannot be cut off with it.

use bytes::Bytes;
use hayro::{
    RenderCache, RenderSettings,
    hayro_interpret::{InterpreterSettings, TransformExt},
    hayro_syntax::Pdf,
    kurbo::Affine,
    vello_cpu::{Pixmap, RasterizerSettings, RenderContext, Resources},
};
use tokio::sync::Semaphore;

use crate::shared::{
    error::{AppError, Result},
    time::{self, Time},
};

/// Pages marked at once; each takes about 20 MB while it is open.
static OPEN_PAGES: Semaphore = Semaphore::const_new(4);
const QUALITY: f32 = 80.0;
/// How much the pale lines and the band at the foot cover.
pub const PALE: f32 = 0.2;
pub const FIRM: f32 = 0.72;
/// How wide Helvetica's letters are on the average, in ems.
const LETTER: f64 = 0.47;

/// What is burned in.
#[derive(Clone, Debug)]
pub struct Mark {
    pub email: String,
    pub at: Time,
    pub address: String,
}

impl Mark {
    /// "sarah@lane.test · 23 November 2026, 14:05 UTC · 203.0.113.7", in letters that every PDF font has.
    pub fn line(&self) -> String {
        let line = format!("{}  -  {}  -  {}", self.email, time::exact(self.at), self.address);
        line.chars().map(|c| if c.is_ascii() && !c.is_ascii_control() { c } else { '?' }).collect()
    }

    /// The page `bare` (WebP) with the mark on it.
    pub async fn burn(self, bare: Bytes) -> Result<Bytes> {
        let turn = OPEN_PAGES.acquire().await.map_err(AppError::internal)?;
        let burned = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            burn(&bare, &self.line())
        });
        burned.await.map_err(AppError::internal)?.map_err(AppError::internal)
    }
}

fn burn(bare: &[u8], line: &str) -> anyhow::Result<Bytes> {
    let page = webp::Decoder::new(bare).decode().ok_or_else(|| anyhow::anyhow!("a drawn page cannot be read"))?;
    let (width, height) = (page.width(), page.height());
    let channels = if page.is_alpha() { 4 } else { 3 };
    let mut pixels: Vec<u8> = page.to_vec();
    let mark = paint(u16::try_from(width)?, u16::try_from(height)?, line)?;
    for (pixel, over) in pixels.chunks_exact_mut(channels).zip(mark.data_as_u8_slice().chunks_exact(4)) {
        if over[3] > 0 {
            let kept = 255 - u16::from(over[3]);
            for (under, over) in pixel.iter_mut().zip(&over[..3]) {
                *under = u8::try_from((u16::from(*under) * kept + 127) / 255 + u16::from(*over)).unwrap_or(u8::MAX);
            }
        }
    }
    let encoder = if channels == 4 {
        webp::Encoder::from_rgba(&pixels, width, height)
    } else {
        webp::Encoder::from_rgb(&pixels, width, height)
    };
    webp(&encoder, QUALITY).map(Bytes::from)
}

/// A WebP made in little time: pages are many, and somebody waits.
pub fn webp(encoder: &webp::Encoder<'_>, quality: f32) -> anyhow::Result<Vec<u8>> {
    let unknown = |error| anyhow::anyhow!("WebP: {error:?}");
    let mut config = webp::WebPConfig::new().map_err(|()| anyhow::anyhow!("WebP cannot be configured"))?;
    (config.quality, config.method) = (quality, 1);
    Ok(encoder.encode_advanced(&config).map_err(unknown)?.to_vec())
}

/// The mark alone, on nothing.
fn paint(width: u16, height: u16, line: &str) -> anyhow::Result<Pixmap> {
    let pdf = Pdf::new(document(width.into(), height.into(), line)).map_err(|e| anyhow::anyhow!("the mark: {e:?}"))?;
    let page = pdf.pages().first().ok_or_else(|| anyhow::anyhow!("the mark has no page"))?;
    let mut context = RenderContext::new(width, height);
    let transform: Affine = page.initial_transform(true).to_kurbo();
    let (cache, settings) = (RenderCache::new(), InterpreterSettings::default());
    hayro::render_into(page, &cache, &settings, &RenderSettings::default(), &mut context, transform);
    context.flush();
    let mut picture = Pixmap::new(width, height);
    context.render_with(&mut picture, &mut Resources::default(), RasterizerSettings::default());
    Ok(picture)
}

/// How the mark is drawn on a page of this size, in the words of a PDF; `/PitcheyFont` is Helvetica, `/PitcheyPale` and
/// `/PitcheyFirm` say how much shows through.
pub fn drawing(width: f64, height: f64, line: &str) -> String {
    let line = line.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
    let fitting = |across: f64| across / (line.len().max(20) as f64 * LETTER * 1.1);
    let small = fitting(width * 0.9).min(width / 55.0);
    let (band, gap) = (small * 1.9, small * 0.6);
    let mut out = format!(
        "q /PitcheyFirm gs 0.12 g 0 0 {width:.1} {band:.1} re f 1 g BT /PitcheyFont {small:.2} Tf {:.1} {gap:.1} Td ({line}) Tj ET Q\n",
        (width - small * LETTER * line.len() as f64) / 2.0,
    );
    let across = fitting(width.hypot(height) * 0.62);
    let (turned, back) = (height.min(width) / width.hypot(height), width.max(height) / width.hypot(height));
    let (sin, cos) = if height > width { (back, turned) } else { (turned, back) };
    for part in [0.2, 0.5, 0.8] {
        let length = across * LETTER * line.len() as f64;
        let (x, y) = (width / 2.0 - cos * length / 2.0, height * part - sin * length / 2.0);
        out.push_str(&format!(
            "q /PitcheyPale gs 0.5 g BT /PitcheyFont {across:.2} Tf {cos:.4} {sin:.4} {:.4} {cos:.4} {x:.1} {y:.1} Tm ({line}) Tj ET Q\n",
            -sin
        ));
    }
    out
}

/// A PDF of one page that has nothing but the mark.
fn document(width: f64, height: f64, line: &str) -> Vec<u8> {
    let drawing = drawing(width, height, line);
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_string(),
        "<< /Type /Pages /Count 1 /Kids [3 0 R] >>".to_string(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents 4 0 R /Resources << \
             /Font << /PitcheyFont << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> \
             /ExtGState << /PitcheyPale << /ca {PALE} >> /PitcheyFirm << /ca {FIRM} >> >> >> >>"
        ),
        format!("<< /Length {} >>\nstream\n{drawing}\nendstream", drawing.len() + 1),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut offsets = Vec::new();
    for (number, object) in (1..).zip(objects) {
        offsets.push(out.len());
        out.push_str(&format!("{number} 0 obj\n{object}\nendobj\n"));
    }
    let table = out.len();
    out.push_str(&format!("xref\n0 {}\n0000000000 65535 f \n", offsets.len() + 1));
    offsets.iter().for_each(|offset| out.push_str(&format!("{offset:010} 00000 n \n")));
    out.push_str(&format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n", offsets.len() + 1));
    out.into_bytes()
}

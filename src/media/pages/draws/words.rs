//! The words of a page, for who listens to it: glyphs in the order they are drawn, put together to lines by where they stand.

use hayro::{
    hayro_interpret::{
        BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
        InterpreterSettings, SoftMask, TransformExt,
        font::{Glyph, GlyphRun},
        hayro_cmap::BfString,
        interpret_page,
    },
    hayro_syntax::page::Page,
    kurbo::{Affine, BezPath, Point, Rect, Vec2},
};

/// A page has no more characters than this worth listening to.
const MOST: usize = 50_000;
/// Glyphs stand in the units of their font, so many to an em.
const EM: f64 = 1_000.0;

/// The text of `page`, line by line; nothing of a page that is a picture.
pub fn read(page: &Page<'_>) -> String {
    let (across, down) = page.render_dimensions();
    let area = Rect::new(0.0, 0.0, across.into(), down.into());
    let transform: Affine = page.initial_transform(true).to_kurbo();
    let cache = InterpreterCache::new();
    let mut context = Context::new(transform, area, &cache, page.xref(), InterpreterSettings::default());
    let mut listener = Listener::default();
    interpret_page(page, &mut context, &mut listener);
    listener.text.trim().to_string()
}

#[derive(Default)]
struct Listener {
    text: String,
    /// Where the last glyph began and ended, and how high it stood.
    last: Option<(Point, Point, f64)>,
}

impl Listener {
    fn hear(&mut self, glyph: &Glyph<'_>, place: Affine) {
        let Some(word) = glyph.as_unicode().filter(|_| self.text.len() < MOST) else { return };
        let advance = match glyph {
            Glyph::Outline(glyph) => glyph.advance_width(),
            Glyph::Type3(glyph) => glyph.advance_width(),
        };
        let (from, to) = (place * Point::ZERO, place * Point::new(f64::from(advance.unwrap_or(500.0)), 0.0));
        let height = (place * Point::new(0.0, EM) - from).hypot();
        self.go_to(from, height);
        match word {
            BfString::Char(c) => self.text.push(c),
            BfString::String(s) => self.text.push_str(&s),
        }
        self.last = Some((from, to, height));
    }

    /// A new line or a space, if it takes one to get there: seen along the line that was written, however it is turned.
    fn go_to(&mut self, to: Point, height: f64) {
        let Some((began, ended, high)) = self.last else { return };
        let em = high.max(height).max(1.0);
        let written = ended - began;
        let along = if written.hypot() > 0.0 { written / written.hypot() } else { Vec2::new(1.0, 0.0) };
        let (on, off) = ((to - began).dot(along), (to - began).cross(along).abs());
        if off > 0.5 * em || on < -0.5 * em {
            // A wide gap between lines parts what is said.
            self.text.push_str(if off > 1.8 * em { "\n\n" } else { "\n" });
        } else if on - written.hypot() > 0.15 * em && !self.text.ends_with(char::is_whitespace) {
            self.text.push(' ');
        }
    }
}

impl<'a> Device<'a> for Listener {
    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, 'a>, props: DrawProps<'a>, _: &DrawMode) {
        for glyph in run.glyphs() {
            self.hear(glyph, props.transform * glyph.transform());
        }
    }

    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'a>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'a>>, _: BlendMode) {}
    fn draw_image(&mut self, _: Image<'a, '_>, _: ImageDrawProps<'a>) {}
    fn pop_clip(&mut self) {}
    fn pop_transparency_group(&mut self) {}
}

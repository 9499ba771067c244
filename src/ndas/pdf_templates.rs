//! Templates that are an uploaded PDF. The text beside it names it by its checksum, so that who signs the text signs the PDF;
//! its pages are read by the parties of agreements made from it, and nobody else.

use bytes::Bytes;
use futures::{Stream, StreamExt};
use multer::{Field, Multipart};

use super::{
    model::Pages,
    own_templates::{add_version, insert, lock, needs_pen, not_changed, template_name},
    owner_model::TemplateKind,
    paper, template,
    template_rows::{self, TemplateRow, Whose},
};
use crate::{
    accounts::door::{Caller, Visitor},
    media::{
        self,
        model::Accept,
        pages,
        service::{FileGrant, Received, StoredFile},
    },
    platform::Platform,
    shared::{
        error::{AppError, Result},
        ids::{FileId, TemplateId},
        text,
    },
};

/// The field of the file.
const PDF: &str = "pdf";
/// The most pages of an agreement, and the most bytes: the sealed paper holds it twice and is a mail's attachment, too.
const MOST_PAGES: usize = 40;
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// The most bytes of its pages once they are set: what shares a picture may grow.
const MOST_SET: usize = 10 * 1024 * 1024;
/// As many characters as an agreement has at least, and at most.
const CHARACTERS: std::ops::RangeInclusive<usize> = 200..=200_000;

/// Takes in a posted form: `name`, for a new version `template_id` and `version`, then the file `pdf`.
pub async fn upload(caller: &Caller, mut form: Multipart<'static>) -> Result<TemplateId> {
    needs_pen(caller)?;
    let mut asked = Asked::default();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name() {
            Some(PDF) => return take_in(caller, asked, field).await,
            Some("name") => asked.name = typed(field).await?,
            Some("template_id") => asked.of = Some(typed(field).await?.parse().map_err(|_| AppError::not_found())?),
            Some("version") => asked.seen = typed(field).await?.parse().unwrap_or_default(),
            _ => {}
        }
    }
    Err(AppError::field(PDF, "Please choose a file first."))
}

/// What the form says before its file.
#[derive(Default)]
struct Asked {
    name: String,
    /// A new version of this one; `None`: a new template.
    of: Option<TemplateId>,
    /// The version that it began with.
    seen: i32,
}

fn broken(_: multer::Error) -> AppError {
    AppError::field(PDF, "The upload broke off or could not be read. Please try again.")
}

/// A field that somebody typed; of more than a name nothing.
async fn typed(mut field: Field<'_>) -> Result<String> {
    let mut typed = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        typed.extend_from_slice(&chunk);
        if typed.len() > 1_024 {
            return Ok(String::new());
        }
    }
    Ok(String::from_utf8_lossy(&typed).into_owned())
}

async fn take_in(caller: &Caller, asked: Asked, field: Field<'static>) -> Result<TemplateId> {
    let Caller { platform, viewer, .. } = caller;
    platform.limits.upload(&viewer.id.to_string(), &caller.client.address)?;
    media::room::check(&mut *platform.db.acquire().await?, platform, viewer.id, 1, PDF).await?;
    let file = field.file_name().unwrap_or_default().to_string();
    let body = Box::pin(limited(field));
    let received = media::service::receive(platform, viewer.id, (PDF, &file), Accept::Pdf, body).await?;
    let saved = save(caller, asked, &received).await;
    media::service::settle(platform, &received, saved).await
}

/// Breaks off when more comes than an agreement has.
fn limited(field: Field<'static>) -> impl Stream<Item = Result<Bytes>> + Send {
    let mut size = 0;
    field.map(move |chunk| {
        let chunk = chunk.map_err(broken)?;
        size += chunk.len();
        if size > MOST_BYTES { Err(media::service::too_large(MOST_BYTES as u64, PDF)) } else { Ok(chunk) }
    })
}

async fn save(caller: &Caller, asked: Asked, received: &Received) -> Result<TemplateId> {
    let Caller { platform, viewer, .. } = caller;
    let name = template_name(&asked.name).map_err(|e| AppError::fields(vec![e]))?;
    let words = words(platform, received).await?;
    can_be_set(platform, received, words.len()).await?;
    let body = template::beside(words.len(), &hex::encode(received.sha256));
    let pages = Pages { file: received.id, words };
    let mut tx = platform.begin().await?;
    media::room::lock(&mut tx, viewer.id).await?;
    media::room::check(&mut tx, platform, viewer.id, received.size, PDF).await?;
    media::service::keep(&mut tx, received).await?;
    let version = (body.as_str(), Some(&pages));
    let id = match asked.of {
        None => insert(&mut tx, caller, TemplateKind::Nda, &name, version).await?,
        Some(id) => {
            let row = lock(&mut tx, caller, id).await?;
            not_changed(&row, asked.seen)?;
            follows(&row, &body)?;
            template_rows::rename(&mut tx, id, &name).await?;
            add_version(&mut tx, caller, &row, version).await?;
            id
        }
    };
    tx.commit().await?;
    Ok(id)
}

/// Whether a PDF with `body` beside it can be the next version of this template.
fn follows(row: &TemplateRow, body: &str) -> Result<()> {
    match row.pages {
        None => Err(AppError::conflict("This template is a text. Upload the PDF as a new template.")),
        Some(_) if row.body == body => Err(complaint("This is the same file as before, to the last byte.".into())),
        Some(_) => Ok(()),
    }
}

/// What its pages say: who cannot see them signs by these words, so that there must be some on each.
async fn words(platform: &Platform, received: &Received) -> Result<Vec<String>> {
    let pages = received.pages.unwrap_or_default();
    if pages as usize > MOST_PAGES {
        return Err(complaint(format!("This PDF has {pages} pages; an agreement here has up to {MOST_PAGES}.")));
    }
    let words = pages::words(platform, &received.key, pages, PDF).await?;
    readable(words.iter().map(|page| text::prose(page)).collect())
}

fn readable(words: Vec<String>) -> Result<Vec<String>> {
    let letters = |page: &String| page.chars().filter(|c| c.is_alphanumeric()).count();
    if let Some(mute) = words.iter().position(|page| letters(page) == 0) {
        return Err(complaint(format!(
            "Page {} of this PDF has no text, only a picture or nothing. Who signs must be able to have it read to them: \
             please export the agreement from the program it was written in, without empty pages.",
            mute + 1
        )));
    }
    match words.iter().map(letters).sum::<usize>() {
        n if n < *CHARACTERS.start() => {
            Err(complaint(format!("An agreement takes at least 200 characters of text; this PDF has {n}.")))
        }
        n if n > *CHARACTERS.end() => {
            Err(complaint("This PDF has more than 200 000 characters of text, which is more than an agreement.".into()))
        }
        _ => Ok(words),
    }
}

/// Sets its pages once as the sealed paper will have them, so that no signed agreement is left without one.
async fn can_be_set(platform: &Platform, received: &Received, pages: usize) -> Result<()> {
    let setting = paper::trial(hex::encode(received.sha256), pages, received.uploaded_at);
    match media::pages::set(platform, &received.key, setting).await? {
        Ok(set) if set.len() <= MOST_BYTES + MOST_SET => Ok(()),
        Ok(_) => Err(complaint(
            "The pages of this PDF become too large in a sealed copy. Please export it with smaller pictures.".into(),
        )),
        Err(flaw) => Err(complaint(flaw.sentence())),
    }
}

fn complaint(message: String) -> AppError {
    AppError::field(PDF, message)
}

/// The PDF of a template, for who may read it. Not there and not theirs are one answer.
async fn open(visitor: &Visitor, file: FileId) -> Result<StoredFile> {
    let viewer = visitor.viewer.as_ref().ok_or_else(AppError::not_found)?;
    let mut db = visitor.platform.db.acquire().await?;
    if !template_rows::may_read(&mut db, file, Whose::of(viewer)).await? {
        return Err(AppError::not_found());
    }
    media::store::load(&mut db, file).await?.ok_or_else(AppError::not_found)
}

/// The right to have the PDF as it is: what one signs, one may keep.
pub async fn grant(visitor: &Visitor, file: FileId) -> Result<FileGrant> {
    open(visitor, file).await?;
    Ok(FileGrant { file, public: false, original: true, viewing: None })
}

/// One of its pages as a picture.
pub async fn picture(visitor: &Visitor, file: FileId, page: i32, wanted: Option<u32>) -> Result<Bytes> {
    let stored = open(visitor, file).await?;
    if page < 1 || stored.pages.is_some_and(|pages| page > pages) {
        return Err(AppError::not_found());
    }
    pages::picture(&visitor.platform, &stored, page, pages::width(wanted)).await
}

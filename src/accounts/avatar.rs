//! A person's picture: public, one at a time.

use futures::StreamExt;
use multer::Multipart;

use super::{door::Caller, door::Visitor, store};
use crate::{
    media::{
        self,
        model::Accept,
        service::{FileGrant, Received},
    },
    shared::{
        error::{AppError, Result},
        ids::FileId,
    },
};

/// Takes in a posted form with one image, `avatar`, and shows it from then on.
pub async fn upload(caller: &Caller, mut form: Multipart<'static>) -> Result<()> {
    let broken = |_| AppError::field("avatar", "The upload broke off before its end. Please try again.");
    let Some(field) = form.next_field().await.map_err(broken)?.filter(|f| f.name() == Some("avatar")) else {
        return Err(AppError::field("avatar", "Please choose a picture first."));
    };
    let name = field.file_name().unwrap_or_default().to_string();
    let body = field.map(|chunk| chunk.map_err(broken));
    let received =
        media::service::receive(&caller.platform, caller.viewer.id, ("avatar", &name), Accept::Image, body).await?;
    let shown = show(caller, &received).await;
    media::service::settle(&caller.platform, &received, shown).await
}

async fn show(caller: &Caller, received: &Received) -> Result<()> {
    let mut tx = caller.platform.begin().await?;
    media::service::keep(&mut tx, received).await?;
    store::set_avatar(&mut tx, caller.viewer.id, Some(received.id)).await?;
    Ok(tx.commit().await?)
}

/// Shows none any more.
pub async fn remove(caller: &Caller) -> Result<()> {
    store::set_avatar(&mut *caller.platform.db.acquire().await?, caller.viewer.id, None).await
}

/// Everyone may see a picture that somebody shows at present.
pub async fn grant(visitor: &Visitor, file: FileId) -> Result<FileGrant> {
    if store::is_avatar(&mut *visitor.platform.db.acquire().await?, file).await? {
        Ok(FileGrant { file, public: true, original: false, viewing: None })
    } else {
        Err(AppError::not_found())
    }
}

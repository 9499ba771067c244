//! The receipt of an upload: what arrived, when, from whom and for what; and in plain words what that proves and what not.

use super::{
    content::Layer,
    materials::{self, Arrival},
    store,
};
use crate::{
    accounts::door::Visitor,
    media::model::size,
    shared::{
        error::{AppError, Result},
        ids::FileId,
        time::Time,
    },
};

/// The receipt of a file, for the owner of its pitch, and a name to save it under.
pub async fn of(visitor: &Visitor, file: FileId) -> Result<(String, String)> {
    let now = visitor.platform.now();
    let mut db = visitor.platform.db.acquire().await?;
    let found = store::find_file(&mut db, file, visitor.viewer.as_ref(), now).await?;
    found.filter(|f| f.access.layer == Layer::Owner).ok_or_else(AppError::not_found)?;
    let arrival = materials::arrival(&mut db, file).await?.ok_or_else(AppError::not_found)?;
    let name = format!("Receipt for {}.txt", arrival.name);
    Ok((text(file, &arrival, &visitor.platform.link(""), now), name))
}

fn text(file: FileId, arrival: &Arrival, site: &str, now: Time) -> String {
    let exact = |time: Time| time.format("%Y-%m-%d %H:%M:%S%.3f UTC").to_string();
    let entry = match &arrival.entry {
        Some((number, hash)) => format!("entry {number}, hash {hash}"),
        None => "not entered yet; ask for this receipt again in a minute".into(),
    };
    let Arrival { name, media_type, bytes, sha256, at, sender, title, kind, number, .. } = arrival;
    format!(
        "RECEIPT OF AN UPLOAD\n\
         \n\
         File          {name}\n\
         Type          {media_type}\n\
         Size          {bytes} bytes ({})\n\
         SHA-256       {sha256}\n\
         Received      {}\n\
         Sent by       {sender}\n\
         As            {}, version {number}, of \"{title}\"\n\
         File id       {file}\n\
         Our record    {entry}\n\
         \n\
         WHAT THIS SAYS\n\
         At that time, by our clock, a file with exactly this SHA-256 was in our hands, sent from that\n\
         account for that project. To check a copy: `sha256sum FILE`, or `shasum -a 256 FILE` on a Mac; the\n\
         same 64 characters mean the same file, to the last bit. Each entry of our record holds the hash of\n\
         the entry before it, so that one cannot be changed later without all that follow.\n\
         \n\
         WHAT IT DOES NOT SAY\n\
         Not who wrote or owns what is in the file, not who sat at the account, and not what the file\n\
         contains. No authority outside of us has confirmed the time, and this text is not signed: it is\n\
         worth as much as our record is. Keep the original file; without it this proves nothing.\n\
         \n\
         Issued {} by {site}\n",
        size(*bytes),
        exact(*at),
        kind.label(),
        exact(now),
    )
}

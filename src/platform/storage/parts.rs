//! An upload that arrives in parts: in any order, over dropped connections and restarts. S3 keeps the parts itself, under the
//! id of a multipart upload; in a folder and in memory each part is a file of its own until they are joined.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt, stream};
use object_store::{
    PutPayload,
    multipart::{MultipartStore, PartId},
};

use super::{Storage, path, refuse};
use crate::shared::error::{AppError, Result};

/// The folder of the store that parts are in where the store does not keep them itself.
pub const FOLDER: &str = "parts";

impl Storage {
    /// Begins an upload to `key`. The answer is the store's own name for it, needed for everything that follows.
    pub async fn begin_parts(&self, key: &str) -> Result<String> {
        match &self.s3 {
            Some(s3) => s3.create_multipart(&path(key)?).await.map_err(refuse),
            None => Ok(String::new()),
        }
    }

    /// Stores the part `number`, counted from zero; the same part may come again. The answer is its tag in the store.
    pub async fn put_part(&self, key: &str, upload: &str, number: u32, bytes: Bytes) -> Result<String> {
        let Some(s3) = &self.s3 else {
            self.put(&part_key(key, number), bytes).await?;
            return Ok(String::new());
        };
        let number = usize::try_from(number).map_err(AppError::internal)?;
        let stored = s3.put_part(&path(key)?, &upload.to_owned(), number, PutPayload::from_bytes(bytes)).await;
        Ok(stored.map_err(refuse)?.content_id)
    }

    /// Makes one file of `size` bytes of the parts with these tags, in order. One that was made already is left as it is.
    pub async fn join_parts(&self, key: &str, upload: &str, tags: Vec<String>, size: u64) -> Result<()> {
        if self.size(key).await? != Some(size) {
            match &self.s3 {
                Some(s3) => {
                    let parts = tags.into_iter().map(|content_id| PartId { content_id }).collect();
                    s3.complete_multipart(&path(key)?, &upload.to_owned(), parts).await.map_err(refuse)?;
                }
                None => self.join_files(key, tags.len(), size).await?,
            }
        }
        if self.s3.is_some() { Ok(()) } else { self.drop_parts(key, upload).await }
    }

    async fn join_files(&self, key: &str, count: usize, size: u64) -> Result<()> {
        let count = u32::try_from(count).map_err(AppError::internal)?;
        let keys: Vec<String> = (0..count).map(|number| part_key(key, number)).collect();
        let storage = self.clone();
        let one = move |key: String| {
            let storage = storage.clone();
            async move { storage.get(&key, None).await.map(|(part, _)| part) }
        };
        let whole = stream::iter(keys).then(one).try_flatten().boxed();
        self.put_stream(key, whole, size).await.map(drop)
    }

    /// Gives up what has arrived; what is gone already is fine.
    pub async fn drop_parts(&self, key: &str, upload: &str) -> Result<()> {
        if let Some(s3) = &self.s3 {
            return match s3.abort_multipart(&path(key)?, &upload.to_owned()).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
                Err(error) => Err(refuse(error)),
            };
        }
        let mut parts = self.list(&format!("{FOLDER}/{key}"));
        while let Some(part) = parts.try_next().await? {
            self.delete(&part.key).await?;
        }
        Ok(())
    }
}

fn part_key(key: &str, number: u32) -> String {
    format!("{FOLDER}/{key}/{number:05}")
}

#[cfg(test)]
pub mod tests {
    use super::{super::PART, *};
    use crate::shared::error::Refusal;

    fn part(number: u8, size: usize) -> Bytes {
        Bytes::from(vec![number; size])
    }

    /// What every backend must do with parts. Leaves `a/joined`.
    pub async fn behave(storage: &Storage) {
        let key = "a/joined";
        let upload = storage.begin_parts(key).await.unwrap();
        let mut tags = vec![String::new(); 3];
        // In any order, and one of them twice.
        for (number, size) in [(2, 100), (0, PART), (1, PART), (0, PART)] {
            let bytes = part(number, size);
            tags[usize::from(number)] = storage.put_part(key, &upload, number.into(), bytes).await.unwrap();
        }
        assert_eq!(storage.size(key).await.unwrap(), None, "nothing is there before it is joined");
        let size = (2 * PART + 100) as u64;
        for _ in 0..2 {
            storage.join_parts(key, &upload, tags.clone(), size).await.unwrap();
        }
        let whole = storage.bytes(key).await.unwrap();
        assert_eq!(whole.len() as u64, size);
        for (at, number) in [(0, 0), (PART - 1, 0), (PART, 1), (2 * PART, 2)] {
            assert_eq!(whole[at], number);
        }

        let given_up = storage.begin_parts("a/given-up").await.unwrap();
        storage.put_part("a/given-up", &given_up, 0, part(7, PART)).await.unwrap();
        storage.drop_parts("a/given-up", &given_up).await.unwrap();
        let joined = storage.join_parts("a/given-up", &given_up, vec!["gone".into()], PART as u64).await;
        assert!(joined.is_err());
        assert_eq!(storage.bytes("a/given-up").await.unwrap_err().refusal, Refusal::NotFound);
        let left: Vec<_> = storage.list(FOLDER).try_collect().await.unwrap();
        assert_eq!(left, []);
    }
}

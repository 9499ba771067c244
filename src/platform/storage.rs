//! Files: one object store for all of them. A folder in development, an S3 bucket by settings, memory in tests.
//! Keys are made by the server; nothing a person typed is ever part of one.

use std::{
    ops::Range,
    path::{Path as FsPath, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Context;
use bytes::{Bytes, BytesMut};
use futures::{Stream, StreamExt, TryStreamExt, pin_mut, stream::BoxStream};
use object_store::{
    ClientOptions, GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
    aws::{AmazonS3, AmazonS3Builder},
    local::LocalFileSystem,
    memory::InMemory,
    path::Path,
};
use sha2::{Digest, Sha256};

use super::config::{Config, S3Settings};
use crate::shared::{
    error::{AppError, Result},
    time::Time,
};

pub mod parts;

/// What one part of a large upload weighs, and about what an upload costs in memory. S3 allows no smaller part, and R2
/// wants all but the last to be of one size.
pub const PART: usize = 5 * 1024 * 1024;

/// Where files are kept; clones share it.
#[derive(Clone, Debug)]
pub struct Storage {
    store: Arc<dyn ObjectStore>,
    /// Set when files are in a folder.
    folder: Option<PathBuf>,
    /// Set when files are in a bucket: the same store, for what only S3 can do.
    s3: Option<Arc<AmazonS3>>,
}

/// What was stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stored {
    pub size: u64,
    pub sha256: [u8; 32],
}

/// Something that is in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InStore {
    pub key: String,
    pub stored_at: Time,
}

impl Storage {
    /// The bucket of the settings or, without one, the folder `files` in the data folder.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        match &config.s3 {
            Some(settings) => Self::bucket(settings),
            None => Self::folder(&config.data_dir.join("files")),
        }
    }

    /// A store in memory that starts empty.
    pub fn for_tests() -> Self {
        Self { store: Arc::new(InMemory::new()), folder: None, s3: None }
    }

    fn folder(folder: &FsPath) -> anyhow::Result<Self> {
        std::fs::create_dir_all(folder)
            .with_context(|| format!("The folder for files, {}, cannot be made", folder.display()))?;
        let store = LocalFileSystem::new_with_prefix(folder)?.with_automatic_cleanup(true).with_fsync(true);
        Ok(Self { store: Arc::new(store), folder: Some(folder.to_owned()), s3: None })
    }

    fn bucket(settings: &S3Settings) -> anyhow::Result<Self> {
        // Which hosts may be spoken to without TLS is decided by `Config::check`.
        let client = ClientOptions::new()
            .with_allow_http(true)
            .with_connect_timeout(Duration::from_secs(5))
            // Of silence, not of the whole: a large file on a slow line takes as long as it takes.
            .with_timeout_disabled()
            .with_read_timeout(Duration::from_secs(60));
        let retry = RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(30), ..RetryConfig::default() };
        let store = AmazonS3Builder::new()
            .with_endpoint(&settings.endpoint)
            .with_bucket_name(&settings.bucket)
            .with_region(&settings.region)
            .with_access_key_id(&settings.access_key_id)
            .with_secret_access_key(&settings.secret_access_key)
            .with_virtual_hosted_style_request(false)
            .with_client_options(client)
            .with_retry(retry)
            .build()
            .context("The S3 settings do not hold")?;
        let store = Arc::new(store);
        Ok(Self { store: Arc::clone(&store) as Arc<dyn ObjectStore>, folder: None, s3: Some(store) })
    }

    /// Stores a small thing whole.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<Stored> {
        let stored = Stored { size: bytes.len() as u64, sha256: Sha256::digest(&bytes).into() };
        self.store.put(&path(key)?, PutPayload::from_bytes(bytes)).await.map_err(refuse)?;
        Ok(stored)
    }

    /// Stores what comes in, part by part, hashing it on the way; memory stays at about two parts however long it is.
    /// Past `max_bytes`, on an error of the stream, or when the caller gives up, nothing is left behind.
    pub async fn put_stream(
        &self,
        key: &str,
        stream: impl Stream<Item = Result<Bytes>>,
        max_bytes: u64,
    ) -> Result<Stored> {
        pin_mut!(stream);
        let path = path(key)?;
        let mut upload: Option<Upload> = None;
        let mut hash = Sha256::new();
        let mut size = 0_u64;
        let mut part = BytesMut::new();
        while let Some(bytes) = stream.try_next().await? {
            size += bytes.len() as u64;
            if size > max_bytes {
                return Err(AppError::too_large(format!(
                    "This file is larger than the {} allowed.",
                    megabytes(max_bytes)
                )));
            }
            hash.update(&bytes);
            part.extend_from_slice(&bytes);
            while part.len() >= PART {
                let full = part.split_to(PART).freeze();
                if upload.is_none() {
                    upload = Some(Upload(Some(self.store.put_multipart(&path).await.map_err(refuse)?)));
                }
                if let Some(upload) = &mut upload {
                    upload.put(full).await?;
                }
            }
        }
        match upload {
            // It fitted in one part: no need for the ceremony.
            None => {
                self.store.put(&path, PutPayload::from_bytes(part.freeze())).await.map_err(refuse)?;
            }
            Some(mut upload) => {
                if !part.is_empty() {
                    upload.put(part.freeze()).await?;
                }
                upload.complete().await?;
            }
        }
        Ok(Stored { size, sha256: hash.finalize().into() })
    }

    /// The bytes of a file, or of a range of it, as they come, and the size of the whole file.
    pub async fn get(&self, key: &str, range: Option<Range<u64>>) -> Result<(BoxStream<'static, Result<Bytes>>, u64)> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.store.get_opts(&path(key)?, options).await.map_err(refuse)?;
        let size = found.meta.size;
        Ok((found.into_stream().map_err(refuse).boxed(), size))
    }

    /// How large a file is; `None` if it is not there.
    pub async fn size(&self, key: &str) -> Result<Option<u64>> {
        match self.store.head(&path(key)?).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(refuse(error)),
        }
    }

    /// A whole file, for things known to be small.
    pub async fn bytes(&self, key: &str) -> Result<Bytes> {
        self.store.get(&path(key)?).await.map_err(refuse)?.bytes().await.map_err(refuse)
    }

    /// Removes a file; one that is not there is removed already.
    pub async fn delete(&self, key: &str) -> Result<()> {
        match self.store.delete(&path(key)?).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(refuse(error)),
        }
    }

    /// What is in `folder` and below, in no order.
    pub fn list(&self, folder: &str) -> BoxStream<'static, Result<InStore>> {
        let all = self.store.list(Some(&Path::from(folder)));
        all.map_ok(|o| InStore { key: o.location.into(), stored_at: o.last_modified }).map_err(refuse).boxed()
    }

    /// Whether files can be had at the moment; costs at most one small request.
    pub async fn is_available(&self) -> bool {
        if let Some(folder) = &self.folder {
            return tokio::fs::metadata(folder).await.is_ok_and(|m| m.is_dir() && !m.permissions().readonly());
        }
        let probe = Path::from("health");
        let answer = tokio::time::timeout(Duration::from_secs(2), self.store.head(&probe)).await;
        matches!(answer, Ok(Ok(_) | Err(object_store::Error::NotFound { .. })))
    }
}

/// A multipart upload that is aborted when it is dropped unfinished.
struct Upload(Option<Box<dyn MultipartUpload>>);

impl Upload {
    async fn put(&mut self, part: Bytes) -> Result<()> {
        let Some(upload) = &mut self.0 else {
            return Err(AppError::internal("a part came after the end of its upload"));
        };
        upload.put_part(PutPayload::from_bytes(part)).await.map_err(refuse)
    }

    async fn complete(mut self) -> Result<()> {
        let Some(upload) = &mut self.0 else { return Err(AppError::internal("an upload was completed twice")) };
        upload.complete().await.map_err(refuse)?;
        self.0 = None;
        Ok(())
    }
}

impl Drop for Upload {
    fn drop(&mut self) {
        if let (Some(mut upload), Ok(runtime)) = (self.0.take(), tokio::runtime::Handle::try_current()) {
            runtime.spawn(async move {
                if let Err(error) = upload.abort().await {
                    tracing::warn!(%error, "an unfinished upload could not be cleaned up");
                }
            });
        }
    }
}

fn path(key: &str) -> Result<Path> {
    Path::parse(key).map_err(AppError::internal)
}

fn refuse(error: object_store::Error) -> AppError {
    match error {
        object_store::Error::NotFound { .. } => AppError::not_found(),
        error => {
            tracing::error!(%error, "file storage failed");
            AppError::unavailable(
                "We cannot reach our file storage for the moment. Nothing was changed; please try again.",
            )
        }
    }
}

fn megabytes(bytes: u64) -> String {
    const MB: u64 = 1024 * 1024;
    if bytes >= MB { format!("{} MB", bytes / MB) } else { format!("{bytes} bytes") }
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use tower::Service;

    use super::*;
    use crate::shared::error::Refusal;

    const MB: usize = 1024 * 1024;

    /// `megabytes` of bytes that differ, in pieces as a browser sends them.
    fn upload(megabytes: usize) -> (impl Stream<Item = Result<Bytes>>, [u8; 32]) {
        let pieces: Vec<Bytes> = (0..megabytes * 16).map(|n| Bytes::from(vec![(n % 251) as u8; MB / 16])).collect();
        let mut hash = Sha256::new();
        pieces.iter().for_each(|p| hash.update(p));
        (stream::iter(pieces.into_iter().map(Ok)), hash.finalize().into())
    }

    /// A real S3 server on loopback, keeping its files in `folder`.
    async fn s3_server(folder: &FsPath) -> S3Settings {
        std::fs::create_dir(folder.join("pitchey")).unwrap();
        let mut builder = s3s::service::S3ServiceBuilder::new(s3s_fs::FileSystem::new(folder).unwrap());
        builder.set_auth(s3s::auth::SimpleAuth::from_single("key-id", "key-secret"));
        let service = builder.build();
        let app = axum::Router::new().fallback(move |request: axum::extract::Request| {
            let mut service = service.clone();
            async move { Service::call(&mut service, request).await.unwrap().map(axum::body::Body::new) }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async { axum::serve(listener, app).await });
        S3Settings {
            endpoint,
            bucket: "pitchey".into(),
            region: "auto".into(),
            access_key_id: "key-id".into(),
            secret_access_key: "key-secret".into(),
        }
    }

    /// What every backend must do.
    async fn behaves(storage: &Storage) {
        assert!(storage.is_available().await);

        let small = storage.put("a/small", Bytes::from_static(b"hello")).await.unwrap();
        assert_eq!(small.size, 5);
        assert_eq!(storage.bytes("a/small").await.unwrap(), "hello");

        let (stream, sha256) = upload(12);
        let stored = storage.put_stream("a/large", stream, 50 * MB as u64).await.unwrap();
        assert_eq!(stored, Stored { size: 12 * MB as u64, sha256 });
        let back = storage.bytes("a/large").await.unwrap();
        assert_eq!(<[u8; 32]>::from(Sha256::digest(&back)), sha256);

        let (range, size) = storage.get("a/large", Some(10..20)).await.unwrap();
        let range: Vec<Bytes> = range.try_collect().await.unwrap();
        assert_eq!((range.concat(), size), (back[10..20].to_vec(), 12 * MB as u64));

        let mut listed: Vec<InStore> = storage.list("a").try_collect().await.unwrap();
        listed.sort_by(|a, b| a.key.cmp(&b.key));
        assert_eq!(listed.iter().map(|o| o.key.as_str()).collect::<Vec<_>>(), ["a/large", "a/small"]);

        let (stream, _) = upload(12);
        let refused = storage.put_stream("a/too-large", stream, 11 * MB as u64).await.unwrap_err();
        assert_eq!(refused.refusal, Refusal::TooLarge);
        assert!(refused.message.contains("11 MB"), "{}", refused.message);
        let (stream, _) = upload(12);
        let broken = stream.chain(stream::iter([Err(AppError::unavailable("the line dropped"))]));
        assert_eq!(
            storage.put_stream("a/broken", broken, 50 * MB as u64).await.unwrap_err().message,
            "the line dropped"
        );
        for key in ["a/too-large", "a/broken", "a/never"] {
            assert_eq!(storage.bytes(key).await.unwrap_err().refusal, Refusal::NotFound, "{key}");
        }

        parts::tests::behave(storage).await;

        storage.delete("a/small").await.unwrap();
        storage.delete("a/small").await.unwrap();
        assert_eq!(storage.bytes("a/small").await.unwrap_err().refusal, Refusal::NotFound);
    }

    /// The names of all files below `folder`.
    fn files(folder: &FsPath) -> Vec<String> {
        std::fs::read_dir(folder)
            .unwrap()
            .flatten()
            .flat_map(|entry| match entry.file_type().unwrap().is_dir() {
                true => files(&entry.path()),
                false => vec![entry.file_name().to_string_lossy().into_owned()],
            })
            .collect()
    }

    #[tokio::test]
    async fn memory_keeps_files() {
        behaves(&Storage::for_tests()).await;
    }

    #[tokio::test]
    async fn a_folder_keeps_files_and_leaves_nothing_of_a_failed_upload() {
        let folder = tempfile::tempdir().unwrap();
        let storage = Storage::open(&Config::for_tests(folder.path())).unwrap();
        behaves(&storage).await;
        let mut left = Vec::new();
        for _ in 0..50 {
            left = files(folder.path());
            left.sort();
            if left == ["joined", "large"] {
                break;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        assert_eq!(left, ["joined", "large"]);
    }

    #[tokio::test]
    async fn a_real_s3_server_keeps_files() {
        let folder = tempfile::tempdir().unwrap();
        let s3 = s3_server(folder.path()).await;
        let wrong_key = S3Settings { secret_access_key: "guessed".into(), ..s3.clone() };
        behaves(&Storage::bucket(&s3).unwrap()).await;
        assert!(!Storage::bucket(&wrong_key).unwrap().is_available().await);
    }

    #[tokio::test]
    async fn a_key_cannot_leave_the_folder() {
        assert!(Storage::for_tests().bytes("../secret").await.is_err());
    }
}

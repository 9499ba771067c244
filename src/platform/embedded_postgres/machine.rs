//! What the machine has: the account Postgres runs as, its programs, and folders that can or cannot be used.

use std::{
    fs,
    io::ErrorKind,
    os::unix::{
        fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, anyhow, bail};

/// Who Postgres runs as when the server is root.
#[derive(Clone, Debug)]
pub struct Account {
    pub name: String,
    pub uid: u32,
    pub gid: u32,
}

impl Account {
    /// The `postgres` account if this process is root, nobody else otherwise.
    pub fn to_run_as() -> Result<Option<Self>> {
        if fs::metadata("/proc/self").map(|m| m.uid()).unwrap_or(u32::MAX) != 0 {
            return Ok(None);
        }
        let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
        let found = accounts.lines().find_map(|line| {
            let mut parts = line.split(':');
            let name = parts.next().filter(|name| *name == "postgres")?;
            Some(Self { name: name.into(), uid: parts.nth(1)?.parse().ok()?, gid: parts.next()?.parse().ok()? })
        });
        found.map(Some).context(
            "Postgres does not run as root and there is no \"postgres\" account: run bin/setup, start the server as another user, or set DATABASE_URL.",
        )
    }

    pub fn can_enter(&self, folder: &Path) -> bool {
        let mut probe = std::process::Command::new("/bin/true");
        probe.uid(self.uid).gid(self.gid).current_dir(folder).status().is_ok_and(|status| status.success())
    }
}

/// A folder that only the account (or this user) can enter.
pub fn private_folder(folder: &Path, account: Option<&Account>) -> Result<()> {
    match fs::DirBuilder::new().mode(0o700).create(folder) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let found = fs::symlink_metadata(folder).map_err(|error| unusable(folder, &error))?;
            if !found.is_dir() {
                bail!("{} is in the way: it is not a folder.", folder.display());
            }
            fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).map_err(|error| unusable(folder, &error))?;
        }
        Err(error) => return Err(unusable(folder, &error)),
    }
    match account {
        Some(account) => chown(folder, Some(account.uid), Some(account.gid)).map_err(|error| unusable(folder, &error)),
        None => Ok(()),
    }
}

/// The folder with Postgres's programs: of `version` if given, else the newest of Debian's, else from the PATH.
pub fn binaries(version: Option<&str>) -> Result<PathBuf> {
    let mut found: Vec<(u32, PathBuf)> = Vec::new();
    for entry in fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten() {
        let number = entry.file_name().to_string_lossy().parse().unwrap_or(0);
        found.push((number, entry.path().join("bin")));
    }
    found.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    if let Some(version) = version
        && let Some(at) = found.iter().position(|(number, _)| number.to_string() == version)
    {
        let matching = found.remove(at);
        found.insert(0, matching);
    }
    let on_path = std::env::var_os("PATH").unwrap_or_default();
    found.into_iter().map(|(_, folder)| folder).chain(std::env::split_paths(&on_path)).find(|f| f.join("initdb").is_file()).context(
        "No Postgres was found on this machine: run bin/setup, install Debian's package postgresql, or set DATABASE_URL.",
    )
}

/// Why a folder cannot be used, as one sentence.
pub fn unusable(folder: &Path, error: &std::io::Error) -> anyhow::Error {
    let folder = folder.display();
    match error.kind() {
        ErrorKind::PermissionDenied => {
            anyhow!(
                "The folder {folder} may not be read and written by this user: change its owner, or choose another with DATA_DIR."
            )
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            anyhow!("The disk that holds {folder} is full: free some space and start again.")
        }
        ErrorKind::ReadOnlyFilesystem => anyhow!("The disk that holds {folder} is mounted read-only."),
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => anyhow!("{folder} is in the way: it is not a folder."),
        _ => anyhow!("The folder {folder} cannot be used: {error}."),
    }
}

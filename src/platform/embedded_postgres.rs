//! The server's own Postgres, for when no `DATABASE_URL` is set: made, started, watched and stopped here. It listens on
//! a socket in a folder that only its account can enter, on no port, and keeps its data as durably as any other.
//!
//! It outlives a server that was killed: the next start adopts it. One that dies is started again; the pool reconnects
//! by itself. Postgres refuses to run as root, so for root it runs as the `postgres` account.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read, Seek, SeekFrom},
    os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt, chown},
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use anyhow::{Context, Result, anyhow, bail};
use sha2::{Digest, Sha256};
use sqlx::{Connection, PgConnection};
use tokio::{
    net::UnixStream,
    process::{Child, Command},
    task::JoinHandle,
    time::{Instant, sleep},
};

/// Where the cluster goes when the `postgres` account cannot enter the data folder.
const ELSEWHERE: &str = "/var/lib/pitchey";
/// The note in the data folder that says so; its last line is the path.
const NOTE: &str = "where-postgres-is.txt";
/// Sockets have short names: 107 bytes on Linux, 103 elsewhere, with Postgres's own part.
const SOCKET_PATH: usize = 85;
/// Recovery after a crash can take its time.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// A Postgres that this process uses.
#[derive(Debug)]
pub struct Running {
    home: Home,
    url: String,
    /// Set when this process is responsible for it.
    watch: Option<Watch>,
}

#[derive(Debug)]
struct Watch {
    supervisor: JoinHandle<()>,
    /// Held as long as the server runs: a second one on the same folder is refused.
    _lock: File,
}

/// Starts, or adopts, the Postgres of `data_dir` and keeps it running until `stop`.
pub async fn start(data_dir: &Path) -> Result<Running> {
    let home = Home::of(data_dir)?;
    let lock = home.lock()?;
    let server = home.launch().await?;
    home.create_database().await?;
    let supervisor = tokio::spawn(supervise(home.clone(), server));
    Ok(Running { url: home.url("pitchey"), home, watch: Some(Watch { supervisor, _lock: lock }) })
}

/// For a command beside the server: uses the Postgres that runs, or starts one for as long as the command takes.
pub async fn borrow(data_dir: &Path) -> Result<Running> {
    match running_url(data_dir).await {
        Some(url) => Ok(Running { home: Home::of(data_dir)?, url, watch: None }),
        None => start(data_dir).await,
    }
}

/// Starts the Postgres of `data_dir` and leaves it running; returns its address.
pub async fn start_and_leave(data_dir: &Path) -> Result<String> {
    if let Some(url) = running_url(data_dir).await {
        return Ok(url);
    }
    let home = Home::of(data_dir)?;
    let _lock = home.lock()?;
    drop(home.launch().await?);
    home.create_database().await?;
    Ok(home.url("pitchey"))
}

/// Stops a Postgres that was left running.
pub async fn stop(data_dir: &Path) -> Result<()> {
    let home = Home::of(data_dir)?;
    let _lock = home.lock()?;
    home.stop().await
}

/// The address of the Postgres of `data_dir`, if it runs.
pub async fn running_url(data_dir: &Path) -> Option<String> {
    let home = Home::existing(data_dir)?;
    home.listens().await.then(|| home.url("pitchey"))
}

/// A program that belongs to Postgres, such as `psql`: from beside the server's, or from the PATH.
pub fn program(name: &str) -> PathBuf {
    binaries(None).map(|folder| folder.join(name)).ok().filter(|path| path.exists()).unwrap_or_else(|| name.into())
}

impl Running {
    /// Where to connect to.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stops it, if this process started or adopted it.
    pub async fn stop(self) -> Result<()> {
        let Some(watch) = self.watch else { return Ok(()) };
        watch.supervisor.abort();
        let _ = watch.supervisor.await;
        self.home.stop().await
    }
}

/// Starts Postgres again whenever it is gone.
async fn supervise(home: Home, mut server: Option<Child>) {
    loop {
        match &mut server {
            Some(child) => drop(child.wait().await),
            // Adopted: not our child, so ask now and then.
            None => {
                while home.listens().await {
                    sleep(Duration::from_millis(500)).await;
                }
            }
        }
        tracing::error!("the database stopped by itself; starting it again");
        server = loop {
            match home.launch().await {
                Ok(server) => break server,
                Err(error) => tracing::error!("{error:#}"),
            }
            sleep(Duration::from_secs(2)).await;
        };
        tracing::info!("the database is back");
    }
}

/// The folder of one Postgres: `cluster` (its data), `socket`, `log` and `lock`, and the account it runs as.
#[derive(Clone, Debug)]
struct Home {
    folder: PathBuf,
    account: Option<Account>,
}

impl Home {
    /// Finds the home of `data_dir`, or makes it.
    fn of(data_dir: &Path) -> Result<Self> {
        fs::create_dir_all(data_dir).map_err(|error| unusable(data_dir, &error))?;
        if let Some(home) = Self::existing(data_dir) {
            return Ok(home);
        }
        let data_dir = data_dir.canonicalize().map_err(|error| unusable(data_dir, &error))?;
        let account = Account::to_run_as()?;
        let near = data_dir.join("postgres");
        private_folder(&near, account.as_ref())?;
        let Some(account) = account else { return Ok(Self { folder: near, account: None }) };
        if account.can_enter(&near) {
            return Ok(Self { folder: near, account: Some(account) });
        }

        let _ = fs::remove_dir(&near);
        let hash = hex::encode(Sha256::digest(data_dir.as_os_str().as_encoded_bytes()));
        let far = Path::new(ELSEWHERE).join(&hash[..12]);
        fs::create_dir_all(ELSEWHERE).map_err(|error| unusable(Path::new(ELSEWHERE), &error))?;
        private_folder(&far, Some(&account))?;
        let note = format!(
            "Postgres does not run as root, and its own account \"{}\" cannot enter this folder.\nThe database is therefore in\n{}\n",
            account.name,
            far.display()
        );
        fs::write(data_dir.join(NOTE), note).map_err(|error| unusable(&data_dir, &error))?;
        Ok(Self { folder: far, account: Some(account) })
    }

    /// The home of `data_dir`, if it was made before.
    fn existing(data_dir: &Path) -> Option<Self> {
        let near = data_dir.join("postgres");
        let noted = || {
            let note = fs::read_to_string(data_dir.join(NOTE)).ok()?;
            Some(PathBuf::from(note.trim_end().lines().last()?))
        };
        let folder = if near.join("cluster").exists() { near.canonicalize().ok()? } else { noted()? };
        folder.join("cluster").exists().then_some(())?;
        Some(Self { folder, account: Account::to_run_as().ok()? })
    }

    fn cluster(&self) -> PathBuf {
        self.folder.join("cluster")
    }

    fn log(&self) -> PathBuf {
        self.folder.join("log")
    }

    /// The folder of the socket: here, or with a short name where the path is too long for a socket.
    fn socket(&self) -> PathBuf {
        let near = self.folder.join("socket");
        if near.as_os_str().len() <= SOCKET_PATH {
            return near;
        }
        let hash = hex::encode(Sha256::digest(self.folder.as_os_str().as_encoded_bytes()));
        std::env::temp_dir().join(format!("pitchey-{}", &hash[..12]))
    }

    fn url(&self, database: &str) -> String {
        let path = self.socket();
        let escaped: String = path
            .as_os_str()
            .as_encoded_bytes()
            .iter()
            .map(|&b| match b {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => char::from(b).to_string(),
                b => format!("%{b:02X}"),
            })
            .collect();
        format!("postgres://postgres@localhost/{database}?host={escaped}")
    }

    fn lock(&self) -> Result<File> {
        let file = File::options().create(true).append(true).open(self.folder.join("lock"));
        let file = file.map_err(|error| unusable(&self.folder, &error))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(_) => bail!(
                "Another Pitchey server is running on this data folder (its database is in {}): stop it, or give this one a folder of its own with DATA_DIR.",
                self.folder.display()
            ),
        }
    }

    /// Whether a Postgres listens here.
    async fn listens(&self) -> bool {
        match UnixStream::connect(self.socket().join(".s.PGSQL.5432")).await {
            Ok(_) => true,
            Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused),
        }
    }

    /// Makes sure that Postgres runs and answers. Returns the process, unless one was running already.
    async fn launch(&self) -> Result<Option<Child>> {
        if self.listens().await {
            self.answers(None, 0).await?;
            return Ok(None);
        }
        let binaries = binaries(fs::read_to_string(self.cluster().join("PG_VERSION")).ok().as_deref().map(str::trim))?;
        if !self.cluster().exists() {
            self.make_cluster(&binaries).await?;
        }
        private_folder(&self.socket(), self.account.as_ref())?;
        self.forget_foreign_pid();

        // The memory of one that was killed is given up a moment after it.
        let until = Instant::now() + Duration::from_secs(20);
        loop {
            let mut log =
                File::options().create(true).append(true).open(self.log()).map_err(|e| unusable(&self.folder, &e))?;
            if log.metadata().is_ok_and(|m| m.len() > 10 << 20) {
                let _ = log.set_len(0);
            }
            let before = log.seek(SeekFrom::End(0)).unwrap_or(0);
            let mut server = self
                .command(&binaries.join("postgres"))
                .arg("-D")
                .arg(self.cluster())
                .args(["-c", "listen_addresses=", "-c", "timezone=UTC", "-c", "log_timezone=UTC"])
                .arg("-c")
                .arg(format!("unix_socket_directories=\"{}\"", self.socket().display()))
                .stdout(log.try_clone()?)
                .stderr(log)
                // Ctrl-C is for the server, which stops Postgres when it is done with it.
                .process_group(0)
                .spawn()
                .with_context(|| format!("Postgres could not be started from {}", binaries.display()))?;
            match self.answers(Some(&mut server), before).await {
                Ok(()) => return Ok(Some(server)),
                Err(error) if error.is::<StillHeld>() && Instant::now() < until => {
                    sleep(Duration::from_millis(500)).await
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Waits until Postgres answers.
    async fn answers(&self, mut server: Option<&mut Child>, log_before: u64) -> Result<()> {
        let until = Instant::now() + READY_WITHIN;
        loop {
            let error = match PgConnection::connect(&self.url("postgres")).await {
                Ok(connection) => {
                    let _ = connection.close().await;
                    return Ok(());
                }
                Err(error) => error,
            };
            if let Some(server) = &mut server
                && server.try_wait()?.is_some()
            {
                return Err(self.why_it_ended(log_before));
            }
            if Instant::now() > until {
                bail!("Postgres does not answer ({error}); its log is {}.", self.log().display());
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// What the log says since `before` as one sentence.
    fn why_it_ended(&self, before: u64) -> anyhow::Error {
        let mut said = String::new();
        if let Ok(mut log) = File::open(self.log()) {
            let _ = log.seek(SeekFrom::Start(before));
            let _ = log.read_to_string(&mut said);
        }
        if said.contains("pre-existing shared memory block")
            || said.contains("lock file \"postmaster.pid\" already exists")
        {
            return anyhow!(StillHeld);
        }
        self.explain("Postgres did not start", &said)
    }

    fn explain(&self, what: &str, said: &str) -> anyhow::Error {
        if said.contains("No space left on device") {
            return anyhow!("The disk that holds {} is full: free some space and start again.", self.folder.display());
        }
        if said.contains("Read-only file system") {
            return anyhow!("The disk that holds {} is mounted read-only.", self.folder.display());
        }
        let reason = said.lines().rev().find(|l| l.contains("FATAL") || l.contains("error:") || l.contains("PANIC"));
        let reason = reason.or(said.lines().last()).unwrap_or("it said nothing");
        anyhow!("{what}: {} (its log is {})", reason.trim(), self.log().display())
    }

    /// Makes the cluster aside and renames it, so that one whose making was interrupted is never used.
    async fn make_cluster(&self, binaries: &Path) -> Result<()> {
        let aside = self.folder.join("cluster.new");
        let _ = fs::remove_dir_all(&aside);
        tracing::info!("making a new database in {}", self.folder.display());
        let made = self
            .command(&binaries.join("initdb"))
            .arg("-D")
            .arg(&aside)
            .args([
                "--username=postgres",
                "--auth-local=trust",
                "--auth-host=reject",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            ])
            .output()
            .await
            .with_context(|| format!("initdb could not be started from {}", binaries.display()))?;
        if !made.status.success() {
            return Err(self.explain("Postgres could not make its files", &String::from_utf8_lossy(&made.stderr)));
        }
        fs::rename(&aside, self.cluster()).map_err(|error| unusable(&self.folder, &error))
    }

    /// A `postmaster.pid` left by a crash can name a process that is something else by now; Postgres would wait for it.
    fn forget_foreign_pid(&self) {
        let file = self.cluster().join("postmaster.pid");
        let Ok(content) = fs::read_to_string(&file) else { return };
        let pid = content.lines().next().unwrap_or_default().trim();
        let works_in = fs::read_link(format!("/proc/{pid}/cwd"));
        if Path::new("/proc/self").exists() && works_in.is_ok_and(|folder| folder != self.cluster()) {
            let _ = fs::remove_file(file);
        }
    }

    async fn create_database(&self) -> Result<()> {
        let mut connection = PgConnection::connect(&self.url("postgres")).await?;
        let exists: Option<i32> = sqlx::query_scalar("select 1 from pg_database where datname = 'pitchey'")
            .fetch_optional(&mut connection)
            .await?;
        if exists.is_none() {
            sqlx::query("create database pitchey").execute(&mut connection).await?;
        }
        Ok(connection.close().await?)
    }

    /// Stops Postgres: open transactions are undone, everything committed is on the disk.
    async fn stop(&self) -> Result<()> {
        if !self.cluster().join("postmaster.pid").exists() {
            return Ok(());
        }
        let version = fs::read_to_string(self.cluster().join("PG_VERSION")).ok();
        let pg_ctl = binaries(version.as_deref().map(str::trim))?.join("pg_ctl");
        let done = self
            .command(&pg_ctl)
            .arg("stop")
            .arg("-D")
            .arg(self.cluster())
            .args(["-m", "fast", "-w", "-t", "60"])
            .output()
            .await?;
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        // One that is gone already is stopped.
        if done.status.success() || !self.listens().await {
            Ok(())
        } else {
            Err(self.explain("Postgres did not stop", &said))
        }
    }

    /// A program of Postgres, run by its account, free of the caller's PG* variables.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", "/usr/local/bin:/usr/bin:/bin")
            .env("LC_ALL", "C.UTF-8")
            .stdin(Stdio::null());
        if let Some(account) = &self.account {
            command.uid(account.uid).gid(account.gid);
        }
        command
    }
}

/// What one that was killed had is not free yet.
#[derive(Debug, thiserror::Error)]
#[error("What a killed Postgres held is still in use: wait a moment and start again.")]
struct StillHeld;

/// Who Postgres runs as when the server is root.
#[derive(Clone, Debug)]
struct Account {
    name: String,
    uid: u32,
    gid: u32,
}

impl Account {
    /// The `postgres` account if this process is root, nobody else otherwise.
    fn to_run_as() -> Result<Option<Self>> {
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

    fn can_enter(&self, folder: &Path) -> bool {
        let mut probe = std::process::Command::new("/bin/true");
        std::os::unix::process::CommandExt::uid(&mut probe, self.uid);
        std::os::unix::process::CommandExt::gid(&mut probe, self.gid);
        probe.current_dir(folder).status().is_ok_and(|status| status.success())
    }
}

/// A folder that only the account (or this user) can enter.
fn private_folder(folder: &Path, account: Option<&Account>) -> Result<()> {
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
fn binaries(version: Option<&str>) -> Result<PathBuf> {
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

#[cfg(test)]
mod tests {
    use super::*;

    async fn answer(url: &str) -> i32 {
        let mut connection = PgConnection::connect(url).await.unwrap();
        sqlx::query_scalar("select 1").fetch_one(&mut connection).await.unwrap()
    }

    fn pid(running: &Running) -> String {
        let file = fs::read_to_string(running.home.cluster().join("postmaster.pid")).unwrap();
        file.lines().next().unwrap().to_owned()
    }

    fn kill_9(pid: &str) {
        assert!(std::process::Command::new("kill").args(["-9", pid]).status().unwrap().success());
    }

    /// A folder that the account can enter: the machine's own are not always.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
        folder
    }

    #[tokio::test]
    async fn it_starts_keeps_its_data_and_stops() {
        let folder = folder();
        let running = start(folder.path()).await.unwrap();
        let mut connection = PgConnection::connect(running.url()).await.unwrap();
        sqlx::query("create table kept (n int)").execute(&mut connection).await.unwrap();
        let durable: String = sqlx::query_scalar("show fsync").fetch_one(&mut connection).await.unwrap();
        assert_eq!(durable, "on");
        drop(connection);

        let second = start(folder.path()).await.unwrap_err().to_string();
        assert!(second.starts_with("Another Pitchey server is running on this data folder"), "{second}");
        assert!(stop(folder.path()).await.is_err(), "a command does not take it from the server");
        let borrowed = borrow(folder.path()).await.unwrap();
        assert_eq!(answer(borrowed.url()).await, 1);
        borrowed.stop().await.unwrap();
        assert_eq!(answer(running.url()).await, 1, "a command that used it leaves it running");
        running.stop().await.unwrap();
        assert_eq!(running_url(folder.path()).await, None);

        let url = start_and_leave(folder.path()).await.unwrap();
        let mut connection = PgConnection::connect(&url).await.unwrap();
        let kept: i64 = sqlx::query_scalar("select count(*) from kept").fetch_one(&mut connection).await.unwrap();
        assert_eq!(kept, 0);
        drop(connection);
        stop(folder.path()).await.unwrap();
        assert_eq!(running_url(folder.path()).await, None);
    }

    #[tokio::test]
    async fn one_left_by_a_killed_server_is_adopted_and_one_that_dies_comes_back() {
        let folder = folder();
        let url = start_and_leave(folder.path()).await.unwrap();
        let running = start(folder.path()).await.unwrap();
        assert_eq!(running.url(), url);

        for _ in 0..2 {
            let before = pid(&running);
            kill_9(&before);
            let until = Instant::now() + Duration::from_secs(30);
            while Instant::now() < until {
                sleep(Duration::from_millis(100)).await;
                if PgConnection::connect(running.url()).await.is_ok() && pid(&running) != before {
                    break;
                }
            }
            assert_ne!(pid(&running), before);
            assert_eq!(answer(running.url()).await, 1);
        }
        running.stop().await.unwrap();
    }

    #[tokio::test]
    async fn a_folder_that_the_account_cannot_enter_sends_the_cluster_elsewhere() {
        let Ok(Some(_)) = Account::to_run_as() else { return };
        let folder = tempfile::tempdir().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700)).unwrap();
        let data = folder.path().join("data");
        fs::create_dir(&data).unwrap();
        let home = Home::of(&data).unwrap();
        assert!(home.folder.starts_with(ELSEWHERE), "{}", home.folder.display());
        assert!(fs::read_to_string(data.join(NOTE)).unwrap().contains(home.folder.to_str().unwrap()));
        fs::create_dir(home.cluster()).unwrap();
        assert_eq!(Home::of(&data).unwrap().folder, home.folder, "the note is followed");
        fs::remove_dir_all(&home.folder).unwrap();
    }

    #[test]
    fn what_is_wrong_with_a_folder_is_one_sentence() {
        let said = |kind: ErrorKind| unusable(Path::new(".data"), &kind.into()).to_string();
        assert!(said(ErrorKind::StorageFull).starts_with("The disk that holds .data is full"));
        assert!(said(ErrorKind::PermissionDenied).contains("may not be read and written"));
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(Home::of(file.path()).unwrap_err().to_string().ends_with("is in the way: it is not a folder."));
    }
}

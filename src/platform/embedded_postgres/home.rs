//! The home of one Postgres: making it, starting it, and finding out why that failed.

use std::{
    fs::{self, File},
    io::{ErrorKind, Read, Seek, SeekFrom},
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
    time::{Instant, sleep},
};

use super::machine::{Account, binaries, private_folder, unusable};

/// Where the cluster goes when the `postgres` account cannot enter the data folder.
pub const ELSEWHERE: &str = "/var/lib/pitchey";
/// The note in the data folder that says so; its last line is the path.
pub const NOTE: &str = "where-postgres-is.txt";
/// Sockets have short names: 107 bytes on Linux, 103 elsewhere, with Postgres's own part.
const SOCKET_PATH: usize = 85;
/// Recovery after a crash can take its time.
const READY_WITHIN: Duration = Duration::from_secs(120);

/// The folder of one Postgres: `cluster` (its data), `socket`, `log` and `lock`, and the account it runs as.
#[derive(Clone, Debug)]
pub struct Home {
    pub folder: PathBuf,
    account: Option<Account>,
}

/// How long a lock is waited for: half a second.
const LOCK_TRIES: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(50);

impl Home {
    /// Finds the home of `data_dir`, or makes it.
    pub fn of(data_dir: &Path) -> Result<Self> {
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
    pub fn existing(data_dir: &Path) -> Option<Self> {
        let near = data_dir.join("postgres");
        let noted = || {
            let note = fs::read_to_string(data_dir.join(NOTE)).ok()?;
            Some(PathBuf::from(note.trim_end().lines().last()?))
        };
        let folder = if near.join("cluster").exists() { near.canonicalize().ok()? } else { noted()? };
        folder.join("cluster").exists().then_some(())?;
        Some(Self { folder, account: Account::to_run_as().ok()? })
    }

    pub fn cluster(&self) -> PathBuf {
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

    pub fn url(&self, database: &str) -> String {
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

    pub fn lock(&self) -> Result<File> {
        let file = File::options().create(true).append(true).open(self.folder.join("lock"));
        let file = file.map_err(|error| unusable(&self.folder, &error))?;
        // A process that is just being started by somebody holds what they hold for a moment: only a lock that stays is a server's.
        for _ in 0..LOCK_TRIES {
            if file.try_lock().is_ok() {
                return Ok(file);
            }
            std::thread::sleep(LOCK_PAUSE);
        }
        bail!(
            "Another Pitchey server is running on this data folder (its database is in {}): stop it, or give this one a folder of its own with DATA_DIR.",
            self.folder.display()
        )
    }

    /// Whether a Postgres listens here.
    pub async fn listens(&self) -> bool {
        match UnixStream::connect(self.socket().join(".s.PGSQL.5432")).await {
            Ok(_) => true,
            Err(error) => !matches!(error.kind(), ErrorKind::NotFound | ErrorKind::ConnectionRefused),
        }
    }

    /// Makes sure that Postgres runs and answers. Returns the process, unless one was running already.
    pub async fn launch(&self) -> Result<Option<Child>> {
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
            sleep(Duration::from_millis(100)).await;
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
            .kill_on_drop(true)
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

    pub async fn create_database(&self) -> Result<()> {
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
    pub async fn stop(&self) -> Result<()> {
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

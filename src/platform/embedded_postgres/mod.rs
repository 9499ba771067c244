//! The server's own Postgres, for when no `DATABASE_URL` is set: made, started, watched and stopped here. It listens on
//! a socket in a folder that only its account can enter, on no port, and keeps its data as durably as any other.
//!
//! It outlives a server that was killed: the next start adopts it. One that dies is started again; the pool reconnects
//! by itself. Postgres refuses to run as root, so for root it runs as the `postgres` account.

mod home;
mod machine;

use std::{
    fs::File,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Result;
use tokio::{process::Child, task::JoinHandle, time::sleep};

use home::Home;
pub use machine::unusable;

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
    machine::binaries(None)
        .map(|folder| folder.join(name))
        .ok()
        .filter(|path| path.exists())
        .unwrap_or_else(|| name.into())
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

#[cfg(test)]
mod tests {
    use std::{fs, io::ErrorKind, os::unix::fs::PermissionsExt};

    use sqlx::{Connection, PgConnection};
    use tokio::time::Instant;

    use super::{
        home::{ELSEWHERE, NOTE},
        machine::Account,
        *,
    };

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

//! Settings: defaults, then the app's tables in `Leptos.toml`, then the environment. Nothing has to be set; each real
//! part (database, object store, mail server) is one setting. `check` keeps production from starting on a development
//! default that would lose or expose data.

use std::{
    fmt,
    net::IpAddr,
    path::{Path, PathBuf},
};

use anyhow::{Context, anyhow, bail};
use axum::http::Uri;
use figment::{
    Figment,
    providers::{Format, Serialized, Toml},
};
use serde::{Deserialize, Serialize};
use sqlx::postgres::{PgConnectOptions, PgSslMode};

/// The file beside the binary that holds the settings of a deployed server.
pub const FILE: &str = "Leptos.toml";

/// A secret shorter than this can be guessed.
const SECRET_KEY_LENGTH: usize = 32;

/// All settings.
#[derive(Clone)]
pub struct Config {
    /// `LEPTOS_ENV=PROD`.
    pub production: bool,
    /// Where everything that has no setting of its own is kept: the own Postgres, files, mail.
    pub data_dir: PathBuf,
    /// Without it the server runs its own Postgres.
    pub database_url: Option<String>,
    /// The address people use, `https://pitchey.example`, without a slash at the end.
    pub public_url: Option<String>,
    /// Where this server itself listens, as an address to open: what links lead to without `public_url`.
    pub local_url: String,
    pub secret_key: Option<String>,
    /// The key that seals signed documents, as PEM, with its certificate and those of retired keys where there are any.
    pub seal_key: Option<String>,
    /// A time-stamp authority (RFC 3161) that is asked when something is sealed.
    pub tsa_url: Option<String>,
    /// Without it mail goes to a folder.
    pub smtp_url: Option<String>,
    /// The sender of all mail, `Pitchey <no-reply@pitchey.example>`.
    pub mail_from: String,
    /// Without it files go to a folder.
    pub s3: Option<S3Settings>,
    /// The virus scanner, clamd: `host:port`, or the path of its socket. Without it files are not scanned.
    pub clamav_addr: Option<String>,
    /// Not used yet; refused by `check` rather than ignored.
    pub redis_url: Option<String>,
    /// Peers whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    pub limits: LimitSettings,
    /// Demo people and pitches are loaded at start. Development only.
    pub demo: bool,
}

/// An S3 bucket: Amazon's, Cloudflare R2, or any other.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3Settings {
    pub endpoint: String,
    pub bucket: String,
    #[serde(default = "automatic_region")]
    pub region: String,
    pub access_key_id: String,
    pub secret_access_key: String,
}

fn automatic_region() -> String {
    "auto".into()
}

/// How often is too often.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// Sign-ins a minute from one address.
    pub sign_ins_per_minute: u32,
    /// Wrong passwords for one account from one address within the window.
    pub wrong_passwords: u32,
    pub wrong_password_window_minutes: u32,
    /// Wrong codes of second factors for one account in an hour, from all addresses. Each hits with 3 in a million.
    pub wrong_codes_per_hour: u32,
    /// Registrations an hour from one address.
    pub registrations_per_hour: u32,
    /// Mails an hour (verification, new password) that one address may ask for, and that go to one mailbox.
    pub mails_per_hour: u32,
    pub mails_per_hour_to_one: u32,
    /// Megabytes of files that one account may keep.
    pub stored_mb: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            sign_ins_per_minute: 60,
            wrong_passwords: 10,
            wrong_password_window_minutes: 15,
            wrong_codes_per_hour: 20,
            registrations_per_hour: 20,
            mails_per_hour: 20,
            mails_per_hour_to_one: 10,
            stored_mb: 5 * 1024,
        }
    }
}

/// The tables as they stand in the file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Tables {
    data_dir: PathBuf,
    database_url: Option<String>,
    public_url: Option<String>,
    secret_key: Option<String>,
    seal_key: Option<String>,
    tsa_url: Option<String>,
    smtp_url: Option<String>,
    mail_from: String,
    redis_url: Option<String>,
    clamav_addr: Option<String>,
    s3: Option<S3Settings>,
    #[serde(default)]
    trusted_proxies: Vec<IpAddr>,
    #[serde(default)]
    limits: LimitSettings,
}

/// The environment's names and where each belongs in the tables.
const TEXTS: [(&str, &str); 16] = [
    ("DATA_DIR", "data_dir"),
    ("DATABASE_URL", "database_url"),
    ("PUBLIC_URL", "public_url"),
    ("SECRET_KEY", "secret_key"),
    ("SEAL_KEY", "seal_key"),
    ("TSA_URL", "tsa_url"),
    ("SMTP_URL", "smtp_url"),
    ("MAIL_FROM", "mail_from"),
    ("REDIS_URL", "redis_url"),
    ("CLAMAV_ADDR", "clamav_addr"),
    ("S3_ENDPOINT", "s3.endpoint"),
    ("S3_BUCKET", "s3.bucket"),
    ("S3_REGION", "s3.region"),
    ("S3_ACCESS_KEY_ID", "s3.access_key_id"),
    ("S3_SECRET_ACCESS_KEY", "s3.secret_access_key"),
    ("TRUSTED_PROXIES", "trusted_proxies"),
];
const NUMBERS: [(&str, &str); 8] = [
    ("LIMIT_SIGN_INS_PER_MINUTE", "limits.sign_ins_per_minute"),
    ("LIMIT_WRONG_PASSWORDS", "limits.wrong_passwords"),
    ("LIMIT_WRONG_PASSWORD_WINDOW_MINUTES", "limits.wrong_password_window_minutes"),
    ("LIMIT_WRONG_CODES_PER_HOUR", "limits.wrong_codes_per_hour"),
    ("LIMIT_REGISTRATIONS_PER_HOUR", "limits.registrations_per_hour"),
    ("LIMIT_MAILS_PER_HOUR", "limits.mails_per_hour"),
    ("LIMIT_MAILS_PER_HOUR_TO_ONE", "limits.mails_per_hour_to_one"),
    ("LIMIT_STORED_MB", "limits.stored_mb"),
];

impl Config {
    /// Reads `Leptos.toml` of the working folder, if there is one, and the environment.
    pub fn load() -> anyhow::Result<Self> {
        let file = match std::fs::read_to_string(FILE) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
            Err(error) => bail!("{FILE} cannot be read: {error}."),
        };
        Self::read(&file, |name| std::env::var(name).ok())
    }

    /// Puts the settings together from a file's text and an environment.
    fn read(file: &str, env: impl Fn(&str) -> Option<String>) -> anyhow::Result<Self> {
        // A variable that is set to nothing is not set: that is how compose files leave one out.
        let env = |name: &str| env(name).map(|v| v.trim().to_owned()).filter(|v| !v.is_empty());
        let mut settings = Figment::new()
            .merge(Serialized::default("app.data_dir", ".data"))
            .merge(Serialized::default("app.mail_from", "Pitchey <no-reply@localhost>"))
            .merge(Toml::string(file));
        for (name, key) in TEXTS {
            let Some(value) = env(name) else { continue };
            let key = format!("app.{key}");
            settings = if name == "TRUSTED_PROXIES" {
                let list: Vec<_> =
                    value.split(',').map(str::trim).filter(|v| !v.is_empty()).map(str::to_owned).collect();
                settings.merge((key, list))
            } else {
                settings.merge((key, value))
            };
        }
        for (name, key) in NUMBERS {
            let Some(value) = env(name) else { continue };
            let value: u32 = value.parse().map_err(|_| anyhow!("{name} must be a whole number, not \"{value}\"."))?;
            settings = settings.merge((format!("app.{key}"), value));
        }

        let leptos = |variable: &str, key: &str| {
            env(variable).or_else(|| settings.extract_inner(&format!("package.metadata.leptos.{key}")).ok())
        };
        let address = leptos("LEPTOS_SITE_ADDR", "site-addr").unwrap_or_else(|| "127.0.0.1:3000".into());
        let environment = leptos("LEPTOS_ENV", "env").unwrap_or_else(|| "DEV".into());
        let production = match environment.to_lowercase().as_str() {
            "prod" | "production" => true,
            "dev" | "development" => false,
            _ => bail!("LEPTOS_ENV must be DEV or PROD, not \"{environment}\"."),
        };

        let tables: Tables = settings.extract_inner("app").map_err(explain)?;
        Ok(Self {
            production,
            data_dir: tables.data_dir,
            database_url: tables.database_url,
            public_url: tables.public_url.map(|url| url.trim_end_matches('/').to_owned()),
            local_url: format!("http://{}", address.replace("0.0.0.0", "127.0.0.1").replace("[::]", "[::1]")),
            secret_key: tables.secret_key,
            seal_key: tables.seal_key,
            tsa_url: tables.tsa_url,
            smtp_url: tables.smtp_url,
            mail_from: tables.mail_from,
            s3: tables.s3,
            clamav_addr: tables.clamav_addr,
            redis_url: tables.redis_url,
            trusted_proxies: tables.trusted_proxies,
            limits: tables.limits,
            demo: false,
        })
    }

    /// Settings for a test that keeps its things in `dir`.
    pub fn for_tests(dir: &Path) -> Self {
        Self {
            production: false,
            data_dir: dir.to_owned(),
            database_url: None,
            public_url: None,
            local_url: "http://127.0.0.1:3000".into(),
            secret_key: None,
            seal_key: None,
            tsa_url: None,
            smtp_url: None,
            mail_from: "Pitchey <no-reply@localhost>".into(),
            s3: None,
            clamav_addr: None,
            redis_url: None,
            trusted_proxies: Vec::new(),
            limits: LimitSettings::default(),
            demo: false,
        }
    }

    /// Refuses to go on with settings that would be ignored, or that lose or expose data in production.
    pub fn check(&self) -> anyhow::Result<()> {
        match self.problems().as_slice() {
            [] => Ok(()),
            problems => Err(anyhow!("{}", problems.join("\n         "))),
        }
    }

    /// What is wrong, one sentence each.
    fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        let mut wrong = |sentence: &str| problems.push(sentence.to_owned());
        if self.redis_url.is_some() {
            wrong("REDIS_URL is set, but this version keeps caches and counters in its own process: unset it.");
        }
        if let Some(url) = &self.public_url
            && !is_web_address(url)
        {
            wrong("PUBLIC_URL must be an address such as https://pitchey.example, without a path.");
        }
        if self.mail_from.parse::<lettre::message::Mailbox>().is_err() {
            wrong("MAIL_FROM must be a mail address such as Pitchey <no-reply@pitchey.example>.");
        }
        match self.database_url.as_ref().map(|url| url.parse::<PgConnectOptions>()) {
            Some(Err(_)) => {
                wrong("DATABASE_URL must be an address such as postgres://user:password@host/pitchey?sslmode=require.");
            }
            Some(Ok(database)) if self.production && !is_private(&database) => wrong(
                "DATABASE_URL leads to another host without enforced TLS, which would expose data: add ?sslmode=verify-full or ?sslmode=require.",
            ),
            _ => {}
        }
        if !self.production {
            return problems;
        }

        if self.demo {
            wrong("--demo makes accounts with a known password and is for development only.");
        }
        if self.database_url.is_none() {
            wrong(
                "DATABASE_URL is not set: the server's own Postgres is for development, production data needs a database that is backed up.",
            );
        }
        match &self.s3 {
            None => {
                wrong("S3_ENDPOINT and S3_BUCKET are not set: files in a local folder would be lost with the machine.")
            }
            Some(s3) if leaves_in_the_clear(&s3.endpoint, "http") => {
                wrong("S3_ENDPOINT leads to another host over plain http, which would expose files: use https.");
            }
            Some(_) => {}
        }
        match &self.smtp_url {
            None => wrong("SMTP_URL is not set: mail in a local folder reaches nobody."),
            Some(url) if leaves_in_the_clear(url, "smtp") && !url.contains("tls=required") => {
                wrong(
                    "SMTP_URL leads to another host without TLS, which would expose links in mails: use smtps:// or ?tls=required.",
                );
            }
            Some(_) => {}
        }
        match &self.public_url {
            None => wrong("PUBLIC_URL is not set: links in mails and the check of where requests come from need it."),
            Some(url) if leaves_in_the_clear(url, "http") => {
                wrong("PUBLIC_URL must be https, otherwise sessions could be read on the way.");
            }
            Some(_) => {}
        }
        match &self.secret_key {
            None => wrong("SECRET_KEY is not set: make one with `openssl rand -hex 32` and keep it."),
            Some(key) if key.len() < SECRET_KEY_LENGTH => {
                wrong(
                    "SECRET_KEY is too short to be safe: it needs at least 32 characters, for example from `openssl rand -hex 32`.",
                );
            }
            Some(_) => {}
        }
        if self.seal_key.is_none() {
            wrong(
                "SEAL_KEY is not set: documents sealed with a key in a local folder could not be told from forgeries once it is lost. Make one with `pitchey seal new-key`.",
            );
        }
        problems
    }
}

/// An error of figment as one sentence that names the setting.
fn explain(error: figment::Error) -> anyhow::Error {
    let path = error.path.join(".");
    let key = path.strip_prefix("app.").unwrap_or(&path);
    let known =
        TEXTS.iter().chain(&NUMBERS).find(|(_, k)| !key.is_empty() && (*k == key || key.starts_with(&format!("{k}."))));
    match (&error.kind, known) {
        (figment::error::Kind::MissingField(field), _) => {
            anyhow!("S3_{} is not set, but other S3 settings are: all of them are needed.", field.to_uppercase())
        }
        (kind, Some((name, _))) => anyhow!("The setting {name} does not hold: {kind}."),
        (kind, None) => anyhow!("{FILE} does not hold at [app] {key}: {kind}."),
    }
}

/// Whether the connection stays on this machine or is encrypted.
fn is_private(database: &PgConnectOptions) -> bool {
    let encrypted = matches!(database.get_ssl_mode(), PgSslMode::Require | PgSslMode::VerifyCa | PgSslMode::VerifyFull);
    encrypted || database.get_socket().is_some() || is_this_machine(database.get_host())
}

/// Whether `url` has the unencrypted `scheme` and leads to another machine.
fn leaves_in_the_clear(url: &str, scheme: &str) -> bool {
    let Ok(uri) = url.parse::<Uri>() else { return true };
    uri.scheme_str() == Some(scheme) && !uri.host().is_some_and(is_this_machine)
}

fn is_this_machine(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// `http(s)://host[:port]` and nothing more.
fn is_web_address(url: &str) -> bool {
    url.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some()
            && uri.path() == "/"
            && uri.query().is_none()
    })
}

/// Reads the server's Leptos options from `Leptos.toml` (or, without one, from the environment), and finds out whether
/// the browser's files carry hashes in their names: the release build writes `hash.txt` into the site's folder.
pub fn leptos_options() -> anyhow::Result<leptos::config::LeptosOptions> {
    let file = Path::new(FILE).exists().then_some(FILE);
    let mut options = leptos::config::get_configuration(file)
        .map_err(|error| anyhow!("{FILE} or a LEPTOS_ variable does not hold: {error}."))?
        .leptos_options;
    let site =
        std::path::absolute(&*options.site_root).with_context(|| format!("{} is not a folder", options.site_root))?;
    let hashes = site.join("hash.txt");
    // A development server shows what was built for development, not what an earlier release left beside it.
    options.hash_files = hashes.exists() && !cfg!(debug_assertions);
    options.hash_file = hashes.to_string_lossy().into();
    Ok(options)
}

// Written by hand so that no secret ever reaches a log.
impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Config")
            .field("production", &self.production)
            .field("data_dir", &self.data_dir)
            .field("public_url", &self.public_url)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for S3Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("S3Settings")
            .field("endpoint", &self.endpoint)
            .field("bucket", &self.bucket)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;

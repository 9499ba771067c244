//! Mail. A letter is queued in the transaction that causes it and sent by the job `SendMail`: over SMTP, or into a
//! folder in development, where `shelf` shows it.

pub mod shelf;

use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use anyhow::Context;
use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor,
    message::{Mailbox, MultiPart},
};
use serde::{Deserialize, Serialize};
use sqlx::PgConnection;
use uuid::Uuid;

use super::{Platform, config::Config, queue};
use crate::shared::{
    error::{AppError, Result},
    time::Time,
};

/// A letter to one person, with the same words as plain text and as HTML.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: String,
}

impl Letter {
    /// A letter of plain paragraphs, with a link at its end where there is one. What stands in it is never markup.
    pub fn new(to: &str, subject: impl Into<String>, paragraphs: &[&str], link: Option<(&str, String)>) -> Self {
        let mut text = paragraphs.join("\n\n");
        let mut html: String = paragraphs.iter().map(|p| format!("<p>{}</p>\n", escape(p))).collect();
        if let Some((label, url)) = link {
            text.push_str(&format!("\n\n{label}:\n{url}\n"));
            html.push_str(&format!("<p><a href=\"{}\">{}</a></p>\n", escape(&url), escape(label)));
        }
        Self { to: to.into(), subject: subject.into(), text, html }
    }

    /// One that greets its reader by name.
    pub fn to_person(
        (name, email): (&str, &str),
        subject: String,
        paragraphs: &[&str],
        (label, url): (&str, String),
    ) -> Self {
        let greeting = format!("Hello {name},");
        let paragraphs: Vec<&str> = std::iter::once(greeting.as_str()).chain(paragraphs.iter().copied()).collect();
        Self::new(email, subject, &paragraphs, Some((label, url)))
    }
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\n', "<br>")
}

/// The job that sends a letter. Its id is made when it is queued, so that the letter of a retry is the same letter: a
/// reader's mail program shows it once.
#[derive(Debug, Serialize, Deserialize)]
pub struct SendMail {
    id: Uuid,
    letter: Letter,
}

/// Queues `letter` in the caller's transaction: it is sent if and only if that commits.
pub async fn queue_letter(tx: &mut PgConnection, letter: Letter) -> Result<()> {
    queue::add(tx, &SendMail { id: Uuid::now_v7(), letter }).await
}

impl TaskHandler for SendMail {
    const IDENTIFIER: &'static str = "send_mail";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let platform = queue::platform(&ctx).map_err(|error| error.to_string())?;
        platform.mail.send(self.id, &self.letter, platform.now()).await.map_err(|error| {
            tracing::warn!(letter = %self.id, "a letter could not be sent: {error:#}");
            format!("{error:#}")
        })
    }
}

/// How letters leave the house.
#[derive(Clone, Debug)]
pub struct Mailer {
    from: Mailbox,
    way: Way,
    /// A test's folder, removed with the last clone.
    #[cfg(test)]
    _folder: Option<std::sync::Arc<tempfile::TempDir>>,
}

#[derive(Clone, Debug)]
enum Way {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    Folder(PathBuf),
}

impl Mailer {
    /// The mail server of the settings or, without one, the folder `mail` in the data folder.
    pub fn open(config: &Config) -> anyhow::Result<Self> {
        let way = match &config.smtp_url {
            Some(url) => Way::Smtp(
                AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
                    .context("SMTP_URL must be an address such as smtps://user:password@host")?
                    .timeout(Some(Duration::from_secs(30)))
                    .build(),
            ),
            None => {
                let folder = config.data_dir.join("mail");
                std::fs::create_dir_all(&folder)
                    .with_context(|| format!("The folder for mail, {}, cannot be made", folder.display()))?;
                Way::Folder(folder)
            }
        };
        Ok(Self {
            from: config.mail_from.parse().context("MAIL_FROM must be a mail address")?,
            way,
            #[cfg(test)]
            _folder: None,
        })
    }

    /// A folder that goes away.
    #[cfg(test)]
    pub fn for_tests() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mailer = Self::open(&Config::for_tests(folder.path())).unwrap();
        Self { _folder: Some(std::sync::Arc::new(folder)), ..mailer }
    }

    /// The folder that letters are put into, if they are.
    pub fn folder(&self) -> Option<&Path> {
        match &self.way {
            Way::Folder(folder) => Some(folder),
            Way::Smtp(_) => None,
        }
    }

    /// Sends `letter` now. Sending it again under the same `id` gives the same letter.
    pub async fn send(&self, id: Uuid, letter: &Letter, now: Time) -> anyhow::Result<()> {
        let message = self.message(id, letter, now)?;
        match &self.way {
            Way::Smtp(server) => {
                server.send(message).await?;
            }
            Way::Folder(folder) => {
                // Written aside and renamed: whoever lists the folder sees whole letters only.
                let aside = folder.join(format!(".{id}.part"));
                tokio::fs::write(&aside, message.formatted()).await?;
                tokio::fs::rename(&aside, folder.join(format!("{id}.eml"))).await?;
            }
        }
        Ok(())
    }

    fn message(&self, id: Uuid, letter: &Letter, now: Time) -> anyhow::Result<Message> {
        // The address is parsed and the subject is freed of control characters: no line of ours becomes a header.
        let to: Address = letter.to.parse().context("the letter has no valid address")?;
        let subject: String = letter.subject.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        Ok(Message::builder()
            .message_id(Some(format!("<{id}@{}>", self.from.email.domain())))
            .date(SystemTime::from(now))
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(subject)
            .multipart(MultiPart::alternative_plain_html(letter.text.clone(), letter.html.clone()))?)
    }
}

/// The error of a shelf that cannot be read.
fn unreadable(error: impl std::fmt::Display) -> AppError {
    AppError::internal(format!("the mail folder cannot be read: {error}"))
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use chrono::DateTime;
    use mail_parser::MessageParser;

    use super::*;

    fn now() -> Time {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }

    fn letter(to: &str, subject: &str) -> Letter {
        Letter {
            to: to.into(),
            subject: subject.into(),
            text: "Grüße,\n\nhttp://localhost:3000/verify-email?token=abc_-1\n".into(),
            html: "<p>Grüße, <a href=\"http://localhost:3000/verify-email?token=abc_-1\">Verify</a></p>".into(),
        }
    }

    #[tokio::test]
    async fn a_letter_in_the_folder_is_a_complete_mail() {
        let mailer = Mailer::for_tests();
        mailer.send(Uuid::now_v7(), &letter("ada@example.test", "Willkommen, Zoë"), now()).await.unwrap();
        let file = std::fs::read_dir(mailer.folder().unwrap()).unwrap().next().unwrap().unwrap().path();
        assert_eq!(file.extension().unwrap(), "eml");
        let raw = std::fs::read(file).unwrap();
        let mail = MessageParser::default().parse(&raw).unwrap();
        assert_eq!(mail.subject(), Some("Willkommen, Zoë"));
        assert!(mail.message_id().unwrap().ends_with("@localhost"));
        assert!(mail.body_text(0).unwrap().contains("Grüße"));
        assert!(mail.body_html(0).unwrap().contains("Verify</a>"));
        assert_eq!(mail.date().unwrap().to_timestamp(), 1_800_000_000);
    }

    #[tokio::test]
    async fn the_same_letter_sent_again_is_one_letter() {
        let mailer = Mailer::for_tests();
        let id = Uuid::now_v7();
        for _ in 0..2 {
            mailer.send(id, &letter("ada@example.test", "Once"), now()).await.unwrap();
        }
        assert_eq!(std::fs::read_dir(mailer.folder().unwrap()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn no_header_can_be_smuggled_in() {
        let mailer = Mailer::for_tests();
        for to in ["a@b.test\r\nBcc: c@d.test", "a@b.test, c@d.test", "a@b.test\0", "<a@b.test>\nX: y", ""] {
            assert!(mailer.message(Uuid::nil(), &letter(to, "Hello"), now()).is_err(), "{to:?}");
        }
        let mail = mailer.message(Uuid::nil(), &letter("a@b.test", "Hi\r\nBcc: c@d.test\r\n\r\nbody"), now()).unwrap();
        let raw = mail.formatted();
        let mail = MessageParser::default().parse(&raw).unwrap();
        assert!(mail.bcc().is_none());
        assert_eq!(mail.subject(), Some("Hi  Bcc: c@d.test    body"));
        assert_eq!(mail.headers().iter().filter(|h| h.name() == "Subject").count(), 1);
    }

    /// Keeps what it is given.
    #[derive(Clone, Default)]
    struct Inbox(Arc<Mutex<Vec<u8>>>, Arc<Mutex<Vec<String>>>);

    impl mailin_embedded::Handler for Inbox {
        fn rcpt(&mut self, to: &str) -> mailin_embedded::Response {
            self.1.lock().unwrap().push(to.into());
            mailin_embedded::response::OK
        }

        fn data(&mut self, line: &[u8]) -> std::io::Result<()> {
            self.0.lock().unwrap().extend_from_slice(line);
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_real_mail_server_gets_the_letter() {
        let inbox = Inbox::default();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let mut server = mailin_embedded::Server::new(inbox.clone());
        server.with_name("mail.test").with_ssl(mailin_embedded::SslConfig::None).unwrap().with_tcp_listener(listener);
        std::thread::spawn(move || drop(server.serve()));

        let config = Config {
            smtp_url: Some(format!("smtp://127.0.0.1:{port}")),
            mail_from: "Pitchey <no-reply@pitchey.example>".into(),
            ..Config::for_tests(Path::new("/nowhere"))
        };
        let mailer = Mailer::open(&config).unwrap();
        let id = Uuid::now_v7();
        mailer.send(id, &letter("ada@example.test", "Hello"), now()).await.unwrap();
        let raw = inbox.0.lock().unwrap().clone();
        let mail = MessageParser::default().parse(&raw).unwrap();
        assert_eq!(mail.message_id(), Some(&*format!("{id}@pitchey.example")));
        assert!(mail.body_text(0).unwrap().contains("token=abc_-1"));
        assert_eq!(*inbox.1.lock().unwrap(), ["ada@example.test"]);
    }

    #[tokio::test]
    async fn a_mail_server_that_is_gone_is_an_error_to_retry() {
        let config = Config { smtp_url: Some("smtp://127.0.0.1:1".into()), ..Config::for_tests(Path::new("/nowhere")) };
        let mailer = Mailer::open(&config).unwrap();
        assert!(mailer.send(Uuid::now_v7(), &letter("ada@example.test", "Hello"), now()).await.is_err());
    }
}

//! What holds of accounts, decided without I/O: what may be typed, who may do what.

use super::model::{Kind, Viewer};
use crate::shared::{
    error::{AppError, FieldError, Result},
    text::{self, Complaints},
};

/// The version of the terms that a registration agrees to; the date they were last changed.
pub const TERMS_VERSION: &str = "2026-11-01";

/// How long a link to verify an email works, in hours.
pub const VERIFY_EMAIL_HOURS: i64 = 72;
/// How long a link to set a new password works, in hours.
pub const RESET_PASSWORD_HOURS: i64 = 1;
/// How long a link to sign in works, in minutes.
pub const SIGN_IN_LINK_MINUTES: i64 = 15;
/// How long proving who one is lasts, in minutes.
pub const FRESH_MINUTES: i64 = 10;

/// Publishing, signing and sending need a verified email.
pub fn needs_verified_email(viewer: &Viewer) -> Result<()> {
    if viewer.email_verified {
        Ok(())
    } else {
        Err(AppError::forbidden("Please verify your email first: we sent you a link when you registered."))
    }
}

/// A registration as typed.
#[derive(Clone, Debug, Default)]
pub struct Registration {
    pub account_type: String,
    pub full_name: String,
    pub company: String,
    pub email: String,
    pub password: String,
    pub agree_terms: bool,
}

/// A registration that holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    pub kind: Kind,
    pub name: String,
    /// Only for the buy side; a creator's pitch belongs to the person.
    pub company: Option<String>,
    pub email: String,
    pub password: String,
}

impl Registration {
    /// Everything that is wrong with it, field by field, or the account to make.
    pub fn check(self) -> Result<NewAccount> {
        let mut complaints = Complaints::default();
        let kind = complaints.take(registered_kind(&self.account_type));
        let name = complaints.take(person_name("full_name", &self.full_name));
        let email = complaints.take(email(&self.email));
        let password = complaints.take(password("password", &self.password));
        let company = text::line(&self.company);
        complaints
            .unless(text::chars(&company) <= 120, "company", "A company's name has at most 120 characters.")
            .unless(
                self.agree_terms,
                "agree_terms",
                "Please agree to the terms and state that you are 18 or older; we cannot make an account without it.",
            );
        complaints.done()?;
        let (Some(kind), Some(name), Some(email), Some(password)) = (kind, name, email, password) else {
            return Err(AppError::new(crate::shared::error::Refusal::Invalid, "Please check the form."));
        };
        let company = (kind.is_buyer() && !company.is_empty()).then_some(company);
        Ok(NewAccount { kind, name, company, email, password })
    }
}

fn complaint<T>(field: &str, message: &str) -> Result<T, FieldError> {
    Err(FieldError { field: field.into(), message: message.into() })
}

fn registered_kind(word: &str) -> Result<Kind, FieldError> {
    match word.parse::<Kind>() {
        Ok(kind) if Kind::REGISTERED.contains(&kind) => Ok(kind),
        _ => complaint("account_type", "Choose what you are here for: creator, investor or production."),
    }
}

/// A person's name: 2-100 characters.
pub fn person_name(field: &str, typed: &str) -> Result<String, FieldError> {
    let name = text::line(typed);
    match text::chars(&name) {
        2..=100 if name.chars().any(char::is_alphanumeric) => Ok(name),
        _ => complaint(field, "Write your name with 2 to 100 characters."),
    }
}

/// An email address: one `@` between non-empty parts, a dot in the domain, at most 254 characters (RFC 5321), no
/// spaces. Whether it exists, the mail sent there finds out.
pub fn email(typed: &str) -> Result<String, FieldError> {
    let email = typed.trim().to_string();
    let holds = email.split_once('@').is_some_and(|(local, domain)| {
        !local.is_empty()
            && local.len() <= 64
            && domain.contains('.')
            && domain
                .split('.')
                .all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'))
    });
    #[cfg(feature = "ssr")]
    let holds = holds && email.parse::<lettre::Address>().is_ok();
    if holds
        && email.len() <= 254
        && !email.chars().any(|c| c.is_whitespace() || c.is_control() || "<>,;:\"\\".contains(c))
    {
        Ok(email)
    } else {
        complaint("email", "That does not look like an email address; it should be like name@example.com.")
    }
}

/// A password: 8-128 characters, anything goes (NIST SP 800-63B: length matters, composition rules do not) but what everybody has.
pub fn password(field: &str, typed: &str) -> Result<String, FieldError> {
    #[cfg(feature = "ssr")]
    if super::common_passwords::holds(typed) {
        return complaint(
            field,
            "Too many people have this password, so it is among the first that are tried. Use another.",
        );
    }
    match text::chars(typed) {
        8..=128 => Ok(typed.to_string()),
        0..8 => complaint(field, "Use at least 8 characters; a few words in a row make a good password."),
        _ => complaint(field, "Use at most 128 characters."),
    }
}

/// A handle: 3-40 of a-z, 0-9 and single dashes between them.
pub fn handle(typed: &str) -> Result<String, FieldError> {
    let handle = typed.trim().to_lowercase();
    let plain = handle.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    let dashes = handle.starts_with('-') || handle.ends_with('-') || handle.contains("--");
    if plain && !dashes && (3..=40).contains(&handle.len()) {
        Ok(handle)
    } else {
        complaint("handle", "Use 3 to 40 small letters, digits and single dashes.")
    }
}

/// The handle made from a name; `person` where nothing of it can be written in a handle.
pub fn handle_from_name(name: &str) -> String {
    let ascii: String = name.chars().filter(|c| c.is_ascii()).collect();
    let mut handle = text::kebab(&ascii);
    handle.truncate(32);
    let handle = handle.trim_end_matches('-');
    if handle.len() < 3 { "person".into() } else { handle.into() }
}

/// Where to go after signing in: a local path, or the person's own dashboard. Never another site.
pub fn local_path(next: &str) -> Option<&str> {
    let local =
        next.starts_with('/') && !next.starts_with("//") && !next.contains('\\') && !next.chars().any(char::is_control);
    local.then_some(next)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Registration {
        Registration {
            account_type: "investor".into(),
            full_name: " Sarah  Lane ".into(),
            company: "Lane Capital".into(),
            email: " sarah@lane.test ".into(),
            password: "correct horse".into(),
            agree_terms: true,
        }
    }

    #[test]
    fn a_good_registration_is_tidied() {
        let account = good().check().unwrap();
        assert_eq!(account.name, "Sarah Lane");
        assert_eq!(account.email, "sarah@lane.test");
        assert_eq!(account.company.as_deref(), Some("Lane Capital"));
    }

    #[test]
    fn a_creator_has_no_company() {
        let account = Registration { account_type: "creator".into(), ..good() }.check().unwrap();
        assert_eq!(account.company, None);
    }

    #[test]
    fn nobody_registers_as_staff() {
        let error = Registration { account_type: "admin".into(), ..good() }.check().unwrap_err();
        assert!(error.on_field("account_type").is_some());
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let error = Registration::default().check().unwrap_err();
        let fields: Vec<_> = error.fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["account_type", "full_name", "email", "password", "agree_terms"]);
    }

    #[test]
    fn addresses_that_would_break_a_header_are_refused() {
        for bad in ["a", "a@b", "@b.c", "a@b..c", "a b@c.de", "a@b.de\r\nBcc: x@y.zz", "a@b.de,c@d.ef", "<a@b.de>"] {
            assert!(email(bad).is_err(), "{bad:?}");
        }
        assert!(email("ünïcode+tag@exämple.test").is_ok());
    }

    #[test]
    fn next_never_leaves_the_site() {
        assert_eq!(local_path("/browse?q=a"), Some("/browse?q=a"));
        for bad in ["//evil.test", "https://evil.test", "/\\evil.test", "browse", "/a\r\nb", ""] {
            assert_eq!(local_path(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn handles_come_from_names() {
        assert_eq!(handle_from_name("Alex O'Creator"), "alex-o-creator");
        assert_eq!(handle_from_name("\u{1F3AC}"), "person");
        assert!(handle("a--b").is_err() && handle("-ab").is_err() && handle("ab").is_err() && handle("alex-9").is_ok());
    }
}

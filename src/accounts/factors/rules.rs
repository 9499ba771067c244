//! What holds of codes and of waiting, decided without I/O.

use chrono::TimeDelta;
use totp_rs::{Builder, Secret, Totp};

use crate::shared::{
    error::{AppError, FieldError, Result},
    text,
    time::Time,
};

/// For so long somebody whose password was right may show a factor, in minutes; and so often they may try.
pub const HALF_MINUTES: i64 = 5;
pub const HALF_TRIES: i32 = 5;
/// For so long an authenticator app may be set up, and new recovery codes stay on the page, in minutes.
pub const SETUP_MINUTES: i64 = 15;
/// For so long a passkey may think, in minutes.
pub const CHALLENGE_MINUTES: i64 = 5;
/// Recovery codes are made so many at a time.
pub const RECOVERY_CODES: usize = 10;
/// So many passkeys a person may have.
pub const PASSKEYS: usize = 20;

/// Who lost all factors waits so many hours, and is mailed every day.
pub const LOST_HOURS: i64 = 72;
const TOLD_EVERY_HOURS: i64 = 24;

/// Bytes of an authenticator app's secret; RFC 4226 recommends 160 bits.
pub const SECRET_BYTES: usize = 20;
/// Bytes of a recovery code: enough that its hash cannot be guessed.
pub const RECOVERY_BYTES: usize = 10;

/// The authenticator app of `email`: six digits every 30 seconds, one step early or late counts, as all apps can.
pub fn app(secret: &[u8], email: &str) -> Result<Totp> {
    let secret = Secret::new(secret.into());
    // A colon would end the name in the app's address.
    let name = email.replace(':', " ");
    Builder::new()
        .with_secret(secret)
        .with_skew(1)
        .with_account_name(name)
        .with_issuer(Some("Pitchey"))
        .build()
        .map_err(AppError::internal)
}

/// A code of an authenticator app as typed: six digits, with or without spaces between them.
pub fn app_code(typed: &str) -> Option<String> {
    let code: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    (code.len() == 6 && code.bytes().all(|b| b.is_ascii_digit())).then_some(code)
}

/// The step that `code` is of, if it is a code of now and later than the last one taken.
pub fn step_of(app: &Totp, code: &str, now: Time, last_step: i64) -> Option<i64> {
    let step = app.check(code, u64::try_from(now.timestamp()).ok()?)?;
    i64::try_from(step).ok().filter(|step| *step > last_step)
}

/// Letters and digits that nobody mistakes for another (Crockford's base 32).
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A recovery code as it is shown: `k7vd-...`, four by four.
pub fn recovery_code(bytes: [u8; RECOVERY_BYTES]) -> String {
    let number = bytes.iter().fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
    let letters: Vec<char> =
        (0..RECOVERY_BYTES * 8 / 5).rev().map(|n| char::from(LETTERS[(number >> (5 * n)) as usize & 31])).collect();
    letters.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// A recovery code as typed, brought to the form that is kept: what people mistake for another letter is that letter.
pub fn typed_recovery_code(typed: &str) -> Option<String> {
    let plain = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').flat_map(char::to_lowercase);
    let code: String = plain
        .map(|c| match c {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    (code.len() == RECOVERY_BYTES * 8 / 5 && code.bytes().all(|b| LETTERS.contains(&b))).then_some(code)
}

/// What a passkey is called: 1-60 characters.
pub fn passkey_name(typed: &str) -> Result<String, FieldError> {
    let name = text::line(typed);
    match text::chars(&name) {
        1..=60 => Ok(name),
        _ => Err(FieldError { field: "name".into(), message: "Give it a name of up to 60 characters.".into() }),
    }
}

/// What to do about somebody who waits to have their factors dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Waiting {
    Wait,
    Remind,
    Drop,
}

pub fn waiting(due: Time, told: Time, now: Time) -> Waiting {
    if now >= due {
        Waiting::Drop
    } else if now - told >= TimeDelta::hours(TOLD_EVERY_HOURS) {
        Waiting::Remind
    } else {
        Waiting::Wait
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Time {
        Time::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_code_counts_one_step_early_or_late_and_never_twice() {
        let app = app(&[7; SECRET_BYTES], "a@b.test").unwrap();
        let now = 1_800_000_015;
        let code = |seconds: i64| app.generate(u64::try_from(seconds).unwrap()).to_string();
        let step = now / 30;
        for offset in [-30, 0, 30] {
            assert_eq!(step_of(&app, &code(now + offset), at(now), 0), Some(step + offset / 30), "{offset}");
        }
        for offset in [-60, 60, 3_600] {
            assert_eq!(step_of(&app, &code(now + offset), at(now), 0), None, "{offset}");
        }
        assert_eq!(step_of(&app, &code(now), at(now), step), None, "the same one again");
        assert_eq!(step_of(&app, &code(now - 30), at(now), step), None, "an earlier one");
        assert_eq!(step_of(&app, &code(now + 30), at(now), step), Some(step + 1));
    }

    #[test]
    fn the_codes_are_those_of_rfc_6238() {
        let app = app(b"12345678901234567890", "a@b.test").unwrap();
        assert_eq!(app.generate(59).to_string(), "287082");
        assert_eq!(app.generate(1_111_111_109).to_string(), "081804");
    }

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(app_code(" 123 456 ").as_deref(), Some("123456"));
        for no in ["12345", "1234567", "12345a", "", "correct horse"] {
            assert_eq!(app_code(no), None, "{no:?}");
        }
        let code = recovery_code([0, 1, 2, 3, 4, 5, 6, 7, 8, 255]);
        assert_eq!(code.len(), 19);
        assert_eq!(typed_recovery_code(&code.to_uppercase().replace('0', "O")), Some(code.replace('-', "")));
        assert_eq!(typed_recovery_code("short"), None);
        assert_eq!(typed_recovery_code(&"u".repeat(16)), None);
    }

    #[test]
    fn who_lost_everything_is_told_daily_and_helped_after_three_days() {
        let (asked, due) = (at(0), at(LOST_HOURS * 3_600));
        assert_eq!(waiting(due, asked, at(3_600)), Waiting::Wait);
        assert_eq!(waiting(due, asked, at(24 * 3_600)), Waiting::Remind);
        assert_eq!(waiting(due, at(71 * 3_600), due), Waiting::Drop);
    }
}

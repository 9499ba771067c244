//! How often one address may sign in, register, and ask for mails. Counted in this process; excess is answered at once with 429 and
//! the seconds to wait, never queued.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
};

use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};

use super::config::LimitSettings;
use crate::shared::error::{AppError, Result};

/// After so many questions, addresses that are quiet again are forgotten: memory stays bounded.
const SWEEP_EVERY: u32 = 1_024;

/// Kilobytes of guests' refused forms that are kept, from one address.
const KEPT_KB_PER_MINUTE: u32 = 2_048;

/// Marked copies of documents that one person may take along: each is made whole, in memory.
const COPIES_PER_HOUR: u32 = 20;

/// Files that one person may send, and one address: whole, or begun in parts.
const UPLOADS_PER_HOUR: u32 = 300;
/// Mails with a shared link that one person may have sent.
const SHARED_LINKS_PER_HOUR: u32 = 30;

/// Codes for one shared link that one address may ask for: with each come five guesses.
const SHARE_CODES_PER_HOUR: u32 = 10;

/// Files that one address may have checked.
const CHECKED_FILES_PER_MINUTE: u32 = 20;

/// The limits; clones share their counts.
#[derive(Clone, Debug)]
pub struct Limits {
    sign_ins: Arc<Limit>,
    registrations: Arc<Limit>,
    mails: Arc<Limit>,
    mails_to_one: Arc<Limit>,
    kept_forms: Arc<Limit>,
    checked_files: Arc<Limit>,
    copies: Arc<Limit>,
    uploads: Arc<Limit>,
    shared_links: Arc<Limit>,
    share_codes: Arc<Limit>,
}

impl Limits {
    pub fn new(settings: &LimitSettings) -> Self {
        let hourly = |most: u32| Arc::new(Limit::new(Quota::per_hour(at_least_one(most))));
        Self {
            sign_ins: Arc::new(Limit::new(Quota::per_minute(at_least_one(settings.sign_ins_per_minute)))),
            registrations: hourly(settings.registrations_per_hour),
            mails: hourly(settings.mails_per_hour),
            kept_forms: Arc::new(Limit::new(Quota::per_minute(at_least_one(KEPT_KB_PER_MINUTE)))),
            checked_files: Arc::new(Limit::new(Quota::per_minute(at_least_one(CHECKED_FILES_PER_MINUTE)))),
            copies: hourly(COPIES_PER_HOUR),
            uploads: hourly(UPLOADS_PER_HOUR),
            shared_links: hourly(SHARED_LINKS_PER_HOUR),
            share_codes: hourly(SHARE_CODES_PER_HOUR),
            mails_to_one: hourly(settings.mails_per_hour_to_one),
        }
    }

    /// Counts a sign-in from `address`.
    pub fn sign_in(&self, address: &str) -> Result<()> {
        self.sign_ins.count(address, "Too many sign-ins from your address. Please wait a moment and try again.")
    }

    /// Counts a registration from `address`.
    pub fn registration(&self, address: &str) -> Result<()> {
        self.registrations.count(address, "Too many new accounts from your address. Please try again later.")
    }

    /// Counts a refused form of a guest at `address`, of `bytes`, that is kept for the page it came from.
    pub fn kept_form(&self, address: &str, bytes: usize) -> Result<()> {
        let weight = NonZeroU32::MIN.saturating_add(u32::try_from(bytes / 1_024).unwrap_or(u32::MAX));
        self.kept_forms.count_as(weight, address, "Too many forms were refused. Please wait a moment and try again.")
    }

    /// Counts a file that somebody at `address` wants to know about.
    pub fn checked_file(&self, address: &str) -> Result<()> {
        self.checked_files.count(address, "Too many files were checked from your address. Please wait a moment.")
    }

    /// Counts a marked copy that `person` takes along.
    pub fn marked_copy(&self, person: &str) -> Result<()> {
        self.copies.count(person, "That makes a lot of copies in an hour. Please come back later, or read here.")
    }

    /// Counts a file that `person` at `address` begins to send.
    pub fn upload(&self, person: &str, address: &str) -> Result<()> {
        let refusal = "That makes a lot of files in an hour. Please go on a little later; what has arrived stays.";
        self.uploads.count(person, refusal)?;
        self.uploads.count(address, refusal)
    }

    /// Counts a mail with a shared link that `person` has sent.
    pub fn shared_link(&self, person: &str) -> Result<()> {
        self.shared_links.count(person, "That makes a lot of share links in an hour. Please come back later.")
    }

    /// Counts a code for the link `share` that somebody at `address` asks for, whether or not one is sent.
    pub fn share_code(&self, share: &str, address: &str) -> Result<()> {
        let who = format!("{share} {}", household(address));
        self.share_codes.count(&who, "Too many codes were asked for from your address. Please try again later.")
    }

    /// Counts a mail that somebody at `address` asks for, whether or not one is sent.
    pub fn mail_asked(&self, address: &str) -> Result<()> {
        self.mails.count(address, "Too many mails were asked for from your address. Please try again later.")
    }

    /// Whether one more mail of this `sort` may go to `email` now. Who asks is told the same either way: enough of them are
    /// in the mailbox.
    pub fn mail_to(&self, sort: &str, email: &str) -> bool {
        self.mails_to_one.count(&format!("{sort} {}", email.to_lowercase()), "").is_ok()
    }
}

fn at_least_one(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN)
}

/// One limit with a count per address.
#[derive(Debug)]
struct Limit {
    counts: DefaultKeyedRateLimiter<String>,
    asked: AtomicU32,
}

impl Limit {
    fn new(quota: Quota) -> Self {
        Self { counts: RateLimiter::keyed(quota), asked: AtomicU32::new(0) }
    }

    fn count(&self, address: &str, refusal: &str) -> Result<()> {
        self.count_as(NonZeroU32::MIN, address, refusal)
    }

    /// Counts something that is worth `weight` of the usual.
    fn count_as(&self, weight: NonZeroU32, address: &str, refusal: &str) -> Result<()> {
        if self.asked.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.counts.retain_recent();
            self.counts.shrink_to_fit();
        }
        match self.counts.check_key_n(&household(address), weight) {
            Ok(Ok(())) => Ok(()),
            Ok(Err(busy)) => {
                let wait = busy.wait_time_from(DefaultClock::default().now());
                let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1);
                Err(AppError::too_many(refusal, seconds))
            }
            // More than a whole period holds.
            Err(_) => Err(AppError::too_many(refusal, 60)),
        }
    }
}

/// Who counts as one: an IPv4 address, or the /64 that an IPv6 customer has to themself.
pub fn household(address: &str) -> String {
    match address.parse::<IpAddr>().map(|a| a.to_canonical()) {
        Ok(IpAddr::V6(v6)) => {
            let s = v6.segments();
            format!("{:x}:{:x}:{:x}:{:x}::/64", s[0], s[1], s[2], s[3])
        }
        Ok(v4) => v4.to_string(),
        Err(_) => address.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::error::Refusal;

    #[test]
    fn the_sixty_first_sign_in_of_a_minute_is_refused_with_the_time_to_wait() {
        let limits = Limits::new(&LimitSettings::default());
        for _ in 0..60 {
            limits.sign_in("192.0.2.1").unwrap();
        }
        let refused = limits.clone().sign_in("192.0.2.1").unwrap_err();
        assert_eq!(refused.refusal, Refusal::TooMany);
        assert!((1..=60).contains(&refused.retry_after.unwrap()));
        limits.sign_in("192.0.2.2").unwrap();
        limits.registration("192.0.2.1").unwrap();
        limits.mail_asked("192.0.2.1").unwrap();
        let kept = (0..100).filter(|_| limits.kept_form("192.0.2.1", 500 * 1_024).is_ok()).count();
        assert_eq!(kept, 4, "large ones count for more");
    }

    #[test]
    fn nobody_is_flooded_with_mails_from_many_addresses() {
        let limits = Limits::new(&LimitSettings::default());
        let sent = (0..20).filter(|n| limits.mail_to("reset", ["sarah@lane.test", "Sarah@Lane.test"][n % 2])).count();
        assert_eq!(sent, 10);
        assert!(limits.mail_to("verify", "sarah@lane.test"), "one sort does not keep another away");
        assert!(limits.mail_to("reset", "tom@lane.test"));
    }

    #[test]
    fn an_ipv6_network_counts_as_one() {
        assert_eq!(household("2001:db8:1:2:3::4"), household("2001:db8:1:2::9"));
        assert_ne!(household("2001:db8:1:2::1"), household("2001:db8:1:3::1"));
        assert_eq!(household("::ffff:192.0.2.1"), "192.0.2.1");
    }

    #[test]
    fn quiet_addresses_are_forgotten() {
        let limit = Limit::new(Quota::per_second(NonZeroU32::MAX));
        for n in 0..5_000 {
            limit.count(&format!("host-{n}"), "no").unwrap();
        }
        assert!(limit.counts.len() <= SWEEP_EVERY as usize, "{}", limit.counts.len());
    }
}

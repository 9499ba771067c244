//! Times as people read them. No clock in here: "now" is always given.

use chrono::{DateTime, Utc};

/// A moment, UTC.
pub type Time = DateTime<Utc>;

/// "just now", "5 minutes ago", "in 3 days"; beyond a month the date.
pub fn relative(then: Time, now: Time) -> String {
    let seconds = (now - then).num_seconds();
    let (size, future) = (seconds.unsigned_abs(), seconds < 0);
    let (count, unit) = match size {
        0..45 => return if future { "in a moment" } else { "just now" }.into(),
        45..2_700 => (size.div_ceil(60).max(1), "minute"),
        2_700..79_200 => ((size + 1_800) / 3_600, "hour"),
        79_200..2_592_000 => ((size + 43_200) / 86_400, "day"),
        _ => return date(then),
    };
    let plural = if count == 1 { "" } else { "s" };
    if future { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") }
}

/// "23 November 2026".
pub fn date(time: Time) -> String {
    time.format("%-d %B %Y").to_string()
}

/// "23 November 2026, 14:05 UTC".
pub fn exact(time: Time) -> String {
    time.format("%-d %B %Y, %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;

    #[test]
    fn times_read_as_a_person_says_them() {
        let now = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let said = |seconds| relative(now - TimeDelta::seconds(seconds), now);
        assert_eq!(said(3), "just now");
        assert_eq!(said(60), "1 minute ago");
        assert_eq!(said(7_300), "2 hours ago");
        assert_eq!(said(-259_200), "in 3 days");
        assert_eq!(said(40 * 86_400), "6 December 2026");
    }
}

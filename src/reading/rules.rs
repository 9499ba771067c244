//! What counts as reading. Pure; the browser and the server decide alike.

use chrono::TimeDelta;

use crate::shared::time::Time;

/// Without a sign of life for so long, nobody is reading.
pub const IDLE_SECONDS: f64 = 30.0;
/// What is read again within so many minutes belongs to the same visit.
pub const SAME_VISIT_MINUTES: i64 = 10;
/// Visits are kept for so many days, which are 13 months.
pub const KEPT_DAYS: i64 = 395;
/// Beats arrive unevenly: one may claim so much more than the time since the last, which the next then lacks.
const JITTER: TimeDelta = TimeDelta::seconds(1);

/// What a beat adds to its page, and up to when time is claimed after it: never more than what has passed.
pub fn counted(claimed: i64, counted_to: Time, now: Time) -> (i64, Time) {
    let passed = (now - counted_to).num_milliseconds().max(0);
    let counted = claimed.clamp(0, passed);
    (counted, (counted_to + TimeDelta::milliseconds(counted)).max(now - JITTER))
}

/// Programs that say they are: they open pages, but do not read.
pub fn is_bot(user_agent: &str) -> bool {
    let agent = user_agent.to_ascii_lowercase();
    ["bot", "crawl", "spider", "preview", "scrape"].iter().any(|word| agent.contains(word))
}

/// Measures how long a page is in front of somebody: while it is shown, and while there are signs of life. Times in
/// seconds, by a clock that only goes forward.
#[derive(Clone, Debug)]
pub struct Stopwatch {
    measured_to: f64,
    last_sign: f64,
    shown: bool,
    unsent: f64,
}

impl Stopwatch {
    pub fn new(now: f64, shown: bool) -> Self {
        Self { measured_to: now, last_sign: now, shown, unsent: 0.0 }
    }

    fn measure(&mut self, now: f64) {
        let until = now.min(self.last_sign + IDLE_SECONDS);
        if self.shown {
            self.unsent += (until - self.measured_to).max(0.0);
        }
        self.measured_to = now;
    }

    /// A key, a finger or the mouse moved: somebody is there.
    pub fn sign_of_life(&mut self, now: f64) {
        self.measure(now);
        self.last_sign = now;
    }

    /// The tab was hidden, or is shown again.
    pub fn show(&mut self, now: f64, shown: bool) {
        self.sign_of_life(now);
        self.shown = shown;
    }

    /// The milliseconds since the last time this was asked.
    pub fn take(&mut self, now: f64) -> i64 {
        self.measure(now);
        (std::mem::take(&mut self.unsent) * 1_000.0).round() as i64
    }
}

/// Where to turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Back,
    On,
    First,
    Last,
}

/// What a key or a finger asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    Turn(Turn),
    Zoom(i32),
    FullScreen,
}

/// What `key` means to a reader.
pub fn meaning(key: &str) -> Option<Act> {
    Some(match key {
        "ArrowRight" | "PageDown" => Act::Turn(Turn::On),
        "ArrowLeft" | "PageUp" => Act::Turn(Turn::Back),
        "Home" => Act::Turn(Turn::First),
        "End" => Act::Turn(Turn::Last),
        "+" | "=" => Act::Zoom(1),
        "-" => Act::Zoom(-1),
        "f" => Act::FullScreen,
        _ => return None,
    })
}

/// What a finger that moved so far asks for: across and fast, and not while looking closely, where it moves the page.
pub fn swipe(across: f64, down: f64, zoom: i32) -> Option<Turn> {
    let turns = across.abs() > 48.0 && across.abs() > 2.0 * down.abs() && zoom <= 2;
    turns.then_some(if across < 0.0 { Turn::On } else { Turn::Back })
}

/// "2 min 5 s", "9 s".
pub fn duration(milliseconds: i64) -> String {
    match (milliseconds + 500) / 1_000 {
        seconds @ ..60 => format!("{seconds} s"),
        seconds @ 60..3_600 => format!("{} min {} s", seconds / 60, seconds % 60),
        seconds => format!("{} h {} min", seconds / 3_600, seconds % 3_600 / 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_beat_claims_no_more_than_what_has_passed() {
        let start = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let after = |ms: i64| start + TimeDelta::milliseconds(ms);
        assert_eq!(counted(2_000, start, after(2_000)), (2_000, after(2_000)));
        assert_eq!(counted(3_600_000, start, after(2_000)), (2_000, after(2_000)));
        assert_eq!(counted(-5, start, after(2_000)).0, 0);
        assert_eq!(counted(10, after(5_000), after(2_000)).0, 0, "a clock that went back");
        // Late by a little, early by a little: nothing is lost.
        let (first, to) = counted(2_000, start, after(2_080));
        assert_eq!(first + counted(2_000, to, after(4_000)).0, 4_000);
        // After a pause the pause cannot be claimed.
        let (_, to) = counted(2_000, start, after(300_000));
        assert_eq!(counted(300_000, to, after(302_000)).0, 3_000);
    }

    #[test]
    fn a_hidden_page_is_not_read() {
        let mut watch = Stopwatch::new(0.0, true);
        watch.show(4.0, false);
        watch.show(100.0, true);
        assert_eq!(watch.take(102.0), 6_000);
        assert_eq!(watch.take(102.0), 0);
    }

    #[test]
    fn after_half_a_minute_without_a_sign_nobody_is_there() {
        let mut watch = Stopwatch::new(0.0, true);
        assert_eq!(watch.take(20.0), 20_000);
        assert_eq!(watch.take(60.0), 10_000);
        assert_eq!(watch.take(90.0), 0);
        watch.sign_of_life(100.0);
        assert_eq!(watch.take(105.0), 5_000);
    }

    #[test]
    fn a_program_that_says_so_is_no_reader() {
        assert!(is_bot("Mozilla/5.0 (compatible; Googlebot/2.1)") && is_bot("Slack-LinkPreview"));
        assert!(!is_bot("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/140.0 Safari/537.36"));
    }

    #[test]
    fn durations_read_as_people_say_them() {
        assert_eq!([duration(8_600), duration(125_000), duration(7_300_000)], ["9 s", "2 min 5 s", "2 h 1 min"]);
    }

    #[test]
    fn keys_turn_the_page() {
        assert_eq!(meaning("ArrowRight"), Some(Act::Turn(Turn::On)));
        assert_eq!(meaning("PageUp"), Some(Act::Turn(Turn::Back)));
        assert_eq!(meaning("End"), Some(Act::Turn(Turn::Last)));
        assert_eq!(meaning("+"), Some(Act::Zoom(1)));
        assert_eq!(meaning("Tab"), None);
    }

    #[test]
    fn a_finger_turns_the_page_only_when_it_means_to() {
        assert_eq!(swipe(-80.0, 10.0, 1), Some(Turn::On));
        assert_eq!(swipe(80.0, 10.0, 1), Some(Turn::Back));
        assert_eq!(swipe(-80.0, 90.0, 1), None, "scrolls");
        assert_eq!(swipe(-20.0, 0.0, 1), None, "trembles");
        assert_eq!(swipe(-80.0, 0.0, 4), None, "looks around a large page");
    }
}

//! Where each kind of person can go. Only what exists: a place is added here together with its page.

use crate::accounts::model::Kind;

/// Somewhere to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub href: &'static str,
    pub label: &'static str,
    /// The letter after `g` that goes there.
    pub key: char,
}

const fn place(href: &'static str, label: &'static str, key: char) -> Place {
    Place { href, label, key }
}

const BROWSE: Place = place("/browse", "Browse", 'b');

/// Where the person has messages and news.
pub const MESSAGES: Place = place("/messages", "Messages", 'm');
pub const NOTIFICATIONS: Place = place("/notifications", "Notifications", 'o');
pub const PROFILE: Place = place("/settings/profile", "Profile", 's');

/// The navigation of a portal; `None` is a guest.
pub fn portal_places(kind: Option<Kind>) -> &'static [Place] {
    const GUEST: &[Place] = &[BROWSE, place("/how-it-works", "How it works", 'h')];
    const CREATOR: &[Place] = &[
        place("/creator", "Dashboard", 'd'),
        place("/creator/pitches", "Pitches", 'p'),
        place("/creator/ndas", "NDAs", 'n'),
    ];
    const INVESTOR: &[Place] = &[place("/investor", "Dashboard", 'd'), BROWSE, place("/investor/ndas", "NDAs", 'n')];
    const PRODUCTION: &[Place] = &[
        place("/production", "Dashboard", 'd'),
        BROWSE,
        place("/production/pitches", "Pitches", 'p'),
        place("/production/ndas", "NDAs", 'n'),
    ];
    match kind {
        None => GUEST,
        Some(Kind::Creator) => CREATOR,
        Some(Kind::Investor) => INVESTOR,
        Some(Kind::Production) => PRODUCTION,
        Some(Kind::Admin) => &[BROWSE],
    }
}

/// All places a person reaches by `g` and a letter.
pub fn all_places(kind: Option<Kind>) -> Vec<Place> {
    let own: &[Place] = if kind.is_some() { &[MESSAGES, NOTIFICATIONS, PROFILE] } else { &[] };
    portal_places(kind).iter().chain(own).copied().collect()
}

/// The place among `places` that the page at `path` belongs to: the one with the longest address above it.
pub fn current(places: &[Place], path: &str) -> Option<Place> {
    places.iter().filter(|place| is_within(path, place.href)).max_by_key(|place| place.href.len()).copied()
}

/// Whether `path` is the page at `href` or one below it.
pub fn is_within(path: &str, href: &str) -> bool {
    path.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL_KINDS: [Option<Kind>; 5] =
        [None, Some(Kind::Creator), Some(Kind::Investor), Some(Kind::Production), Some(Kind::Admin)];

    #[test]
    fn a_page_belongs_to_the_nearest_place_above_it() {
        let places = portal_places(Some(Kind::Creator));
        let at = |path| current(places, path).map(|place| place.label);
        assert_eq!(at("/creator"), Some("Dashboard"));
        assert_eq!(at("/creator/pitches/new"), Some("Pitches"));
        assert_eq!(at("/creators"), None);
        assert_eq!(at("/messages"), None);
    }

    #[test]
    fn no_two_places_share_a_letter() {
        for kind in ALL_KINDS {
            let mut keys: Vec<char> = all_places(kind).iter().map(|place| place.key).collect();
            keys.sort_unstable();
            let count = keys.len();
            keys.dedup();
            assert_eq!(keys.len(), count, "{kind:?}");
        }
    }

    #[test]
    fn nobody_is_sent_to_another_portal() {
        for kind in ALL_KINDS {
            for place in all_places(kind) {
                let portal = place.href.trim_start_matches('/').split('/').next().unwrap_or_default();
                let of = portal.parse::<Kind>().ok();
                assert!(of.is_none() || of == kind, "{kind:?} is sent to {}", place.href);
            }
        }
    }
}

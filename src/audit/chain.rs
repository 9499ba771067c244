//! What binds the rows together, without I/O.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::shared::time::Time;

/// A SHA-256.
pub type Hash = [u8; 32];

/// The `previous` of the first row.
pub const BEGINNING: Hash = [0; 32];

/// A row of the record, without its hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// From 1, without gaps.
    pub seq: i64,
    pub event: Uuid,
    pub at: Time,
    pub actor: Option<Uuid>,
    pub organisation: Option<Uuid>,
    pub subject: Uuid,
    pub kind: String,
    /// JSON, kept as the text that is hashed.
    pub payload: String,
    /// The hash of the row before.
    pub previous: Hash,
}

impl Entry {
    /// The hash of this row: of all its fields in the order of the table, each text with its length before it, an absent id as
    /// zeros.
    pub fn hash(&self) -> Hash {
        let id = |id: Option<Uuid>| *id.unwrap_or_default().as_bytes();
        let mut hash = Sha256::new();
        hash.update(self.seq.to_be_bytes());
        hash.update(self.event.as_bytes());
        hash.update(self.at.timestamp_micros().to_be_bytes());
        hash.update(id(self.actor));
        hash.update(id(self.organisation));
        hash.update(self.subject.as_bytes());
        for text in [&self.kind, &self.payload] {
            hash.update((text.len() as u64).to_be_bytes());
            hash.update(text.as_bytes());
        }
        hash.update(self.previous);
        hash.finalize().into()
    }
}

/// The end of a chain that holds so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub seq: i64,
    pub hash: Hash,
}

impl Head {
    /// Of a chain without rows.
    pub const NONE: Self = Self { seq: 0, hash: BEGINNING };
}

/// Why a chain does not hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Broken {
    #[error("row {0} is missing")]
    Missing(i64),
    #[error("row {0} was changed after it was written")]
    Changed(i64),
    #[error("row {0} does not belong after the row before it")]
    Moved(i64),
}

/// The head after `entry`, which is stored with `hash`; says what is wrong with the first row that does not hold.
pub fn follow(head: Head, entry: &Entry, hash: Hash) -> Result<Head, Broken> {
    let expected = head.seq + 1;
    if entry.seq != expected {
        return Err(Broken::Missing(expected));
    }
    if entry.hash() != hash {
        return Err(Broken::Changed(entry.seq));
    }
    if entry.previous != head.hash {
        return Err(Broken::Moved(entry.seq));
    }
    Ok(Head { seq: entry.seq, hash })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(seq: i64, previous: Hash) -> Entry {
        Entry {
            seq,
            event: Uuid::from_u128(seq as u128),
            at: Time::UNIX_EPOCH,
            actor: None,
            organisation: None,
            subject: Uuid::from_u128(7),
            kind: "nda.signed".into(),
            payload: "{}".into(),
            previous,
        }
    }

    #[test]
    fn every_field_is_in_the_hash_and_none_runs_into_the_next() {
        let one = entry(1, BEGINNING);
        let changed = [
            Entry { seq: 2, ..one.clone() },
            Entry { event: Uuid::nil(), ..one.clone() },
            Entry { at: Time::from_timestamp_micros(1).unwrap(), ..one.clone() },
            Entry { actor: Some(Uuid::from_u128(9)), ..one.clone() },
            Entry { organisation: Some(Uuid::from_u128(9)), ..one.clone() },
            Entry { subject: Uuid::from_u128(8), ..one.clone() },
            Entry { kind: "nda.signed{".into(), payload: "}".into(), ..one.clone() },
            Entry { payload: "{ }".into(), ..one.clone() },
            Entry { previous: [1; 32], ..one.clone() },
        ];
        for other in changed {
            assert_ne!(other.hash(), one.hash(), "{other:?}");
        }
    }

    #[test]
    fn the_first_row_that_does_not_hold_is_named() {
        let one = entry(1, BEGINNING);
        let two = entry(2, one.hash());
        let head = follow(Head::NONE, &one, one.hash()).unwrap();
        assert_eq!(follow(head, &two, two.hash()).unwrap().seq, 2);
        assert_eq!(follow(Head::NONE, &two, two.hash()), Err(Broken::Missing(1)));
        assert_eq!(
            follow(head, &Entry { kind: "nda.revoked".into(), ..two.clone() }, two.hash()),
            Err(Broken::Changed(2))
        );
        let forged = entry(2, [9; 32]);
        assert_eq!(follow(head, &forged, forged.hash()), Err(Broken::Moved(2)));
    }
}

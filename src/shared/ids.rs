//! An id is a type, so that a pitch's id cannot be passed where an NDA's is meant.

/// Makes a UUID-backed id: `Copy`, readable from a path or a form, transparent to serde and sqlx.
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "ssr", derive(sqlx::Type))]
        #[cfg_attr(feature = "ssr", sqlx(transparent))]
        #[serde(transparent)]
        pub struct $name(pub uuid::Uuid);

        impl $name {
            /// A new id that sorts by the time it was made (UUID v7).
            #[cfg(feature = "ssr")]
            pub fn new() -> Self {
                Self(uuid::Uuid::now_v7())
            }
        }

        #[cfg(feature = "ssr")]
        impl Default for $name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

id! {
    /// A person's account.
    AccountId,
    /// One passkey of a person.
    PasskeyId,
    /// What a passkey was asked to sign.
    ChallengeId,
    /// A company or fund with seats.
    OrganisationId,
    /// A stored file's bytes.
    FileId,
    /// A pitch, whatever its versions.
    PitchId,
    /// A material of a pitch (its poster, its script), whatever its versions.
    MaterialId,
    /// One person's NDA for one pitch, from request to end.
    NdaId,
    /// One company's submission release for one pitch, from offer to end.
    ReleaseId,
    /// A text that NDAs or releases are made from, whatever its versions.
    TemplateId,
    /// A signature that an owner gave in advance.
    AdvanceId,
    /// A conversation between two people about a pitch.
    ThreadId,
    /// What somebody asked the owner of a pitch.
    QuestionId,
    /// One message in a conversation.
    MessageId,
    /// One reader's visit to a document.
    VisitId,
    /// A link by which documents of a pitch are shared outside.
    ShareId,
    /// Somebody who proved by such a link that an address is theirs.
    RecipientId,
    /// Something that happened, as recorded with the change it tells of.
    EventId,
    /// One person's notice of an event.
    NotificationId,
}

//! The statement on electronic records that a person agrees to before signing. Changing a word of it means a new version:
//! the version is recorded with each signature.

/// The version of the statement below.
pub const VERSION: &str = "2026-11-1";

/// The statement, paragraph by paragraph.
pub const STATEMENT: &[&str] = &[
    "You sign this agreement electronically and receive it and notices about it electronically: on this page and by mail \
     to your verified address. For this you need a browser and access to that mailbox.",
    "You may sign on paper instead: do not sign here, and ask the other side for a paper copy. You may also ask for a \
     paper copy of what you signed.",
    "You may withdraw this consent at any time before you sign, by leaving this page or pressing Withdraw. Withdrawing it \
     later, by writing to the other side, ends electronic notices but not the agreement.",
    "The other side sees your name, your email address and the network address from which you signed. We record them with \
     your typed name, the time, your browser, and the checksum of this text.",
    "This is a simple electronic signature.",
];

/// What who signs for an organisation declares by pressing the button.
pub fn authority(organisation: &str) -> String {
    format!("You sign for yourself and for {organisation}, and declare that you are authorised to bind it.")
}

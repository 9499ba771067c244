//! Mail.
#[derive(Clone, Debug)]
pub struct Mailer;

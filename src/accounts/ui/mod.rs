//! The pieces of accounts that pages are made of.

mod forms;
mod profile;

pub use forms::{
    ForgotPasswordForm, MailLinkForm, RegisterForm, ResendVerificationForm, ResetPasswordForm, SignInForm, UseLinkForm,
    VerifyEmailForm,
};
pub use profile::{Avatar, AvatarForm, Person, ProfileForm};

use leptos::prelude::*;

use super::model::{Kind, Viewer};

/// Who is looking, if signed in. Known from the server with the first page; what people do to change
/// it loads the page afresh. Whether they are still `fresh` is asked again by the server (`PasswordAgain`).
pub fn viewer() -> Option<Viewer> {
    use_context::<Option<Viewer>>().flatten()
}

/// What this person is, if signed in.
pub fn viewer_kind() -> Option<Kind> {
    with_context::<Option<Viewer>, _>(|viewer| viewer.as_ref().map(|v| v.kind)).flatten()
}

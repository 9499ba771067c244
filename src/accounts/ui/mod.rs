//! The pieces of accounts that pages are made of.

mod forms;
mod profile;

pub use forms::{
    ForgotPasswordForm, RegisterForm, ResendVerificationForm, ResetPasswordForm, SignInForm, VerifyEmailForm,
};
pub use profile::{Avatar, AvatarForm, Person, ProfileForm};

use leptos::prelude::*;

use super::model::Viewer;

/// Who is looking at the page, if signed in.
pub fn viewer() -> Signal<Option<Viewer>> {
    use_context::<Signal<Option<Viewer>>>().unwrap_or_default()
}

//! Pages that need no account.

mod accounts;

pub use accounts::{ForgotPasswordPage, LoginPage, PersonPage, RegisterPage, ResetPasswordPage, VerifyEmailPage};

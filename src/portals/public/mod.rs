//! Pages that need no account.

mod about;
mod accounts;
mod contact;
mod home;
mod how_it_works;
mod not_found;
mod privacy;
mod terms;
mod text_page;

pub use about::AboutPage;
pub use accounts::{ForgotPasswordPage, LoginPage, PersonPage, RegisterPage, ResetPasswordPage, VerifyEmailPage};
pub use contact::ContactPage;
pub use home::HomePage;
pub use how_it_works::HowItWorksPage;
pub use not_found::NotFoundPage;
pub use privacy::PrivacyPage;
pub use terms::TermsPage;

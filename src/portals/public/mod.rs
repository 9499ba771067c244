//! Pages that need no account.

mod about;
mod accounts;
mod browse;
mod contact;
mod home;
mod how_it_works;
mod not_found;
mod person;
mod pitch;
mod privacy;
mod shared;
mod terms;
mod text_page;
mod verify;

pub use about::AboutPage;
pub use accounts::{
    ConfirmEmailPage, FactorPage, ForgotPasswordPage, KeepEmailPage, KeepFactorsPage, LinkPage, LoginPage,
    RegisterPage, ResetPasswordPage, VerifyEmailPage,
};
pub use browse::BrowsePage;
pub use contact::ContactPage;
pub use home::HomePage;
pub use how_it_works::HowItWorksPage;
pub use not_found::NotFoundPage;
pub use person::PersonPage;
pub use pitch::PitchPage;
pub use privacy::PrivacyPage;
pub use shared::{SharedPage, SharedReadPage};
pub use terms::TermsPage;
pub use verify::VerifyPage;

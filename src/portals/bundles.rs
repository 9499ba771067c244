//! Which pages the browser loads together. The front page and what stands around every page are the main
//! WebAssembly file; each bundle is another one, loaded when the first of its pages is opened. A bundle more makes more
//! pieces that several share, so there are few.

use leptos::prelude::*;
use leptos_router::ChooseView;

use super::{
    creator::CreatorNdasPage,
    dashboards::{CreatorHome, InvestorHome, ProductionHome},
    investor::InvestorNdasPage,
    production::ProductionNdasPage,
    public::{
        AboutPage, BrowsePage, ConfirmEmailPage, ContactPage, FactorPage, ForgotPasswordPage, HowItWorksPage,
        KeepEmailPage, KeepFactorsPage, LinkPage, LoginPage, PersonPage, PitchPage, PrivacyPage, RegisterPage,
        ResetPasswordPage, SharedPage, SharedReadPage, TermsPage, VerifyEmailPage, VerifyPage,
    },
    publishing::{EditPitchPage, MyPitchesPage, NewPitchPage, PitchOverviewPage},
    signed_in::{
        MessagesPage, NdaPage, NewTemplatePage, NotificationsPage, ProfileSettingsPage, ReadPage, ReleasePage,
        SecurityPage, TemplatePage, TemplatesPage, ThreadPage,
    },
};

/// A bundle: an enum of its pages, each of which is the `view` of a route. `by` names the function that is split off and,
/// as `#[lazy]` calls it, the one that loads it ahead.
macro_rules! bundle {
    ($(#[$doc:meta])* $name:ident by $show:ident, $preload:ident { $($page:ident = $component:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug)]
        pub enum $name {
            $($page),+
        }

        #[lazy]
        fn $show(page: $name) -> AnyView {
            match page {
                $($name::$page => view! { <$component/> }.into_any()),+
            }
        }

        impl ChooseView for $name {
            async fn choose(self) -> AnyView {
                $show(self).await
            }

            async fn preload(&self) {
                #[cfg(feature = "hydrate")]
                $preload().await;
            }
        }
    };
}

bundle! {
    /// The wall, and what a project and a person look like to others.
    Reading by show_reading, __preload_show_reading {
        Browse = BrowsePage,
        Pitch = PitchPage,
        Person = PersonPage,
    }
}

bundle! {
    /// Coming in, and what is to be read before.
    Entry by show_entry, __preload_show_entry {
        Login = LoginPage,
        Factor = FactorPage,
        KeepFactors = KeepFactorsPage,
        Link = LinkPage,
        ConfirmEmail = ConfirmEmailPage,
        KeepEmail = KeepEmailPage,
        Register = RegisterPage,
        VerifyEmail = VerifyEmailPage,
        ForgotPassword = ForgotPasswordPage,
        ResetPassword = ResetPasswordPage,
        HowItWorks = HowItWorksPage,
        About = AboutPage,
        Contact = ContactPage,
        Terms = TermsPage,
        Privacy = PrivacyPage,
        Verify = VerifyPage,
    }
}

bundle! {
    /// Where signed-in people decide, sign, read and talk, and where others read what was shared with them.
    Dealing by show_dealing, __preload_show_dealing {
        CreatorHome = CreatorHome,
        CreatorNdas = CreatorNdasPage,
        InvestorHome = InvestorHome,
        InvestorNdas = InvestorNdasPage,
        ProductionHome = ProductionHome,
        ProductionNdas = ProductionNdasPage,
        Messages = MessagesPage,
        Thread = ThreadPage,
        Nda = NdaPage,
        Release = ReleasePage,
        Notifications = NotificationsPage,
        ProfileSettings = ProfileSettingsPage,
        Security = SecurityPage,
        Read = ReadPage,
        Shared = SharedPage,
        SharedRead = SharedReadPage,
        Templates = TemplatesPage,
        NewTemplate = NewTemplatePage,
        Template = TemplatePage,
    }
}

bundle! {
    /// Where pitches are written and published.
    Writing by show_writing, __preload_show_writing {
        MyPitches = MyPitchesPage,
        NewPitch = NewPitchPage,
        PitchOverview = PitchOverviewPage,
        EditPitch = EditPitchPage,
    }
}

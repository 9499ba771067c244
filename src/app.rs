//! The document around every page, what every page knows (who is looking, what time it is, what was just refused), and
//! which address shows which page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    Lazy, LazyRoute, SsrMode,
    components::{Route, Router, Routes},
    lazy_route, path,
};

use crate::{
    accounts::{self, model::Viewer},
    kit::{
        form::{Refresh, Told},
        when::Now,
    },
    notifications::{self, model::News},
    portals::{
        creator::CreatorNdasPage,
        dashboards::{CreatorHome, InvestorHome, ProductionHome},
        investor::InvestorNdasPage,
        production::ProductionNdasPage,
        public::{
            AboutPage, BrowsePage, ContactPage, ForgotPasswordPage, HomePage, HowItWorksPage, LoginPage, NotFoundPage,
            PersonPage, PitchPage, PrivacyPage, RegisterPage, ResetPasswordPage, TermsPage, VerifyEmailPage,
        },
        publishing::{EditPitchPage, MyPitchesPage, NewPitchPage, PitchOverviewPage},
        shell::Shell,
        signed_in::{MessagesPage, NdaPage, NotificationsPage, ProfileSettingsPage, ReadPage, ThreadPage},
    },
    shared::{flash::Flash, time::Time},
};

/// The HTML document; on the server only.
#[cfg(feature = "ssr")]
pub fn shell(options: LeptosOptions) -> impl IntoView {
    use leptos::nonce::use_nonce;
    let reload = match std::env::var("LEPTOS_WATCH") {
        Ok(_) => format!(" ws://{}:{}", options.site_addr.ip(), options.reload_port),
        Err(_) => String::new(),
    };
    if let (Some(nonce), Some(response)) = (use_nonce(), use_context::<leptos_axum::ResponseOptions>())
        && let Ok(policy) = crate::server::security::page_policy(&nonce, &reload).parse()
    {
        response.insert_header(axum::http::header::CONTENT_SECURITY_POLICY, policy);
    }
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=chosen_theme()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                // What the first paint is set in; the other fonts come when a page needs them.
                <link rel="preload" href="/fonts/geist-5.3.0-latin.woff2" r#as="font" type="font/woff2" crossorigin="anonymous"/>
                <link rel="preload" href="/fonts/instrument-serif-5.3.0-latin.woff2" r#as="font" type="font/woff2" crossorigin="anonymous"/>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="apple-touch-icon" href="/icons/apple-touch.png"/>
                <link rel="manifest" href="/manifest.webmanifest"/>
                <leptos_meta::HashedStylesheet options=options.clone() id="leptos"/>
                <AutoReload options=options.clone()/>
                <HydrationScripts options/>
                <leptos_meta::MetaTags/>
            </head>
            <body>
                <App/>
            </body>
        </html>
    }
}

/// The theme a person chose; `None` leaves it to their system.
#[cfg(feature = "ssr")]
fn chosen_theme() -> Option<&'static str> {
    let parts = use_context::<axum::http::request::Parts>()?;
    let cookies = parts.headers.get(axum::http::header::COOKIE)?.to_str().ok()?;
    ["light", "dark"].into_iter().find(|theme| cookies.split("; ").any(|c| c.strip_prefix("theme=") == Some(theme)))
}

/// Makes a page that the browser loads when it is first opened: `lazy!(CreatorHome)`. Public pages are the main bundle.
macro_rules! lazy {
    ($($name:ident = $page:ident),+ $(,)?) => {$(
        #[derive(Debug, Clone)]
        struct $name;

        #[lazy_route]
        impl LazyRoute for $name {
            fn data() -> Self {
                $name
            }

            fn view(_this: Self) -> AnyView {
                view! { <$page/> }.into_any()
            }
        }
    )+};
}

lazy!(
    LazyEditPitch = EditPitchPage,
    LazyMyPitches = MyPitchesPage,
    LazyNewPitch = NewPitchPage,
    LazyPitchOverview = PitchOverviewPage,
    LazyCreatorHome = CreatorHome,
    LazyCreatorNdas = CreatorNdasPage,
    LazyInvestorHome = InvestorHome,
    LazyInvestorNdas = InvestorNdasPage,
    LazyMessages = MessagesPage,
    LazyNda = NdaPage,
    LazyNotifications = NotificationsPage,
    LazyProductionHome = ProductionHome,
    LazyProductionNdas = ProductionNdasPage,
    LazyProfileSettings = ProfileSettingsPage,
    LazyRead = ReadPage,
    LazyThread = ThreadPage,
);

/// The whole product, for both sides.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_known();
    view! {
        <Title formatter=|title: String| if title.is_empty() { "Pitchey".into() } else { format!("{title} · Pitchey") }/>
        <Router>
            <Shell>
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/browse") view=BrowsePage ssr=SsrMode::Async/>
                    <Route path=path!("/pitch/:slug") view=PitchPage ssr=SsrMode::Async/>
                    <Route path=path!("/how-it-works") view=HowItWorksPage ssr=SsrMode::Async/>
                    <Route path=path!("/about") view=AboutPage ssr=SsrMode::Async/>
                    <Route path=path!("/contact") view=ContactPage ssr=SsrMode::Async/>
                    <Route path=path!("/terms") view=TermsPage ssr=SsrMode::Async/>
                    <Route path=path!("/privacy") view=PrivacyPage ssr=SsrMode::Async/>
                    <Route path=path!("/login") view=LoginPage ssr=SsrMode::Async/>
                    <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async/>
                    <Route path=path!("/verify-email") view=VerifyEmailPage ssr=SsrMode::Async/>
                    <Route path=path!("/forgot-password") view=ForgotPasswordPage ssr=SsrMode::Async/>
                    <Route path=path!("/reset-password") view=ResetPasswordPage ssr=SsrMode::Async/>
                    <Route path=path!("/people/:handle") view=PersonPage ssr=SsrMode::Async/>
                    <Route path=path!("/ndas/:id") view={Lazy::<LazyNda>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/messages") view={Lazy::<LazyMessages>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/messages/:id") view={Lazy::<LazyThread>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/notifications") view={Lazy::<LazyNotifications>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/read/:id") view={Lazy::<LazyRead>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/settings/profile") view={Lazy::<LazyProfileSettings>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/creator") view={Lazy::<LazyCreatorHome>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/creator/pitches") view={Lazy::<LazyMyPitches>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/creator/pitches/new") view={Lazy::<LazyNewPitch>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/creator/pitches/:id") view={Lazy::<LazyPitchOverview>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/creator/pitches/:id/edit") view={Lazy::<LazyEditPitch>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/creator/ndas") view={Lazy::<LazyCreatorNdas>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/investor") view={Lazy::<LazyInvestorHome>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/investor/ndas") view={Lazy::<LazyInvestorNdas>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/production") view={Lazy::<LazyProductionHome>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/production/pitches") view={Lazy::<LazyMyPitches>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/production/pitches/new") view={Lazy::<LazyNewPitch>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/production/pitches/:id") view={Lazy::<LazyPitchOverview>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/production/pitches/:id/edit") view={Lazy::<LazyEditPitch>::new()} ssr=SsrMode::Async/>
                    <Route path=path!("/production/ndas") view={Lazy::<LazyProductionNdas>::new()} ssr=SsrMode::Async/>
                </Routes>
            </Shell>
        </Router>
    }
}

/// What the server knows of a request and hands to the browser with the page.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Known {
    viewer: Option<Viewer>,
    now: Time,
    flash: Option<Flash>,
    news: News,
}

impl Known {
    #[cfg(feature = "ssr")]
    fn here() -> Self {
        let visitor = use_context::<crate::accounts::door::Visitor>();
        Self {
            now: visitor.as_ref().map(|v| v.platform.now()).unwrap_or_default(),
            viewer: visitor.and_then(|v| v.viewer),
            flash: use_context::<Option<Flash>>().flatten(),
            news: use_context::<News>().unwrap_or_default(),
        }
    }

    /// In the browser the server's word is there already; this is only for a page that came without it.
    #[cfg(not(feature = "ssr"))]
    fn here() -> Self {
        Self { viewer: None, now: Time::default(), flash: None, news: News::default() }
    }
}

fn provide_known() {
    let known = SharedValue::new(Known::here).into_inner();
    let refresh = Refresh(RwSignal::new(0));
    let viewer = RwSignal::new(known.viewer);
    let now = RwSignal::new(known.now);
    let news = RwSignal::new(known.news);
    provide_context(refresh);
    provide_context(Told(RwSignal::new(known.flash.as_ref().map(|flash| flash.error.clone()))));
    provide_context(known.flash);
    provide_context(Now(now));
    provide_context::<Signal<Option<Viewer>>>(viewer.into());
    provide_context::<Signal<News>>(news.into());
    // What a person did may have changed who they are (verified, renamed, signed out elsewhere).
    Effect::new(move |before: Option<u32>| {
        let count = refresh.0.get();
        if before.is_some() {
            leptos::task::spawn_local(async move {
                if let Ok(newer) = accounts::api::current_viewer().await {
                    viewer.set(newer);
                }
                if let Ok(newer) = notifications::api::counts().await {
                    news.set(newer);
                }
            });
        }
        count
    });
    #[cfg(feature = "hydrate")]
    {
        const STEP: std::time::Duration = std::time::Duration::from_secs(15);
        set_interval(move || now.update(|now| *now += STEP), STEP);
    }
}

//! The document around every page, what every page knows (who is looking, what time it is, what was just refused), and
//! which address shows which page.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode,
    components::{Route, Router, Routes},
    path,
};

use crate::{
    accounts::model::Viewer,
    kit::{
        form::{PostedBy, Refresh, Told},
        head::Tags,
        load::Json,
        when::Now,
    },
    notifications::{self, model::News},
    portals::{
        bundles::{Dealing, Entry, Reading, Writing},
        public::{HomePage, NotFoundPage},
        shell::Shell,
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
                <link rel="preload" href="/fonts/geist-5.3.0-latin-unhinted.woff2" r#as="font" type="font/woff2" crossorigin="anonymous"/>
                <link rel="preload" href="/fonts/instrument-serif-5.3.0-latin-unhinted.woff2" r#as="font" type="font/woff2" crossorigin="anonymous"/>
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

/// The whole product, for both sides.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(Tags::default());
    provide_known();
    view! {
        <Title formatter=page_title/>
        <Router>
            <Shell>
                <Routes fallback=NotFoundPage>
                    <Route path=path!("/") view=HomePage ssr=SsrMode::Async/>
                    <Route path=path!("/browse") view=Reading::Browse ssr=SsrMode::Async/>
                    <Route path=path!("/pitch/:slug") view=Reading::Pitch ssr=SsrMode::Async/>
                    <Route path=path!("/how-it-works") view=Entry::HowItWorks ssr=SsrMode::Async/>
                    <Route path=path!("/about") view=Entry::About ssr=SsrMode::Async/>
                    <Route path=path!("/contact") view=Entry::Contact ssr=SsrMode::Async/>
                    <Route path=path!("/terms") view=Entry::Terms ssr=SsrMode::Async/>
                    <Route path=path!("/privacy") view=Entry::Privacy ssr=SsrMode::Async/>
                    <Route path=path!("/verify") view=Entry::Verify ssr=SsrMode::Async/>
                    <Route path=path!("/login") view=Entry::Login ssr=SsrMode::Async/>
                    <Route path=path!("/login/factor") view=Entry::Factor ssr=SsrMode::Async/>
                    <Route path=path!("/login/link") view=Entry::Link ssr=SsrMode::Async/>
                    <Route path=path!("/login/keep-factors") view=Entry::KeepFactors ssr=SsrMode::Async/>
                    <Route path=path!("/confirm-email") view=Entry::ConfirmEmail ssr=SsrMode::Async/>
                    <Route path=path!("/keep-email") view=Entry::KeepEmail ssr=SsrMode::Async/>
                    <Route path=path!("/register") view=Entry::Register ssr=SsrMode::Async/>
                    <Route path=path!("/verify-email") view=Entry::VerifyEmail ssr=SsrMode::Async/>
                    <Route path=path!("/forgot-password") view=Entry::ForgotPassword ssr=SsrMode::Async/>
                    <Route path=path!("/reset-password") view=Entry::ResetPassword ssr=SsrMode::Async/>
                    <Route path=path!("/people/:handle") view=Reading::Person ssr=SsrMode::Async/>
                    <Route path=path!("/ndas/:id") view=Dealing::Nda ssr=SsrMode::Async/>
                    <Route path=path!("/releases/:id") view=Dealing::Release ssr=SsrMode::Async/>
                    <Route path=path!("/messages") view=Dealing::Messages ssr=SsrMode::Async/>
                    <Route path=path!("/messages/:id") view=Dealing::Thread ssr=SsrMode::Async/>
                    <Route path=path!("/notifications") view=Dealing::Notifications ssr=SsrMode::Async/>
                    <Route path=path!("/read/:id") view=Dealing::Read ssr=SsrMode::Async/>
                    <Route path=path!("/s/:token") view=Dealing::Shared ssr=SsrMode::Async/>
                    <Route path=path!("/s/:token/:file") view=Dealing::SharedRead ssr=SsrMode::Async/>
                    <Route path=path!("/settings/profile") view=Dealing::ProfileSettings ssr=SsrMode::Async/>
                    <Route path=path!("/settings/security") view=Dealing::Security ssr=SsrMode::Async/>
                    <Route path=path!("/settings/templates") view=Dealing::Templates ssr=SsrMode::Async/>
                    <Route path=path!("/settings/templates/new") view=Dealing::NewTemplate ssr=SsrMode::Async/>
                    <Route path=path!("/settings/templates/:id") view=Dealing::Template ssr=SsrMode::Async/>
                    <Route path=path!("/creator") view=Dealing::CreatorHome ssr=SsrMode::Async/>
                    <Route path=path!("/creator/pitches") view=Writing::MyPitches ssr=SsrMode::Async/>
                    <Route path=path!("/creator/pitches/new") view=Writing::NewPitch ssr=SsrMode::Async/>
                    <Route path=path!("/creator/pitches/:id") view=Writing::PitchOverview ssr=SsrMode::Async/>
                    <Route path=path!("/creator/pitches/:id/edit") view=Writing::EditPitch ssr=SsrMode::Async/>
                    <Route path=path!("/creator/ndas") view=Dealing::CreatorNdas ssr=SsrMode::Async/>
                    <Route path=path!("/investor") view=Dealing::InvestorHome ssr=SsrMode::Async/>
                    <Route path=path!("/investor/ndas") view=Dealing::InvestorNdas ssr=SsrMode::Async/>
                    <Route path=path!("/production") view=Dealing::ProductionHome ssr=SsrMode::Async/>
                    <Route path=path!("/production/pitches") view=Writing::MyPitches ssr=SsrMode::Async/>
                    <Route path=path!("/production/pitches/new") view=Writing::NewPitch ssr=SsrMode::Async/>
                    <Route path=path!("/production/pitches/:id") view=Writing::PitchOverview ssr=SsrMode::Async/>
                    <Route path=path!("/production/pitches/:id/edit") view=Writing::EditPitch ssr=SsrMode::Async/>
                    <Route path=path!("/production/ndas") view=Dealing::ProductionNdas ssr=SsrMode::Async/>
                </Routes>
            </Shell>
        </Router>
    }
}

/// The title of the document. On the server it is written as it is given, so that what people typed is escaped here.
fn page_title(title: String) -> String {
    let title = if title.is_empty() { "Pitchey".to_string() } else { format!("{title} · Pitchey") };
    if cfg!(feature = "ssr") { title.replace('&', "&amp;").replace('<', "&lt;") } else { title }
}

/// What the server knows of a request and hands to the browser with the page.
#[derive(Clone, serde::Serialize, serde::Deserialize)]
struct Known {
    viewer: Option<Viewer>,
    // As a number: reading dates is more than the main WebAssembly needs.
    #[serde(with = "chrono::serde::ts_milliseconds")]
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
    let known = SharedValue::<_, Json>::new_with_encoding(Known::here).into_inner();
    let refresh = Refresh(RwSignal::new(0));
    let now = RwSignal::new(known.now);
    let news = RwSignal::new(known.news);
    provide_context(refresh);
    provide_context(Told(RwSignal::new(known.flash)));
    if let Some(viewer) = &known.viewer {
        provide_context(PostedBy(viewer.id.to_string()));
    }
    provide_context(Now(now));
    provide_context::<Option<Viewer>>(known.viewer);
    provide_context::<Signal<News>>(news.into());
    // What a person did may have answered what they were told of.
    Effect::new(move |before: Option<u32>| {
        let count = refresh.0.get();
        if before.is_some() {
            leptos::task::spawn_local(async move {
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

//! What an owner sets for the NDAs of one pitch: the template it begins with, and approval in advance.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};

use super::{
    choose::{ChooseTemplate, OfferedTexts},
    decide::{Given, SignatureFields},
};
use crate::{
    kit::{
        field::{Select, Submit, Tone},
        form::{Form, path, was_refused},
        load::{Loaded, page_data},
        when::Date,
    },
    ndas::{
        owner_api::{ApproveInAdvance, EndAdvance, SetPitchTemplate, of_pitch},
        owner_model::{Advance, Offer, PitchNdas},
    },
    shared::ids::PitchId,
};

/// The settings of a pitch's NDAs, on its owner's page.
#[component]
pub fn PitchNdaSettings(pitch: PitchId) -> impl IntoView {
    let query = use_query_map();
    let key = move || (pitch, query.with(|query| query.get("template")));
    let settings = page_data(key, |(pitch, template)| of_pitch(pitch, template));
    view! { <Loaded data=settings view=move |settings| shown(pitch, settings)/> }
}

fn shown(pitch: PitchId, settings: PitchNdas) -> AnyView {
    let PitchNdas { offer, advance, published, decides } = settings;
    let idle = (!published).then(
        || view! { <p class="muted">"While the project is not published nobody can ask, and this does nothing."</p> },
    );
    let begins = (decides && offer.choices.len() > 1).then(|| view! { <BeginsWith pitch offer=offer.clone()/> });
    let automatic = match advance {
        Some(advance) => view! { <Standing pitch advance decides/> }.into_any(),
        None if decides => view! { <Give pitch offer/> }.into_any(),
        None => view! { <p class="muted">"Each request waits for a decision."</p> }.into_any(),
    };
    view! {
        {begins}
        <section class="nda-advance stack">
            <h3>"Approve verified buyers automatically"</h3>
            {idle}
            {automatic}
        </section>
    }
    .into_any()
}

/// The template that approvals begin with.
#[component]
fn BeginsWith(pitch: PitchId, offer: Offer) -> impl IntoView {
    let own = offer.of_pitches.iter().find(|(of, _)| *of == pitch).map(|(_, template)| *template);
    let value = own.or(offer.choices.first().map(|c| c.id)).map(|id| id.to_string()).unwrap_or_default();
    let options = offer.choices.iter().map(|choice| (choice.id.to_string(), choice.name.clone())).collect::<Vec<_>>();
    view! {
        <Form to={path::<SetPitchTemplate>()} of=("pitch_id", pitch.to_string()) class="nda-begins">
            <Select label="Requests for this project begin with" name="template_id" options value
                hint="You can choose another one for each request."/>
            <Submit label="Set template" tone=Tone::Quiet/>
        </Form>
    }
}

/// It stands: what was signed, by whom, and how to end it.
#[component]
fn Standing(pitch: PitchId, advance: Advance, decides: bool) -> impl IntoView {
    let fact = |name: &'static str, value: String| view! { <dt>{name}</dt><dd>{value}</dd> };
    let used = match advance.used {
        0 => "No request yet".to_string(),
        1 => "One request".to_string(),
        n => format!("{n} requests"),
    };
    let newer = advance.newer_version.map(|newer| {
        let words = format!("The template has a version {newer} since. What was signed is version {}; to use the newer one, turn this off and sign anew.", advance.template.version);
        view! { <p class="notice notice-warn">{words}</p> }
    });
    let idle = (!advance.works).then(|| {
        view! { <p class="notice notice-warn">{format!("{} does not decide for the owner any more, so this does nothing.", advance.given_by)}</p> }
    });
    let outdated = advance.outdated.then(|| {
        view! { <p class="notice notice-warn">"What Pitchey adds to your text has changed since you signed, so this answers nothing. To sign it as it is now, turn this off and sign anew."</p> }
    });
    let extra = (!advance.extra_terms.is_empty()).then(|| fact("Extra terms", advance.extra_terms.clone()));
    view! {
        <p>"It is on: a verified buyer who asks is approved at once with this signature, and then has to sign."</p>
        {idle}
        {outdated}
        {newer}
        <dl class="facts">
            {fact("Signed in advance", advance.legal_name)}
            {fact("By", advance.given_by)}
            <dt>"On"</dt><dd><Date at=advance.at/></dd>
            {fact("Text", advance.template.words())}
            {fact("Term of access", format!("{} days", advance.term_days))}
            {extra}
            {fact("Answered", used)}
        </dl>
        {decides.then(|| view! {
            <Form to={path::<EndAdvance>()} of=("pitch_id", pitch.to_string())>
                <Submit label="Turn off" tone=Tone::Danger/>
                <p class="muted small">"From that moment each request waits for your decision. Those already approved stay so until you revoke them."</p>
            </Form>
        })}
    }
}

/// It does not: what it would do, the text, and the signature.
#[component]
fn Give(pitch: PitchId, offer: Offer) -> impl IntoView {
    let at = use_location().pathname.get_untracked();
    let about = ("pitch_id", pitch.to_string());
    let open = offer.chosen.is_some() || was_refused(&[path::<ApproveInAdvance>()], Some(&about));
    let signs = offer.signs(Some(pitch));
    view! {
        <p>
            "You sign once, in advance. From then on every investor and production company that our staff have verified is \
             approved the moment they ask, with your name, term and text below; they still have to sign, and you are told of each. \
             Buyers who are not verified never are, and requests that wait already go on waiting for you. You can turn it off at \
             any time."
        </p>
        <details class="nda-give" open=open>
            <summary>"Sign in advance"</summary>
            <ChooseTemplate offer=offer.clone() at keep=Vec::new() pitch=Some(pitch)/>
            <OfferedTexts texts=offer.texts/>
            <Form to={path::<ApproveInAdvance>()} of=about class="nda-approve">
                <SignatureFields signs given=Given::InAdvance/>
                <Submit label="Sign and turn on"/>
            </Form>
        </details>
    }
}

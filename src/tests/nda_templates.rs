//! Own templates: who writes and reads them, and that a signature is given only for the text that was on the screen.

use axum::http::StatusCode;
use sqlx::PgPool;

use super::{app::TestApp, people, projects};
use crate::{
    accounts::{
        door::Caller,
        model::{Seat, SeatRole},
    },
    ndas::{
        advances,
        model::{NdaStatus, Tab},
        own_templates, reads,
        service::{self, ApproveForm, SignForm},
    },
    shared::{
        error::{AppError, Refusal},
        ids::{NdaId, TemplateId},
    },
};

/// A text that is taken; `mark` tells one from another.
pub fn text(mark: &str) -> String {
    format!(
        "# An agreement of my own\n\nBetween {{{{owner_party}}}} and {{{{requester_party}}}} about {{{{project_title}}}}, \
         for {{{{term_days}}}} days.\n\n## Silence\n\n{mark} {}",
        "Nothing of it is told to anyone. ".repeat(8).trim_end()
    )
}

pub async fn ask(buyer: &Caller, pitch: crate::shared::ids::PitchId) -> NdaId {
    service::request(buyer, pitch, "To read the script.", "").await.unwrap().nda
}

/// The owner's form as the page of `nda` gives it, with `template` chosen.
pub async fn form(owner: &Caller, nda: NdaId, template: Option<TemplateId>) -> ApproveForm {
    let offer = reads::one(owner, nda, template).await.unwrap().offer.unwrap();
    ApproveForm {
        full_legal_name: "Alexandra Moreno".into(),
        template_id: offer.chosen.map(|id| id.to_string()).unwrap_or_default(),
        template_shown: offer.shown(),
        ..ApproveForm::default()
    }
}

pub async fn sign(buyer: &Caller, nda: NdaId) {
    let document_sha256 = reads::one(buyer, nda, None).await.unwrap().text.sha256.unwrap();
    let form =
        SignForm { agree_electronic: true, full_legal_name: "Sarah Chen".into(), document_sha256, password: None };
    service::sign(buyer, nda, &form).await.unwrap();
}

fn refused<T: std::fmt::Debug>(result: Result<T, AppError>) -> Refusal {
    result.unwrap_err().refusal
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_signed_document_keeps_the_version_it_was_made_from_whatever_becomes_of_the_template(db: PgPool) {
    let platform = people::platform(db).await;
    let (alex, sarah) = (people::creator(&platform, "alex").await, people::investor(&platform, "sarah").await);
    let pitch = projects::published(&alex, "Salt").await;
    let template = own_templates::create(&alex, "Mine", &text("First.")).await.unwrap();
    own_templates::edit(&alex, template, 1, "Mine", &text("Second.")).await.unwrap();
    own_templates::edit(&alex, template, 2, "Still mine", &text("Second.")).await.unwrap();
    let nda = ask(&sarah, pitch).await;
    let shown = reads::one(&alex, nda, Some(template)).await.unwrap();
    for said in
        ["Second.", "sarah Tester", "about Salt,", "> To read the script.", "not legal advice", "[the owner's extra"]
    {
        assert!(shown.text.body.contains(said), "{said}: {}", shown.text.body);
    }
    service::approve(&alex, nda, &form(&alex, nda, Some(template)).await).await.unwrap();
    sign(&sarah, nda).await;
    own_templates::edit(&alex, template, 2, "Still mine", &text("Third.")).await.unwrap();
    let view = own_templates::one(&alex, template).await.unwrap();
    let made: Vec<_> = view.versions.iter().map(|v| (v.number, v.documents)).collect();
    assert_eq!(made, [(3, 0), (2, 1), (1, 0)], "a new name is no new version");
    assert!(view.preview.contains("Third.") && view.preview_of.as_deref() == Some("sarah Tester for “Salt”"));

    own_templates::archive(&alex, template).await.unwrap();
    own_templates::restore(&alex, template).await.unwrap();
    let wrong = own_templates::delete(&alex, template, "Mine").await.unwrap_err();
    assert!(wrong.on_field("confirm_name").is_some());
    own_templates::delete(&alex, template, "Still mine").await.unwrap();
    assert_eq!(refused(own_templates::one(&alex, template).await), Refusal::NotFound);
    people::work(&platform).await;
    for party in [&alex, &sarah] {
        let view = reads::one(party, nda, None).await.unwrap();
        assert!(view.text.body.contains("Second.") && view.text.body.contains("version 2"), "{}", view.text.body);
        assert!(view.sealed.is_some() && view.card.status == NdaStatus::Signed);
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_approval_signs_only_the_text_that_was_on_the_screen(db: PgPool) {
    let platform = people::platform(db).await;
    let (alex, sarah) = (people::creator(&platform, "alex").await, people::investor(&platform, "sarah").await);
    let carol = people::creator(&platform, "carol").await;
    let pitch = projects::published(&alex, "Salt").await;
    let template = own_templates::create(&alex, "Mine", &text("First.")).await.unwrap();
    let hers = own_templates::create(&carol, "Hers", &text("Hers.")).await.unwrap();
    let nda = ask(&sarah, pitch).await;
    let shown = form(&alex, nda, Some(template)).await;
    let unseen = ApproveForm { template_shown: String::new(), ..shown.clone() };
    assert_eq!(refused(service::approve(&alex, nda, &unseen).await), Refusal::Conflict, "never shown");
    own_templates::edit(&alex, template, 1, "Mine", &text("Second.")).await.unwrap();
    assert_eq!(refused(service::approve(&alex, nda, &shown).await), Refusal::Conflict, "changed meanwhile");
    let newer = form(&alex, nda, Some(template)).await;
    own_templates::archive(&alex, template).await.unwrap();
    assert!(service::approve(&alex, nda, &newer).await.unwrap_err().on_field("template_id").is_some(), "put away");
    for other in [hers.to_string(), TemplateId::new().to_string(), "nonsense".into()] {
        let foreign = ApproveForm { template_id: other, ..newer.clone() };
        assert!(service::approve(&alex, nda, &foreign).await.unwrap_err().on_field("template_id").is_some());
    }
    let offer = reads::one(&alex, nda, Some(hers)).await.unwrap().offer.unwrap();
    assert_eq!((offer.chosen, offer.choices.len()), (None, 1), "neither hers nor what is archived");
    service::approve(&alex, nda, &form(&alex, nda, None).await).await.unwrap();
    assert!(reads::one(&sarah, nda, None).await.unwrap().text.body.contains("## 17. Signatures"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_project_begins_with_the_template_its_owner_set(db: PgPool) {
    let platform = people::platform(db).await;
    let (alex, sarah) = (people::creator(&platform, "alex").await, people::investor(&platform, "sarah").await);
    let carol = people::creator(&platform, "carol").await;
    let (salt, glass) = (projects::published(&alex, "Salt").await, projects::published(&alex, "Glass").await);
    let template = own_templates::create(&alex, "Mine", &text("First.")).await.unwrap();
    let id = template.to_string();
    advances::set_template(&alex, salt, &id).await.unwrap();
    assert_eq!(refused(advances::set_template(&carol, salt, &id).await), Refusal::NotFound);
    let hers = own_templates::create(&carol, "Hers", &text("Hers.")).await.unwrap();
    assert_eq!(refused(advances::set_template(&alex, salt, &hers.to_string()).await), Refusal::Invalid);

    let (of_salt, of_glass) = (ask(&sarah, salt).await, ask(&sarah, glass).await);
    let inbox = reads::received(&alex, Tab::Waiting, None, None).await.unwrap();
    let offer = inbox.offer.unwrap();
    assert_eq!(offer.texts.len(), 2, "each text that the page's requests begin with");
    assert_eq!(offer.for_pitch(salt).unwrap().id, template);
    assert_eq!(offer.for_pitch(glass).unwrap().name, "Standard NDA");
    let from_inbox =
        ApproveForm { template_shown: offer.shown(), full_legal_name: "Alex".into(), ..Default::default() };
    service::approve(&alex, of_salt, &from_inbox).await.unwrap();
    service::approve(&alex, of_glass, &from_inbox).await.unwrap();
    assert!(reads::one(&sarah, of_salt, None).await.unwrap().text.body.contains("First."));
    assert!(!reads::one(&sarah, of_glass, None).await.unwrap().text.body.contains("First."));

    // One that is put away is not begun with any more, and nobody who had it in front of them signs another text instead.
    let dan = people::production(&platform, "dan").await;
    let nda = ask(&dan, salt).await;
    let shown = form(&alex, nda, None).await;
    own_templates::archive(&alex, template).await.unwrap();
    assert_eq!(refused(service::approve(&alex, nda, &shown).await), Refusal::Conflict);
    own_templates::restore(&alex, template).await.unwrap();
    advances::set_template(&alex, salt, "").await.unwrap();
    let offer = reads::one(&alex, nda, None).await.unwrap().offer.unwrap();
    assert_eq!(offer.for_pitch(salt).unwrap().name, "Standard NDA");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_companys_templates_are_written_by_its_editors_read_by_its_seats_and_nobody_elses(db: PgPool) {
    let platform = people::platform(db).await;
    let stella = people::production(&platform, "stella").await;
    let seat = |role| Some(Seat { role, ..stella.viewer.seat.clone().unwrap() });
    let (mut ed, mut vi) = (people::production(&platform, "ed").await, people::production(&platform, "vi").await);
    (ed.viewer.seat, vi.viewer.seat) = (seat(SeatRole::Editor), seat(SeatRole::Viewer));
    let template = own_templates::create(&ed, "Ours", &text("First.")).await.unwrap();
    own_templates::edit(&stella, template, 1, "Ours", &text("Second.")).await.unwrap();
    assert_eq!(
        refused(own_templates::edit(&ed, template, 1, "Ours", &text("Third.")).await),
        Refusal::Conflict,
        "two at once"
    );
    let read = own_templates::one(&vi, template).await.unwrap();
    assert!(!read.writes && read.text.contains("Second."));
    assert!(!own_templates::list(&vi, false, None).await.unwrap().writes);
    assert_eq!(refused(own_templates::create(&vi, "Mine", &text("No.")).await), Refusal::Forbidden);
    assert_eq!(refused(own_templates::edit(&vi, template, 2, "Ours", &text("No.")).await), Refusal::Forbidden);
    assert_eq!(refused(own_templates::delete(&vi, template, "Ours").await), Refusal::Forbidden);

    for stranger in [people::creator(&platform, "carol").await, people::production(&platform, "dan").await] {
        assert_eq!(refused(own_templates::one(&stranger, template).await), Refusal::NotFound);
        assert_eq!(refused(own_templates::edit(&stranger, template, 2, "X", "").await), Refusal::NotFound);
        assert_eq!(refused(own_templates::archive(&stranger, template).await), Refusal::NotFound);
        assert_eq!(refused(own_templates::restore(&stranger, template).await), Refusal::NotFound);
        assert_eq!(refused(own_templates::delete(&stranger, template, "Ours").await), Refusal::NotFound);
        assert!(own_templates::list(&stranger, false, None).await.unwrap().page.is_empty());
    }
    let standard = own_templates::one(&stella, crate::ndas::template::STANDARD_ID).await.unwrap();
    assert!(standard.standard && standard.preview.contains("standard form"), "everybody reads the standard one");
    assert_eq!(refused(own_templates::archive(&stella, standard.id).await), Refusal::NotFound, "and nobody changes it");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_list_of_templates_goes_on_where_it_stopped_and_ends_at_a_hundred(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    for n in 0..100 {
        own_templates::create(&alex, &format!("Template {n}"), &text("First.")).await.unwrap();
    }
    assert_eq!(refused(own_templates::create(&alex, "One more", &text("First.")).await), Refusal::Conflict);
    let first = own_templates::list(&alex, false, None).await.unwrap().page;
    let second = own_templates::list(&alex, false, first.next.as_deref()).await.unwrap().page;
    assert_eq!((first.items.len(), second.items.len()), (20, 20));
    assert!(second.items.iter().all(|late| !first.items.contains(late)));
    assert!(own_templates::list(&alex, true, None).await.unwrap().page.is_empty());
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_template_is_written_without_a_script_and_its_text_comes_back_with_what_is_wrong(db: PgPool) {
    let app = TestApp::new(db).await;
    people::creator(&app.platform, "alex").await;
    people::creator(&app.platform, "carol").await;
    people::investor(&app.platform, "sarah").await;
    let browser = app.signed_in("alex@creator.test").await;
    let page = "/settings/templates/new";
    let wrong = text("First.") + " {{favourite_colour}}";
    let answer = browser.submit(page, "/api/ndas/create-template", &[("name", "Mine"), ("text", &wrong)]).await;
    assert_eq!(answer.location.as_deref(), Some(page));
    let again = browser.get(page).await.body;
    assert!(again.contains("We do not know the variable {{favourite_colour}}"), "{again}");
    assert!(again.contains("An agreement of my own") && again.contains("value=\"Mine\""));

    let answer =
        browser.submit(page, "/api/ndas/create-template", &[("name", "Mine"), ("text", &text("First."))]).await;
    let made = answer.location.unwrap();
    assert!(made.starts_with("/settings/templates/"), "{made}");
    let shown = browser.get(&made).await;
    assert_eq!(shown.status, StatusCode::OK);
    assert!(shown.body.contains("[the person who asks") && shown.body.contains("not legal advice"), "{}", shown.body);
    assert!(browser.get("/settings/templates").await.body.contains("No agreement was made from it yet."));
    let begun = browser.get(&format!("{page}?from={}", crate::ndas::template::STANDARD_ID)).await.body;
    assert!(begun.contains("## 17. Signatures"), "a copy of the standard one to begin with");

    let investor = app.signed_in("sarah@investor.test").await;
    assert!(investor.get("/settings/templates").await.body.contains("Templates are for those who publish"));
    let other = app.signed_in("carol@creator.test").await;
    assert_eq!(other.get(&made).await.status, StatusCode::NOT_FOUND);
}

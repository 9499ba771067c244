//! Pitches over HTTP and through their services: who reads what, saving, publishing, files.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;
use futures::TryStreamExt;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{
    app::{Answer, Browser, TestApp},
    people,
};
use crate::{
    accounts::door::{Caller, Visitor},
    media::{inspect::tests::pdf, jobs, model::PDF_BYTES},
    pitches::{
        content::Layer,
        files,
        form::Values,
        model::{PitchPage, Saved, Search},
        service::{self, View},
        words::{Genre, PitchStatus},
    },
    shared::{
        error::Refusal,
        ids::{AccountId, FileId, NdaId, PitchId},
    },
};

fn form(values: &[(&str, &str)]) -> Values {
    values.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect()
}

/// What is needed to publish, and one text for each layer.
fn complete(title: &str) -> Values {
    form(&[
        ("title", title),
        ("logline", "A tram driver finds a city that is not on the map."),
        ("genre", "drama"),
        ("genre_2", "noir"),
        ("format", "feature-film"),
        ("budget", "1m-5m"),
        ("stage", "script"),
        ("short_synopsis", "A night line, a driver who cannot sleep, and a stop where nobody has ever got off."),
        ("tone", "for members only"),
        ("long_synopsis", "behind the agreement"),
    ])
}

async fn published(owner: &Caller, title: &str) -> (PitchId, String) {
    let created = service::create(owner, complete(title)).await.unwrap();
    service::publish(owner, created.pitch_id, None, Values::new()).await.unwrap();
    (created.pitch_id, created.slug)
}

/// An NDA in force, as the ndas room would leave it.
async fn sign(buyer: &Caller, pitch: PitchId) -> NdaId {
    let (id, now) = (NdaId::new(), buyer.platform.now());
    sqlx::query(
        "insert into ndas (id, pitch_id, requester_id, status, purpose, requested_at, signed_at, expires_at)
         values ($1, $2, $3, 'signed', '', $4, $4, $5)",
    )
    .bind(id.0)
    .bind(pitch.0)
    .bind(buyer.viewer.id.0)
    .bind(now)
    .bind(now + TimeDelta::days(30))
    .execute(&buyer.platform.db)
    .await
    .unwrap();
    id
}

async fn page(visitor: &Visitor, slug: &str) -> Result<PitchPage, Refusal> {
    service::pitch_page(visitor, slug, View::default()).await.map_err(|e| e.refusal)
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn each_reader_gets_their_layer_and_nothing_else(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let sarah = people::investor(&platform, "sarah").await;
    let (id, slug) = published(&alex, "The Last Tram").await;

    let seen = |page: &PitchPage| (page.layer, page.content.tone.is_empty(), page.content.long_synopsis.is_empty());
    let guest = page(&people::guest(&platform), &slug).await.unwrap();
    assert_eq!(seen(&guest), (Layer::Guest, true, true));
    assert_eq!(
        (guest.for_members.as_slice(), guest.behind_nda.as_slice()),
        (&["tone and style".to_string()][..], &["long synopsis".to_string()][..])
    );
    let wire = serde_json::to_string(&guest).unwrap();
    assert!(!wire.contains("for members only") && !wire.contains("behind the agreement"), "{wire}");

    let member = page(&sarah.visitor(), &slug).await.unwrap();
    assert_eq!(seen(&member), (Layer::Member, false, true));
    sign(&sarah, id).await;
    let signer = page(&sarah.visitor(), &slug).await.unwrap();
    assert_eq!(seen(&signer), (Layer::Signer, false, false));
    assert_eq!(seen(&page(&alex.visitor(), &slug).await.unwrap()), (Layer::Owner, false, false));
    let unverified = Visitor {
        viewer: Some(crate::accounts::model::Viewer {
            email_verified: false,
            ..people::investor(&platform, "tom").await.viewer
        }),
        ..people::guest(&platform)
    };
    assert_eq!(seen(&page(&unverified, &slug).await.unwrap()).0, Layer::Guest);

    // The owner's preview is the others' view; for others the word does nothing.
    let preview = View { preview: Some(Layer::Guest), version: None };
    let as_guest = service::pitch_page(&alex.visitor(), &slug, preview).await.unwrap();
    assert_eq!(seen(&as_guest), (Layer::Guest, true, true));
    let trick = View { preview: Some(Layer::Owner), version: Some(1) };
    assert_eq!(service::pitch_page(&people::guest(&platform), &slug, trick).await.unwrap().layer, Layer::Guest);

    // The NDA ends, and with it the reading.
    platform.clock.advance(TimeDelta::days(31));
    assert_eq!(seen(&page(&sarah.visitor(), &slug).await.unwrap()), (Layer::Member, false, true));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_unpublished_pitch_is_there_for_signers_and_its_owner_only(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let (sarah, tom) = (people::investor(&platform, "sarah").await, people::investor(&platform, "tom").await);
    let created = service::create(&alex, complete("Draft")).await.unwrap();
    sign(&sarah, created.pitch_id).await;
    assert_eq!(
        page(&sarah.visitor(), &created.slug).await.unwrap_err(),
        Refusal::NotFound,
        "never published: nothing to read"
    );
    service::publish(&alex, created.pitch_id, None, Values::new()).await.unwrap();
    service::save(&alex, created.pitch_id, 1, form(&[("long_synopsis", "an edit that is not published")]))
        .await
        .unwrap();
    for act in [false, true] {
        if act {
            service::publish(&alex, created.pitch_id, None, form(&[("long_synopsis", "behind the agreement")]))
                .await
                .unwrap();
            service::archive(&alex, created.pitch_id).await.unwrap();
        } else {
            service::unpublish(&alex, created.pitch_id).await.unwrap();
        }
        assert_eq!(page(&people::guest(&platform), &created.slug).await.unwrap_err(), Refusal::NotFound);
        assert_eq!(page(&tom.visitor(), &created.slug).await.unwrap_err(), Refusal::NotFound);
        assert_eq!(page(&sarah.visitor(), &created.slug).await.unwrap().content.long_synopsis, "behind the agreement");
        assert!(page(&alex.visitor(), &created.slug).await.is_ok());
    }
    assert!(service::browse(&tom.visitor(), &Search::default(), None).await.unwrap().is_empty());
    service::publish(&alex, created.pitch_id, None, Values::new()).await.unwrap();
    assert!(page(&tom.visitor(), &created.slug).await.is_ok(), "published again from the archive");
    service::delete(&alex, created.pitch_id, "draft").await.unwrap_err();
    service::delete(&alex, created.pitch_id, " Draft ").await.unwrap();
    assert_eq!(page(&alex.visitor(), &created.slug).await.unwrap_err(), Refusal::NotFound);
    assert_eq!(page(&sarah.visitor(), &created.slug).await.unwrap_err(), Refusal::NotFound);
    let kinds: Vec<String> = sqlx::query_scalar("select kind from events where kind like 'pitch.%' order by id")
        .fetch_all(&platform.db)
        .await
        .unwrap();
    assert_eq!(
        kinds,
        [
            "pitch.published",
            "pitch.unpublished",
            "pitch.published",
            "pitch.archived",
            "pitch.published",
            "pitch.deleted"
        ]
    );
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn somebody_elses_pitch_is_not_there_to_change(db: PgPool) {
    let platform = people::platform(db).await;
    let (alex, eve) = (people::creator(&platform, "alex").await, people::creator(&platform, "eve").await);
    let (id, _) = published(&alex, "The Last Tram").await;
    let title = form(&[("title", "Mine now")]);
    let refusals = [
        service::save(&eve, id, 1, title.clone()).await.unwrap_err(),
        service::publish(&eve, id, None, title).await.unwrap_err(),
        service::unpublish(&eve, id).await.unwrap_err(),
        service::archive(&eve, id).await.unwrap_err(),
        service::delete(&eve, id, "The Last Tram").await.unwrap_err(),
        service::overview(&eve, id).await.unwrap_err(),
        service::edit_page(&eve, id).await.unwrap_err(),
        service::save(&eve, PitchId::new(), 1, Values::new()).await.unwrap_err(),
    ];
    for error in refusals {
        assert_eq!(error, crate::shared::error::AppError::not_found());
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn an_organisations_pitch_belongs_to_its_seats(db: PgPool) {
    let platform = people::platform(db).await;
    let stella = people::production(&platform, "stella").await;
    let colleague = people::creator(&platform, "colleague").await;
    let (id, slug) = published(&stella, "Company Picture").await;
    let seat = |role: &'static str| {
        sqlx::query(
            "insert into seats (organisation_id, account_id, role, created_at) values ($1, $2, $3, $4)
                     on conflict (organisation_id, account_id) do update set role = $3",
        )
        .bind(stella.viewer.organisation().unwrap().0)
        .bind(colleague.viewer.id.0)
        .bind(role)
        .bind(platform.now())
    };
    seat("viewer").execute(&platform.db).await.unwrap();
    let viewer = people::caller(&platform, colleague.viewer.id).await;
    assert_eq!(page(&viewer.visitor(), &slug).await.unwrap().layer, Layer::Owner);
    assert_eq!(service::save(&viewer, id, 1, form(&[("tone", "x")])).await.unwrap_err().refusal, Refusal::Forbidden);
    assert_eq!(service::create(&viewer, complete("No")).await.unwrap_err().refusal, Refusal::Forbidden);
    seat("editor").execute(&platform.db).await.unwrap();
    let editor = people::caller(&platform, colleague.viewer.id).await;
    service::save(&editor, id, 1, form(&[("tone", "x")])).await.unwrap();
    assert_eq!(service::mine(&editor, None).await.unwrap().items.len(), 1);
    assert_eq!(page(&people::guest(&platform), &slug).await.unwrap().owner.unwrap().name, "stella Pictures");
    // Who leaves the organisation leaves its pitches, even the one who began them.
    sqlx::query("delete from seats").execute(&platform.db).await.unwrap();
    let left = people::caller(&platform, stella.viewer.id).await;
    assert_eq!(page(&left.visitor(), &slug).await.unwrap().layer, Layer::Member);
    assert_eq!(service::unpublish(&left, id).await.unwrap_err().refusal, Refusal::NotFound);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn publishing_needs_a_verified_email_and_says_all_that_is_missing(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let id = service::create(&alex, form(&[("title", "Bare")])).await.unwrap().pitch_id;
    let error = service::publish(&alex, id, None, Values::new()).await.unwrap_err();
    let fields: Vec<&str> = error.fields.iter().map(|f| f.field.as_str()).collect();
    assert_eq!(fields, ["logline", "genre", "format", "budget", "stage", "short_synopsis"]);
    let mut unverified = alex.clone();
    unverified.viewer.email_verified = false;
    assert_eq!(
        service::publish(&unverified, id, None, complete("Bare")).await.unwrap_err().refusal,
        Refusal::Forbidden
    );
    let done = service::publish(&alex, id, Some(1), complete("Bare")).await.unwrap();
    assert_eq!(done.number, 1);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn of_two_simultaneous_publishes_one_wins(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let id = service::create(&alex, complete("Race")).await.unwrap().pitch_id;
    let publish = || service::publish(&alex, id, Some(1), Values::new());
    let (one, two, three) = tokio::join!(publish(), publish(), publish());
    let mut outcomes: Vec<Option<Refusal>> =
        [one, two, three].into_iter().map(|r| r.err().map(|e| e.refusal)).collect();
    outcomes.sort_by_key(Option::is_some);
    assert_eq!(outcomes, [None, Some(Refusal::Conflict), Some(Refusal::Conflict)]);
    let versions: i64 =
        sqlx::query_scalar("select count(*) from pitch_versions").fetch_one(&platform.db).await.unwrap();
    assert_eq!(versions, 1);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn edits_stay_in_the_working_copy_until_they_are_published(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let (id, slug) = published(&alex, "The Last Tram").await;
    let saved =
        service::save(&alex, id, 1, form(&[("title", "The First Tram"), ("short_synopsis", "short")])).await.unwrap();
    assert_eq!((saved.revision, saved.missing.len()), (2, 1));
    assert_eq!(page(&people::guest(&platform), &slug).await.unwrap().content.title, "The Last Tram");
    assert!(service::overview(&alex, id).await.unwrap().unpublished_edits);
    service::publish(&alex, id, Some(2), form(&[("short_synopsis", &"long enough ".repeat(6))])).await.unwrap();
    let now = page(&people::guest(&platform), &slug).await.unwrap();
    assert_eq!(now.content.title, "The First Tram", "and the address stays");
    let overview = service::overview(&alex, id).await.unwrap();
    assert!(!overview.unpublished_edits);
    assert_eq!(
        overview.versions.iter().map(|v| (v.number, v.title.as_str(), v.live)).collect::<Vec<_>>(),
        [(2, "The First Tram", true), (1, "The Last Tram", false)]
    );
    let earlier = View { preview: None, version: Some(1) };
    assert_eq!(service::pitch_page(&alex.visitor(), &slug, earlier).await.unwrap().content.title, "The Last Tram");
    assert_eq!(
        service::pitch_page(&people::guest(&platform), &slug, earlier).await.unwrap().content.title,
        "The First Tram"
    );
    assert_eq!(
        service::publish(&alex, id, None, Values::new()).await.unwrap_err().refusal,
        Refusal::Conflict,
        "a replayed form"
    );
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_wall_finds_by_public_things_only_and_goes_on_where_it_ended(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    for n in 0..30 {
        platform.clock.advance(TimeDelta::seconds(1));
        published(&alex, &format!("Pitch {n:02}")).await;
    }
    let guest = people::guest(&platform);
    for by_title in [false, true] {
        let search = Search { by_title, ..Default::default() };
        let first = service::browse(&guest, &search, None).await.unwrap();
        let second = service::browse(&guest, &search, first.next.as_deref()).await.unwrap();
        assert_eq!((first.items.len(), second.items.len(), second.next), (24, 6, None));
        let mut titles: Vec<String> = first.items.into_iter().chain(second.items).map(|c| c.title).collect();
        if !by_title {
            titles.reverse();
        }
        assert_eq!(titles, (0..30).map(|n| format!("Pitch {n:02}")).collect::<Vec<_>>());
    }
    let mut hidden = complete("A Quiet Place for Zebras");
    hidden.extend(form(&[
        ("visibility_budget", "nda"),
        ("visibility_stage", "members"),
        ("visibility_short_synopsis", "nda"),
        ("tags", "okapi"),
        ("visibility_tags", "members"),
    ]));
    let id = service::create(&alex, hidden).await.unwrap().pitch_id;
    service::publish(&alex, id, None, Values::new()).await.unwrap();
    let found = |search: Search| {
        let guest = guest.clone();
        async move {
            service::browse(&guest, &search, None).await.unwrap().items.into_iter().map(|c| c.title).collect::<Vec<_>>()
        }
    };
    let q = |q: &str| Search { q: q.into(), ..Default::default() };
    assert_eq!(found(q("zebra")).await, ["A Quiet Place for Zebras"]);
    assert_eq!(found(q("okapi")).await, [""; 0]);
    assert_eq!(found(q("agreement")).await, [""; 0]);
    assert!(found(q("'\"&|!():* \\ --")).await.len() <= 24, "search syntax does no harm");
    let zebra = |mut search: Search| {
        search.q = "zebra".into();
        search
    };
    assert_eq!(
        found(zebra(Search { genre: Some(Genre::Noir), ..Default::default() })).await.len(),
        1,
        "a second genre counts"
    );
    assert_eq!(found(zebra(Search { budget: "1m-5m".parse().ok(), ..Default::default() })).await.len(), 0);
    assert_eq!(found(zebra(Search { stage: "script".parse().ok(), ..Default::default() })).await.len(), 0);
    let card = service::browse(&guest, &q("zebra"), None).await.unwrap().items.remove(0);
    assert_eq!((card.budget, card.stage, card.locked), (None, None, true));
    assert_eq!(service::browse(&guest, &Search::default(), Some("nonsense")).await.unwrap().items.len(), 24);
}

// Over HTTP.

async fn creator(app: &TestApp) -> (Caller, Browser<'_>) {
    let alex = people::creator(&app.platform, "alex").await;
    (alex, app.signed_in("alex@creator.test").await)
}

fn pairs(values: &Values) -> Vec<(&str, &str)> {
    values.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

fn json_of(answer: &Answer) -> Value {
    serde_json::from_str(&answer.body).unwrap_or(Value::Null)
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_pitch_is_written_and_published_by_plain_forms(db: PgPool) {
    let app = TestApp::new(db).await;
    let (_, alex) = creator(&app).await;
    let refused = alex.submit("/creator/pitches/new", "/api/pitches/create", &[("title", "ab")]).await;
    assert_eq!(refused.location.as_deref(), Some("/creator/pitches/new"));
    let created = alex
        .submit(
            "/creator/pitches/new",
            "/api/pitches/create",
            &[("title", "The Last Tram"), ("status", "published"), ("owner_id", "x")],
        )
        .await;
    let edit = created.location.unwrap();
    let id = edit.strip_prefix("/creator/pitches/").unwrap().strip_suffix("/edit").unwrap().to_string();
    let mut all = complete("The Last Tram");
    all.extend(form(&[
        ("pitch_id", &id),
        ("revision", "1"),
        ("character_1_name", "Ada"),
        ("owner_id", "x"),
        ("status", "archived"),
        ("demo", "true"),
    ]));
    let saved = alex.submit(&edit, "/api/pitches/save", &pairs(&all)).await;
    assert_eq!(saved.location.as_deref(), Some(edit.as_str()));
    let done = alex.submit(&edit, "/api/pitches/publish", &[("pitch_id", &id)]).await;
    assert_eq!(done.location, Some(format!("/creator/pitches/{id}")));
    let page = app.browser().read("/api/pitches/page?slug=the-last-tram").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(!page.body.contains("Ada") && !page.body.contains("behind the agreement"));
    let (status, demo): (String, bool) =
        sqlx::query_as("select status, demo from pitches").fetch_one(&app.platform.db).await.unwrap();
    assert_eq!((status.as_str(), demo), ("published", false));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn bad_input_is_a_clear_sentence_by_its_field(db: PgPool) {
    let app = TestApp::new(db).await;
    let (_, alex) = creator(&app).await;
    let created = json_of(&alex.post("/api/pitches/create", &[("title", "The Last Tram")]).await);
    let id = created["pitch_id"].as_str().unwrap().to_string();
    let long = vec!["word"; 61].join(" ");
    let bad = [
        ("logline", long.as_str()),
        ("genre", "haiku"),
        ("title", &"x".repeat(101)),
        ("visibility_financing", "public"),
        ("character_21_name", "x"),
    ];
    for (field, value) in bad {
        let answer = alex.post("/api/pitches/save", &[("pitch_id", &id), ("revision", "1"), (field, value)]).await;
        assert_eq!(
            (answer.status.as_u16(), json_of(&answer)["fields"][0]["field"].as_str()),
            (422, Some(field)),
            "{}",
            answer.body
        );
    }
    for (field, value) in [("revision", "soon"), ("pitch_id", "1"), ("title[a]", "x"), ("a[b][c][d][e][f][g]", "x")] {
        let mut fields = vec![("pitch_id", id.as_str()), ("revision", "1")];
        fields.retain(|(name, _)| *name != field);
        fields.push((field, value));
        let answer = alex.post("/api/pitches/save", &fields).await;
        assert!(answer.status.as_u16() < 500, "{field}: {} {}", answer.status, answer.body);
    }
    let nul = alex.post("/api/pitches/save", &[("pitch_id", &id), ("revision", "1"), ("tone", "a\0\u{1F3AC}b")]).await;
    assert_eq!(nul.status, StatusCode::OK, "{}", nul.body);
    let wrong = app.browser().read("/api/pitches/browse?genre=haiku&sort=best").await;
    assert_eq!((wrong.status.as_u16(), json_of(&wrong)["fields"].as_array().unwrap().len()), (422, 2));
    assert_eq!(app.browser().read("/api/pitches/browse?q=%00&after=zz").await.status, StatusCode::OK);
    assert_eq!(app.browser().post("/api/pitches/create", &[("title", "A guest's")]).await.status.as_u16(), 401);
    people::investor(&app.platform, "sarah").await;
    let sarah = app.signed_in("sarah@investor.test").await;
    assert_eq!(sarah.post("/api/pitches/create", &[("title", "An investor's")]).await.status.as_u16(), 403);
    assert_eq!(sarah.post("/api/pitches/save", &[("pitch_id", &id), ("revision", "1")]).await.status.as_u16(), 403);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_late_save_of_the_same_field_is_a_conflict_that_carries_both(db: PgPool) {
    let app = TestApp::new(db).await;
    let (_, alex) = creator(&app).await;
    let created = json_of(&alex.post("/api/pitches/create", &[("title", "The Last Tram")]).await);
    let id = created["pitch_id"].as_str().unwrap().to_string();
    let save = |fields: Vec<(&'static str, &'static str)>| {
        let (alex, id) = (&alex, id.as_str());
        async move { alex.post("/api/pitches/save", &[vec![("pitch_id", id)], fields].concat()).await }
    };
    assert_eq!(save(vec![("revision", "1"), ("logline", "Theirs")]).await.status, StatusCode::OK);
    let merged = save(vec![("revision", "1"), ("tone", "Mine")]).await;
    let merged: Saved = serde_json::from_str(&merged.body).unwrap();
    assert_eq!((merged.revision, merged.merged["logline"].as_str()), (3, "Theirs"));
    let late = save(vec![("revision", "1"), ("logline", "Mine")]).await;
    assert_eq!(late.status, StatusCode::CONFLICT);
    assert_eq!(json_of(&late)["fields"][0]["field"], json!("logline"));
    assert!(late.body.contains("Theirs"), "{}", late.body);
    let kept = save(vec![("revision", "1"), ("logline", "Mine"), ("resolve", "mine:3")]).await;
    assert_eq!(kept.status, StatusCode::OK);
}

/// A multipart body as a browser makes it.
fn multipart(parts: &[(&str, Option<&str>, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, file, bytes) in parts {
        let file =
            file.map(|f| format!("; filename=\"{f}\"\r\nContent-Type: application/octet-stream")).unwrap_or_default();
        body.extend(format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n").bytes());
        body.extend_from_slice(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--XX--\r\n");
    body
}

async fn upload(browser: &Browser<'_>, pitch: &str, kind: &str, name: &str, bytes: &[u8]) -> Answer {
    let body = multipart(&[("pitch_id", None, pitch.as_bytes()), (kind, Some(name), bytes)]);
    send(browser, body).await
}

async fn send(browser: &Browser<'_>, body: Vec<u8>) -> Answer {
    let request = Request::post("/api/files/upload")
        .header(header::ACCEPT, "application/json")
        .header("sec-fetch-site", "same-origin")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XX");
    browser.send(request, Body::from(body)).await
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut out = std::io::Cursor::new(Vec::new());
    image::RgbImage::from_fn(width, height, |x, y| image::Rgb([x as u8, y as u8, 90]))
        .write_to(&mut out, image::ImageFormat::Png)
        .unwrap();
    out.into_inner()
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_script_opens_for_those_who_signed_and_every_opening_is_written_down(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let script = pdf(12);
    let answer = upload(&browser, &pitch.to_string(), "script", "Tram \u{2013} draft 3.pdf", &script).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let file = json_of(&answer)["file_id"].as_str().unwrap().to_string();
    let at = format!("/files/{file}");

    let sarah = people::investor(&app.platform, "sarah").await;
    people::creator(&app.platform, "eve").await;
    people::investor(&app.platform, "tom").await;
    let reader = app.signed_in("sarah@investor.test").await;
    let nothing = app.browser().get("/files/0198c1de-0000-7000-8000-000000000000").await;
    for other in [app.browser(), app.signed_in("eve@creator.test").await, app.signed_in("tom@investor.test").await] {
        let answer = other.get(&at).await;
        assert_eq!((answer.status, &answer.body), (StatusCode::NOT_FOUND, &nothing.body));
    }
    assert_eq!(reader.get(&at).await.status, StatusCode::NOT_FOUND);
    let nda = sign(&sarah, pitch).await;
    let read = reader.get(&at).await;
    assert_eq!(read.status, StatusCode::OK);
    let said = |name: &str| read.headers.get(name).map(|v| v.to_str().unwrap().to_string()).unwrap_or_default();
    assert_eq!(said("content-type"), "application/pdf");
    assert_eq!(said("cache-control"), "private, no-store");
    assert_eq!(said("x-content-type-options"), "nosniff");
    assert_eq!(said("content-length"), script.len().to_string());
    assert!(said("content-security-policy").contains("frame-ancestors 'self'"));
    assert!(said("content-disposition").contains("filename*=UTF-8''Tram%20%E2%80%93%20draft%203.pdf"));
    let part = reader.send(Request::get(&at).header(header::RANGE, "bytes=5-9"), Body::empty()).await;
    assert_eq!((part.status, part.body.as_bytes()), (StatusCode::PARTIAL_CONTENT, &script[5..10]));
    let beyond = reader.send(Request::get(&at).header(header::RANGE, "bytes=999999-"), Body::empty()).await;
    assert_eq!(beyond.status, StatusCode::RANGE_NOT_SATISFIABLE);
    assert_eq!(browser.get(&at).await.status, StatusCode::OK, "its owner");
    let views: Vec<(AccountId, Option<uuid::Uuid>, String)> =
        sqlx::query_as("select account_id, nda_id, address from file_views").fetch_all(&app.platform.db).await.unwrap();
    assert_eq!(
        views,
        [(sarah.viewer.id, Some(nda.0), "203.0.113.7".to_string())],
        "one opening, not the owner's, not the parts"
    );

    // Who begins in the middle has opened it, too.
    app.platform.clock.advance(TimeDelta::hours(1));
    for _ in 0..2 {
        reader.send(Request::get(&at).header(header::RANGE, "bytes=1-"), Body::empty()).await;
    }
    let count = "select count(*) from file_views";
    assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&app.platform.db).await.unwrap(), 2);

    // A new version takes the old one from readers, not from the owner.
    let newer = upload(&browser, &pitch.to_string(), "script", "draft 4.pdf", &pdf(13)).await;
    assert_eq!(json_of(&newer)["number"], json!(2));
    assert_eq!(reader.get(&at).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.get(&at).await.status, StatusCode::OK);
    let newest = format!("/files/{}", json_of(&newer)["file_id"].as_str().unwrap());
    assert_eq!(reader.get(&newest).await.status, StatusCode::OK);
    // Unpublished, signers still read; the NDA over, nobody does.
    service::unpublish(&alex, pitch).await.unwrap();
    assert_eq!(reader.get(&newest).await.status, StatusCode::OK);
    sqlx::query("update ndas set status = 'revoked'").execute(&app.platform.db).await.unwrap();
    assert_eq!(reader.get(&newest).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_poster_is_made_smaller_and_served_so_that_it_can_be_narrowed(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let answer = upload(&browser, &pitch.to_string(), "poster", "poster.png", &png(700, 1050)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let material = json_of(&answer)["material_id"].as_str().unwrap().to_string();
    let at = format!("/files/{}", json_of(&answer)["file_id"].as_str().unwrap());
    let guest = app.browser();
    for (asked, width) in [("?w=100", 160), ("?w=320", 320), ("?w=9999", 640), ("", 640)] {
        let answer = guest.send(Request::get(format!("{at}{asked}")), Body::empty()).await;
        assert_eq!(answer.headers["content-type"], "image/webp", "{asked}");
        assert!(answer.headers["etag"].to_str().unwrap().ends_with(&format!("-{width}\"")), "{asked}");
        assert_eq!(answer.headers["cache-control"], "no-cache");
    }
    let etag = guest.get(&at).await.headers["etag"].to_str().unwrap().to_string();
    let again = guest.send(Request::get(&at).header(header::IF_NONE_MATCH, &etag), Body::empty()).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    let wall = app.browser().read("/api/pitches/front-page").await;
    assert_eq!(json_of(&wall).as_array().unwrap().len(), 1);
    // Narrowed: gone for guests at once, from the wall too.
    let set = browser.post("/api/pitches/set-visibility", &[("material_id", &material), ("visibility", "nda")]).await;
    assert_eq!(set.status, StatusCode::OK, "{}", set.body);
    assert_eq!(
        guest.send(Request::get(&at).header(header::IF_NONE_MATCH, &etag), Body::empty()).await.status,
        StatusCode::NOT_FOUND
    );
    assert_eq!(json_of(&app.browser().read("/api/pitches/front-page").await), json!([]));
    let wrong = browser.post("/api/pitches/set-visibility", &[("material_id", &material), ("visibility", "all")]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert_eq!(browser.post("/api/files/delete", &[("material_id", &material)]).await.status, StatusCode::OK);
    assert_eq!(browser.get(&at).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_is_no_good_file_is_refused_and_leaves_nothing(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let id = service::create(&alex, form(&[("title", "Files")])).await.unwrap().pitch_id.to_string();
    let whole = pdf(5);
    let mut large = pdf(3);
    large.resize(PDF_BYTES as usize + 1, b' ');
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>";
    let mut big_image = png(10, 10);
    big_image.resize(10 * 1024 * 1024 + 1, 0);
    let cut_image = &png(200, 200)[..400];
    let cases: [(&str, &str, &[u8], u16); 10] = [
        ("script", "virus.pdf", b"MZ\x90\0\x03\0\0\0\x04\0\0\0\xff\xff", 422),
        ("script", "cut.pdf", &whole[..whole.len() - 40], 422),
        ("script", "large.pdf", &large, 413),
        ("script", "", b"", 422),
        ("poster", "vector.svg", svg, 422),
        ("poster", "page.png", b"<!DOCTYPE html><script>alert(1)</script>", 422),
        ("poster", "script.pdf", &whole, 422),
        ("poster", "huge.png", &big_image, 413),
        ("poster", "cut.png", cut_image, 422),
        ("trailer", "film.mp4", b"\0\0\0\x18ftypmp42", 422),
    ];
    for (kind, name, bytes, status) in cases {
        let answer = upload(&browser, &id, kind, name, bytes).await;
        assert_eq!(
            (answer.status.as_u16(), json_of(&answer)["fields"][0]["field"].as_str()),
            (status, Some(kind)),
            "{name}: {}",
            answer.body
        );
    }
    let file: &[u8] = &whole;
    let odd = [
        multipart(&[("script", Some("a.pdf"), file), ("pitch_id", None, id.as_bytes())]),
        multipart(&[("pitch_id", None, id.as_bytes()), ("owner_id", Some("a.pdf"), file)]),
        multipart(&[("pitch_id", None, id.as_bytes())]),
        multipart(&[("pitch_id", None, b"\0\xff")]),
        b"--XX\r\nContent-Dispo".to_vec(),
        Vec::new(),
    ];
    for body in odd {
        let answer = send(&browser, body).await;
        assert_eq!(answer.status.as_u16(), 422, "{}", answer.body);
    }
    let files: i64 = sqlx::query_scalar("select count(*) from files").fetch_one(&app.platform.db).await.unwrap();
    assert_eq!(files, 0);
    people::creator(&app.platform, "eve").await;
    let eve = app.signed_in("eve@creator.test").await;
    assert_eq!(upload(&eve, &id, "script", "a.pdf", &whole).await.status, StatusCode::NOT_FOUND);
    assert_eq!(upload(&app.browser(), &id, "script", "a.pdf", &whole).await.status, StatusCode::UNAUTHORIZED);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn files_that_nothing_refers_to_go_after_a_day(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let body = || futures::stream::iter([Ok(bytes::Bytes::from(pdf(2)))]);
    use crate::{
        media::{model::Accept, service as media},
        pitches::words::MaterialKind,
    };
    let kept = files::add_material(&alex, pitch, MaterialKind::Deck, Accept::Pdf, "deck.pdf", body()).await.unwrap();
    let orphan = media::receive(&platform, alex.viewer.id, ("deck", "x.pdf"), Accept::Pdf, body()).await.unwrap();
    let mut tx = platform.begin().await.unwrap();
    media::keep(&mut tx, &orphan).await.unwrap();
    tx.commit().await.unwrap();
    jobs::sweep(&platform).await.unwrap();
    assert!(platform.storage.bytes(&orphan.key).await.is_ok(), "not yet a day");
    platform.clock.advance(TimeDelta::hours(25));
    jobs::sweep(&platform).await.unwrap();
    assert!(platform.storage.bytes(&orphan.key).await.is_err());
    let left: Vec<uuid::Uuid> = sqlx::query_scalar("select id from files").fetch_all(&platform.db).await.unwrap();
    assert_eq!(left.into_iter().map(FileId).collect::<Vec<_>>(), [kept.file_id]);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn nobody_but_its_owner_gets_a_picture_as_it_was_uploaded(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let answer = upload(&browser, &pitch.to_string(), "poster", "tiny.png", &png(40, 60)).await;
    let at = format!("/files/{}", json_of(&answer)["file_id"].as_str().unwrap());
    assert_eq!(browser.get(&at).await.headers["content-type"], "image/png");
    assert_eq!(app.browser().get(&at).await.headers["content-type"], "image/webp");
    // A row from before its smaller pictures were made with it.
    sqlx::query("update files set variants = '{}'").execute(&app.platform.db).await.unwrap();
    for asked in [at.clone(), format!("{at}?w=160")] {
        assert_eq!(app.browser().get(&asked).await.status, StatusCode::NOT_FOUND);
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn bytes_that_no_row_knows_go_and_all_others_stay(db: PgPool) {
    use crate::media::{model::Accept, service as media};
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let take = async |bytes: Vec<u8>, accept| {
        let body = futures::stream::iter([Ok(bytes::Bytes::from(bytes))]);
        media::receive(&platform, alex.viewer.id, ("other", "a"), accept, body).await.unwrap()
    };
    let (kept, lost) = (take(png(200, 300), Accept::Image).await, take(png(400, 300), Accept::Image).await);
    let mut tx = platform.begin().await.unwrap();
    media::keep(&mut tx, &kept).await.unwrap();
    tx.commit().await.unwrap();
    // The commit that would have kept it was never answered: its bytes are not touched.
    let unanswered = Err::<(), _>(crate::shared::error::AppError::unavailable("gone"));
    assert!(media::settle(&platform, &lost, unanswered).await.is_err());
    let stored = async || {
        let mut keys: Vec<String> = platform.storage.list("files").map_ok(|o| o.key).try_collect().await.unwrap();
        keys.sort();
        keys
    };
    let (of_kept, of_lost) = ([kept.key.clone(), format!("{}-160.webp", kept.key)], 3);
    assert_eq!(stored().await.len(), of_kept.len() + of_lost);
    let now = platform.now();
    jobs::sweep_store(&platform, now - TimeDelta::days(1)).await.unwrap();
    assert_eq!(stored().await.len(), of_kept.len() + of_lost, "younger than the sweep looks");
    jobs::sweep_store(&platform, now + TimeDelta::days(1)).await.unwrap();
    assert_eq!(stored().await, of_kept);
    // What is refused leaves nothing.
    let refused = take(png(200, 300), Accept::Image).await;
    let no = Err::<(), _>(crate::shared::error::AppError::not_found());
    assert!(media::settle(&platform, &refused, no).await.is_err());
    assert_eq!(stored().await, of_kept);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn publishing_that_tidies_is_a_revision_of_its_own(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let id = service::create(&alex, complete("The Last Tram")).await.unwrap().pitch_id;
    let rows = form(&[("character_1_name", ""), ("character_2_name", "Ada")]);
    let saved = service::save(&alex, id, 1, rows).await.unwrap();
    service::publish(&alex, id, None, Values::new()).await.unwrap();
    let page = service::edit_page(&alex, id).await.unwrap();
    assert_eq!(page.content.characters.len(), 1);
    assert!(page.revision > saved.revision, "{} after {}", page.revision, saved.revision);
    // A window that still shows the blank row is told, instead of moving its text to another row.
    let late = service::save(&alex, id, saved.revision, form(&[("character_2_name", "Ada Lund")])).await;
    assert_eq!(late.unwrap_err().refusal, Refusal::Conflict);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_was_taken_down_or_is_in_review_is_its_owners_alone(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, slug) = published(&alex, "The Last Tram").await;
    let answer = upload(&browser, &pitch.to_string(), "script", "a.pdf", &pdf(2)).await;
    let file = format!("/files/{}", json_of(&answer)["file_id"].as_str().unwrap());
    let sarah = people::investor(&app.platform, "sarah").await;
    sign(&sarah, pitch).await;
    let signer = app.signed_in("sarah@investor.test").await;
    let page = format!("/pitch/{slug}");
    for (status, theirs) in
        [("published", StatusCode::OK), ("taken-down", StatusCode::NOT_FOUND), ("in-review", StatusCode::NOT_FOUND)]
    {
        super::projects::set_status(&alex, pitch, status).await;
        assert_eq!([signer.get(&page).await.status, signer.get(&file).await.status], [theirs; 2], "{status}");
        assert_eq!([browser.get(&page).await.status, browser.get(&file).await.status], [StatusCode::OK; 2], "{status}");
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_field_beside_a_file_that_never_ends_is_refused(db: PgPool) {
    let app = TestApp::new(db).await;
    let (_, browser) = creator(&app).await;
    let endless = vec![b'1'; 4 << 20];
    let answer = send(&browser, multipart(&[("pitch_id", None, &endless), ("script", Some("a.pdf"), &pdf(1))])).await;
    assert_eq!(answer.status.as_u16(), 422, "{}", answer.body);
    assert!(answer.body.len() < 1_000);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn publishing_takes_what_was_typed_last_with_it(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (pitch, slug) = published(&alex, "The Last Tram").await;
    let id = pitch.to_string();
    let fields = [("pitch_id", id.as_str()), ("revision", "1"), ("logline", "A tram that never stops.")];
    assert_eq!(browser.post("/api/pitches/publish", &fields).await.status, StatusCode::OK);
    assert!(app.browser().get(&format!("/pitch/{slug}")).await.body.contains("A tram that never stops."));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn saves_at_the_same_moment_lose_nothing(db: PgPool) {
    let platform = people::platform(db).await;
    let alex = people::creator(&platform, "alex").await;
    let id = service::create(&alex, form(&[("title", "Two tabs")])).await.unwrap().pitch_id;
    let save = |name: &'static str| service::save(&alex, id, 1, form(&[(name, name)]));
    let (one, two, three) = tokio::join!(save("tone"), save("world"), save("themes"));
    for saved in [one, two, three] {
        saved.unwrap();
    }
    let content = service::edit_page(&alex, id).await.unwrap().content;
    assert_eq!([content.tone, content.world, content.themes], ["tone", "world", "themes"]);
    assert_eq!(service::overview(&alex, id).await.unwrap().status, PitchStatus::Draft);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn every_page_is_complete_without_javascript(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let empty = app.browser().get("/browse").await;
    assert!(empty.body.contains("Nothing is published yet"), "{}", empty.body);
    let (id, slug) = published(&alex, "The Last Tram").await;
    let fields = form(&[("character_1_name", "Ada Lund"), ("character_2_name", "Bo"), ("team_1_name", "Cem")]);
    service::publish(&alex, id, Some(1), fields).await.unwrap();
    let script = upload(&browser, &id.to_string(), "script", "secret-name.pdf", &pdf(3)).await;
    assert_eq!(script.status, StatusCode::OK);

    let guest = app.browser();
    let wall = guest.get("/browse?genre=noir&q=tram").await;
    assert!(wall.body.contains("The Last Tram") && wall.body.contains("Remove Noir"), "{}", wall.body);
    assert!(guest.get("/browse?stage=idea").await.body.contains("Nothing matches"));
    assert!(guest.get("/browse?genre=haiku").await.body.contains("left out"));
    let pitch = guest.get(&format!("/pitch/{slug}")).await;
    assert_eq!(pitch.status, StatusCode::OK);
    for there in
        ["og:title", "og:description", "A tram driver finds", "Behind the NDA", "script", "characters", "alex Tester"]
    {
        assert!(pitch.body.contains(there), "{there}: {}", pitch.body);
    }
    for hidden in ["Ada Lund", "behind the agreement", "for members only", "secret-name", "Cem"] {
        assert!(!pitch.body.contains(hidden), "{hidden}: {}", pitch.body);
    }
    assert_eq!(guest.get("/pitch/no-such-pitch").await.status, StatusCode::NOT_FOUND);

    let list = browser.get("/creator/pitches").await;
    assert!(list.body.contains("The Last Tram") && list.body.contains("Published"), "{}", list.body);
    let new = browser.get("/creator/pitches/new").await;
    assert!(new.body.contains("action=\"/api/pitches/create\"") && new.body.contains("Save draft"), "{}", new.body);
    let overview = browser.get(&format!("/creator/pitches/{id}")).await;
    for there in ["Published versions", "secret-name.pdf", "Unpublish", "Archive", "Delete"] {
        assert!(overview.body.contains(there), "{there}: {}", overview.body);
    }
    let edit = browser.get(&format!("/creator/pitches/{id}/edit")).await;
    for there in [
        "name=\"character_2_name\"",
        "name=\"character_3_name\"",
        "value=\"character_2_up\"",
        "name=\"visibility_world\"",
        "name=\"poster\"",
        "name=\"revision\" value=\"2\"",
        "formaction=\"/api/pitches/publish\"",
        "enctype=\"multipart/form-data\"",
    ] {
        assert!(edit.body.contains(there), "{there}: {}", edit.body);
    }
    let preview = browser.get(&format!("/pitch/{slug}?as=guest")).await;
    assert!(preview.body.contains("as a guest would see it") && !preview.body.contains("Ada Lund"), "{}", preview.body);
    people::creator(&app.platform, "eve").await;
    let eve = app.signed_in("eve@creator.test").await;
    for path in
        [format!("/creator/pitches/{id}"), format!("/creator/pitches/{id}/edit"), "/creator/pitches/nonsense".into()]
    {
        let answer = eve.get(&path).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.body.contains("The Last Tram"));
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_refused_form_shows_what_was_typed_and_both_sides_of_a_conflict(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let id = service::create(&alex, form(&[("title", "Two tabs")])).await.unwrap().pitch_id.to_string();
    let edit = format!("/creator/pitches/{id}/edit");
    let long = vec!["word"; 61].join(" ");
    let typed = [("pitch_id", id.as_str()), ("revision", "1"), ("title", "Two tabs, typed"), ("logline", &long)];
    for door in ["/api/pitches/save", "/api/pitches/publish"] {
        assert_eq!(browser.submit(&edit, door, &typed).await.location.as_deref(), Some(edit.as_str()));
        let again = browser.get(&edit).await.body;
        assert!(again.contains("this one has 61") && again.contains("Two tabs, typed"), "{door}: {again}");
    }
    browser
        .submit(&edit, "/api/pitches/save", &[("pitch_id", &id), ("revision", "1"), ("logline", "Theirs, saved")])
        .await;
    browser
        .submit(&edit, "/api/pitches/save", &[("pitch_id", &id), ("revision", "1"), ("logline", "Mine, typed late")])
        .await;
    let both = browser.get(&edit).await.body;
    for there in [
        "Theirs, saved",
        "Mine, typed late",
        "Keep mine",
        "Take theirs",
        "value=\"mine:2\"",
        "name=\"revision\" value=\"1\"",
    ] {
        assert!(both.contains(there), "{there}: {both}");
    }
}

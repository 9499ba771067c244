//! Pitches over HTTP and through their services: who reads what, saving, publishing.

use axum::http::StatusCode;
use chrono::TimeDelta;
use serde_json::{Value, json};
use sqlx::PgPool;

use super::{
    app::{Answer, Browser, TestApp},
    files::upload,
    people,
};
use crate::{
    accounts::door::{Caller, Visitor},
    media::inspect::tests::pdf,
    pitches::{
        content::Layer,
        form::Values,
        model::{PitchPage, Saved, Search},
        service::{self, View},
        words::{Genre, PitchStatus},
    },
    shared::{
        error::Refusal,
        ids::{NdaId, PitchId},
    },
};

pub fn form(values: &[(&str, &str)]) -> Values {
    values.iter().map(|(n, v)| (n.to_string(), v.to_string())).collect()
}

/// What is needed to publish, and one text for each layer.
pub fn complete(title: &str) -> Values {
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

pub async fn published(owner: &Caller, title: &str) -> (PitchId, String) {
    let created = service::create(owner, complete(title)).await.unwrap();
    service::publish(owner, created.pitch_id, None, Values::new()).await.unwrap();
    (created.pitch_id, created.slug)
}

/// An NDA in force, as the ndas room would leave it.
pub async fn sign(buyer: &Caller, pitch: PitchId) -> NdaId {
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

pub async fn creator(app: &TestApp) -> (Caller, Browser<'_>) {
    let alex = people::creator(&app.platform, "alex").await;
    (alex, app.signed_in("alex@creator.test").await)
}

fn pairs(values: &Values) -> Vec<(&str, &str)> {
    values.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect()
}

pub fn json_of(answer: &Answer) -> Value {
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

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_persons_page_lists_what_is_known_to_be_theirs(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    published(&alex, "The Last Tram").await;
    let (hidden, slug) = published(&alex, "Nobody Knows Who").await;
    let page = format!("/people/{}", alex.viewer.handle);
    let both = app.browser().get(&page).await.body;
    assert!(both.contains("The Last Tram") && both.contains("Nobody Knows Who"), "{both}");
    let id = hidden.to_string();
    let fields = [("pitch_id", id.as_str()), ("revision", "1"), ("visibility_owner", "nda")];
    assert_eq!(browser.post("/api/pitches/publish", &fields).await.status, StatusCode::OK);
    let known = app.browser().get(&page).await.body;
    assert!(known.contains("The Last Tram") && !known.contains("Nobody Knows Who"), "{known}");
    assert!(!app.browser().get(&format!("/pitch/{slug}")).await.body.contains("alex Tester"));
    service::unpublish(&alex, hidden).await.unwrap();

    let stella = people::production(&app.platform, "stella").await;
    published(&stella, "Of a Company").await;
    assert!(app.browser().get(&format!("/people/{}", stella.viewer.handle)).await.body.contains("Of a Company"));
    assert_eq!(app.browser().get("/people/nobody-here").await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn what_people_write_is_never_markup_not_even_in_the_title_of_a_page(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (id, slug) = published(&alex, "</title><meta http-equiv=\"refresh\" content=\"0;url=//evil.test\">&amp;").await;
    for page in [format!("/pitch/{slug}"), format!("/creator/pitches/{id}"), format!("/creator/pitches/{id}/edit")] {
        let body = browser.get(&page).await.body;
        assert!(!body.contains("<meta http-equiv"), "{page}: {body}");
        assert!(body.contains("<title>") && body.contains("&lt;/title>&lt;meta"), "{page}: {body}");
    }
    for lost in ["/pitch/%00", "/people/%00", "/api/pitches/page?slug=%00", "/api/accounts/person?handle=%00"] {
        assert_eq!(app.browser().get(lost).await.status, StatusCode::NOT_FOUND, "{lost}");
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_pictures_own_name_and_checksum_are_its_owners(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, browser) = creator(&app).await;
    let (id, slug) = published(&alex, "The Last Tram").await;
    let poster = upload(&browser, &id.to_string(), "poster", "me-at-home.png", &super::files::png(200, 300)).await;
    let sha256 = json_of(&poster)["sha256"].as_str().unwrap().to_string();
    let file = json_of(&poster)["file_id"].as_str().unwrap().to_string();
    let guest = app.browser();
    let seen = guest.get(&format!("/pitch/{slug}")).await.body;
    assert!(seen.contains(&file) && !seen.contains("me-at-home") && !seen.contains(&sha256), "{seen}");
    let served = guest.get(&format!("/files/{file}?w=160")).await;
    assert!(served.headers["content-disposition"].to_str().unwrap().contains("picture.webp"));
    assert!(browser.get(&format!("/creator/pitches/{id}")).await.body.contains("me-at-home.png"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn the_sitemap_names_what_is_published_and_nothing_else(db: PgPool) {
    let app = TestApp::new(db).await;
    let (alex, _) = creator(&app).await;
    let (_, slug) = published(&alex, "The Last Tram").await;
    let (hidden, gone) = published(&alex, "Taken Back").await;
    service::unpublish(&alex, hidden).await.unwrap();
    let map = app.browser().get("/sitemap.xml").await;
    assert_eq!(map.headers["content-type"], "application/xml");
    assert!(map.body.contains(&format!("/pitch/{slug}</loc><lastmod>")), "{}", map.body);
    assert!(map.body.contains("/how-it-works</loc>") && !map.body.contains(&gone), "{}", map.body);
}

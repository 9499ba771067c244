//! Links outside the platform: who gets in, what they may read, and what ends it.

use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use chrono::TimeDelta;
use serde_json::Value;
use sqlx::PgPool;

use super::{
    app::{Answer, Browser, TestApp},
    files::upload,
    people,
    pitches::{creator, json_of, published},
};
use crate::{
    accounts::door::Caller,
    media::pages::samples,
    platform::mail::shelf,
    shared::ids::{PitchId, ShareId},
};

const DANA: &str = "dana@north.test";

/// Alex's published project with a script and a deck; only the script is shared.
struct Stage<'a> {
    app: &'a TestApp,
    alex: Caller,
    owner: Browser<'a>,
    pitch: PitchId,
    material: String,
    script: String,
    deck: String,
}

async fn stage(app: &TestApp) -> Stage<'_> {
    let (alex, owner) = creator(app).await;
    let (pitch, _) = published(&alex, "The Last Tram").await;
    let (material, script) = add(&owner, pitch, "script", "night-line-draft.pdf").await;
    let (_, deck) = add(&owner, pitch, "deck", "tram-deck.pdf").await;
    Stage { app, alex, owner, pitch, material, script, deck }
}

/// Uploads a document and says its material and file.
async fn add(owner: &Browser<'_>, pitch: PitchId, kind: &str, name: &str) -> (String, String) {
    let answer = upload(owner, &pitch.to_string(), kind, name, &samples::script(3)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let said = |field: &str| json_of(&answer)[field].as_str().unwrap().to_string();
    (said("material_id"), said("file_id"))
}

impl<'a> Stage<'a> {
    async fn make(&self, more: &[(&str, &str)]) -> Answer {
        let (pitch, material) = (self.pitch.to_string(), format!("material_{}", self.material));
        let mut fields = vec![
            ("pitch_id", pitch.as_str()),
            ("recipient_name", "Dana Reyes"),
            ("email", DANA),
            (material.as_str(), "true"),
        ];
        fields.retain(|(name, _)| !more.iter().any(|(other, _)| other == name));
        fields.extend(more);
        self.owner.post("/api/sharing/make", &fields).await
    }

    /// Makes a link and reads its address from the mail.
    async fn link(&self, more: &[(&str, &str)]) -> (ShareId, String) {
        let made = self.make(more).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
        people::work(&self.app.platform).await;
        let mail = people::latest_mail(&self.app.platform, DANA).await;
        let at = mail.split_whitespace().find(|word| word.contains("/s/")).unwrap();
        (serde_json::from_str(&made.body).unwrap(), at.rsplit('/').next().unwrap().to_string())
    }

    /// Somebody who asks for a code, in a browser of their own.
    async fn asks(&self, token: &str, email: &str) -> (Browser<'a>, Answer) {
        let browser = self.app.browser();
        let asked = browser.post("/api/sharing/ask-code", &[("token", token), ("email", email)]).await;
        (browser, asked)
    }

    /// Somebody who is in.
    async fn comes_in(&self, token: &str, email: &str) -> Browser<'a> {
        let (browser, asked) = self.asks(token, email).await;
        assert_eq!(asked.status, StatusCode::OK, "{}", asked.body);
        let entered = enter(&browser, token, &self.code(email).await).await;
        assert_eq!(entered.status, StatusCode::OK, "{}", entered.body);
        browser
    }

    /// The code in the newest mail.
    async fn code(&self, email: &str) -> String {
        people::work(&self.app.platform).await;
        let mail = people::latest_mail(&self.app.platform, email).await;
        let line = mail.lines().find_map(|line| line.strip_prefix("Your code: ")).unwrap();
        assert!(!mail.contains("http"), "nothing to follow: {mail}");
        line.to_string()
    }

    async fn mails(&self, email: &str) -> usize {
        people::work(&self.app.platform).await;
        shelf::list(self.app.platform.mail.folder().unwrap(), Some(email)).await.unwrap().len()
    }

    async fn shares(&self) -> Value {
        let answer = self.owner.read(&format!("/api/sharing/of-pitch?pitch_id={}", self.pitch)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        json_of(&answer)
    }

    async fn kinds(&self) -> Vec<String> {
        let kinds = "select kind from events where kind like 'share.%' or kind = 'file.opened' order by id";
        sqlx::query_scalar(kinds).fetch_all(&self.app.platform.db).await.unwrap()
    }
}

async fn enter(browser: &Browser<'_>, token: &str, code: &str) -> Answer {
    let fields = [("token", token), ("code", code), ("keep_confidential", "true")];
    browser.post("/api/sharing/enter", &fields).await
}

async fn picture(browser: &Browser<'_>, token: &str, file: &str, page: i32) -> Answer {
    let at = format!("/s/{token}/{file}/page/{page}?w=800");
    browser.send(Request::get(at).header(header::ACCEPT, "image/webp"), Body::empty()).await
}

async fn words(browser: &Browser<'_>, share: ShareId, file: &str) -> Answer {
    browser.read(&format!("/api/sharing/words?share_id={share}&file_id={file}&page=1")).await
}

/// Tries every way to a document and expects none of it.
async fn reads_nothing(who: &str, browser: &Browser<'_>, (share, token): (ShareId, &str), file: &str) {
    let drawn = picture(browser, token, file, 1).await;
    assert!(drawn.status == StatusCode::NOT_FOUND && drawn.bytes.len() < 200, "{who}: {}", drawn.status);
    let said = words(browser, share, file).await;
    assert!(said.status == StatusCode::NOT_FOUND && !said.body.contains("night"), "{who}: {}", said.body);
    let id = share.to_string();
    let told = [("share_id", id.as_str()), ("file_id", file), ("page", "1"), ("milliseconds", "1000")];
    assert_eq!(browser.post("/api/sharing/beat", &told).await.status, StatusCode::NOT_FOUND, "{who}");
    let page = browser.get(&format!("/s/{token}/{file}?page=1")).await;
    let elsewhere = matches!(page.status, StatusCode::NOT_FOUND | StatusCode::FOUND);
    assert!(elsewhere && !page.body.contains("at night"), "{who}: {}", page.status);
    for other in [format!("/read/{file}/page/1"), format!("/files/{file}")] {
        assert_eq!(browser.get(&other).await.status, StatusCode::NOT_FOUND, "{who} at {other}");
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn somebody_outside_reads_the_chosen_document_and_its_owner_sees_it(db: PgPool) {
    let app = TestApp::new(db).await;
    let stage = stage(&app).await;
    let (share, token) = stage.link(&[("note", "For your eyes.")]).await;
    let guest = app.browser();
    let door = guest.get(&format!("/s/{token}")).await;
    assert_eq!(door.status, StatusCode::OK);
    assert!(
        door.body.contains("alex Tester")
            && door.body.contains("The Last Tram")
            && door.body.contains("Send me a code")
    );
    assert_eq!(door.headers["cache-control"], "no-store");
    assert_eq!(door.headers["x-robots-tag"], "noindex, nofollow");
    assert_eq!(door.headers["referrer-policy"], "same-origin");
    for hidden in ["night-line-draft", "Script", "For your eyes", DANA, stage.script.as_str()] {
        assert!(!door.body.contains(hidden), "{hidden} before proof");
    }
    reads_nothing("a guest", &guest, (share, &token), &stage.script).await;

    let dana = stage.comes_in(&token, "Dana@North.test").await;
    let page = dana.get(&format!("/s/{token}")).await.body;
    assert!(page.contains("Script") && page.contains("For your eyes.") && !page.contains("Deck"), "{page}");
    reads_nothing("who is in", &dana, (share, &token), &stage.deck).await;
    let drawn = picture(&dana, &token, &stage.script, 1).await;
    assert_eq!((drawn.status, drawn.headers["content-type"].to_str().unwrap()), (StatusCode::OK, "image/webp"));
    assert_eq!(drawn.headers["cache-control"], "private, no-store");
    assert_ne!(
        drawn.bytes,
        app.platform.storage.bytes(&format!("files/{}-pages/1-800.webp", stage.script)).await.unwrap()
    );
    let said = words(&dana, share, &stage.script).await;
    assert!(said.status == StatusCode::OK && said.body.contains("page 1"), "{}", said.body);
    let reader = dana.get(&format!("/s/{token}/{}?page=2", stage.script)).await;
    assert!(reader.body.contains("This is page 2.") && !reader.body.contains("/read/"), "{}", reader.status);
    app.platform.clock.advance(TimeDelta::seconds(5));
    let id = share.to_string();
    let told = [("share_id", id.as_str()), ("file_id", &stage.script), ("page", "2"), ("milliseconds", "5000")];
    assert_eq!(dana.post("/api/sharing/beat", &told).await.status, StatusCode::OK);
    assert_eq!(picture(&dana, &token, &stage.script, 4).await.status, StatusCode::NOT_FOUND);
    for other in [format!("/read/{}/page/1", stage.script), format!("/files/{}", stage.script)] {
        assert_eq!(dana.get(&other).await.status, StatusCode::NOT_FOUND, "no original, no member's reader: {other}");
    }

    let seen = stage.shares().await;
    let item = &seen["page"]["items"][0];
    assert_eq!((item["readers"][0]["email"].as_str(), item["readers"][0]["pages"].as_i64()), (Some(DANA), Some(2)));
    assert!(item["readers"][0]["milliseconds"].as_i64().unwrap() >= 4_900);
    assert!(item["address"].as_str().unwrap().ends_with(&token), "the owner can copy it");
    let desk = stage.owner.get(&format!("/creator/pitches/{}", stage.pitch)).await.body;
    assert!(desk.contains("Dana Reyes") && desk.contains("by share link"), "{desk}");
    people::work(&app.platform).await;
    assert_eq!(stage.kinds().await, ["share.made", "share.code_sent", "share.opened", "file.opened"]);
    let notices: Vec<String> = sqlx::query_scalar("select title from notifications where kind = 'share.opened'")
        .fetch_all(&app.platform.db)
        .await
        .unwrap();
    assert_eq!(notices, ["Dana Reyes opened “The Last Tram” by your share link"]);
    let recorded: Vec<String> = sqlx::query_scalar("select payload::text || kind from audit_entries")
        .fetch_all(&app.platform.db)
        .await
        .unwrap();
    let recorded = recorded.join("\n");
    assert!(recorded.contains("share.opened") && !recorded.contains("north.test") && !recorded.contains("night-line"));
    let promises: Vec<(String, String, String)> =
        sqlx::query_as("select version, address, user_agent from share_promises")
            .fetch_all(&app.platform.db)
            .await
            .unwrap();
    assert_eq!((promises.len(), promises[0].1.as_str()), (1, "203.0.113.7"));
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_mail_scanner_burns_nothing_and_nothing_is_kept_in_the_clear(db: PgPool) {
    let app = TestApp::new(db).await;
    let stage = stage(&app).await;
    let (_, token) = stage.link(&[]).await;
    let scanner = app.browser();
    for _ in 0..3 {
        for path in [format!("/s/{token}"), format!("/s/{token}/{}", stage.script), format!("/s/{token}?again=true")] {
            scanner.get(&path).await;
        }
        scanner.send(Request::head(format!("/s/{token}")), Body::empty()).await;
    }
    let rows: i64 = sqlx::query_scalar("select count(*) from share_entries").fetch_one(&app.platform.db).await.unwrap();
    assert_eq!((rows, scanner.cookie()), (0, None));
    let dana = stage.comes_in(&token, DANA).await;
    let key = dana.cookie().unwrap();
    let (name, key) = key.split_once('=').unwrap();
    assert!(name.starts_with("__Host-share-"), "{name}");
    // Refused as a plain form: what waits for the page knows no token either.
    let refused =
        scanner.submit(&format!("/s/{token}"), "/api/sharing/ask-code", &[("token", &token), ("email", "x")]).await;
    assert_eq!(refused.location.as_deref(), Some(format!("/s/{token}").as_str()));
    assert!(scanner.get(&format!("/s/{token}")).await.body.contains("does not look like an email"));
    let refused =
        scanner.submit(&format!("/s/{token}"), "/api/sharing/ask-code", &[("token", &token), ("email", "y")]).await;
    assert_eq!(refused.status, StatusCode::SEE_OTHER);
    people::work(&app.platform).await;
    let everything: Vec<String> = sqlx::query_scalar(
        "select to_jsonb(s)::text from shares s union all select to_jsonb(e)::text from share_entries e
         union all select to_jsonb(s)::text from sessions s union all select to_jsonb(e)::text from events e
         union all select to_jsonb(a)::text from audit_entries a union all select to_jsonb(n)::text from notifications n",
    )
    .fetch_all(&app.platform.db)
    .await
    .unwrap();
    let everything = everything.join("\n");
    assert!(!everything.contains(&token) && !everything.contains(key), "only hashes");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn who_is_not_on_the_list_hears_the_same_and_gets_nothing(db: PgPool) {
    let app = TestApp::new(db).await;
    let stage = stage(&app).await;
    let (_, token) = stage.link(&[("also", "ben@west.test @south.test")]).await;
    let (listed, told) = stage.asks(&token, DANA).await;
    let (stranger, same) = stage.asks(&token, "eve@north.test").await;
    assert_eq!((told.status, &told.body, &told.location), (same.status, &same.body, &same.location));
    let page = |body: String| body.split("<main").nth(1).unwrap().split("</main>").next().unwrap().to_string();
    let at = format!("/s/{token}");
    assert_eq!(page(listed.get(&at).await.body), page(stranger.get(&at).await.body));
    assert_eq!(stage.mails("eve@north.test").await, 0);
    let code = stage.code(DANA).await;
    let tried = enter(&stranger, &token, &code).await;
    let wrong = enter(&listed, &token, "000000").await;
    assert_eq!(
        (tried.status, &tried.body),
        (wrong.status, &wrong.body),
        "the code is for the browser that asked for it"
    );
    assert_eq!(enter(&listed, &token, &code).await.status, StatusCode::OK);
    for email in ["ben@west.test", "Anna@South.test"] {
        let reader = stage.comes_in(&token, email).await;
        assert_eq!(picture(&reader, &token, &stage.script, 1).await.status, StatusCode::OK, "{email}");
    }
    for email in ["anna@deep.south.test", "carl@west.test"] {
        stage.asks(&token, email).await;
        assert_eq!(stage.mails(email).await, 0, "{email}");
    }
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_code_is_typed_once_in_time_and_not_guessed(db: PgPool) {
    let app = TestApp::new(db).await;
    let stage = stage(&app).await;
    let (_, token) = stage.link(&[]).await;
    let (dana, _) = stage.asks(&token, DANA).await;
    let code = stage.code(DANA).await;
    let unpromised = dana.post("/api/sharing/enter", &[("token", &token), ("code", &code)]).await;
    assert_eq!(json_of(&unpromised)["fields"][0]["field"], "keep_confidential");
    let other = if code.starts_with('1') { "200 000" } else { "100 000" };
    for left in ["4 more", "3 more", "2 more", "One more", "new one"] {
        let refused = enter(&dana, &token, other).await;
        assert!(refused.status == StatusCode::UNPROCESSABLE_ENTITY && refused.body.contains(left), "{}", refused.body);
    }
    assert_eq!(enter(&dana, &token, &code).await.status, StatusCode::UNPROCESSABLE_ENTITY, "too late");
    assert!(dana.get(&format!("/s/{token}")).await.body.contains("Send me a code"), "a new one is needed");

    let (dana, _) = stage.asks(&token, DANA).await;
    let code = stage.code(DANA).await;
    let again = app.browser();
    again.set_cookie(dana.cookie());
    let (one, two) = tokio::join!(enter(&dana, &token, &code), enter(&again, &token, &code));
    let mut both = [one.status.as_u16(), two.status.as_u16()];
    both.sort_unstable();
    assert_eq!(both, [200, 422], "one of two wins: {} {}", one.body, two.body);

    let (dana, _) = stage.asks(&token, DANA).await;
    let code = stage.code(DANA).await;
    app.platform.clock.advance(TimeDelta::minutes(11));
    assert_eq!(enter(&dana, &token, &code).await.status, StatusCode::UNPROCESSABLE_ENTITY, "ten minutes");
    for _ in 0..4 {
        assert_eq!(stage.asks(&token, DANA).await.1.status, StatusCode::OK);
    }
    assert_eq!(stage.mails(DANA).await, 6, "the link, and five codes in an hour");
    let mut asked = StatusCode::OK;
    for _ in 0..10 {
        asked = stage.asks(&token, DANA).await.1.status;
    }
    assert_eq!(asked, StatusCode::TOO_MANY_REQUESTS, "from one address");
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_link_ends_with_its_time_its_owner_its_pitch_and_its_document(db: PgPool) {
    let app = TestApp::new(db).await;
    let stage = stage(&app).await;
    let (share, token) = stage.link(&[("days", "3")]).await;
    let (other, other_token) = stage.link(&[]).await;
    let dana = stage.comes_in(&token, DANA).await;
    let elsewhere = stage.comes_in(&other_token, DANA).await;
    reads_nothing("another link's reader", &elsewhere, (share, &token), &stage.script).await;
    let ended = async |why: &str, dana: &Browser<'_>, share: ShareId, token: &str| {
        reads_nothing(why, dana, (share, token), &stage.script).await;
        let door = dana.get(&format!("/s/{token}")).await;
        assert_eq!(door.status, StatusCode::NOT_FOUND, "{why}");
        assert!(!door.body.contains("The Last Tram"), "{why}");
        assert_eq!(stage.asks(token, DANA).await.1.status, StatusCode::NOT_FOUND, "{why}");
    };
    let set = async |sql: &'static str| {
        sqlx::query(sql).bind(stage.pitch.0).execute(&app.platform.db).await.unwrap();
    };
    set("update pitches set status = 'taken-down' where id = $1").await;
    ended("taken down", &dana, share, &token).await;
    set("update pitches set status = 'draft' where id = $1").await;
    assert_eq!(picture(&dana, &token, &stage.script, 1).await.status, StatusCode::OK, "unpublished, but shared");
    assert!(!app.browser().get(&format!("/s/{token}")).await.body.contains("The Last Tram"), "no title before proof");
    set("update pitches set deleted_at = now() where id = $1").await;
    ended("deleted", &dana, share, &token).await;
    set("update pitches set deleted_at = null where id = $1").await;

    // A newer version takes the place of the one that was open.
    let (_, newer) = add(&stage.owner, stage.pitch, "script", "draft-2.pdf").await;
    reads_nothing("an old version", &dana, (share, &token), &stage.script).await;
    assert_eq!(picture(&dana, &token, &newer, 1).await.status, StatusCode::OK);

    let id = share.to_string();
    assert_eq!(stage.owner.post("/api/sharing/revoke", &[("share_id", &id)]).await.status, StatusCode::OK);
    reads_nothing("revoked", &dana, (share, &token), &newer).await;
    ended("revoked", &dana, share, &token).await;
    for act in ["revoke", "send-again"] {
        let late = stage.owner.post(&format!("/api/sharing/{act}"), &[("share_id", &id)]).await;
        assert_eq!(late.status, StatusCode::CONFLICT, "{act}");
    }

    // Who is in proves themself again after a day; after its time nothing helps.
    assert_eq!(picture(&elsewhere, &other_token, &newer, 1).await.status, StatusCode::OK);
    app.platform.clock.advance(TimeDelta::hours(25));
    reads_nothing("after a day", &elsewhere, (other, &other_token), &newer).await;
    let door = elsewhere.get(&format!("/s/{other_token}/{newer}")).await;
    assert_eq!(door.location.as_deref(), Some(format!("/s/{other_token}").as_str()), "back to the door");
    let elsewhere = stage.comes_in(&other_token, DANA).await;
    assert_eq!(picture(&elsewhere, &other_token, &newer, 1).await.status, StatusCode::OK);
    app.platform.clock.advance(TimeDelta::days(14));
    ended("expired", &elsewhere, other, &other_token).await;
    let owner = app.signed_in("alex@creator.test").await;
    let seen = json_of(&owner.read(&format!("/api/sharing/of-pitch?pitch_id={}", stage.pitch)).await);
    let items = seen["page"]["items"].clone();
    let states: Vec<_> = items.as_array().unwrap().iter().map(|share| share["state"].as_str().unwrap()).collect();
    assert_eq!(states, ["Expired", "Revoked"]);
    assert!(items.as_array().unwrap().iter().all(|share| share["address"].is_null()));
    crate::sharing::service::sweep(&app.platform).await.unwrap();
    let left: i64 = sqlx::query_scalar("select count(*) from share_entries").fetch_one(&app.platform.db).await.unwrap();
    assert_eq!(left, 0);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_passcode_is_asked_for_besides_the_code(db: PgPool) {
    let app = TestApp::new(db).await;
    let stage = stage(&app).await;
    let (_, token) = stage.link(&[("passcode", "night tram")]).await;
    assert!(!people::latest_mail(&app.platform, DANA).await.contains("night tram"));
    let kept: String =
        sqlx::query_scalar("select passcode_hash from shares").fetch_one(&app.platform.db).await.unwrap();
    assert!(kept.starts_with("$argon2id$"));
    let browser = app.browser();
    for wrong in ["", "day tram"] {
        for email in [DANA, "eve@north.test"] {
            let fields = [("token", token.as_str()), ("email", email), ("passcode", wrong)];
            let refused = browser.post("/api/sharing/ask-code", &fields).await;
            assert_eq!(json_of(&refused)["fields"][0]["field"], "passcode", "{}", refused.body);
        }
    }
    assert_eq!(stage.mails(DANA).await, 1);
    let fields = [("token", token.as_str()), ("email", DANA), ("passcode", "night tram")];
    assert_eq!(browser.post("/api/sharing/ask-code", &fields).await.status, StatusCode::OK);
    let code = stage.code(DANA).await;
    assert_eq!(enter(&browser, &token, &code).await.status, StatusCode::OK);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn only_the_owner_shares_and_only_what_is_theirs(db: PgPool) {
    let app = TestApp::new(db).await;
    let stage = stage(&app).await;
    let (share, token) = stage.link(&[]).await;
    people::creator(&app.platform, "carol").await;
    let carols = app.signed_in("carol@creator.test").await;
    let (id, pitch) = (share.to_string(), stage.pitch.to_string());
    for act in ["revoke", "send-again"] {
        let asked = carols.post(&format!("/api/sharing/{act}"), &[("share_id", &id)]).await;
        assert_eq!(asked.status, StatusCode::NOT_FOUND, "{act}");
    }
    let read = carols.read(&format!("/api/sharing/of-pitch?pitch_id={pitch}")).await;
    assert_eq!(read.status, StatusCode::NOT_FOUND);
    let material = format!("material_{}", stage.material);
    let fields =
        [("pitch_id", pitch.as_str()), ("recipient_name", "Eve"), ("email", "eve@x.test"), (material.as_str(), "true")];
    assert_eq!(carols.post("/api/sharing/make", &fields).await.status, StatusCode::NOT_FOUND);
    let (theirs, _) = published(&people::creator(&app.platform, "dan").await, "Another").await;
    let foreign = stage.make(&[("pitch_id", &theirs.to_string())]).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    let nothing = format!("material_{}", uuid::Uuid::now_v7());
    let gone = stage.make(&[(&nothing, "true")]).await;
    assert_eq!(json_of(&gone)["fields"][0]["field"], "documents", "{}", gone.body);

    // The same link once more.
    let again = stage.owner.post("/api/sharing/send-again", &[("share_id", &id)]).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(stage.mails(DANA).await, 2);
    assert!(people::latest_mail(&app.platform, DANA).await.contains(&token));
    assert_eq!(app.browser().get(&format!("/s/{token}")).await.status, StatusCode::OK);
    let mangled = format!("{}0", &token[1..]);
    assert_eq!(app.browser().get(&format!("/s/{mangled}")).await.status, StatusCode::NOT_FOUND);
}

#[sqlx::test(migrator = "crate::platform::db::MIGRATIONS")]
async fn a_seat_that_only_looks_sees_links_but_no_address_and_many_links_are_too_many(db: PgPool) {
    let app = TestApp::new(db).await;
    let stella = people::production(&app.platform, "stella").await;
    let owner = app.signed_in("stella@production.test").await;
    let (pitch, _) = published(&stella, "The Last Tram").await;
    let (material, script) = add(&owner, pitch, "script", "script.pdf").await;
    let stage = Stage { app: &app, alex: stella, owner, pitch, material, script, deck: String::new() };
    for n in 0..25 {
        let made = stage.make(&[("email", &format!("dana{n}@north.test"))]).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
    }
    assert_eq!(stage.make(&[]).await.status, StatusCode::CONFLICT);
    let first = stage.shares().await;
    assert_eq!(first["page"]["items"].as_array().unwrap().len(), 20);
    let next = first["page"]["next"].as_str().unwrap();
    let second = stage.owner.read(&format!("/api/sharing/of-pitch?pitch_id={pitch}&after={next}")).await;
    assert_eq!(json_of(&second)["page"]["items"].as_array().unwrap().len(), 5);
    let seat = "update seats set role = 'viewer' where account_id = $1";
    sqlx::query(seat).bind(stage.alex.viewer.id).execute(&app.platform.db).await.unwrap();
    let seen = stage.shares().await;
    assert_eq!((&seen["editor"], &seen["page"]["items"][0]["address"]), (&Value::Bool(false), &Value::Null));
    assert_eq!(stage.make(&[]).await.status, StatusCode::FORBIDDEN);
    let id = seen["page"]["items"][0]["id"].as_str().unwrap();
    assert_eq!(stage.owner.post("/api/sharing/revoke", &[("share_id", id)]).await.status, StatusCode::FORBIDDEN);
}

//! What happened between the demo people: Sarah signed for one project and talks about it, may sign for another, and has
//! asked for a third. Three letters about it are on the shelf.

use chrono::TimeDelta;

use super::{
    ago,
    people::{self, People},
    projects,
};
use crate::{
    messages,
    ndas::{
        reads, sealing,
        service::{self, ApproveForm, SignForm},
    },
    platform::Platform,
    shared::{
        error::{AppError, Result},
        ids::{AccountId, NdaId, PitchId, ThreadId},
    },
};

/// How many letters stay on the shelf.
const LETTERS: i64 = 3;

/// Plays the story, once.
pub async fn load(platform: &Platform, people: &People) -> Result<()> {
    let (Some(signed), Some(approved), Some(requested)) = (
        projects::find(platform, "low-water").await?,
        projects::find(platform, "eleven-minutes").await?,
        projects::find(platform, "the-swallow-who-stayed").await?,
    ) else {
        return Ok(());
    };
    let played =
        sqlx::query_scalar!(r#"select exists (select from ndas where requester_id = $1) as "is!""#, people.sarah.0);
    if played.fetch_one(&platform.db).await? {
        return Ok(());
    }
    let story = Story { platform, people };

    let nda = story
        .request(
            hours(62),
            signed,
            "To consider equity of up to GBP 400,000.",
            "I grew up above one of these villages.",
        )
        .await?;
    story.approve(hours(55), people.alex, nda, "Alex Rivera").await?;
    let thread = story.sign(hours(49), nda, "Sarah Elin Lindqvist").await?;
    story.talk(thread).await?;

    let nda = story
        .request(
            hours(43),
            approved,
            "To consider joining the European financing.",
            "Is episode one available to read?",
        )
        .await?;
    story.approve(hours(20), people.stellar, nda, "Dana Adaeze Okoye").await?;

    story
        .request(
            hours(5),
            requested,
            "To consider a gap position against the pre-sales.",
            "And the storyboards, if there are any.",
        )
        .await?;
    keep_newest_letters(platform).await
}

fn hours(hours: i64) -> TimeDelta {
    TimeDelta::hours(hours)
}

struct Story<'a> {
    platform: &'a Platform,
    people: &'a People,
}

impl Story<'_> {
    async fn request(&self, when: TimeDelta, pitch: PitchId, purpose: &str, note: &str) -> Result<NdaId> {
        let sarah = people::caller(&ago(self.platform, when), self.people.sarah).await?;
        service::request(&sarah, pitch, purpose, note).await.map(|asked| asked.nda)
    }

    async fn approve(&self, when: TimeDelta, owner: AccountId, nda: NdaId, legal_name: &str) -> Result<()> {
        let owner = people::caller(&ago(self.platform, when), owner).await?;
        let form = ApproveForm { full_legal_name: legal_name.into(), term_in_days: "365".into(), ..Default::default() };
        service::approve(&owner, nda, &form).await
    }

    /// Opens the text, reads it to its end, signs.
    async fn sign(&self, when: TimeDelta, nda: NdaId, legal_name: &str) -> Result<ThreadId> {
        let sarah = people::caller(&ago(self.platform, when), self.people.sarah).await?;
        let text = reads::one(&sarah, nda, None).await?.text;
        let document_sha256 = text.sha256.ok_or_else(|| AppError::internal("an approved NDA without a document"))?;
        service::read_to_end(&sarah, nda, &document_sha256).await?;
        let form =
            SignForm { agree_electronic: true, full_legal_name: legal_name.into(), document_sha256, password: None };
        let thread = service::sign(&sarah, nda, &form).await?;
        // Then and not now: its job finds it done.
        sealing::seal(&sarah.platform, nda).await?;
        Ok(thread)
    }

    async fn talk(&self, thread: ThreadId) -> Result<()> {
        let (alex, sarah) = (self.people.alex, self.people.sarah);
        let said = [
            (47, sarah, "Read it last night in one sitting. The clock behind the brick is a very good page twelve."),
            (46, alex, "Thank you. Page eleven, in the version with the light on. You are the first to have both."),
            (
                28,
                sarah,
                "Two questions. How much of the village is built, and does the Welsh-language version shoot at the same time?",
            ),
            (
                26,
                alex,
                "The chapel front, the bridge and forty metres of street are built on the bed; everything inside the tower is the tank. And yes, every dialogue scene is shot twice, with the same cast: that is in the schedule at forty-one days.",
            ),
            (3, sarah, "Then I would like to see the budget for the tank. Would a call on Thursday work?"),
        ];
        for (when, who, words) in said {
            let speaker = people::caller(&ago(self.platform, hours(when)), who).await?;
            messages::service::mark_read(&speaker, thread, None).await?;
            messages::service::send(&speaker, thread, words, None).await?;
        }
        Ok(())
    }
}

/// The letters of these weeks were read long ago; the newest are still to be sent.
async fn keep_newest_letters(platform: &Platform) -> Result<()> {
    sqlx::query(
        "with letters as (
             select j.id, row_number() over (order by j.id desc) as nth
             from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
             where t.identifier = 'send_mail')
         delete from graphile_worker._private_jobs j using letters l where j.id = l.id and l.nth > $1",
    )
    .bind(LETTERS)
    .execute(&platform.db)
    .await?;
    Ok(())
}

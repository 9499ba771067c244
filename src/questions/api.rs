//! The doors of the room.

use leptos::{prelude::*, server_fn::codec::GetUrl};

use super::model::{Questions, Waiting};
#[cfg(feature = "ssr")]
use super::service;
#[cfg(feature = "ssr")]
use crate::accounts::door;
use crate::shared::{
    error::Result,
    ids::{PitchId, QuestionId},
};

/// Asks the owner of a pitch something about what is behind its NDA.
#[server(prefix = "/api", endpoint = "questions/ask")]
pub async fn ask_question(pitch_id: PitchId, #[server(default)] question: String) -> Result<()> {
    service::ask(&door::buyer()?, pitch_id, &question).await
}

/// Answers a question, or words the answer anew; `publish`: for everyone who has signed.
#[server(prefix = "/api", endpoint = "questions/answer")]
pub async fn answer_question(
    question_id: QuestionId,
    #[server(default)] answer: String,
    #[server(default)] publish: String,
) -> Result<()> {
    service::answer(&door::publisher()?, question_id, &answer, publish == "true").await
}

/// Takes a question back that was not answered.
#[server(prefix = "/api", endpoint = "questions/withdraw")]
pub async fn withdraw_question(question_id: QuestionId) -> Result<()> {
    service::withdraw(&door::buyer()?, question_id).await
}

/// The questions of a pitch as its reader may see them; nothing for whom they are not for.
#[server(prefix = "/api", endpoint = "questions/of-pitch", input = GetUrl)]
pub async fn questions_of(pitch_id: PitchId, #[server(default)] after: String) -> Result<Option<Questions>> {
    service::of_pitch(&door::anyone()?, pitch_id, Some(after.as_str()).filter(|a| !a.is_empty())).await
}

/// What waits for the answer of its owner, by project, the oldest first.
#[server(name = WaitingQuestions, prefix = "/api", endpoint = "questions/waiting", input = GetUrl)]
pub async fn waiting() -> Result<Vec<Waiting>> {
    service::waiting(&door::publisher()?).await
}

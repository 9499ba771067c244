//! What happens to factors without anyone pressing a button.

use graphile_worker::{IntoTaskHandlerResult, TaskHandler, WorkerContext};
use serde::{Deserialize, Serialize};

use super::lost;
use crate::platform::queue;

/// Goes on with lost factors; every ten minutes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct DropLostFactors;

impl TaskHandler for DropLostFactors {
    const IDENTIFIER: &'static str = "drop_lost_factors";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        lost::go_on(queue::platform(&ctx)?).await
    }
}

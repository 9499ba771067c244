//! What pages and doors of this room pass around.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    content::{Layer, PitchContent},
    words::{Budget, Format, Genre, MaterialKind, PitchStatus, Stage, Visibility},
};
use crate::{
    media::model::{Document, Room, Upload},
    shared::{
        error::FieldError,
        ids::{FileId, MaterialId, NdaId, PitchId},
        paging::Page,
        time::Time,
    },
};

/// A pitch on a wall of posters: public things only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PitchCard {
    pub id: PitchId,
    pub slug: String,
    pub title: String,
    pub logline: String,
    pub genre: Option<Genre>,
    pub format: Option<Format>,
    pub budget: Option<Budget>,
    pub stage: Option<Stage>,
    pub poster: Option<FileId>,
    /// Some of it is behind the NDA.
    pub locked: bool,
    pub demo: bool,
    /// Where the wall goes on; the browser has no use for it.
    #[serde(skip)]
    pub published_at: Time,
}

/// What to look for; as in the address of `/browse`. Words that we do not know are refused.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    pub q: String,
    /// A person's handle: only what is theirs, and known to be.
    pub of: Option<String>,
    pub genre: Option<Genre>,
    pub format: Option<Format>,
    pub budget: Option<Budget>,
    pub stage: Option<Stage>,
    pub by_title: bool,
}

/// A page of the wall.
pub type Wall = Page<PitchCard>;

/// A pitch as one reader may see it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PitchPage {
    pub id: PitchId,
    pub slug: String,
    pub status: PitchStatus,
    /// How near this reader is; in a preview, as whom the owner looks.
    pub layer: Layer,
    /// The owner is looking as someone else would.
    pub preview: bool,
    /// The owner is looking at this earlier version.
    pub version: Option<i32>,
    /// May edit it, too.
    pub editor: bool,
    /// The NDA in force that opens the closed half to this reader.
    pub nda: Option<NdaId>,
    pub content: PitchContent,
    pub owner: Option<OwnerName>,
    pub materials: Vec<SeenMaterial>,
    /// What there is for signed-in members only, and behind the NDA, by kind.
    pub for_members: Vec<String>,
    pub behind_nda: Vec<String>,
    pub published_at: Option<Time>,
    pub demo: bool,
    /// The address of the site, for link previews.
    pub site: String,
}

impl PitchPage {
    /// The poster, if this reader may see it.
    pub fn poster(&self) -> Option<FileId> {
        self.materials.iter().find(|m| m.kind == MaterialKind::Poster).map(|m| m.document.file)
    }
}

/// Who it belongs to, as readers are told.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OwnerName {
    pub name: String,
    /// The person's page; an organisation has none.
    pub handle: Option<String>,
}

/// A file that this reader may open.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SeenMaterial {
    pub id: MaterialId,
    pub kind: MaterialKind,
    pub visibility: Visibility,
    pub document: Document,
}

/// A material with all its versions, newest first, for its owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Material {
    pub id: MaterialId,
    pub kind: MaterialKind,
    pub visibility: Visibility,
    /// Readers may take it along, with their mark on every page.
    pub allow_download: bool,
    pub versions: Vec<MaterialVersion>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MaterialVersion {
    pub number: i32,
    pub document: Document,
}

/// A pitch in its owner's list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MyPitch {
    pub id: PitchId,
    pub slug: String,
    /// Of the working copy.
    pub title: String,
    pub status: PitchStatus,
    /// The working copy differs from what is published.
    pub unpublished_edits: bool,
    pub poster: Option<FileId>,
    pub saved_at: Time,
    pub created_at: Time,
    /// Requests that wait for an answer, and NDAs in force.
    pub requests: i64,
    pub signed: i64,
}

/// The owner's page of one pitch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Overview {
    pub id: PitchId,
    pub slug: String,
    pub title: String,
    pub status: PitchStatus,
    pub unpublished_edits: bool,
    pub revision: i32,
    pub saved_at: Time,
    pub missing: Vec<FieldError>,
    pub versions: Vec<Version>,
    pub materials: Vec<Material>,
    /// This person's large files that are under way to it, and what was refused of them lately.
    pub uploads: Vec<Upload>,
    /// How much of their room this person uses.
    pub room: Room,
    pub requests: i64,
    pub signed: i64,
    /// May change it: a viewer's seat may only look.
    pub editor: bool,
    pub demo: bool,
}

/// A published version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Version {
    pub number: i32,
    pub title: String,
    pub published_at: Time,
    pub published_by: String,
    pub live: bool,
}

/// The editor's page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EditPage {
    pub id: PitchId,
    pub slug: String,
    pub status: PitchStatus,
    pub unpublished_edits: bool,
    pub revision: i32,
    pub saved_at: Time,
    pub content: PitchContent,
    pub missing: Vec<FieldError>,
    pub materials: Vec<Material>,
    pub email_verified: bool,
}

/// A new pitch.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Created {
    pub pitch_id: PitchId,
    pub slug: String,
    pub revision: i32,
}

/// What was saved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    pub pitch_id: PitchId,
    pub revision: i32,
    pub saved_at: Time,
    /// What a form must say it started from, from now on.
    pub base: String,
    /// What is still missing to publish.
    pub missing: Vec<FieldError>,
    /// Fields that are otherwise than this form holds them: someone else's changes that were merged.
    pub merged: BTreeMap<String, String>,
    /// Rows were moved or removed: the form is to be shown anew.
    pub rearranged: bool,
}

/// What was published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Published {
    pub pitch_id: PitchId,
    pub slug: String,
    pub number: i32,
}

/// A file that was taken in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Uploaded {
    pub material_id: MaterialId,
    pub file_id: FileId,
    pub kind: MaterialKind,
    pub number: i32,
    pub size: i64,
    pub sha256: String,
}

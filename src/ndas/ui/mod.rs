//! The pieces of the NDA pages: what a person sees of an NDA and the forms that move it.

mod advance;
mod card;
mod choose;
mod decide;
mod document;
mod facts;
mod figures;
mod lists;
mod pages;
mod panel;
mod sealed;
mod several;
mod sign;
mod templates;
mod view;

pub use advance::PitchNdaSettings;
pub use card::{NdaLine, PartyName, status_label};
pub use choose::{ChooseTemplate, OfferedTexts, SignsFields};
pub use document::DocumentText;
pub use facts::signature_list;
pub use figures::NdaFigures;
pub use lists::{ReceivedNdas, SentNdas};
pub use panel::{Materials, NdaPanel};
pub use sealed::{CheckedFile, Paper, VerifyForm};
pub use sign::{ConsentStatement, SignFields};
pub use templates::{NewPdfTemplate, NewTemplate, TemplateOnPage, Templates};
pub use view::NdaOnPage;

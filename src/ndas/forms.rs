//! What a text is for: an NDA, or a submission release. Each has its own variables, what it must name, what follows every
//! own text, and the platform's standard text.

use uuid::Uuid;

use super::{owner_model::TemplateKind, template};
#[cfg(feature = "ssr")]
use crate::shared::error::{FieldError, Result};
use crate::shared::ids::TemplateId;

/// The platform's standard release. Edited here, it becomes a new version at the next start; signed documents keep theirs.
#[cfg(feature = "ssr")]
const STANDARD_RELEASE: &str = include_str!("standard_release.txt");

/// Its id is fixed, as that of the standard NDA.
pub const STANDARD_RELEASE_ID: TemplateId = TemplateId(Uuid::from_u128(0x7d1f_6a3e_52b0_4c8e_9a51_0c1e_57a2_da02));

/// The governing law clause of the standard release: that of the Owner's country, as in the standard NDA.
pub const RELEASE_LAW: &str = "This release is governed by the law of the country in which the Owner, when signing, has their habitual residence or, as \
     an organisation, its registered seat, without its rules on conflicts of laws. Protections that either side cannot give up \
     under the law of their own country remain. Before going to court, either side will give the other thirty days to settle \
     the matter in talks, unless an urgent order is needed.";

const RELEASE_VARIABLES: &[(&str, &str)] = &[
    ("company_party", "the company: its name, and who represents it"),
    ("owner_party", "the owner: name, profile, organisation"),
    ("project_title", "the title of the project"),
    ("project_address", "the address of its page"),
    ("governing_law", "the standard release's clause on the governing law"),
    ("extra_terms", "the extra terms typed when offering"),
    ("company_legal_name", "the legal name typed for the company when offering"),
    ("offered_on", "the time of offering"),
    ("template_version", "the number of the template's version"),
];

const RELEASE_REQUIRED: &[&str] = &["company_party", "owner_party", "project_title"];

/// What follows every own text of a release, whatever it says: nobody signs without having read these.
#[cfg(feature = "ssr")]
const RELEASE_CLOSING: &str = "## Access, signatures and this form

Access on Pitchey to the material behind this release begins when the Owner has signed and is for those who have a seat in the Company's organisation, for as long as they have one. Either side may end this release at any time, giving a reason; its end ends access at once, and does not end the duties about what was shown before. This release grants no licence to make, adapt or exploit the project.

Both sides agree to make and sign this release electronically, by typing their full legal name and pressing the button made for it. With each signature are recorded: this text and its SHA-256 checksum, when the text was opened and read to its end, the version of the consent statement, the typed name, the verified email address, the person and the organisation signed for, the time in UTC, the network address and the browser. Each side sees the other's name, organisation, email address and network address as recorded. Who signs for an organisation declares to be authorised to bind it.

The Company signs by offering this release: {{company_legal_name}}, on {{offered_on}}. The Owner signs by typing their full legal name under this text.

This text was written from a form of the Company's own (version {{template_version}}), not of Pitchey's. Pitchey provides the place, is not a party to this release and does not represent either side. It is not legal advice. If you are unsure what it means for you, ask a lawyer before you sign.
";

/// What is typed when offering becomes a part of the release, also where an own template forgets it.
#[cfg(feature = "ssr")]
const RELEASE_PARTS: &[(&str, &str)] = &[("extra_terms", "## Extra terms of the Company\n\n{{extra_terms}}")];

/// The platform's own text.
#[cfg(feature = "ssr")]
#[derive(Clone, Copy, Debug)]
pub struct Standard {
    pub kind: TemplateKind,
    pub id: TemplateId,
    pub name: &'static str,
    pub body: &'static str,
}

impl TemplateKind {
    /// What a text may name, and what stands there in a document.
    pub fn variables(self) -> &'static [(&'static str, &'static str)] {
        match self {
            TemplateKind::Nda => template::VARIABLES,
            TemplateKind::Release => RELEASE_VARIABLES,
        }
    }

    /// What it must name.
    pub fn required(self) -> &'static [&'static str] {
        match self {
            TemplateKind::Nda => template::REQUIRED,
            TemplateKind::Release => RELEASE_REQUIRED,
        }
    }

    pub fn standard_id(self) -> TemplateId {
        match self {
            TemplateKind::Nda => template::STANDARD_ID,
            TemplateKind::Release => STANDARD_RELEASE_ID,
        }
    }

    /// The kind whose standard text has this id.
    pub fn of_standard(id: TemplateId) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.standard_id() == id)
    }
}

#[cfg(feature = "ssr")]
impl TemplateKind {
    pub fn standard(self) -> Standard {
        let (name, body) = match self {
            TemplateKind::Nda => ("Standard NDA", template::STANDARD),
            TemplateKind::Release => ("Standard submission release", STANDARD_RELEASE),
        };
        Standard { kind: self, id: self.standard_id(), name, body }
    }

    /// An own text as typed, once it holds.
    pub fn own_text(self, typed: &str) -> Result<String, FieldError> {
        template::own_text(typed, self.variables(), self.required())
    }

    /// The whole text of an own template: as written, with what it left out and what always follows.
    pub fn whole(self, own: &str) -> String {
        match self {
            TemplateKind::Nda => template::whole(own),
            TemplateKind::Release => template::completed(own, RELEASE_PARTS, RELEASE_CLOSING),
        }
    }
}

/// A release as it will read, with gaps for what is not known before it is offered.
#[cfg(feature = "ssr")]
pub fn release_with_gaps(text: &str, version: i32) -> Result<String> {
    template::fill(text, |variable| match variable {
        "governing_law" => Some(RELEASE_LAW.into()),
        "template_version" => Some(version.to_string()),
        _ => RELEASE_VARIABLES.iter().find(|(name, _)| *name == variable).map(|(_, meaning)| format!("[{meaning}]")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_standard_release_says_what_it_must() {
        for said in [
            "not legal advice",
            "voluntarily",
            "no confidential or fiduciary relationship",
            "Similarity alone",
            "independently",
            "no licence",
            "best of the Owner's knowledge",
            "Limits of liability",
            "Return and deletion",
            "does not end the duties",
            "Governing law",
            "electronically",
        ] {
            assert!(STANDARD_RELEASE.contains(said), "{said}");
        }
    }

    #[test]
    fn the_standard_release_has_a_value_for_every_variable_and_can_be_begun_with() {
        let text = release_with_gaps(STANDARD_RELEASE, 3).unwrap();
        assert!(!text.contains("{{") && text.contains("(version 3)") && text.contains("[the title of the project]"));
        let begun = TemplateKind::Release.own_text(template::to_begin_with(STANDARD_RELEASE)).unwrap();
        assert!(!begun.contains("standard form") && begun.contains("## 16. Signatures"));
    }

    #[test]
    fn an_own_release_never_loses_what_was_typed_and_ends_with_what_must_be_said() {
        let own = format!("{{{{company_party}}}}, {{{{owner_party}}}}, {{{{project_title}}}}. {}", "Word. ".repeat(40));
        assert_eq!(TemplateKind::Release.own_text(&own), Ok(own.trim().to_string()));
        let read = release_with_gaps(&TemplateKind::Release.whole(&own), 1).unwrap();
        for said in ["[the extra terms typed", "[the legal name typed", "not legal advice", "does not end the duties"] {
            assert_eq!(read.matches(said).count(), 1, "{said}");
        }
        let term = TemplateKind::Release.own_text(&format!("{own}{{{{term_days}}}}")).unwrap_err();
        assert!(term.message.contains("{{term_days}}"), "a variable of NDAs only");
    }
}

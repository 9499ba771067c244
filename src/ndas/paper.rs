//! The paper of a signed NDA or release: a PDF of the text and the certificate of what was recorded. The same facts make the same bytes.

use serde_json::{Value, json};

use super::{
    model::{Agreement, Signature},
    template::{self, Block},
};
use crate::{
    media::{pages::Setting, service::StoredFile},
    platform::typeset,
    shared::{
        error::Result,
        time::{self, Time},
    },
};

/// Everything that stands on it.
#[derive(Clone, Debug)]
pub struct Facts {
    pub of: Agreement,
    pub project: String,
    pub template: String,
    pub template_version: i32,
    pub document: String,
    pub sha256: Vec<u8>,
    /// The uploaded PDF that the document names; its pages stand before it.
    pub pages: Option<StoredFile>,
    pub signed_at: Time,
    /// `None`: until one of the two ends it.
    pub access_until: Option<Time>,
    /// The owner first.
    pub parties: Vec<PartyFacts>,
    /// Where anyone can check the file.
    pub verify: String,
}

/// What was recorded of one side.
#[derive(Clone, Debug)]
pub struct PartyFacts {
    pub signature: Signature,
    pub opened_at: Option<Time>,
    pub read_to_end_at: Option<Time>,
}

const TEMPLATE: &str = include_str!("paper.typ");
/// Under these names the text and the uploaded PDF are attached, byte for byte.
const TEXT: &str = "agreement.txt";
const PAGES: &str = "agreement.pdf";

/// Sets the paper of a text.
pub fn pdf(facts: &Facts) -> Result<Vec<u8>> {
    typeset::pdf(TEMPLATE, &data(facts), &[(TEXT, facts.document.as_bytes())], facts.signed_at)
}

/// How the paper of an uploaded PDF is set around it: what people uploaded is opened by another process.
pub fn setting(facts: &Facts, pages: &StoredFile) -> Setting {
    Setting {
        template: TEMPLATE.into(),
        data: data(facts),
        name: PAGES.into(),
        sha256: pages.sha256.clone(),
        texts: vec![(TEXT.into(), facts.document.clone())],
        at: facts.signed_at,
    }
}

/// The pages of an uploaded PDF alone, set as on a paper: to see whether that can be done.
pub fn trial(sha256: String, pages: usize, at: Time) -> Setting {
    let template = TEMPLATE.split("// The pages end here.").next().unwrap_or(TEMPLATE).into();
    let data = json!({ "title": "", "sort": "", "number": "", "sha256": sha256, "pages": pages });
    Setting { template, data, name: PAGES.into(), sha256, texts: Vec::new(), at }
}

fn data(facts: &Facts) -> Value {
    json!({
        "title": format!("{} for {}", facts.of.title(), facts.project),
        "sort": facts.of.word(),
        "number": facts.of.id().to_string(),
        "sha256": hex::encode(&facts.sha256),
        "project": shown(&facts.project),
        "template": format!("{}, version {}", facts.template, facts.template_version),
        "access": format!("From {} until {}", time::exact(facts.signed_at), until(facts.access_until)),
        "pages": facts.pages.as_ref().and_then(|file| file.pages).unwrap_or(0),
        "pages_sha256": facts.pages.as_ref().map(|file| &file.sha256),
        "unset": !typeset::missing(&facts.document).is_empty(),
        "blocks": template::blocks(&facts.document).into_iter().map(block).collect::<Vec<_>>(),
        "parties": facts.parties.iter().map(|facts_of| party(facts.of, facts_of)).collect::<Vec<_>>(),
        "verify": facts.verify,
    })
}

fn until(end: Option<Time>) -> String {
    end.map_or("either side ends it".to_string(), time::exact)
}

fn block(block: Block) -> Value {
    match block {
        Block::Title(text) => json!({ "sort": "title", "text": text }),
        Block::Heading(text) => json!({ "sort": "heading", "text": text }),
        Block::Paragraph(text) => json!({ "sort": "paragraph", "text": text }),
        Block::Quote(text) => json!({ "sort": "quote", "text": text }),
        Block::List(items) => json!({ "sort": "list", "items": items }),
    }
}

fn party(of: Agreement, facts: &PartyFacts) -> Value {
    let signature = &facts.signature;
    let at = |time: Option<Time>| time.map_or("not recorded".to_string(), time::exact);
    json!({
        "role": of.role(signature.party),
        "legal_name": shown(&signature.legal_name),
        "account": shown(&signature.account),
        "organisation": signature.organisation.as_deref().map(shown),
        "email": signature.email,
        "opened": at(facts.opened_at),
        "read": at(facts.read_to_end_at),
        "signed": signed(signature),
        "address": signature.address,
        "user_agent": signature.user_agent,
        "consent": format!("statement of version {}", signature.consent_version),
    })
}

/// What a person wrote, and of which characters this paper has no letters: they are never only boxes.
fn shown(words: &str) -> String {
    let missing: Vec<String> = typeset::missing(words).into_iter().map(|c| format!("U+{:04X}", u32::from(c))).collect();
    if missing.is_empty() {
        return words.into();
    }
    format!("{words} (this paper has no letters for the characters {})", missing.join(" "))
}

/// When it was signed; in advance, when that was.
fn signed(signature: &Signature) -> String {
    match signature.given_at {
        Some(given) => format!("{}, in advance on {}", time::exact(signature.at), time::exact(given)),
        None => time::exact(signature.at),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use chrono::DateTime;

    use super::*;
    use crate::ndas::model::Side;

    fn facts() -> Facts {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let signature = |party, legal_name: &str| Signature {
            party,
            account: legal_name.into(),
            organisation: None,
            legal_name: legal_name.into(),
            email: "zoe@example.test".into(),
            consent_version: "2026-11-1".into(),
            at,
            given_at: None,
            address: "203.0.113.7".into(),
            user_agent: "#panic() $ * _ \\".into(),
        };
        let party = |side, name: &str| PartyFacts {
            signature: signature(side, name),
            opened_at: Some(at),
            read_to_end_at: None,
        };
        Facts {
            of: Agreement::Nda("0192d0d0-0000-7000-8000-000000000001".parse().unwrap()),
            project: "The #Bridge".into(),
            template: "Standard NDA".into(),
            template_version: 3,
            document: "# Agreement\n\n## 1. Purpose\n\nTo read it.\n\n> #quoted\n>\n> twice\n\n- one\n- two\n".into(),
            sha256: vec![7; 32],
            pages: None,
            signed_at: at,
            access_until: Some(at),
            parties: vec![party(Side::Owner, "Zoë Łukasz"), party(Side::Requester, "Ωμέγα Иванов")],
            verify: "https://pitchey.test/verify".into(),
        }
    }

    /// What another program reads in it.
    fn text(pdf: &[u8]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("paper.pdf");
        std::fs::write(&path, pdf).unwrap();
        let read = Command::new("pdftotext").args(["-layout"]).arg(&path).arg("-").output().expect("poppler-utils");
        String::from_utf8_lossy(&read.stdout).into_owned()
    }

    #[test]
    fn the_paper_says_what_was_signed_and_recorded_in_the_letters_people_typed() {
        let read = text(&pdf(&facts()).unwrap());
        for said in [
            "1. Purpose",
            "#quoted",
            "The #Bridge",
            "Zoë Łukasz",
            "Ωμέγα Иванов",
            "zoe@example.test",
            "203.0.113.7",
            "#panic() $ * _ \\",
            "0192d0d0-0000-7000-8000-000000000001",
            "Standard NDA, version 3",
            "not recorded",
            "simple electronic signatures",
            "https://pitchey.test/verify",
        ] {
            assert!(read.contains(said), "{said}: {read}");
        }
    }

    #[test]
    fn names_in_other_scripts_have_letters_and_those_that_have_none_say_so() {
        let mut facts = facts();
        facts.parties[0].signature.legal_name = "محمد שרה प्रिया สมชาย".into();
        facts.parties[1].signature.legal_name = "王小明".into();
        facts.document.push_str("\n> 目的\n");
        let read = text(&pdf(&facts).unwrap()).split_whitespace().collect::<Vec<_>>().join(" ");
        for said in [
            "प्रिया",
            "สมชาย",
            "no letters for the characters U+738B U+5C0F U+660E",
            "characters that this paper has no letters for",
        ] {
            assert!(read.contains(said), "{said}: {read}");
        }
        assert!(read.contains("שרה") || read.contains("הרש"), "{read}");
    }

    #[test]
    fn the_same_facts_make_the_same_bytes() {
        assert_eq!(pdf(&facts()).unwrap(), pdf(&facts()).unwrap());
    }
}

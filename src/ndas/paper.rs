//! The paper of a signed NDA: a PDF of the text and the certificate of what was recorded. The same facts make the same bytes.

use serde_json::{Value, json};

use super::{
    model::{Side, Signature},
    template::{self, Block},
};
use crate::{
    platform::typeset,
    shared::{
        error::Result,
        ids::NdaId,
        time::{self, Time},
    },
};

/// Everything that stands on it.
#[derive(Clone, Debug)]
pub struct Facts {
    pub nda: NdaId,
    pub project: String,
    pub template: String,
    pub template_version: i32,
    pub document: String,
    pub sha256: Vec<u8>,
    pub signed_at: Time,
    pub access_until: Time,
    /// The owner first.
    pub parties: Vec<PartyFacts>,
    /// Where anyone can check the file.
    pub verify: String,
}

/// What was recorded of one side.
#[derive(Clone, Debug)]
pub struct PartyFacts {
    /// The name of the account that signed.
    pub account: String,
    pub signature: Signature,
    pub opened_at: Option<Time>,
    pub read_to_end_at: Option<Time>,
}

/// Sets the paper.
pub fn pdf(facts: &Facts) -> Result<Vec<u8>> {
    let attached = [("agreement.txt", facts.document.as_bytes())];
    typeset::pdf(include_str!("paper.typ"), &data(facts), &attached, facts.signed_at)
}

fn data(facts: &Facts) -> Value {
    json!({
        "title": format!("Non-disclosure agreement for {}", facts.project),
        "nda": facts.nda.to_string(),
        "sha256": hex::encode(&facts.sha256),
        "project": facts.project,
        "template": format!("{}, version {}", facts.template, facts.template_version),
        "access": format!("From {} until {}", time::exact(facts.signed_at), time::exact(facts.access_until)),
        "blocks": template::blocks(&facts.document).into_iter().map(block).collect::<Vec<_>>(),
        "parties": facts.parties.iter().map(party).collect::<Vec<_>>(),
        "verify": facts.verify,
    })
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

fn party(facts: &PartyFacts) -> Value {
    let signature = &facts.signature;
    let at = |time: Option<Time>| time.map_or("not recorded".to_string(), time::exact);
    json!({
        "role": if signature.party == Side::Owner { "The owner" } else { "The reader" },
        "legal_name": signature.legal_name,
        "account": facts.account,
        "organisation": signature.organisation,
        "email": signature.email,
        "opened": at(facts.opened_at),
        "read": at(facts.read_to_end_at),
        "signed": signed(signature),
        "address": signature.address,
        "user_agent": signature.user_agent,
        "consent": format!("statement of version {}", signature.consent_version),
    })
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

    fn facts() -> Facts {
        let at = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let signature = |party, legal_name: &str| Signature {
            party,
            legal_name: legal_name.into(),
            email: "zoe@example.test".into(),
            organisation: None,
            consent_version: "2026-11-1".into(),
            at,
            given_at: None,
            address: "203.0.113.7".into(),
            user_agent: "#panic() $ * _ \\".into(),
        };
        let party = |side, name: &str| PartyFacts {
            account: name.into(),
            signature: signature(side, name),
            opened_at: Some(at),
            read_to_end_at: None,
        };
        Facts {
            nda: "0192d0d0-0000-7000-8000-000000000001".parse().unwrap(),
            project: "The #Bridge".into(),
            template: "Standard NDA".into(),
            template_version: 3,
            document: "# Agreement\n\n## 1. Purpose\n\nTo read it.\n\n> #quoted\n>\n> twice\n\n- one\n- two\n".into(),
            sha256: vec![7; 32],
            signed_at: at,
            access_until: at,
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
    fn the_same_facts_make_the_same_bytes() {
        assert_eq!(pdf(&facts()).unwrap(), pdf(&facts()).unwrap());
    }
}

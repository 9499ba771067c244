//! From a template to the text that both sign. Pure: the same values make the same bytes, and nothing is changed or left
//! out on the way; a variable without a value is an error, and what is filled in is never looked at for variables again.

use crate::shared::{
    error::{AppError, Refusal, Result},
    text,
};

/// The platform's standard NDA. Edited here, it becomes a new version at the next start; signed documents keep theirs.
pub const STANDARD: &str = include_str!("standard_nda.txt");

/// How long the duty of confidence of the standard NDA lasts, from the Reader's signature.
pub const CONFIDENCE_YEARS: u32 = 5;

/// The governing law clause of the standard NDA: neutral, since the two may live anywhere.
pub const GOVERNING_LAW: &str = "This agreement is governed by the law of the country in which the Owner, when approving, has their habitual \
     residence or, as an organisation, its registered seat, without its rules on conflicts of laws. Protections that the \
     Reader cannot give up under the law of their own country remain. Before going to court, either side will give the \
     other thirty days to settle the matter in talks, unless an urgent order is needed.";

/// What stands in a document instead of `{{variables}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Values {
    pub owner_party: String,
    pub requester_party: String,
    pub project_title: String,
    pub project_address: String,
    pub purpose: String,
    pub term_days: String,
    pub extra_terms: String,
    pub owner_legal_name: String,
    pub approved_on: String,
    pub template_version: String,
}

impl Values {
    fn of(&self, variable: &str) -> Option<String> {
        Some(match variable {
            "owner_party" => self.owner_party.clone(),
            "requester_party" => self.requester_party.clone(),
            "project_title" => self.project_title.clone(),
            "project_address" => self.project_address.clone(),
            "purpose" => quoted(&self.purpose),
            "term_days" => self.term_days.clone(),
            "confidence_years" => CONFIDENCE_YEARS.to_string(),
            "governing_law" => GOVERNING_LAW.into(),
            "extra_terms" => quoted(if self.extra_terms.is_empty() { "None." } else { &self.extra_terms }),
            "owner_legal_name" => self.owner_legal_name.clone(),
            "approved_on" => self.approved_on.clone(),
            "template_version" => self.template_version.clone(),
            _ => return None,
        })
    }
}

/// The owner as the document names them: the person by their profile, and for whom they sign.
pub fn owner_party(name: &str, profile: &str, organisation: Option<&str>) -> String {
    match organisation {
        Some(organisation) => format!("{}, represented by {} ({profile})", text::line(organisation), text::line(name)),
        None => format!("{} ({profile})", text::line(name)),
    }
}

/// The requester as the document names them: who signs for an organisation signs for themself, too.
pub fn requester_party(name: &str, profile: &str, organisation: Option<&str>) -> String {
    match organisation {
        Some(organisation) => {
            format!("{} ({profile}), for themself and for {}", text::line(name), text::line(organisation))
        }
        None => format!("{} ({profile})", text::line(name)),
    }
}

/// Marks every line of what a person wrote, so that it cannot pass for a part of the agreement's own text.
fn quoted(words: &str) -> String {
    words.lines().map(|line| format!("> {line}").trim_end().to_string()).collect::<Vec<_>>().join("\n")
}

/// Fills `values` into `template`.
pub fn render(template: &str, values: &Values) -> Result<String> {
    let mut document = String::with_capacity(template.len() + 1_024);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (variable, after) = after.split_once("}}").ok_or_else(|| unknown("an unclosed variable"))?;
        document.push_str(before);
        document.push_str(&values.of(variable.trim()).ok_or_else(|| unknown(variable))?);
        rest = after;
    }
    document.push_str(rest);
    Ok(document)
}

fn unknown(variable: &str) -> AppError {
    AppError::new(Refusal::Internal, format!("The template has a variable that we do not know: {variable}."))
}

/// A block of a document, for showing it as more than a typed page. The signed bytes are the text, not this.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Title(String),
    Heading(String),
    Paragraph(String),
    List(Vec<String>),
    /// What a person wrote, as written.
    Quote(String),
}

/// The blocks of a document, in order; they are apart by empty lines.
pub fn blocks(document: &str) -> Vec<Block> {
    let trimmed = document.split("\n\n").map(|block| block.trim_matches('\n')).filter(|block| !block.is_empty());
    trimmed.map(block).collect()
}

fn block(block: &str) -> Block {
    if let Some(title) = block.strip_prefix("# ") {
        Block::Title(title.into())
    } else if let Some(heading) = block.strip_prefix("## ") {
        Block::Heading(heading.into())
    } else if block.starts_with('>') {
        let lines =
            block.lines().map(|line| line.strip_prefix('>').unwrap_or(line)).map(|l| l.strip_prefix(' ').unwrap_or(l));
        Block::Quote(lines.collect::<Vec<_>>().join("\n"))
    } else if block.lines().all(|line| line.starts_with("- ")) {
        Block::List(block.lines().map(|line| line[2..].to_string()).collect())
    } else {
        Block::Paragraph(block.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        Values {
            owner_party: owner_party("Alex Moreno", "https://pitchey.test/people/alex", None),
            requester_party: requester_party("Sarah Chen", "https://pitchey.test/people/sarah", Some("Chen Capital")),
            project_title: "Salt".into(),
            project_address: "https://pitchey.test/pitch/salt".into(),
            purpose: "To read it.".into(),
            term_days: "365".into(),
            extra_terms: String::new(),
            owner_legal_name: "Alexandra Moreno".into(),
            approved_on: "23 November 2026, 14:05 UTC".into(),
            template_version: "1".into(),
        }
    }

    #[test]
    fn the_standard_text_has_a_value_for_every_variable() {
        let document = render(STANDARD, &values()).unwrap();
        assert!(!document.contains("{{") && !document.contains("}}"));
        for said in [
            "Alex Moreno (https://pitchey.test/people/alex)",
            "for themself and for Chen Capital",
            "\"Salt\"",
            "> To read it.",
            "365 days",
            "5 years",
            "> None.",
        ] {
            assert!(document.contains(said), "{said}");
        }
    }

    #[test]
    fn the_standard_text_says_what_it_must() {
        for said in [
            "not legal advice",
            "independent of access",
            "no licence",
            "independently",
            "required by law",
            "electronically",
            "similarity alone",
            "Governing law",
            "Return and destruction",
        ] {
            assert!(STANDARD.contains(said), "{said}");
        }
    }

    #[test]
    fn what_people_wrote_is_kept_to_the_letter_and_never_read_as_template() {
        let sly = Values {
            project_title: "{{owner_legal_name}} & <b>".into(),
            extra_terms: "a\n\n## 3. Nothing\n{{x}}".into(),
            ..values()
        };
        let document = render(STANDARD, &sly).unwrap();
        assert!(document.contains("\"{{owner_legal_name}} & <b>\""));
        assert!(document.contains("> a\n>\n> ## 3. Nothing\n> {{x}}"));
        let headings = blocks(&document).iter().filter(|b| matches!(b, Block::Heading(_))).count();
        assert_eq!(headings, 17);
        assert!(blocks(&document).contains(&Block::Quote("a\n\n## 3. Nothing\n{{x}}".into())));
    }

    #[test]
    fn an_unknown_variable_is_an_error_not_a_gap() {
        assert!(render("a {{nonsense}} b", &values()).is_err());
        assert!(render("a {{ b", &values()).is_err());
    }

    #[test]
    fn the_same_values_make_the_same_bytes() {
        assert_eq!(render(STANDARD, &values()), render(STANDARD, &values()));
    }
}

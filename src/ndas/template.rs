//! From a template to the text that both sign. Pure: the same values make the same bytes, and nothing is changed or left
//! out on the way; a variable without a value is an error, and what is filled in is never looked at for variables again.

use uuid::Uuid;

use crate::shared::{
    error::{AppError, FieldError, Refusal, Result},
    ids::TemplateId,
    text,
};

/// The platform's standard NDA. Edited here, it becomes a new version at the next start; signed documents keep theirs.
pub const STANDARD: &str = include_str!("standard_nda.txt");

/// Its id is fixed, so that every process installs the same one.
pub const STANDARD_ID: TemplateId = TemplateId(Uuid::from_u128(0x7d1f_6a3e_52b0_4c8e_9a51_0c1e_57a2_da01));

/// A standard text without its last words, which say that it is ours: what an own one may begin with.
pub fn to_begin_with(standard: &str) -> &str {
    standard.trim_end().rsplit_once("\n\n").map_or(standard, |(text, _)| text)
}

/// How long the duty of confidence of the standard NDA lasts, from the Reader's signature.
pub const CONFIDENCE_YEARS: u32 = 5;

/// The governing law clause of the standard NDA: neutral, since the two may live anywhere.
pub const GOVERNING_LAW: &str = "This agreement is governed by the law of the country in which the Owner, when approving, has their habitual \
     residence or, as an organisation, its registered seat, without its rules on conflicts of laws. Protections that the \
     Reader cannot give up under the law of their own country remain. Before going to court, either side will give the \
     other thirty days to settle the matter in talks, unless an urgent order is needed.";

/// What a template may name, and what stands there in a document.
pub const VARIABLES: &[(&str, &str)] = &[
    ("owner_party", "the owner: name, profile, organisation"),
    ("requester_party", "who asks: name, profile, organisation"),
    ("project_title", "the title of the project"),
    ("project_address", "the address of its page"),
    ("purpose", "the purpose, in the words of who asks"),
    ("term_days", "the term of access, as a number of days"),
    ("confidence_years", "the years that the standard NDA's duty of confidence lasts"),
    ("governing_law", "the standard NDA's clause on the governing law"),
    ("extra_terms", "the extra terms typed when approving"),
    ("owner_legal_name", "the owner's legal name as typed when approving"),
    ("approved_on", "the time of approving"),
    ("template_version", "the number of the template's version"),
];

/// Without these an agreement does not say between whom, about what and for how long.
pub const REQUIRED: &[&str] = &["owner_party", "requester_party", "project_title", "term_days"];

/// What follows every own template, whatever it says: nobody signs without having read these.
pub(super) const CLOSING: &str = "## Access, signatures and this form

Access on Pitchey to the material behind this agreement begins when the Reader has signed and lasts {{term_days}} days; the Owner may revoke it earlier, giving a reason. The end of access, by expiry or by revocation, neither ends nor shortens the duty of confidence.

Both sides agree to make and sign this agreement electronically, by typing their full legal name and pressing the button made for it. With each signature are recorded: this text and its SHA-256 checksum, when the text was opened and read to its end, the version of the consent statement, the typed name, the verified email address, the person and the organisation signed for, the time in UTC, the network address and the browser. Each side sees the other's name, organisation, email address and network address as recorded. Who signs for an organisation declares to be authorised to bind it.

The Owner signs by approving the Reader's request: {{owner_legal_name}}, on {{approved_on}}. The Reader signs by typing their full legal name under this text.

This text was written from a form of the Owner's own (version {{template_version}}), not of Pitchey's. Pitchey provides the place, is not a party to this agreement and does not represent either side. It is not legal advice. If you are unsure what it means for you, ask a lawyer before you sign.
";

/// What of a request becomes a part of the agreement, also where an own template forgets it.
pub(super) const PARTS: &[(&str, &str)] = &[
    ("purpose", "## Purpose\n\nThe Reader has stated the purpose of reading in these words:\n\n{{purpose}}"),
    ("extra_terms", "## Extra terms of the Owner\n\n{{extra_terms}}"),
];

/// The text beside an uploaded PDF: what of an agreement the PDF cannot know. It names the PDF by its checksum, so that the
/// checksum of the text covers both to the last byte.
pub fn beside(pages: usize, sha256: &str) -> String {
    let pages = if pages == 1 { "1 page".to_string() } else { format!("{pages} pages") };
    format!(
        "# Non-disclosure agreement about {{{{project_title}}}}\n\n\
         This agreement is made between {{{{owner_party}}}} (the Owner) and {{{{requester_party}}}} (the Reader) about the \
         project \"{{{{project_title}}}}\", {{{{project_address}}}}, whose confidential material the Reader asks to see.\n\n\
         ## The document\n\n\
         Its terms are those of the PDF document of {pages} that stands before this text, with the SHA-256 checksum \
         {sha256}. That document and this text are one agreement: what is said of this text is said of both. What stands \
         here of the parties, the project, the purpose and the term of access fills in what the document leaves open, and \
         goes before it where the two differ."
    )
}

/// The whole text of an own template of an NDA: as written, with what it left out and what always follows.
pub fn whole(own: &str) -> String {
    completed(own, PARTS, CLOSING)
}

/// An own text with those of `parts` whose variable it does not name, and `closing`.
pub(super) fn completed(own: &str, parts: &[(&str, &'static str)], closing: &str) -> String {
    let named = variables(own).unwrap_or_default();
    let left_out = parts.iter().filter(|(variable, _)| !named.contains(variable)).map(|(_, part)| *part);
    let all: Vec<&str> = [own].into_iter().chain(left_out).chain([closing]).collect();
    all.join("\n\n")
}

/// The text of an own template: 200 to 30 000 characters, with every variable known and closed and none missing that is needed.
pub fn own_text(typed: &str, known: &[(&str, &str)], required: &[&str]) -> Result<String, FieldError> {
    let text = text::prose(typed);
    let complaint = |message: String| Err(FieldError { field: "text".into(), message });
    match text::chars(&text) {
        n @ 0..200 => return complaint(format!("An agreement takes at least 200 characters; there are {n}.")),
        n if n > 30_000 => return complaint(format!("This holds up to 30 000 characters; there are {n}.")),
        _ => {}
    }
    let named = match variables(&text) {
        Ok(named) => named,
        Err(problem) => return complaint(problem),
    };
    if let Some(unknown) = named.iter().find(|name| !known.iter().any(|(known, _)| known == *name)) {
        return complaint(format!("We do not know the variable {{{{{unknown}}}}}. Those we know are listed below."));
    }
    let missing: Vec<String> =
        required.iter().filter(|name| !named.contains(name)).map(|name| format!("{{{{{name}}}}}")).collect();
    match missing.as_slice() {
        [] => Ok(text),
        missing => complaint(format!(
            "An agreement says between whom, about what and for how long. Missing: {}.",
            missing.join(", ")
        )),
    }
}

/// The names of the variables of a template, in order; a sentence when one is not closed or not opened.
fn variables(template: &str) -> Result<Vec<&str>, String> {
    let mut named = Vec::new();
    let mut rest = template;
    let stray = |text: &str| text.contains("}}").then(|| "There is a }} without its {{ before it.".to_string());
    while let Some((before, after)) = rest.split_once("{{") {
        let unclosed = || {
            let start: String = after.chars().take_while(|c| *c != '\n').take(20).collect();
            format!("The variable that begins with {{{{{start} is not closed: write }}}} after its name.")
        };
        let (name, after) =
            after.split_once("}}").filter(|(name, _)| !name.contains(['{', '\n'])).ok_or_else(unclosed)?;
        if let Some(problem) = stray(before) {
            return Err(problem);
        }
        named.push(name.trim());
        rest = after;
    }
    stray(rest).map_or(Ok(named), Err)
}

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
pub fn quoted(words: &str) -> String {
    words.lines().map(|line| format!("> {line}").trim_end().to_string()).collect::<Vec<_>>().join("\n")
}

/// Fills `values` into the template of an NDA.
pub fn render(template: &str, values: &Values) -> Result<String> {
    fill(template, |variable| values.of(variable))
}

/// Fills what `value` gives for each variable into `template`.
pub fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> Result<String> {
    let mut document = String::with_capacity(template.len() + 1_024);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (variable, after) = after.split_once("}}").ok_or_else(|| unknown("an unclosed variable"))?;
        document.push_str(before);
        document.push_str(&value(variable.trim()).ok_or_else(|| unknown(variable))?);
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
    fn every_variable_that_is_offered_has_a_value() {
        for (name, _) in VARIABLES {
            assert!(values().of(name).is_some(), "{name}");
        }
        assert!(REQUIRED.iter().all(|name| VARIABLES.iter().any(|(known, _)| known == name)));
    }

    fn own_nda(typed: &str) -> Result<String, FieldError> {
        own_text(typed, VARIABLES, REQUIRED)
    }

    fn own() -> String {
        format!(
            "{}Between {{{{owner_party}}}} and {{{{ requester_party }}}} about {{{{project_title}}}}, {{{{term_days}}}} days.",
            "Word. ".repeat(40)
        )
    }

    #[test]
    fn an_own_text_is_taken_only_with_variables_that_are_known_closed_and_complete() {
        assert_eq!(own_nda(&own()), Ok(own()));
        let said = |text: String| own_nda(&text).unwrap_err().message;
        assert!(said("Short.".into()).contains("at least 200"));
        assert!(said("x".repeat(30_001)).contains("up to 30 000"));
        assert!(said(own() + "{{nonsense}}").contains("{{nonsense}}"));
        assert!(said(own() + "{{purpose").contains("{{purpose is not closed"));
        assert!(said(own() + "{{purpose\n}}").contains("not closed"));
        assert!(said(own() + "{{purpose {{term_days}}").contains("not closed"));
        assert!(said(own() + "purpose}}").contains("without its {{"));
        let missing = said(own().replace("{{project_title}}", "it").replace("{{term_days}}", "many"));
        assert!(missing.ends_with("Missing: {{project_title}}, {{term_days}}."), "{missing}");
    }

    #[test]
    fn the_standard_text_can_be_begun_with_and_does_not_say_then_that_it_is_ours() {
        let text = own_nda(to_begin_with(STANDARD)).unwrap();
        assert!(!text.contains("standard form") && text.contains("## 17. Signatures"));
    }

    #[test]
    fn an_own_text_never_loses_what_was_typed_and_always_ends_with_what_must_be_said() {
        let extra = Values { extra_terms: "No screenings.".into(), ..values() };
        let document = render(&whole(&own()), &extra).unwrap();
        for said in
            ["> To read it.", "> No screenings.", "Alexandra Moreno", "not legal advice", "neither ends nor shortens"]
        {
            assert_eq!(document.matches(said).count(), 1, "{said}");
        }
        let named = render(&whole(&(own() + " {{extra_terms}} {{purpose}}")), &extra).unwrap();
        assert_eq!((named.matches("> No screenings.").count(), named.matches("> To read it.").count()), (1, 1));
        assert!(!named.contains("## Purpose"));
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

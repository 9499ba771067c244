//! The whole text of a release: what the company signs by offering it, and the owner by signing.

use crate::{
    ndas::{
        forms::RELEASE_LAW,
        template::{self, quoted},
    },
    shared::{error::Result, text},
};

/// What stands in a document instead of `{{variables}}`.
#[derive(Clone, Debug)]
pub struct Values {
    pub company_party: String,
    pub owner_party: String,
    pub project_title: String,
    pub project_address: String,
    pub extra_terms: String,
    pub company_legal_name: String,
    pub offered_on: String,
    pub template_version: i32,
}

/// The document of these values.
pub fn document(template: &str, values: &Values) -> Result<String> {
    template::fill(template, |variable| {
        Some(match variable {
            "company_party" => values.company_party.clone(),
            "owner_party" => values.owner_party.clone(),
            "project_title" => values.project_title.clone(),
            "project_address" => values.project_address.clone(),
            "governing_law" => RELEASE_LAW.into(),
            "extra_terms" => quoted(if values.extra_terms.is_empty() { "None." } else { &values.extra_terms }),
            "company_legal_name" => values.company_legal_name.clone(),
            "offered_on" => values.offered_on.clone(),
            "template_version" => values.template_version.to_string(),
            _ => return None,
        })
    })
}

/// The owner as the document names them before they have signed; a name that they keep behind the NDA is not in it.
pub fn owner_party(person: Option<(&str, &str)>, organisation: Option<&str>) -> String {
    match (organisation, person) {
        (Some(organisation), _) => format!("{}, represented by the person who signs for it", text::line(organisation)),
        (None, Some((name, profile))) => format!("{} ({profile})", text::line(name)),
        (None, None) => "the owner of the project, named by their signature".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ndas::owner_model::TemplateKind;

    #[test]
    fn every_variable_that_is_offered_has_a_value_and_what_people_wrote_is_kept_to_the_letter() {
        let values = Values {
            company_party: template::owner_party("Dana", "https://pitchey.test/people/dana", Some("Stellar")),
            owner_party: owner_party(Some(("Alex Moreno", "https://pitchey.test/people/alex")), None),
            project_title: "{{offered_on}} & <b>".into(),
            project_address: "https://pitchey.test/pitch/salt".into(),
            extra_terms: "One.\n\n## 3. Nothing".into(),
            company_legal_name: "Dana Okoye".into(),
            offered_on: "23 November 2026, 14:05 UTC".into(),
            template_version: 2,
        };
        let read = document(TemplateKind::Release.standard().body, &values).unwrap();
        for said in [
            "Stellar, represented by Dana (https://pitchey.test/people/dana)",
            "Alex Moreno (https://pitchey.test/people/alex)",
            "\"{{offered_on}} & <b>\"",
            "> One.\n>\n> ## 3. Nothing",
            "Dana Okoye, on 23 November 2026",
            "(version 2)",
        ] {
            assert!(read.contains(said), "{said}");
        }
        for (name, _) in TemplateKind::Release.variables() {
            assert!(document(&format!("{{{{{name}}}}}"), &values).is_ok(), "{name}");
        }
        assert!(document("{{term_days}}", &values).is_err());
    }

    #[test]
    fn an_owner_who_keeps_their_name_is_not_named_before_they_sign() {
        assert_eq!(owner_party(None, None), "the owner of the project, named by their signature");
        assert!(owner_party(None, Some("Stellar")).starts_with("Stellar, represented"));
    }
}

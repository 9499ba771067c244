//! The words a pitch is sorted by: genre, format, budget, stage, and the states and kinds around it. In forms, addresses
//! and the database each is the lower-kebab form of its label.

use crate::word_enum;

/// A `word_enum!` whose variants also have a label that people read.
macro_rules! labelled {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal, $label:literal;)+ }) => {
        word_enum! { $(#[$doc])* $name { $($(#[$vdoc])* $variant = $word),+ } }

        impl $name {
            /// What people read.
            pub fn label(self) -> &'static str {
                match self { $($name::$variant => $label),+ }
            }

            /// All words and labels, for a select.
            pub fn options() -> Vec<(String, String)> {
                Self::ALL.iter().map(|v| (v.word().to_string(), v.label().to_string())).collect()
            }
        }
    };
}

labelled! {
    /// What sort of story it is.
    Genre {
        Action = "action", "Action";
        Adventure = "adventure", "Adventure";
        Animation = "animation", "Animation";
        Biopic = "biopic", "Biopic";
        Comedy = "comedy", "Comedy";
        ComingOfAge = "coming-of-age", "Coming-of-age";
        Crime = "crime", "Crime";
        Documentary = "documentary", "Documentary";
        Drama = "drama", "Drama";
        Experimental = "experimental", "Experimental";
        Family = "family", "Family";
        Fantasy = "fantasy", "Fantasy";
        Historical = "historical", "Historical";
        Horror = "horror", "Horror";
        Musical = "musical", "Musical";
        Mystery = "mystery", "Mystery";
        Noir = "noir", "Noir";
        Political = "political", "Political";
        Romance = "romance", "Romance";
        RomanticComedy = "romantic-comedy", "Romantic comedy";
        Satire = "satire", "Satire";
        ScienceFiction = "science-fiction", "Science fiction";
        Sports = "sports", "Sports";
        Superhero = "superhero", "Superhero";
        Thriller = "thriller", "Thriller";
        TrueCrime = "true-crime", "True crime";
        War = "war", "War";
        Western = "western", "Western";
    }
}

labelled! {
    /// In what form it is told.
    Format {
        FeatureFilm = "feature-film", "Feature film";
        ShortFilm = "short-film", "Short film";
        DocumentaryFeature = "documentary-feature", "Documentary feature";
        DocumentarySeries = "documentary-series", "Documentary series";
        ScriptedSeries = "scripted-series", "Scripted series";
        LimitedSeries = "limited-series", "Limited series";
        UnscriptedSeries = "unscripted-series", "Unscripted series";
        AnimatedFeature = "animated-feature", "Animated feature";
        AnimatedSeries = "animated-series", "Animated series";
        WebSeries = "web-series", "Web series";
        Podcast = "podcast", "Podcast";
        StageToScreen = "stage-to-screen", "Stage-to-screen";
        InteractiveVr = "interactive-vr", "Interactive/VR";
        Other = "other", "Other";
    }
}

labelled! {
    /// What it is to cost, in bands.
    Budget {
        Under100k = "under-100k", "Under 100k";
        To500k = "100k-500k", "100k-500k";
        To1M = "500k-1m", "500k-1M";
        To5M = "1m-5m", "1M-5M";
        To20M = "5m-20m", "5M-20M";
        To50M = "20m-50m", "20M-50M";
        Over50M = "over-50m", "Over 50M";
    }
}

labelled! {
    /// How far it has come.
    Stage {
        Idea = "idea", "Idea";
        Treatment = "treatment", "Treatment";
        Script = "script", "Script";
        PartPackaged = "part-packaged", "Part-packaged";
        Packaged = "packaged", "Packaged";
        PartFunded = "part-funded", "Part-funded";
        Funded = "funded", "Funded";
        InProduction = "in-production", "In production";
        PostProduction = "post-production", "Post-production";
        Completed = "completed", "Completed";
    }
}

labelled! {
    /// The currency a budget is thought in.
    Currency {
        Usd = "usd", "USD";
        Eur = "eur", "EUR";
        Gbp = "gbp", "GBP";
        Aud = "aud", "AUD";
        Brl = "brl", "BRL";
        Cad = "cad", "CAD";
        Chf = "chf", "CHF";
        Cny = "cny", "CNY";
        Czk = "czk", "CZK";
        Dkk = "dkk", "DKK";
        Huf = "huf", "HUF";
        Inr = "inr", "INR";
        Jpy = "jpy", "JPY";
        Krw = "krw", "KRW";
        Mxn = "mxn", "MXN";
        Ngn = "ngn", "NGN";
        Nok = "nok", "NOK";
        Nzd = "nzd", "NZD";
        Pln = "pln", "PLN";
        Sek = "sek", "SEK";
        Zar = "zar", "ZAR";
    }
}

labelled! {
    /// How sure it is that someone is part of it.
    Attachment {
        Claimed = "claimed", "Claimed";
        Loi = "loi", "LOI";
        Signed = "signed", "Signed";
    }
}

labelled! {
    /// Who sees a field or a file. Ordered from the widest to the narrowest.
    Visibility {
        Public = "public", "Public";
        /// Signed in with a verified email.
        Members = "members", "Members";
        /// A signed NDA in force.
        Nda = "nda", "NDA";
    }
}

labelled! {
    /// Where a pitch stands.
    PitchStatus {
        Draft = "draft", "Draft";
        /// Only while staff review before publishing.
        InReview = "in-review", "In review";
        Published = "published", "Published";
        Archived = "archived", "Archived";
        /// By staff, and only staff lift it.
        TakenDown = "taken-down", "Taken down";
    }
}

labelled! {
    /// What a material is.
    MaterialKind {
        Poster = "poster", "Poster";
        Lookbook = "lookbook", "Lookbook";
        Deck = "deck", "Deck";
        Script = "script", "Script";
        Treatment = "treatment", "Treatment";
        Budget = "budget", "Budget";
        Schedule = "schedule", "Schedule";
        Trailer = "trailer", "Trailer";
        Other = "other", "Other document";
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared::text::kebab;

    #[test]
    fn every_word_is_the_kebab_of_its_label() {
        let all = [Genre::options(), Format::options(), Budget::options(), Stage::options(), Currency::options()];
        for (word, label) in all.concat() {
            assert_eq!(word, kebab(&label));
        }
        assert_eq!(Genre::ALL.len(), 28);
        assert_eq!(Format::ALL.len(), 14);
        assert_eq!(Budget::ALL.len(), 7);
        assert_eq!(Stage::ALL.len(), 10);
    }
}

//! Finding organisations without diacritics, with either tone placement and
//! with the usual abbreviations or their long forms.

mod signature;

use std::collections::BTreeSet;
use std::ops::Bound;

use kit::error::Violation;
use vietnam::text::fold;

pub use signature::Signature;

use super::organisation::Details;
use super::short_name::abbreviated;

/// Shortest and longest query, in characters.
const QUERY_LENGTH: std::ops::RangeInclusive<usize> = 2..=200;

/// More words narrow nothing any further.
const QUERY_WORDS_LIMIT: usize = 12;

/// Shorter words begin too many others to tell much, in characters.
const TELLING_LENGTH: usize = 3;

/// What the store keeps beside an organisation so that it can be found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchKey {
    /// Folded and abbreviated name, for queries that begin it.
    pub name: String,
    /// Folded words of names, codes and locality, separated by blanks.
    pub terms: String,
    /// What its words may be.
    pub signature: Signature,
}

impl SearchKey {
    /// The key of an organisation.
    #[must_use]
    pub fn of(details: &Details) -> Self {
        let tax_code = details
            .tax_code
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        let roster_code = details.roster_code.as_deref().unwrap_or_default();
        let short = abbreviated(&details.display_name);
        let texts = [
            &details.display_name,
            &short,
            &details.short_name,
            &details.locality,
        ];
        let codes = [tax_code.as_str(), roster_code, &details.registration_number];
        let terms: BTreeSet<String> = texts
            .into_iter()
            .flat_map(|text| words(text))
            .chain(codes.into_iter().flat_map(words))
            .chain(
                codes
                    .into_iter()
                    .map(joined)
                    .filter(|code| !code.is_empty()),
            )
            .collect();
        Self {
            name: folded_name(&details.display_name),
            signature: Signature::of(terms.iter().map(String::as_str)),
            terms: terms.into_iter().collect::<Vec<_>>().join(" "),
        }
    }
}

/// Words that so many organisations have that looking one up finds too much.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CommonWords(BTreeSet<String>);

impl CommonWords {
    /// Whether a common word begins so.
    fn has_beginning(&self, word: &str) -> bool {
        let from = self
            .0
            .range::<str, _>((Bound::Included(word), Bound::Unbounded));
        from.into_iter()
            .next()
            .is_some_and(|next| next.starts_with(word))
    }
}

impl FromIterator<String> for CommonWords {
    fn from_iter<T: IntoIterator<Item = String>>(words: T) -> Self {
        Self(words.into_iter().collect())
    }
}

/// A search, read from what somebody typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The text as a code, canonical where it reads as a tax code.
    pub code: String,
    /// Beginning of a folded, abbreviated name.
    pub prefix: String,
    /// Folded words; each must begin a word of what is found.
    words: Vec<String>,
}

impl Query {
    /// Reads a query.
    ///
    /// # Errors
    /// A violation of `field`: shorter than 2 or longer than 200 characters,
    /// or nothing in it that could be looked for.
    pub fn parse(field: &str, raw: &str) -> Result<Self, Violation> {
        let text = kit::text::line(field, raw, *QUERY_LENGTH.end())?;
        if text.chars().count() < *QUERY_LENGTH.start() {
            return Err(Violation::new(
                field,
                "TOO_SHORT",
                "Xin nhập ít nhất 2 ký tự.",
                "Type at least 2 characters.",
            ));
        }
        let mut words = words(&abbreviated(&text));
        words.truncate(QUERY_WORDS_LIMIT);
        if words.is_empty() {
            return Err(Violation::malformed(
                field,
                "chữ hoặc số cần tìm",
                "letters or digits to look for",
            ));
        }
        let code = vietnam::taxcode::TaxCode::read(&text)
            .map_or_else(|_| text.clone(), |code| code.to_string());
        Ok(Self {
            code,
            prefix: words.join(" "),
            words,
        })
    }

    /// The query in PostgreSQL's `tsquery` notation. Words hold letters and
    /// digits only, so nothing in them needs escaping.
    #[must_use]
    pub fn tsquery(&self) -> String {
        notation(self.words.iter())
    }

    /// The same with only those words that few organisations can have; `None` where
    /// there is none. While no word is common the roll is small and any word tells.
    #[must_use]
    pub fn rare(&self, common: &CommonWords) -> Option<String> {
        if common.0.is_empty() {
            return Some(self.tsquery());
        }
        let is_rare =
            |word: &&String| word.chars().count() >= TELLING_LENGTH && !common.has_beginning(word);
        let rare = notation(self.words.iter().filter(is_rare));
        (!rare.is_empty()).then_some(rare)
    }

    /// What an organisation's signature holds when it has all words of the query.
    #[must_use]
    pub fn signature(&self) -> Signature {
        Signature::of(self.words.iter().map(String::as_str))
    }

    /// Whether the organisation of this key holds all words of the query.
    #[must_use]
    pub fn finds(&self, key: &SearchKey) -> bool {
        self.words
            .iter()
            .all(|word| key.terms.split(' ').any(|term| term.starts_with(word)))
    }

    /// The first text, in byte order, after every text that begins with [`Query::prefix`].
    #[must_use]
    pub fn after_prefix(&self) -> String {
        format!("{}\u{10ffff}", self.prefix)
    }
}

fn notation<'a>(words: impl Iterator<Item = &'a String>) -> String {
    let terms: Vec<String> = words.map(|word| format!("'{word}':*")).collect();
    terms.join(" & ")
}

/// The name in the form under which two spellings of it are equal.
#[must_use]
pub fn folded_name(name: &str) -> String {
    words(&abbreviated(name)).join(" ")
}

fn words(text: &str) -> Vec<String> {
    fold(text)
        .split(|character: char| !character.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// A code without its separators, as people type it.
fn joined(code: &str) -> String {
    words(code).concat()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use proptest::prelude::*;

    use super::*;
    use crate::domain::organisation::tests::cooperative;

    fn finds(query: &str, name: &str) -> bool {
        Query::parse("query", query)
            .unwrap()
            .finds(&SearchKey::of(&cooperative(name)))
    }

    #[test]
    fn marks_case_and_tone_placement_make_no_difference() {
        for query in [
            "hoa binh",
            "HOÀ BÌNH",
            "hòa bình",
            "hoà bi\u{300}nh",
            "htx hoa",
            "hop tac xa hoa binh",
            "hợp tác",
        ] {
            assert!(finds(query, "Hợp tác xã Hoà Bình"), "{query}");
            assert!(finds(query, "HỢP TÁC XÃ HÒA BÌNH"), "{query}");
        }
        assert!(!finds("hoa lu", "Hợp tác xã Hoà Bình"));
    }

    #[test]
    fn codes_are_found_with_and_without_separators() {
        let mut details = cooperative("Hợp tác xã Bình Minh");
        details.tax_code = Some(vietnam::taxcode::TaxCode::parse("0100233488-001").unwrap());
        details.roster_code = Some("ĐN-017".to_owned());
        let terms = SearchKey::of(&details).terms;
        for term in ["0100233488", "0100233488001", "dn", "dn017"] {
            assert!(
                terms.split(' ').any(|each| each == term),
                "{term} in {terms}"
            );
        }
        assert_eq!(
            Query::parse("query", "0100233488001").unwrap().code,
            "0100233488-001"
        );
    }

    #[test]
    fn only_words_that_few_have_are_looked_up() {
        let common: CommonWords = ["htx", "hoa", "binh"]
            .map(str::to_owned)
            .into_iter()
            .collect();
        let rare = |query| Query::parse("query", query).unwrap().rare(&common);
        assert_eq!(rare("HTX Hoà Vang").as_deref(), Some("'vang':*"));
        assert_eq!(rare("Hoàng 617").as_deref(), Some("'hoang':* & '617':*"));
        assert_eq!(rare("hoà bì"), None, "every word begins a common one");
        assert_eq!(rare("hoà 61"), None, "two digits begin too many numbers");
        assert_eq!(
            Query::parse("query", "hoà 61")
                .unwrap()
                .rare(&CommonWords::default())
                .as_deref(),
            Some("'hoa':* & '61':*"),
            "nothing is common in a small roll"
        );
    }

    #[test]
    fn a_query_that_says_nothing_is_refused() {
        for (query, reason) in [("", "TOO_SHORT"), ("a", "TOO_SHORT"), ("--", "MALFORMED")] {
            assert_eq!(
                Query::parse("query", query).unwrap_err().reason,
                reason,
                "{query:?}"
            );
        }
    }

    proptest! {
        #[test]
        fn no_query_breaks_out_of_the_notation(raw in "\\PC{2,60}") {
            if let Ok(query) = Query::parse("query", &raw) {
                let bare = query.tsquery().replace("':* & '", "");
                let inner = bare.strip_prefix('\'').unwrap().strip_suffix("':*").unwrap();
                prop_assert!(inner.chars().all(char::is_alphanumeric), "{}", inner);
            }
        }

        #[test]
        fn a_name_is_found_by_itself(name in "[a-zđàễ]{2,8}( [a-zđàễ]{1,8}){0,5}") {
            // Some rows of letters are what another encoding makes of Vietnamese.
            prop_assume!(Query::parse("query", &name).is_ok());
            prop_assert!(finds(&name, &name));
        }
    }
}

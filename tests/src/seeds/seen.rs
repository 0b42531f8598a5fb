//! What is seen from outside.

use std::collections::BTreeMap;

use jiff::civil::DateTime;

/// Answers of rpcs by what was asked.
pub type Answers = BTreeMap<&'static str, String>;

/// A mail or an SMS that an end has accepted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// Business time.
    pub at: DateTime,
    /// Mailbox, or number in national form.
    pub to: String,
    /// Subject and plain words, or the SMS; lines joined.
    pub text: String,
}

/// All of it, as a judge reads it.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// In the order of nothing.
    pub told: Vec<Told>,
    /// Answers.
    pub answers: Answers,
}

impl Seen {
    /// Whether somebody was told all these words, at an instant that begins like this:
    /// `2024-03-07T08`.
    #[must_use]
    pub fn is_told(&self, to: &str, at: &str, words: &[&str]) -> bool {
        self.told
            .iter()
            .any(|told| told.to == to && told.at.to_string().starts_with(at) && told.says(words))
    }

    /// Whether nobody whose address begins so was told all these words after an instant.
    #[must_use]
    pub fn is_quiet(&self, to: &str, after: &str, words: &[&str]) -> bool {
        let mut told = self.told.iter();
        !told.any(|told| {
            told.to.starts_with(to) && told.at.to_string().as_str() > after && told.says(words)
        })
    }

    /// Whether an rpc answered so.
    #[must_use]
    pub fn is_answered(&self, question: &str, answer: &str) -> bool {
        self.answers
            .get(question)
            .is_some_and(|found| found == answer)
    }

    /// Takes away what somebody was told with these words.
    pub fn forget(&mut self, to: &str, words: &[&str]) {
        self.told.retain(|told| told.to != to || !told.says(words));
    }

    /// Puts other words in the place of some, whoever was told them.
    pub fn reword(&mut self, from: &str, to: &str) {
        for told in &mut self.told {
            told.text = told.text.replace(from, to);
        }
    }

    /// Tells somebody once more what was said with these words, later.
    pub fn repeat(&mut self, to: &str, words: &[&str], at: DateTime) {
        let found = self
            .told
            .iter()
            .find(|told| told.to == to && told.says(words));
        let again = found.cloned().map(|told| Told { at, ..told });
        self.told.extend(again);
    }

    /// Another answer to a question.
    pub fn answer(&mut self, question: &'static str, answer: &str) {
        self.answers.insert(question, answer.to_owned());
    }
}

impl Told {
    fn says(&self, words: &[&str]) -> bool {
        words.iter().all(|word| self.text.contains(word))
    }
}

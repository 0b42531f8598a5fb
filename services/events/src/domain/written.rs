//! For which time each text was written.
//!
//! A move leaves the texts as they are; what of them names an hour or a day of before
//! is printed to nobody until an officer has rewritten or confirmed it. A move back
//! gives them their meaning again.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::anchor::Anchor;
use super::mention;

/// A text that can name an hour or a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Text {
    /// How to get to an event.
    Hint,
    /// What to bring to an event.
    Bring,
    /// The agenda of an event.
    Agenda,
    /// The last day to reply to an invitation.
    ReplyBy,
    /// What a report must contain.
    Contents,
    /// Where to hand something in.
    SubmitTo,
}

/// The times of texts that were written for another one than the present.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written(BTreeMap<Text, Anchor>);

impl Written {
    /// What the move away from `old` makes of these texts: each keeps the first time
    /// that it was written for.
    pub fn moved<const N: usize>(&mut self, texts: [Text; N], old: &Anchor) {
        for text in texts {
            self.0.entry(text).or_insert_with(|| old.clone());
        }
    }

    /// A text was written, or confirmed, for the present time.
    pub fn renewed(&mut self, text: Text) {
        self.0.remove(&text);
    }

    /// The time a text was written for, while it is `present` for everything else.
    #[must_use]
    pub fn time_of<'a>(&'a self, text: Text, present: &'a Anchor) -> &'a Anchor {
        self.0.get(&text).unwrap_or(present)
    }

    /// The sentences of a text that have lost their meaning by now.
    #[must_use]
    pub fn lost(&self, text: Text, words: &str, present: &Anchor) -> Vec<Lost> {
        let sentences = mention::of_the_old_time(words, self.time_of(text, present), present);
        let lost = |words: &str| Lost {
            text,
            words: words.to_owned(),
        };
        sentences.into_iter().map(lost).collect()
    }

    /// What of a text still means what it says.
    #[must_use]
    pub fn kept(&self, text: Text, words: &str, present: &Anchor) -> String {
        mention::without_the_old_time(words, self.time_of(text, present), present)
    }

    /// The lines of a text that still mean what they say.
    #[must_use]
    pub fn kept_lines(&self, text: Text, lines: &[String], present: &Anchor) -> Vec<String> {
        let kept = lines.iter().map(|line| self.kept(text, line, present));
        kept.filter(|line| !line.is_empty()).collect()
    }
}

/// A sentence that is printed to nobody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Where it stands.
    pub text: Text,
    /// The sentence.
    pub words: String,
}

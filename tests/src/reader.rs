//! A reader who has not seen the code: takes every mail and every SMS as it arrived and says
//! what is wrong with it. What must be said comes from the oracle; how it is written is judged
//! here, apart from what writes it.

mod language;
mod message;
mod moments;
mod sms;

pub use message::{Entry, Message, bare, unescaped};
pub use moments::Clock;

use jiff::civil::{Date, DateTime};

/// What the script lets a message say, and what it must say.
#[derive(Clone, Debug, Default)]
pub struct Saying {
    /// What the reader must learn: what it is, and the spellings of which one must stand there.
    pub must: Vec<Must>,
    /// What its subject says, of a mail.
    pub subject: Vec<String>,
    /// What would be wrong to say here, in any spelling.
    pub never: Vec<String>,
    /// What it gives to answer with.
    pub asks: Asks,
    /// Texts of plan and script; the days and hours in them are theirs.
    pub quoted: Vec<String>,
    /// Days it may name.
    pub days: Vec<Date>,
    /// Days that are over and may be named all the same: what held before, dates of documents.
    pub past: Vec<Date>,
    /// Hours it may name.
    pub hours: Vec<Clock>,
    /// The last day to act or to come.
    pub day: Option<Date>,
    /// What a calendar must show, if one comes along.
    pub entry: Option<Entry>,
    /// What an SMS says only where it fits.
    pub where_it_fits: Vec<Must>,
    /// What is worth a second segment to an SMS.
    pub worth_two: Vec<Must>,
}

/// What a message gives to answer with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asks {
    /// Nothing: it asks no answer of its reader.
    #[default]
    Nothing,
    /// A code.
    Code,
    /// A code and, in mails, a page.
    CodeAndPage,
}

/// Something that must be said.
#[derive(Clone, Debug)]
pub struct Must {
    /// Of which kind, for people.
    pub what: &'static str,
    /// In mails.
    pub mail: String,
    /// In SMS; empty: an SMS need not say it.
    pub sms: String,
}

/// Everything that is wrong with a message, in words.
#[must_use]
pub fn read(message: &Message, saying: &Saying) -> Vec<String> {
    let mut faults = language::faults(message);
    faults.extend(missing(message, saying));
    faults.extend(said_wrongly(message, saying));
    faults.extend(asking_fault(message, saying));
    faults.extend(moments::faults(message, saying));
    if message.is_sms {
        faults.extend(sms::faults(message, saying));
    } else {
        faults.extend(subject_faults(message, saying));
        faults.extend(entry_faults(message, saying));
    }
    faults
}

fn missing(message: &Message, saying: &Saying) -> Vec<String> {
    let mut faults = Vec::new();
    for must in &saying.must {
        let words = must.on(message);
        let bodies = [Some(&message.text), message.html.as_ref()];
        let lost = bodies
            .into_iter()
            .flatten()
            .any(|body| !says(message, body, words));
        if !words.is_empty() && lost {
            faults.push(format!("{} is not said: {words}", must.what));
        }
    }
    faults
}

fn subject_faults(message: &Message, saying: &Saying) -> Vec<String> {
    let lost = |words: &&String| !says(message, &message.subject, words);
    let lost = saying.subject.iter().filter(lost);
    lost.map(|words| format!("the subject does not say: {words}"))
        .collect()
}

impl Must {
    /// A fact that mails and SMS write alike.
    #[must_use]
    pub fn both(what: &'static str, words: &str) -> Self {
        Self {
            what,
            mail: words.to_owned(),
            sms: vietnam::text::fold(words),
        }
    }

    /// A fact of mails only.
    #[must_use]
    pub fn mail(what: &'static str, words: &str) -> Self {
        Self {
            what,
            mail: words.to_owned(),
            sms: String::new(),
        }
    }

    /// A fact with its own form in SMS.
    #[must_use]
    pub fn of(what: &'static str, mail: &str, sms: &str) -> Self {
        Self {
            what,
            mail: mail.to_owned(),
            sms: vietnam::text::fold(sms),
        }
    }

    fn on(&self, message: &Message) -> &str {
        if message.is_sms {
            &self.sms
        } else {
            &self.mail
        }
    }
}

/// Where lines break, whether a letter is large and, in SMS, its accents mean nothing.
fn says(message: &Message, body: &str, words: &str) -> bool {
    let flat = body.split_whitespace().collect::<Vec<_>>().join(" ");
    if message.is_sms {
        expanded(&flat).contains(&expanded(words))
    } else {
        flat.to_lowercase().contains(&words.to_lowercase())
    }
}

/// An SMS without accents, and with the abbreviations that every reader knows written alike.
fn expanded(text: &str) -> String {
    const KNOWN: [(&str, &str); 6] = [
        ("hop tac xa", "htx"),
        ("lien hiep htx", "lhhtx"),
        ("lien minh htx", "lmhtx"),
        ("to hop tac", "tht"),
        ("uy ban nhan dan", "ubnd"),
        ("thanh pho ", "tp "),
    ];
    let folded = vietnam::text::fold(text);
    let shortened = |text: String, (long, short): &(&str, &str)| text.replace(long, short);
    KNOWN.iter().fold(folded, shortened)
}

fn said_wrongly(message: &Message, saying: &Saying) -> Vec<String> {
    let all = vietnam::text::fold(&message.all_words());
    let wrong = |words: &&String| all.contains(&vietnam::text::fold(words));
    let never = saying.never.iter().filter(wrong);
    never
        .map(|words| format!("the wrong letter: it says {words}"))
        .collect()
}

/// A code has six digits; the link leads to a page of one's own.
fn asking_fault(message: &Message, saying: &Saying) -> Option<String> {
    let is_code = |word: &str| word.len() == 6 && word.chars().all(|c| c.is_ascii_digit());
    let code = message
        .text
        .split(|c: char| !c.is_alphanumeric())
        .any(is_code);
    let page = message.is_sms || message.text.contains("/r/");
    let fault = match (saying.asks, code, page) {
        (Asks::Code | Asks::CodeAndPage, false, _) => "there is no code to answer with",
        (Asks::CodeAndPage, true, false) => "there is no page to answer on",
        (Asks::Nothing, true, _) => "it asks who has answered, or who owes no answer",
        (Asks::Code, true, _) | (Asks::CodeAndPage, true, true) | (Asks::Nothing, false, _) => {
            return None;
        }
    };
    Some(fault.to_owned())
}

fn entry_faults(message: &Message, saying: &Saying) -> Vec<String> {
    match (&message.entry, &saying.entry) {
        (None, Some(_)) => vec!["the calendar entry is missing".to_owned()],
        (Some(found), None) => vec![format!("a calendar entry that nobody needs: {found:?}")],
        (Some(found), Some(right)) if !found.agrees(right) => {
            vec![format!(
                "the calendar shows {found:?}, the script {right:?}"
            )]
        }
        (Some(_) | None, _) => Vec::new(),
    }
}

/// The days from one to another.
fn days_between(from: DateTime, to: Date) -> i32 {
    from.date().until(to).map_or(0, |span| span.get_days())
}

#[cfg(test)]
mod tests;

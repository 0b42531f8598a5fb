//! From letters to bytes: texts by templates, calendar parts, whole messages.
//!
//! The same letters, dated at the same instant, give the same bytes: nothing
//! here reads a clock or draws a random number. All templates are compiled at
//! start, so that a broken one stops the process and not a message.

mod addressee;
mod calendar;
mod clean;
mod encoded;
mod escape;
mod facts;
mod fit;
mod mime;
mod page;
mod subject;
mod templates;
mod wording;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value, merge_maps};
use minijinja::{Environment, UndefinedBehavior, context};
use uuid::Uuid;

use crate::domain::letter::{LetterLanguage, OccurrenceLetter, PartyLetter};
use facts::{Facts, Greeting};

pub use clean::is_link;
pub use mime::{Mail, Sender};
pub use templates::all as sources;

/// A template that does not do what it should; nothing personal is in its text.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// It cannot be compiled, or a variable it needs does not exist.
    #[error("template {name} failed")]
    Template {
        /// Which.
        name: String,
        /// Why.
        #[source]
        source: minijinja::Error,
    },
    /// An address cannot be written into a message.
    #[error("{0} is not a usable mailbox")]
    Mailbox(&'static str),
    /// The parts do not make a message.
    #[error("the message cannot be built")]
    Message(#[from] lettre::error::Error),
}

/// Renders messages. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Renderer(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    templates: Environment<'static>,
    sender: Sender,
}

/// The letter of an occurrence, made ready for one day and one language; shared
/// by all its deliveries.
#[derive(Debug)]
pub struct Prepared {
    letter: OccurrenceLetter,
    language: LetterLanguage,
    facts: Facts,
    values: Value,
    calendar: Option<calendar::Entry>,
}

/// A text for one email, before it becomes a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailText {
    /// One line.
    pub subject: String,
    /// The plain part, complete by itself.
    pub text: String,
    /// The HTML part: one column, no remote content.
    pub html: String,
}

/// A text message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SmsText {
    /// Accentless.
    pub text: String,
    /// How many messages the network counts.
    pub segments: i16,
}

impl Renderer {
    /// Compiles every template.
    ///
    /// # Errors
    /// [`RenderError::Template`] with the name of the broken one.
    pub fn new(sender: Sender) -> Result<Self, RenderError> {
        let sources = templates::all().map(|(name, source)| (name, source.to_owned()));
        let templates = compiled(sources)?;
        Ok(Self(Arc::new(Inner { templates, sender })))
    }

    /// The same with another source of one template: for whoever tries whether wrong words
    /// are noticed.
    ///
    /// # Errors
    /// [`RenderError::Template`] when it cannot be compiled.
    pub fn with(&self, name: &'static str, source: &str) -> Result<Self, RenderError> {
        let mut templates = self.0.templates.clone();
        templates
            .add_template_owned(name, page::settled(source))
            .map_err(|source| failed(name, source))?;
        let sender = self.0.sender.clone();
        Ok(Self(Arc::new(Inner { templates, sender })))
    }

    /// Makes a letter ready for deliveries dated on `day`, in a language; where
    /// there is no text in it, in Vietnamese.
    #[must_use]
    pub fn prepare(
        &self,
        letter: OccurrenceLetter,
        language: LetterLanguage,
        day: Date,
    ) -> Prepared {
        let language = self.spoken(&letter, language);
        let facts = Facts::of(&letter, language, day);
        let values = Value::from(Serde(&facts));
        let calendar = calendar::Entry::of(&letter, language);
        Prepared {
            letter,
            language,
            facts,
            values,
            calendar,
        }
    }

    fn spoken(&self, letter: &OccurrenceLetter, wanted: LetterLanguage) -> LetterLanguage {
        let english = format!("{}/en/subject", letter.kind.template());
        if wanted == LetterLanguage::En && self.0.templates.get_template(&english).is_ok() {
            LetterLanguage::En
        } else {
            LetterLanguage::Vi
        }
    }

    /// The text of an email.
    ///
    /// # Errors
    /// [`RenderError::Template`] when a template asks for what does not exist.
    pub fn email_text(
        &self,
        prepared: &Prepared,
        party: &PartyLetter,
    ) -> Result<EmailText, RenderError> {
        let known = known(prepared, party);
        let subject = clean::line(&self.render(prepared, "subject", known.clone())?);
        let blocks = page::blocks(&self.render(prepared, "mail", known.clone())?);
        let body = page::text(&blocks);
        let values = context! { subject => subject.clone(), body, ..known };
        let text = clean::paragraphs(&self.fill("parts/mail.txt", values.clone())?);
        let values = context! { blocks => Value::from(Serde(&blocks)), ..values };
        let html = self.fill("parts/mail.html", values)?;
        Ok(EmailText {
            subject,
            text,
            html,
        })
    }

    /// A whole email: the same bytes whenever it is asked for with the same values.
    ///
    /// # Errors
    /// [`RenderError`] when a text, an address or the message cannot be made.
    pub fn email(
        &self,
        prepared: &Prepared,
        party: &PartyLetter,
        id: Uuid,
        address: &str,
        dated_at: Timestamp,
    ) -> Result<Mail, RenderError> {
        let text = self.email_text(prepared, party)?;
        // Whoever has answered is not asked again.
        let reply_url = if party.confirmed {
            ""
        } else {
            &party.reply_url
        };
        let calendar = prepared
            .calendar
            .as_ref()
            .map(|entry| entry.write(&self.0.sender, reply_url, dated_at));
        mime::build(
            &self.0.sender,
            &prepared.letter.organiser,
            prepared.language,
            id,
            address,
            dated_at,
            text,
            calendar,
        )
    }

    /// A text message, in one segment where nothing that matters is lost by it.
    ///
    /// # Errors
    /// [`RenderError::Template`] when a template asks for what does not exist.
    pub fn sms(&self, prepared: &Prepared, party: &PartyLetter) -> Result<SmsText, RenderError> {
        let known = known(prepared, party);
        let text = fit::fullest(&prepared.facts, |words| {
            let values = context! {
                title_sms => words.title,
                place_sms => words.place,
                receiver_sms => words.receiver,
                soon => words.soon,
                reply_by_sms => words.reply_by,
                reason_sms => words.reason,
                ..known.clone()
            };
            let text = self.render(prepared, "sms", values)?;
            Ok(clean::line(&vietnam::sms::accentless(&text)))
        })?;
        let segments = vietnam::sms::segments(&text).count();
        Ok(SmsText {
            text,
            segments: i16::try_from(segments).unwrap_or(i16::MAX),
        })
    }

    fn render(
        &self,
        prepared: &Prepared,
        part: &str,
        values: Value,
    ) -> Result<String, RenderError> {
        let folder = prepared.letter.kind.template();
        let name = match prepared.language {
            LetterLanguage::Vi => format!("{folder}/{part}"),
            LetterLanguage::En => format!("{folder}/en/{part}"),
        };
        self.fill(&name, values)
    }

    fn fill(&self, name: &str, values: Value) -> Result<String, RenderError> {
        self.0
            .templates
            .get_template(name)
            .and_then(|template| template.render(values))
            .map_err(|source| failed(name, source))
    }

    /// Whose name messages carry.
    #[must_use]
    pub fn sender(&self) -> &Sender {
        &self.0.sender
    }
}

fn compiled(
    sources: impl Iterator<Item = (&'static str, String)>,
) -> Result<Environment<'static>, RenderError> {
    let mut templates = Environment::new();
    templates.set_undefined_behavior(UndefinedBehavior::Strict);
    templates.set_syntax(tidy_blocks()?);
    templates.set_formatter(escape::format);
    templates.add_filter("strong", |text: String| page::strong(&text));
    for (name, source) in sources {
        templates
            .add_template_owned(name, page::settled(&source))
            .map_err(|source| failed(name, source))?;
    }
    Ok(templates)
}

/// A line that holds only a tag leaves no line behind.
fn tidy_blocks() -> Result<SyntaxConfig, RenderError> {
    SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()
        .map_err(|source| failed("syntax", source))
}

/// Everything a template may say: what the occurrence and what the party has.
fn known(prepared: &Prepared, party: &PartyLetter) -> Value {
    let own = Value::from(Serde(Greeting::of(prepared, party)));
    merge_maps([own, prepared.values.clone()])
}

fn failed(name: &str, source: minijinja::Error) -> RenderError {
    RenderError::Template {
        name: name.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests;

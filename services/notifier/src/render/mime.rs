//! Whole messages (RFC 5322, RFC 2045), the same bytes at every attempt.

use std::time::SystemTime;

use jiff::Timestamp;
use lettre::Address;
use lettre::message::header::{ContentType, Header, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MessageBuilder, MultiPart, SinglePart};
use uuid::Uuid;

use super::calendar::CalendarPart;
use super::subject::PlainSubject;
use super::{EmailText, RenderError, clean, encoded};
use crate::domain::letter::{LetterLanguage, LetterUnit};

/// Whose name messages carry, and whose domain their ids.
#[derive(Clone, Debug)]
pub struct Sender {
    address: Address,
    mailbox: String,
    name: Option<String>,
    domain: String,
}

impl Sender {
    /// `from` is the mailbox all messages come from, with or without a name that
    /// stands in where the organiser has none; `domain` the right side of
    /// their Message-IDs.
    ///
    /// # Errors
    /// [`RenderError::Mailbox`] when one of them is malformed.
    pub fn new(from: &str, domain: &str) -> Result<Self, RenderError> {
        let from: Mailbox = from
            .parse()
            .map_err(|_| RenderError::Mailbox("the sender's address"))?;
        // An id is `left@right`: what does not parse as an address is no domain.
        Address::new("id", domain).map_err(|_| RenderError::Mailbox("the mail domain"))?;
        Ok(Self {
            mailbox: from.email.to_string(),
            address: from.email,
            name: from.name,
            domain: domain.to_owned(),
        })
    }

    /// The mailbox all messages come from.
    #[must_use]
    pub fn mailbox(&self) -> &str {
        &self.mailbox
    }

    /// The envelope's sender.
    #[must_use]
    pub fn address(&self) -> &Address {
        &self.address
    }

    /// The Message-ID of a delivery: fixed, whatever happens to it.
    #[must_use]
    pub fn message_id(&self, delivery: Uuid) -> String {
        format!("<{delivery}@{}>", self.domain)
    }
}

/// A message ready to be handed over.
#[derive(Clone, Debug)]
pub struct Mail {
    /// The recipient.
    pub to: Address,
    /// Headers and body, ASCII only, lines ended by CRLF.
    pub bytes: Vec<u8>,
}

#[allow(clippy::too_many_arguments)]
pub(super) fn build(
    sender: &Sender,
    organiser: &LetterUnit,
    language: LetterLanguage,
    id: Uuid,
    to: &str,
    dated_at: Timestamp,
    text: EmailText,
    calendar: Option<CalendarPart>,
) -> Result<Mail, RenderError> {
    let to: Address = to
        .parse()
        .map_err(|_| RenderError::Mailbox("the recipient's address"))?;
    let name = Some(clean::line(&organiser.name)).filter(|name| !name.is_empty());
    let from = Mailbox::new(
        name.clone().or_else(|| sender.name.clone()),
        sender.address.clone(),
    );
    let mut message = named(Message::builder().from(from.clone()), "From", &from)
        .to(Mailbox::new(None, to.clone()))
        .header(PlainSubject(text.subject))
        .date(SystemTime::from(dated_at))
        .message_id(Some(sender.message_id(id)))
        .header(AutoSubmitted)
        .header(AutoResponseSuppress)
        .header(ContentLanguage(language));
    // A mailbox that cannot be written is left out rather than the message.
    if let Ok(reply_to) = organiser.mailbox.parse::<Address>() {
        let reply_to = Mailbox::new(name, reply_to);
        message = named(message.reply_to(reply_to.clone()), "Reply-To", &reply_to);
    }
    let mut body = MultiPart::alternative()
        .boundary(format!("lm-{}", id.simple()))
        .singlepart(SinglePart::plain(text.text))
        .singlepart(SinglePart::html(text.html));
    if let Some(calendar) = calendar {
        body = body.singlepart(calendar_part(calendar)?);
    }
    Ok(Mail {
        to,
        bytes: message.multipart(body)?.formatted(),
    })
}

/// Writes the name of a mailbox with our own encoded words.
fn named(message: MessageBuilder, header: &'static str, mailbox: &Mailbox) -> MessageBuilder {
    match encoded::mailbox(header, mailbox) {
        Some(value) => message.raw_header(value),
        None => message,
    }
}

/// The method in the type must be the one in the object (RFC 6047 section 2.4).
fn calendar_part(part: CalendarPart) -> Result<SinglePart, RenderError> {
    let kind = format!(
        "text/calendar; charset=utf-8; method={}; component=VEVENT",
        part.method
    );
    let kind = ContentType::parse(&kind).map_err(|_| RenderError::Mailbox("the calendar type"))?;
    Ok(SinglePart::builder().content_type(kind).body(part.content))
}

/// A header that says the same in every message.
macro_rules! constant_header {
    ($(#[doc = $doc:literal])+ $kind:ident, $name:literal, $value:literal) => {
        $(#[doc = $doc])+
        #[derive(Clone, Debug)]
        struct $kind;

        impl Header for $kind {
            fn name() -> HeaderName {
                HeaderName::new_from_ascii_str($name)
            }

            fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
                Ok(Self)
            }

            fn display(&self) -> HeaderValue {
                HeaderValue::new(Self::name(), $value.to_owned())
            }
        }
    };
}

constant_header! {
    /// `Auto-Submitted: auto-generated` (RFC 3834): no machine answers this.
    AutoSubmitted, "Auto-Submitted", "auto-generated"
}

constant_header! {
    /// `X-Auto-Response-Suppress` (MS-OXCMAIL), for Exchange: notes of absence are not
    /// wanted, reports of mail that does not arrive are.
    AutoResponseSuppress, "X-Auto-Response-Suppress", "OOF, AutoReply"
}

/// `Content-Language` (RFC 3282).
#[derive(Clone, Debug)]
struct ContentLanguage(LetterLanguage);

impl Header for ContentLanguage {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Content-Language")
    }

    fn parse(_: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(LetterLanguage::Vi))
    }

    fn display(&self) -> HeaderValue {
        let tag = match self.0 {
            LetterLanguage::Vi => "vi",
            LetterLanguage::En => "en",
        };
        HeaderValue::new(Self::name(), tag.to_owned())
    }
}

//! The subject of a message, so that a mail program shows what was written.

use lettre::message::header::{Header, HeaderName, HeaderValue, Subject};
use vietnam::text::ENCODED_WORD;

use super::encoded;

const NAME: &str = "Subject";

/// A subject that is encoded as a whole where it holds more than plain letters, or the beginning
/// of an encoded word: plain words are written as they are, and a mail program would decode that
/// one, with all that was taken out of the text before (RFC 2047 section 6.2).
#[derive(Clone, Debug)]
pub(super) struct PlainSubject(pub(super) String);

impl Header for PlainSubject {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str(NAME)
    }

    fn parse(text: &str) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        Ok(Self(text.to_owned()))
    }

    fn display(&self) -> HeaderValue {
        if self.0.is_ascii() && !self.0.contains(ENCODED_WORD) {
            return Subject::from(self.0.clone()).display();
        }
        let encoded = encoded::words(&self.0, NAME.len() + ": ".len());
        HeaderValue::dangerous_new_pre_encoded(Self::name(), self.0.clone(), encoded)
    }
}

/// A text without the beginning of an encoded word: for what a mail program takes
/// over into headers of its own, as it does with the title of an invitation.
pub(super) fn apart(text: &str) -> String {
    text.replace(ENCODED_WORD, "= ?")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The header as a mail program reads it.
    fn shown(subject: &str) -> String {
        let value = PlainSubject(subject.to_owned()).display();
        let mut headers = lettre::message::header::Headers::new();
        headers.insert_raw(value);
        let message = format!("{headers}\r\nx");
        let parsed = mail_parser::MessageParser::default().parse(message.as_bytes());
        let subject = parsed.as_ref().and_then(|parsed| parsed.subject());
        subject.unwrap_or_default().to_owned()
    }

    #[test]
    fn an_encoded_word_reaches_the_reader_as_it_was_typed() {
        for subject in [
            "=?utf-8?q?=E2=80=AE=0D=0ABcc:_x=40example.com?=",
            "Lễ ra mắt =?utf-8?b?4oCuDQpCY2M6?= tại Đắk Nông",
            "=?iso-8859-1?q?a?=",
            "a=?b",
            "Lễ ra mắt HTX Bình Minh",
            "Plain",
        ] {
            assert_eq!(shown(subject), subject);
        }
        let long = format!("=?x?q?y?= {}", "Kế hoạch ".repeat(30).trim());
        assert_eq!(shown(&long), long);
    }

    #[test]
    fn what_becomes_anothers_header_begins_no_encoded_word() {
        assert_eq!(apart("a =?utf-8?q?b?="), "a = ?utf-8?q?b?=");
    }
}

//! People to reach in an organisation (đầu mối).

use jiff::Timestamp;
use kit::error::Violation;
use vietnam::phone::{Phone, PhoneError};

use super::consent::Consent;
use super::email::Email;
use super::id::{ContactId, ContactName, OrganisationId};
use super::position::Position;

coded!(
    /// Languages of texts.
    Language {
        /// Vietnamese.
        Vi => "vi",
        /// English.
        En => "en",
    }
);

/// Longest name of a person, in characters.
pub const PERSON_NAME_LIMIT: usize = 200;
/// Longest form of address, in characters.
pub const SALUTATION_LIMIT: usize = 40;
/// The most contacts an organisation has: 200 organisations with all of them
/// stay within one answer of 4 MiB.
pub const CONTACTS_LIMIT: usize = 50;
/// The most contacts that are kept with those whose terms have ended: some decades of boards.
pub const TERMS_LIMIT: usize = 500;

/// A contact as the registry keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// Identity.
    pub id: ContactId,
    /// The organisation.
    pub organisation: OrganisationId,
    /// What callers write.
    pub details: Details,
    /// The latest consent or refusal of each purpose.
    pub consents: Vec<Consent>,
    /// Since when the position is held no more (business clock): nobody writes there.
    pub ended_at: Option<Timestamp>,
    /// When it was entered (business clock).
    pub created_at: Timestamp,
    /// When it last changed (business clock).
    pub updated_at: Timestamp,
    /// Rises by one with every change, from 1.
    pub version: i64,
}

impl Contact {
    /// A new contact.
    #[must_use]
    pub fn entered(
        id: ContactId,
        organisation: OrganisationId,
        details: Details,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            organisation,
            details,
            consents: Vec::new(),
            ended_at: None,
            created_at: now,
            updated_at: now,
            version: 1,
        }
    }

    /// Resource name.
    #[must_use]
    pub const fn name(&self) -> ContactName {
        ContactName {
            organisation: self.organisation,
            contact: self.id,
        }
    }

    /// Whether the position is held now.
    #[must_use]
    pub const fn stands(&self) -> bool {
        self.ended_at.is_none()
    }

    /// Ends the term at `now`. What was agreed and refused stays with the person.
    pub fn end(&mut self, now: Timestamp) {
        // A clock that was set back ends no term before it began.
        self.ended_at = Some(now.max(self.created_at));
    }

    /// Marks a change made at `now`.
    pub fn touch(&mut self, now: Timestamp) {
        self.updated_at = now;
        self.version += 1;
    }
}

/// What callers write about a contact.
#[derive(Clone, PartialEq, Eq)]
pub struct Details {
    /// The person's name; empty for an office.
    pub person_name: String,
    /// Form of address; empty: by position.
    pub salutation: String,
    /// The position held.
    pub position: Position,
    /// Email address.
    pub email: Option<Email>,
    /// Telephone.
    pub phone: Option<Phone>,
    /// Whether the telephone is known to be shared by several people.
    pub phone_shared: bool,
    /// Language of texts.
    pub language: Language,
    /// "Do not contact" at all.
    pub do_not_contact: bool,
}

impl Details {
    /// Whether the telephone can receive SMS.
    #[must_use]
    pub fn receives_sms(&self) -> bool {
        self.phone.as_ref().is_some_and(Phone::can_receive_sms)
    }
}

impl std::fmt::Debug for Details {
    /// Names and addresses are personal data and stay out of logs.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Details")
            .field("position", &self.position)
            .field("email", &self.email)
            .field("phone", &self.phone)
            .finish_non_exhaustive()
    }
}

/// Reads an email address that may be empty.
///
/// # Errors
/// A violation of `field` when it is not an address.
pub fn email(field: &str, raw: &str) -> Result<Option<Email>, Violation> {
    if raw.trim().is_empty() {
        Ok(None)
    } else {
        Email::parse(field, raw).map(Some)
    }
}

/// Reads a telephone number that may be empty, in any usual Vietnamese form;
/// mobile numbers of eleven digits become those of 2018.
///
/// # Errors
/// A violation of `field` when it is no Vietnamese number.
pub fn phone(field: &str, raw: &str) -> Result<Option<Phone>, Violation> {
    if raw.trim().is_empty() {
        return Ok(None);
    }
    Phone::parse(raw).map(Some).map_err(|error| match error {
        PhoneError::Empty | PhoneError::Sign => {
            Violation::malformed(field, "một số điện thoại", "one telephone number")
        }
        PhoneError::Foreign => Violation::malformed(
            field,
            "số điện thoại Việt Nam (+84)",
            "a Vietnamese number (+84)",
        ),
        PhoneError::Length => Violation::malformed(
            field,
            "số điện thoại đủ chữ số theo đầu số của nó",
            "a number with as many digits as its prefix asks for",
        ),
        PhoneError::Prefix => Violation::malformed(
            field,
            "số có đầu số di động hoặc mã vùng đang dùng",
            "a number with a mobile prefix or an area code in use",
        ),
    })
}

/// Reads a language, Vietnamese when empty.
///
/// # Errors
/// A violation of `field` when it is another one.
pub fn language(field: &str, raw: &str) -> Result<Language, Violation> {
    match raw {
        "" => Ok(Language::Vi),
        other => Language::of_code(other).ok_or_else(|| Violation::not_among(field, &["vi", "en"])),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn case_24_a_number_of_eleven_digits_becomes_the_one_of_2018() {
        let phone = phone("phone", "0169 123.4567").unwrap().unwrap();
        assert_eq!(phone.e164(), "+84391234567");
    }

    #[test]
    fn what_is_no_number_names_its_field_and_why() {
        for raw in ["không có", "+1 202 555 0100", "09123", "19001234"] {
            let violation = phone("contact.phone", raw).unwrap_err();
            assert_eq!(
                (violation.field.as_str(), violation.reason),
                ("contact.phone", "MALFORMED")
            );
        }
    }

    #[test]
    fn printing_for_debugging_shows_no_person() {
        let details = Details {
            person_name: "Nguyễn Thị Lan".to_owned(),
            salutation: "Bà".to_owned(),
            position: Position::Director,
            email: Some(Email::parse("email", "lan@example.vn").unwrap()),
            phone: phone("phone", "0590000001").unwrap(),
            phone_shared: false,
            language: Language::Vi,
            do_not_contact: false,
        };
        let printed = format!("{details:?}");
        assert!(
            !printed.contains("Lan") && !printed.contains("lan@") && !printed.contains("0000001"),
            "{printed}"
        );
    }
}

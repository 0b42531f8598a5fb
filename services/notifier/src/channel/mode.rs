//! Who may receive at all.

use lettre::Address;
use vietnam::phone::Phone;

/// Who may receive while copies, restores and new installations are tried out.
#[derive(Clone, Debug)]
pub enum Mode {
    /// Everybody.
    Live,
    /// Only these.
    Trial(Vec<Allowed>),
}

/// An entry of the trial list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allowed {
    /// One mailbox, in lower case: nobody's trial fails for a capital.
    Mailbox(String),
    /// Every mailbox of one domain, kept as `@example.com`; none of its subdomains.
    Domain(String),
    /// One telephone, in whatever form it was written.
    Number(Phone),
}

/// An entry that would match nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is neither an address, nor a domain like @example.com, nor a Vietnamese telephone")]
pub struct Unreadable;

impl Allowed {
    /// Reads `an@example.com`, `@example.com` or `0912 345 678`.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn parse(entry: &str) -> Result<Self, Unreadable> {
        let entry = entry.trim().to_lowercase();
        if entry.starts_with('@') {
            let mailbox: Result<Address, _> = format!("x{entry}").parse();
            return mailbox.map(|_| Self::Domain(entry)).or(Err(Unreadable));
        }
        if entry.contains('@') {
            let mailbox: Result<Address, _> = entry.parse();
            return mailbox.map(|_| Self::Mailbox(entry)).or(Err(Unreadable));
        }
        Phone::parse(&entry).map(Self::Number).or(Err(Unreadable))
    }

    fn covers(&self, address: &str) -> bool {
        match self {
            Self::Mailbox(mailbox) => *mailbox == address.to_lowercase(),
            Self::Domain(domain) => address
                .rfind('@')
                .is_some_and(|at| address[at..].to_lowercase() == *domain),
            Self::Number(number) => Phone::parse(address).as_ref() == Ok(number),
        }
    }
}

impl Mode {
    /// Trial with this list; empty entries are left out.
    ///
    /// # Errors
    /// A sentence for each entry that cannot be read, without the entry: it may be
    /// somebody's address.
    pub fn trial(entries: &[String]) -> Result<Self, Vec<String>> {
        let read = entries
            .iter()
            .enumerate()
            .filter(|(_, entry)| !entry.trim().is_empty())
            .map(|(place, entry)| (place, Allowed::parse(entry)));
        let (mut allowed, mut problems) = (Vec::new(), Vec::new());
        for (place, entry) in read {
            match entry {
                Ok(entry) => allowed.push(entry),
                Err(error) => {
                    problems.push(format!("--trial-allow, entry {}: {error}", place + 1));
                }
            }
        }
        if problems.is_empty() {
            Ok(Self::Trial(allowed))
        } else {
            Err(problems)
        }
    }

    /// Whether a message may go to this address.
    #[must_use]
    pub fn allows(&self, address: &str) -> bool {
        match self {
            Self::Live => true,
            Self::Trial(allowed) => allowed.iter().any(|each| each.covers(address)),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn trial(entries: &[&str]) -> Mode {
        let entries: Vec<String> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        Mode::trial(&entries).unwrap()
    }

    #[test]
    fn in_trial_only_the_listed_receive() {
        let mode = trial(&["An@Example.com", "@test.example", "+84590000001"]);
        for allowed in ["an@example.com", "x@test.example", "+84590000001"] {
            assert!(mode.allows(allowed), "{allowed}");
        }
        for refused in [
            "anh@example.com",
            "x@test.example.com",
            "x@a.test.example",
            "+84590000002",
        ] {
            assert!(!mode.allows(refused), "{refused}");
        }
        assert!(Mode::Live.allows("anybody@example.com"));
    }

    #[test]
    fn a_telephone_in_the_trial_list_matches_in_whatever_form_it_was_written() {
        for written in [
            "0912345678",
            "84 912 345 678",
            "0912.345.678",
            "+84912345678",
        ] {
            assert!(trial(&[written]).allows("+84912345678"), "{written}");
        }
        // An eleven-digit number of before 2018 has its prefix of today.
        assert!(trial(&["0169 123 4567"]).allows("+84391234567"));
        assert!(!trial(&["0912345678"]).allows("+84912345679"));
    }

    #[test]
    fn an_entry_that_would_match_nobody_is_refused_at_start_without_being_printed() {
        for wrong in ["htx.vn", "@", "an@", "0912", "+1 202 555 0100", "ông An"] {
            let told = Mode::trial(&[String::new(), wrong.to_owned()]).unwrap_err();
            assert_eq!(told.len(), 1, "{wrong}");
            assert!(told[0].starts_with("--trial-allow, entry 2:"), "{told:?}");
            assert!(!told[0].contains(wrong) || wrong == "@", "{told:?}");
        }
    }
}

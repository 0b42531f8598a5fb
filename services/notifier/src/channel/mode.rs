//! Who may receive at all.

/// Who may receive while copies, restores and new installations are tried out.
#[derive(Clone, Debug)]
pub enum Mode {
    /// Everybody.
    Live,
    /// Only these addresses, compared without regard to case; `@example.com`
    /// stands for a whole domain.
    Trial(Vec<String>),
}

impl Mode {
    /// Whether a message may go to this address.
    #[must_use]
    pub fn allows(&self, address: &str) -> bool {
        match self {
            Self::Live => true,
            Self::Trial(allowed) => allowed.iter().any(|each| {
                each.eq_ignore_ascii_case(address)
                    || (each.starts_with('@')
                        && address.to_lowercase().ends_with(&each.to_lowercase()))
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_trial_only_the_listed_receive() {
        let mode = Mode::Trial(vec![
            "An@Example.com".to_owned(),
            "@test.example".to_owned(),
            "+84590000001".to_owned(),
        ]);
        for allowed in ["an@example.com", "x@test.example", "+84590000001"] {
            assert!(mode.allows(allowed), "{allowed}");
        }
        for refused in ["anh@example.com", "x@test.example.com", "+84590000002"] {
            assert!(!mode.allows(refused), "{refused}");
        }
        assert!(Mode::Live.allows("anybody@example.com"));
    }
}

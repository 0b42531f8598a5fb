//! What a member may know of: the one place of this rule.

/// How a matter and a member stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The matter was told to anybody at all: drafts were not.
    pub told: bool,
    /// Everybody may know of it.
    pub public: bool,
    /// The member is invited, owes something, demands it or is in charge.
    pub party: bool,
}

impl Standing {
    /// Whether the member may know that there is such a matter.
    #[must_use]
    pub const fn may_know(self) -> bool {
        self.told && (self.public || self.party)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parties_know_what_was_told_and_everybody_what_is_public_besides() {
        for (told, public, party, knows) in [
            (true, false, true, true),
            (true, true, false, true),
            (true, false, false, false),
            (false, true, false, false),
            (false, false, true, false),
        ] {
            let standing = Standing {
                told,
                public,
                party,
            };
            assert_eq!(standing.may_know(), knows, "{standing:?}");
        }
    }
}

//! Consents and refusals with their evidence (Law 91/2025/QH15 on personal
//! data: silence is no consent; Decree 91/2020/NĐ-CP, article 13: adverts
//! need a consent given before).

use jiff::Timestamp;

coded!(
    /// Purposes of messages.
    Purpose {
        /// The alliance's own work: invitations, deadlines.
        Work => "work",
        /// Advertising.
        Advert => "advert",
    }
);

/// Longest evidence, in characters.
pub const EVIDENCE_LIMIT: usize = 500;

/// A consent or refusal.
#[derive(Clone, PartialEq, Eq)]
pub struct Consent {
    /// What it covers.
    pub purpose: Purpose,
    /// Given or withdrawn.
    pub granted: bool,
    /// Where it comes from.
    pub evidence: String,
    /// Since when (business clock).
    pub recorded_at: Timestamp,
}

impl std::fmt::Debug for Consent {
    /// The evidence is personal data and stays out of logs.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Consent")
            .field("purpose", &self.purpose)
            .field("granted", &self.granted)
            .finish_non_exhaustive()
    }
}

/// Takes a consent up among the latest ones, in the order of purposes.
pub fn record(latest: &mut Vec<Consent>, consent: Consent) {
    latest.retain(|each| each.purpose != consent.purpose);
    latest.push(consent);
    latest.sort_by_key(|each| each.purpose);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_of_a_purpose_counts() {
        let consent = |purpose, granted| Consent {
            purpose,
            granted,
            evidence: "phiếu đăng ký".to_owned(),
            recorded_at: Timestamp::UNIX_EPOCH,
        };
        let mut latest = Vec::new();
        record(&mut latest, consent(Purpose::Advert, true));
        record(&mut latest, consent(Purpose::Work, true));
        record(&mut latest, consent(Purpose::Advert, false));
        assert_eq!(
            latest,
            [
                consent(Purpose::Work, true),
                consent(Purpose::Advert, false)
            ]
        );
    }
}

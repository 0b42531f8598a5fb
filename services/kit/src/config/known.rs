//! The names of the suite's variables: a misspelt one would be passed over in silence.

use std::collections::BTreeSet;

const PREFIX: &str = "LIENMINH_";

/// How alike a known name must be to be what was meant.
const ALIKE: f64 = 0.7;

/// Every variable that some program of the suite, its containers or its tools read,
/// without what all begin with: one `.env` serves them all. A test holds the list against
/// their help and docker-compose.yml.
pub const KNOWN_VARIABLES: &[&str] = &[
    "ACME_EMAIL",
    "ACME_URL",
    "ADDRESSES_FILE",
    "APPRAISAL_DAYS",
    "AUTH_DIR",
    "BACKUP_KEEP",
    "BACKUP_RECIPIENT",
    "BIND",
    "BIN_DIR",
    "BROKER_CA",
    "BROKER_URL",
    "BROKER_URL_FILE",
    "DATABASE_CA",
    "DATABASE_POOL_SIZE",
    "DATABASE_URL",
    "DATABASE_URL_FILE",
    "DECISION_DAYS",
    "DELIVERY_MODE",
    "ENVIRONMENT",
    "EVENTS_URL",
    "EXIT_ON_STDIN_CLOSE",
    "FAILPOINT",
    "FRONT_ADDRESS",
    "FULL_WAITS",
    "FUNDING_URL",
    "GRPC_LISTEN",
    "HOUSE_LOOKUPS",
    "HTTPS_PORT",
    "HTTP_LISTEN",
    "HTTP_PORT",
    "LANGUAGE",
    "LOG",
    "LOGICAL_CLOCK",
    "LOG_FORMAT",
    "MAIL_DOMAIN",
    "MAIL_FROM",
    "MEMBER_LOOKUPS",
    "MIGRATE",
    "MIGRATION_DATABASE_URL",
    "MIGRATION_DATABASE_URL_FILE",
    "NOTIFIER_URL",
    "PAGES_SUBNET",
    "PUBLIC_LISTEN",
    "PUBLIC_URL",
    "RECEIPTS_URL",
    "REFLECTION",
    "REGISTRY_URL",
    "REPLY_URL",
    "SETTLE_DELAY",
    "SMS_ADAPTER",
    "SMS_API_KEY",
    "SMS_API_KEY_FILE",
    "SMS_BRANDNAME",
    "SMS_SECRET_KEY",
    "SMS_SECRET_KEY_FILE",
    "SMS_URL",
    "SMTP_CA",
    "SMTP_LANES",
    "SMTP_URL",
    "SMTP_URL_FILE",
    "STAGE_MARK",
    "TEST_STAGE",
    "TLS_CA",
    "TLS_CERT",
    "TLS_CLIENT_CA",
    "TLS_KEY",
    "TOKEN",
    "TOKEN_FILE",
    "TRIAL_ALLOW",
    "TRUSTED_PROXY",
    "VERSION",
];

/// A sentence for each of `present` that begins as ours do and is none; `own` are those
/// of the program that asks.
pub(crate) fn unknown(
    present: impl IntoIterator<Item = String>,
    own: &BTreeSet<String>,
) -> Vec<String> {
    let known: BTreeSet<&str> = own
        .iter()
        .filter_map(|name| name.strip_prefix(PREFIX))
        .chain(KNOWN_VARIABLES.iter().copied())
        .collect();
    let mut present: Vec<String> = present.into_iter().collect();
    present.sort();
    present
        .iter()
        .filter_map(|name| name.strip_prefix(PREFIX))
        .filter(|name| !known.contains(name))
        .map(|name| sentence(name, &known))
        .collect()
}

fn sentence(name: &str, known: &BTreeSet<&str>) -> String {
    let likeness = |each: &&str| strsim::normalized_damerau_levenshtein(name, each);
    let nearest = known
        .iter()
        .copied()
        .filter(|each| likeness(each) >= ALIKE)
        .max_by(|one, other| likeness(one).total_cmp(&likeness(other)));
    let meant = nearest
        .map(|each| format!("; {PREFIX}{each} may be meant"))
        .unwrap_or_default();
    format!("{PREFIX}{name} is a variable that nothing in the suite reads{meant}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(present: &[&str], own: &[&str]) -> Vec<String> {
        let own = own.iter().map(ToString::to_string).collect();
        unknown(present.iter().map(ToString::to_string), &own)
    }

    #[test]
    fn a_misspelt_name_is_told_with_the_one_that_is_meant() {
        for (wrong, meant) in [
            ("LIENMINH_DELIVERY_MOD", "LIENMINH_DELIVERY_MODE may"),
            ("LIENMINH_SMPT_URL", "LIENMINH_SMTP_URL may"),
            (
                "LIENMINH_DATABASE_URLFILE",
                "LIENMINH_DATABASE_URL_FILE may",
            ),
            ("LIENMINH_delivery_mode", "nothing in the suite reads"),
        ] {
            let told = told(&[wrong], &[]);
            assert_eq!(told.len(), 1, "{told:?}");
            assert!(
                told[0].contains(wrong) && told[0].contains(meant),
                "{told:?}"
            );
        }
        assert!(!told(&["LIENMINH_XYZZY"], &[])[0].contains("may be meant"));
    }

    #[test]
    fn names_of_other_programs_and_of_other_houses_are_fine() {
        let present = [
            "LIENMINH_VERSION",
            "LIENMINH_APPRAISAL_DAYS",
            "PATH",
            "LIENMINH_NEW",
        ];
        assert!(told(&present, &["LIENMINH_NEW"]).is_empty());
    }
}

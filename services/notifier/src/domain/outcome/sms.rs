//! Answers of SMS gateways.

use std::time::Duration;

use super::{Pace, Verdict};

/// A refused account is looked at by a person; asking again sooner than this helps nobody.
const ACCOUNT_PAUSE: Duration = Duration::from_secs(60);

/// An empty account is filled in minutes at best.
const BALANCE_PAUSE: Duration = Duration::from_secs(5 * 60);

/// What `CodeResult` of eSMS means (developers.esms.vn, table of error codes).
///
/// `reference` is the `SMSID` that came with it.
#[must_use]
pub fn esms(code: &str, reference: &str) -> Verdict {
    let reason = format!("esms {code}");
    match code {
        // 124: this RequestId was taken before, so an earlier answer got lost.
        "100" | "124" => Verdict::Accepted {
            reference: reference.to_owned(),
        },
        // Key, secret, locked account, brandname, kind of message, template.
        "101" | "102" | "104" | "118" | "146" => Verdict::Config {
            reason,
            pause: ACCOUNT_PAUSE,
        },
        "103" => Verdict::Config {
            reason: "balance_empty".to_owned(),
            pause: BALANCE_PAUSE,
        },
        // The number is blocked, or its network does not know our brandname.
        "99" | "177" => Verdict::Failed {
            reason,
            suppress: false,
        },
        "108" => Verdict::Failed {
            reason,
            suppress: true,
        },
        // Too long, or no content.
        "131" | "140" | "141" => Verdict::Failed {
            reason,
            suppress: false,
        },
        // Refused for a reason we do not know: certainly not taken over, and the
        // fixed RequestId makes another attempt harmless.
        _ => Verdict::Retry {
            reason,
            pace: Pace::Usual,
        },
    }
}

/// What an HTTP status without a readable answer means.
///
/// A gateway that fails while it handles a request may have handled it: only
/// what says that it did not is believed.
#[must_use]
pub fn http_status(status: u16) -> Verdict {
    let reason = format!("http {status}");
    match status {
        401 | 403 | 404 | 405 => Verdict::Config {
            reason,
            pause: ACCOUNT_PAUSE,
        },
        408 | 429 => Verdict::Retry {
            reason,
            pace: Pace::Usual,
        },
        400..=499 => Verdict::Failed {
            reason,
            suppress: false,
        },
        _ => Verdict::Unknown { reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_33_a_duplicate_counts_as_accepted() {
        let accepted = Verdict::Accepted {
            reference: "7".to_owned(),
        };
        assert_eq!(esms("124", "7"), accepted);
        assert_eq!(esms("100", "7"), accepted);
    }

    #[test]
    fn case_33_an_empty_balance_pauses_the_channel_and_fails_nobody() {
        assert!(matches!(
            esms("103", ""),
            Verdict::Config { pause, .. } if pause == BALANCE_PAUSE
        ));
    }

    #[test]
    fn a_bad_number_is_not_tried_again() {
        assert!(matches!(
            esms("108", ""),
            Verdict::Failed { suppress: true, .. }
        ));
        assert!(matches!(
            esms("99", ""),
            Verdict::Failed {
                suppress: false,
                ..
            }
        ));
    }

    #[test]
    fn a_gateway_that_broke_down_may_have_sent() {
        for status in [500, 502, 503, 504, 200] {
            assert!(
                matches!(http_status(status), Verdict::Unknown { .. }),
                "{status}"
            );
        }
        assert!(matches!(http_status(429), Verdict::Retry { .. }));
    }
}

//! Answers of SMS gateways.

use std::time::Duration;

use super::{Pace, Verdict};
use crate::domain::delivery::Evidence;

/// A refused account is looked at by a person; asking again sooner than this helps nobody.
const ACCOUNT_PAUSE: Duration = Duration::from_secs(60);

/// An empty account is filled in minutes at best.
const BALANCE_PAUSE: Duration = Duration::from_secs(5 * 60);

/// eSMS knows a RequestId again for 24 hours. An hour less counts here: what is posted
/// at the end of it is still on its way, and the gateway's clock is not ours.
pub const ESMS_GUARD: Duration = Duration::from_secs(23 * 60 * 60);

/// What `CodeResult` of eSMS means (developers.esms.vn, table of error codes).
///
/// `reference` is the `SMSID` that came with it.
#[must_use]
pub fn esms(code: &str, reference: &str) -> Verdict {
    let reason = format!("esms {}", known_form(code));
    match code {
        // 124: this RequestId was taken before, so an earlier answer got lost.
        // 199: it was taken, and is being worked on.
        "100" | "124" | "199" => Verdict::Accepted {
            reference: reference.to_owned(),
        },
        // About us: keys, prices, brandname, kind of message, our address.
        "101" | "102" | "104" | "118" | "140" | "300" => Verdict::Config {
            reason,
            pause: ACCOUNT_PAUSE,
        },
        "103" => Verdict::Config {
            reason,
            pause: BALANCE_PAUSE,
        },
        // About this text (146) or this number: it is blocked (99), or its network
        // does not know our brandname (177).
        "99" | "146" | "177" => Verdict::Failed {
            reason,
            suppress: false,
        },
        "108" => Verdict::Failed {
            reason,
            suppress: true,
        },
        // In no table (131 and 141 have been seen): refused for a reason we do not know,
        // and the fixed RequestId makes another attempt harmless.
        _ => Verdict::Retry {
            reason,
            pace: Pace::Usual,
        },
    }
}

/// A code as it may stand in reasons and metrics: of the table's form, or a question mark.
fn known_form(code: &str) -> &str {
    let is_code = (1..=4).contains(&code.len()) && code.bytes().all(|byte| byte.is_ascii_digit());
    if is_code { code } else { "?" }
}

/// What `CodeResponse` of a look-up by SMSID means. "Not found" (105) tells nothing: the
/// gateway itself had named the message before.
#[must_use]
pub fn esms_status(code: &str) -> Option<Evidence> {
    (code == "100").then_some(Evidence::Accepted)
}

/// What an HTTP status without a readable answer means.
///
/// A gateway that fails while it handles a request may have handled it: only
/// what says that it did not is believed.
#[must_use]
pub fn http_status(status: u16) -> Verdict {
    let reason = format!("http {status}");
    match status {
        // Somewhere else, not let in, not there: about us and our settings.
        300..=399 | 401 | 403 | 404 | 405 | 407 | 410 => Verdict::Config {
            reason,
            pause: ACCOUNT_PAUSE,
        },
        422 => Verdict::Failed {
            reason,
            suppress: false,
        },
        400..=499 => Verdict::Retry {
            reason,
            pace: Pace::Usual,
        },
        _ => Verdict::Unknown { reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_33_what_is_known_or_in_process_counts_as_accepted() {
        for code in ["100", "124", "199"] {
            let accepted = Verdict::Accepted {
                reference: "7".to_owned(),
            };
            assert_eq!(esms(code, "7"), accepted, "{code}");
        }
    }

    #[test]
    fn case_33_an_empty_balance_pauses_the_channel_and_fails_nobody() {
        assert!(matches!(
            esms("103", ""),
            Verdict::Config { pause, .. } if pause == BALANCE_PAUSE
        ));
    }

    #[test]
    fn an_address_that_is_on_no_white_list_rests_the_channel_and_fails_nobody() {
        for code in ["101", "102", "104", "118", "140", "300"] {
            let verdict = esms(code, "");
            assert!(matches!(verdict, Verdict::Config { .. }), "{code}");
        }
        for status in [302, 403, 407] {
            let verdict = http_status(status);
            assert!(matches!(verdict, Verdict::Config { .. }), "{status}");
        }
    }

    #[test]
    fn a_template_that_is_not_registered_fails_its_text_and_not_the_channel() {
        for code in ["99", "146", "177"] {
            assert!(
                matches!(esms(code, ""), Verdict::Failed { suppress, .. } if !suppress),
                "{code}"
            );
        }
    }

    #[test]
    fn a_code_that_stands_in_no_table_is_tried_again() {
        for code in ["131", "141", "0", "", "OK", "-1"] {
            assert!(matches!(esms(code, ""), Verdict::Retry { .. }), "{code}");
        }
        let odd = Verdict::Retry {
            reason: "esms ?".to_owned(),
            pace: Pace::Usual,
        };
        assert_eq!(esms(&"9".repeat(9_000), ""), odd);
        for status in [400, 413, 418, 429] {
            assert!(
                matches!(http_status(status), Verdict::Retry { .. }),
                "{status}"
            );
        }
    }

    #[test]
    fn a_bad_number_is_not_tried_again() {
        assert!(matches!(
            esms("108", ""),
            Verdict::Failed { suppress: true, .. }
        ));
    }

    #[test]
    fn only_a_message_that_is_found_says_something_of_itself() {
        assert_eq!(esms_status("100"), Some(Evidence::Accepted));
        for code in ["105", "101", "118", ""] {
            assert_eq!(esms_status(code), None, "{code}");
        }
    }

    #[test]
    fn a_gateway_that_broke_down_may_have_sent() {
        for status in [500, 502, 503, 504, 200] {
            assert!(
                matches!(http_status(status), Verdict::Unknown { .. }),
                "{status}"
            );
        }
    }
}

//! What mail relays say and leave unsaid, in words.

use crate::domain::outcome::{IN_DOUBT, REFUSED_BY_RECIPIENT, UNDECIDED};

/// In Vietnamese.
pub(super) fn vi(word: &str) -> Option<&'static str> {
    Some(match word {
        IN_DOUBT => {
            "bị từ chối theo chính sách, đang chờ xem thư gửi nơi khác có được nhận không để biết lỗi do bên nào"
        }
        REFUSED_BY_RECIPIENT => {
            "phía người nhận từ chối theo chính sách của họ; thư gửi nơi khác trong lúc đó vẫn được nhận"
        }
        UNDECIDED => {
            "bị từ chối theo chính sách; trong thời gian chờ không có thư nào gửi nơi khác được nhận, nên không xác định được lỗi do bên nào"
        }
        "tls_failed" => "không thiết lập được kết nối mã hóa tới máy chủ thư, thư đang chờ",
        "no_starttls" | "no_auth_mechanism" => {
            "máy chủ thư không cho mã hóa hoặc đăng nhập như đã cấu hình, thư đang chờ"
        }
        "connect_failed" | "connection_lost" | "timeout" => {
            "chưa kết nối được với nhà cung cấp, sẽ thử lại"
        }
        "endless_reply" | "unreadable_reply" | "unasked_reply" => {
            "máy chủ thư trả lời không đúng quy cách"
        }
        _ => return None,
    })
}

/// In English.
pub(super) fn en(word: &str) -> Option<&'static str> {
    Some(match word {
        IN_DOUBT => {
            "refused by a policy; whether it or we are meant is known when mail for others is taken"
        }
        REFUSED_BY_RECIPIENT => {
            "the recipient's side refuses it by a policy of its own; mail for others was taken meanwhile"
        }
        UNDECIDED => {
            "refused by a policy; no mail for another domain was taken in time, so nobody can tell who was meant"
        }
        "tls_failed" => "no encrypted connection to the mail server; its mail waits",
        "no_starttls" | "no_auth_mechanism" => {
            "the mail server offers no encryption or login as configured; its mail waits"
        }
        "connect_failed" | "connection_lost" | "timeout" => {
            "the provider could not be reached; it is tried again"
        }
        "endless_reply" | "unreadable_reply" | "unasked_reply" => {
            "the mail server answered against the rules"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::State;
    use crate::domain::explain::{Tongue, outcome};

    #[test]
    fn whoever_was_meant_by_a_policy_is_said_in_both_languages() {
        for reason in [IN_DOUBT, REFUSED_BY_RECIPIENT, UNDECIDED] {
            let told = |tongue| outcome(State::Failed, reason, tongue);
            assert!(told(Tongue::Vi).contains("theo chính sách"), "{reason}");
            assert!(told(Tongue::En).contains("policy"), "{reason}");
        }
    }

    #[test]
    fn every_fault_of_a_dialogue_is_said_in_both_languages() {
        for word in [
            "tls_failed",
            "no_starttls",
            "no_auth_mechanism",
            "connect_failed",
            "connection_lost",
            "timeout",
            "endless_reply",
            "unreadable_reply",
            "unasked_reply",
        ] {
            assert!(vi(word).is_some() && en(word).is_some(), "{word}");
        }
    }
}

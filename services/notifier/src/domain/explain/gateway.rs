//! What an SMS gateway said, in words. The reasons are those of
//! [`crate::domain::outcome::esms`] and of the reader of its answers.

/// In Vietnamese; `None` for other words.
pub(super) fn vi(word: &str) -> Option<&'static str> {
    Some(match word {
        "esms 99" => "cổng SMS đang chặn số điện thoại này",
        "esms 101" => "cổng SMS không chấp nhận khóa truy cập, kênh SMS tạm nghỉ",
        "esms 102" => "cổng SMS chưa có bảng giá cho tài khoản, kênh SMS tạm nghỉ",
        "esms 103" => "tài khoản tại cổng SMS không đủ tiền, kênh SMS tạm nghỉ",
        "esms 104" => "cổng SMS không có tên thương hiệu này, kênh SMS tạm nghỉ",
        "esms 108" => "cổng SMS báo số điện thoại không đúng",
        "esms 118" | "esms 300" => "cổng SMS không nhận loại tin này, kênh SMS tạm nghỉ",
        "esms 140" => "địa chỉ IP của hệ thống chưa được cổng SMS cho phép, kênh SMS tạm nghỉ",
        "esms 146" => "nội dung không khớp mẫu tin chăm sóc khách hàng đã đăng ký",
        "esms 177" => "tên thương hiệu chưa được đăng ký với nhà mạng của số này",
        _ if word.starts_with("esms ") => "cổng SMS trả về mã chưa rõ nghĩa, sẽ thử lại",
        _ if word.starts_with("answer_") => {
            "câu trả lời của cổng SMS không đọc được, chưa rõ kết quả"
        }
        _ => return None,
    })
}

/// In English.
pub(super) fn en(word: &str) -> Option<&'static str> {
    Some(match word {
        "esms 99" => "the gateway blocks this number",
        "esms 101" => "the gateway does not accept our keys; the channel rests",
        "esms 102" => "the gateway has no prices for our account; the channel rests",
        "esms 103" => "our account at the gateway is empty; the channel rests",
        "esms 104" => "the gateway does not know our brandname; the channel rests",
        "esms 108" => "the gateway calls the number malformed",
        "esms 118" | "esms 300" => "the gateway takes no messages of this kind; the channel rests",
        "esms 140" => "our address is not on the gateway's white list; the channel rests",
        "esms 146" => "the text fits no registered customer care template",
        "esms 177" => "our brandname is not registered with the network of this number",
        _ if word.starts_with("esms ") => {
            "the gateway answered a code that nobody knows; it is tried again"
        }
        _ if word.starts_with("answer_") => {
            "the gateway's answer could not be read; nobody knows what became of the message"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::outcome::{Verdict, esms};

    #[test]
    fn every_code_that_means_something_is_explained_in_both_languages() {
        for code in 90..320 {
            let reason = match esms(&code.to_string(), "") {
                Verdict::Config { reason, .. } => {
                    assert!(
                        en(&reason).is_some_and(|text| text.contains("rests")),
                        "{reason}"
                    );
                    reason
                }
                Verdict::Failed { reason, .. } => reason,
                Verdict::Retry { reason, .. } => {
                    assert!(
                        en(&reason).is_some_and(|text| text.contains("again")),
                        "{reason}"
                    );
                    reason
                }
                Verdict::Accepted { .. }
                | Verdict::Away { .. }
                | Verdict::Crowded { .. }
                | Verdict::Doubtful { .. }
                | Verdict::Unknown { .. } => continue,
            };
            assert!(vi(&reason).is_some(), "{reason}");
        }
    }
}

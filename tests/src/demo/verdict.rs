//! The end of the demonstration in sentences.

use std::collections::BTreeMap;

use vietnam::money::Dong;

use super::report::Report;

/// As many calls as one reads at a glance.
const SHOWN: usize = 3;

/// What came of it, whether the sum holds, and whom to call.
pub(super) fn sentences(report: &Report) -> Vec<String> {
    let mut matters: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for call in &report.calls {
        *matters
            .entry((&call.organisation, &call.phone))
            .or_default() += 1;
    }
    let mut told = vec![outcome(report, matters.len()), sum(report), work(report)];
    if !matters.is_empty() {
        told.push("Cần gọi điện:".to_owned());
    }
    for ((organisation, phone), matters) in matters.iter().take(SHOWN) {
        let phone = if phone.is_empty() {
            "chưa có số điện thoại"
        } else {
            phone
        };
        told.push(format!("  {organisation}, {phone}: {matters} việc"));
    }
    if matters.len() > SHOWN {
        let more = matters.len() - SHOWN;
        told.push(format!(
            "  … và {more} đơn vị nữa trong target/demo/unreachable.json"
        ));
    }
    told
}

fn outcome(report: &Report, unreached: usize) -> String {
    let (mails, sms) = (count(report.emails_accepted), count(report.sms_accepted));
    let rest = match unreached {
        0 => "đơn vị nào cũng đã liên lạc được".to_owned(),
        unreached => format!("{unreached} đơn vị chưa liên lạc được"),
    };
    format!("{mails} thư và {sms} tin đã được nhận; {rest}.")
}

fn sum(report: &Report) -> String {
    let (expected, accounted) = (count(report.expected), count(report.accounted));
    if report.expected == report.accounted && report.lost + report.doubled == 0 {
        return format!(
            "Đủ {expected} lượt phải có: không lượt nào bị mất, không tin nào gửi hai lần."
        );
    }
    format!(
        "KHÔNG KHỚP: phải có {expected} lượt, đã rõ {accounted}; mất {}, gửi hai lần {}.",
        report.lost, report.doubled
    )
}

fn work(report: &Report) -> String {
    format!(
        "{} việc cần nhắc, {} lần nhắc, {} thông báo thay đổi.",
        report.obligations, report.occurrences, report.corrections
    )
}

/// 2.112, as the country writes it.
fn count(number: impl TryInto<i64>) -> String {
    Dong(number.try_into().unwrap_or(i64::MAX)).figures()
}

#[cfg(test)]
mod tests {
    use super::super::report::Unreached;
    use super::*;

    fn report() -> Report {
        let call = |organisation: &str, about: &str, phone: &str| Unreached {
            organisation: organisation.to_owned(),
            about: about.to_owned(),
            reason: String::new(),
            phone: phone.to_owned(),
        };
        Report {
            obligations: 26,
            occurrences: 139,
            corrections: 5,
            expected: 4699,
            accounted: 4699,
            emails_accepted: 2112,
            sms_accepted: 2008,
            calls: vec![
                call("Hợp tác xã Một", "Lễ", "0261 3000 196"),
                call("Hợp tác xã Một", "Họp", "0261 3000 196"),
                call("Hợp tác xã Hai", "Lễ", ""),
            ],
            ..Default::default()
        }
    }

    #[test]
    fn the_end_is_told_in_sentences() {
        assert_eq!(
            sentences(&report()),
            [
                "2.112 thư và 2.008 tin đã được nhận; 2 đơn vị chưa liên lạc được.",
                "Đủ 4.699 lượt phải có: không lượt nào bị mất, không tin nào gửi hai lần.",
                "26 việc cần nhắc, 139 lần nhắc, 5 thông báo thay đổi.",
                "Cần gọi điện:",
                "  Hợp tác xã Hai, chưa có số điện thoại: 1 việc",
                "  Hợp tác xã Một, 0261 3000 196: 2 việc",
            ]
        );
    }

    #[test]
    fn a_sum_that_does_not_hold_is_the_first_thing_that_one_sees() {
        let broken = Report {
            accounted: 4698,
            lost: 1,
            calls: Vec::new(),
            ..report()
        };
        let told = sentences(&broken);
        assert_eq!(told.len(), 3);
        assert!(told[0].ends_with("đơn vị nào cũng đã liên lạc được."));
        assert!(told[1].starts_with("KHÔNG KHỚP: phải có 4.699 lượt, đã rõ 4.698; mất 1"));
    }
}

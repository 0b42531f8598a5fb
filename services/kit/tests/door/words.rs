//! In which words a refusal comes, and what the clock says.

use tonic::Code;
use tonic_types::StatusExt as _;

use crate::house::{START, open};

#[tokio::test]
async fn a_missing_field_is_named_in_vietnamese_unless_asked_otherwise() {
    let house = open().await;
    for (asked, locale, words) in [
        (None, "vi-VN", "Thiếu nội dung bắt buộc."),
        (Some("en-GB, vi;q=0.5"), "en", "This field is required."),
    ] {
        let status = house.set_time(None, asked).await.unwrap_err();
        assert_eq!(status.code(), Code::InvalidArgument);
        let details = status.get_error_details();
        let message = details.localized_message().unwrap();
        assert_eq!(
            (message.locale.as_str(), message.message.as_str()),
            (locale, words)
        );
        let violation = &details.bad_request().unwrap().field_violations[0];
        assert_eq!(
            (violation.field.as_str(), violation.reason.as_str()),
            ("time", "REQUIRED")
        );
        assert_eq!(violation.localized_message.as_ref().unwrap().message, words);
    }
}

#[tokio::test]
async fn the_clock_goes_forward_and_not_back() {
    let house = open().await;
    let start: jiff::Timestamp = START.parse().unwrap();
    let second = |offset: i64| {
        Some(prost_types::Timestamp {
            seconds: start.as_second() + offset,
            nanos: 0,
        })
    };
    let now = house.set_time(second(60), None).await.unwrap();
    assert_eq!(Some(now), second(60));
    let status = house.set_time(second(59), None).await.unwrap_err();
    assert_eq!(status.code(), Code::FailedPrecondition);
    assert_eq!(
        status.get_error_details().error_info().unwrap().reason,
        "CLOCK_BACKWARDS"
    );
}

#[tokio::test]
async fn an_impossible_instant_names_its_field() {
    let house = open().await;
    let time = prost_types::Timestamp {
        seconds: 0,
        nanos: -1,
    };
    let status = house.set_time(Some(time), None).await.unwrap_err();
    assert_eq!(status.code(), Code::InvalidArgument);
    assert_eq!(
        status
            .get_error_details()
            .bad_request()
            .unwrap()
            .field_violations[0]
            .field,
        "time"
    );
}

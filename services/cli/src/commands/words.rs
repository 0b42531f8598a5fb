//! States in words, for tables.

use lienminh_proto::events::v1::{EventState, InvitationState, SubmissionState};
use lienminh_proto::funding::v1::ApplicationState;
use lienminh_proto::notifier::v1::{Channel, DeliveryState};

use crate::language::phrase;

pub(super) fn channel(channel: Channel) -> String {
    match channel {
        Channel::Unspecified | Channel::None => phrase!("không gửi", "none"),
        Channel::Email => "email".to_owned(),
        Channel::Sms => "SMS".to_owned(),
    }
}

pub(super) fn delivery(state: DeliveryState) -> String {
    match state {
        DeliveryState::Unspecified => String::new(),
        DeliveryState::Queued => phrase!("chờ gửi", "queued"),
        DeliveryState::Claimed => phrase!("đang soạn", "claimed"),
        DeliveryState::Sending => phrase!("đang gửi", "sending"),
        DeliveryState::RetryWait => phrase!("chờ gửi lại", "retry_wait"),
        DeliveryState::Sent => phrase!("đã gửi", "sent"),
        DeliveryState::Delivered => phrase!("đã đến", "delivered"),
        DeliveryState::Bounced => phrase!("bị trả lại", "bounced"),
        DeliveryState::Failed => phrase!("bị từ chối", "failed"),
        DeliveryState::Unknown => phrase!("chưa rõ", "unknown"),
        DeliveryState::Suppressed => phrase!("không gửi", "suppressed"),
        DeliveryState::Superseded => phrase!("đã thay bằng tin mới", "superseded"),
        DeliveryState::Satisfied => phrase!("không cần nữa", "satisfied"),
        DeliveryState::Missed => phrase!("đã quá muộn", "missed"),
        DeliveryState::Parked => phrase!("chờ người quyết định", "parked"),
    }
}

pub(super) fn event(state: EventState) -> String {
    match state {
        EventState::Unspecified => String::new(),
        EventState::Draft => phrase!("bản nháp, chưa thông báo", "draft, not announced"),
        EventState::Scheduled => phrase!("đã thông báo", "announced"),
        EventState::Postponed => phrase!("tạm hoãn, chưa có ngày mới", "postponed, no new date"),
        EventState::Cancelled => phrase!("đã hủy", "cancelled"),
        EventState::Completed => phrase!("đã tổ chức", "held"),
    }
}

pub(super) fn invitation(state: InvitationState) -> String {
    match state {
        InvitationState::Unspecified => String::new(),
        InvitationState::Invited => phrase!("chưa trả lời", "no answer yet"),
        InvitationState::Accepted => phrase!("sẽ dự", "will come"),
        InvitationState::Declined => phrase!("không dự", "will not come"),
        InvitationState::Withdrawn => phrase!("đã rút lời mời", "withdrawn"),
    }
}

pub(super) fn submission(state: SubmissionState) -> String {
    match state {
        SubmissionState::Unspecified => String::new(),
        SubmissionState::Awaited => phrase!("chưa nhận được", "awaited"),
        SubmissionState::Claimed => phrase!("báo đã gửi, chờ xác nhận", "says it was sent"),
        SubmissionState::Submitted => phrase!("đã nhận", "received"),
        SubmissionState::Exempt => phrase!("được miễn", "exempt"),
    }
}

pub(super) fn application(state: ApplicationState) -> String {
    match state {
        ApplicationState::Unspecified => String::new(),
        ApplicationState::Submitted => phrase!("đã tiếp nhận", "submitted"),
        ApplicationState::SupplementRequested => phrase!("chờ bổ sung hồ sơ", "papers missing"),
        ApplicationState::Appraised => phrase!("đã thẩm định", "appraised"),
        ApplicationState::Approved => phrase!("đã phê duyệt", "approved"),
        ApplicationState::Rejected => phrase!("bị từ chối", "rejected"),
        ApplicationState::Disbursed => phrase!("đã giải ngân xong", "disbursed"),
        ApplicationState::Withdrawn => phrase!("đã rút", "withdrawn"),
    }
}

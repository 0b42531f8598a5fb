//! Letters as they should be, written by hand, with what the script says of their matters.

use jiff::civil::{DateTime, date};
use lienminh_proto::obligation::v1::Position;
use lienminh_proto::registry::v1::{Contact, OrganisationStatus, Reachability};

use crate::oracle::matter::Standing;
use crate::oracle::reach::Roster;
use crate::oracle::saying::{self, House, Reader};
use crate::oracle::story::{Facts, Genre, Story, When};
use crate::reader::{Entry, Message, Saying, read};

pub(super) const ALLIANCE: &str = "organisations/lm";
pub(super) const OFFICE: &str = "organisations/vp";
pub(super) const HTX: &str = "organisations/htx";

/// A message and what it must say.
#[derive(Clone, Debug)]
pub(super) struct Specimen {
    pub(super) message: Message,
    pub(super) saying: Saying,
}

impl Specimen {
    fn new(story: &Story, step: &str, message: Message) -> Self {
        Self::read_by(HTX, story, step, message)
    }

    pub(super) fn read_by(organisation: &str, story: &Story, step: &str, message: Message) -> Self {
        let reader = Reader {
            organisation,
            step,
            at: message.at,
        };
        let roster = roster();
        let house = House {
            roster: &roster,
            alliance: ALLIANCE,
        };
        Self {
            saying: saying::of(story, reader, house).unwrap(),
            message,
        }
    }

    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        let said = |message: &Message| {
            let Message {
                subject,
                text,
                html,
                ..
            } = message;
            (subject.clone(), text.clone(), html.clone())
        };
        said(&self.message) == said(&other.message)
    }

    /// Another message in its place.
    pub(super) fn with(&self, message: Message) -> Self {
        Self {
            message,
            saying: self.saying.clone(),
        }
    }

    pub(super) fn faults(&self) -> Vec<String> {
        read(&self.message, &self.saying)
    }

    /// The facts that it must say, as they stand in it.
    pub(super) fn facts(&self) -> Vec<String> {
        let must = self.saying.must.iter();
        let words = must.map(|must| {
            if self.message.is_sms {
                must.sms.clone()
            } else {
                must.mail.clone()
            }
        });
        words.filter(|words| !words.is_empty()).collect()
    }

    /// The same with other words, in whatever letters they stand there.
    pub(super) fn edited(&self, right: &str, wrong: &str) -> Self {
        let edited = |text: &String| replaced(text, right, wrong);
        let message = &self.message;
        self.with(Message {
            subject: edited(&message.subject),
            text: edited(&message.text),
            html: message.html.as_ref().map(edited),
            ..message.clone()
        })
    }
}

/// Lower-casing keeps the length of Vietnamese letters.
fn replaced(text: &str, right: &str, wrong: &str) -> String {
    let right = right.to_lowercase();
    let mut whole = String::new();
    let mut rest = text;
    while let Some(at) = rest.to_lowercase().find(&right) {
        whole.push_str(&rest[..at]);
        whole.push_str(wrong);
        rest = &rest[at + right.len()..];
    }
    whole + rest
}

pub(super) fn roster() -> Roster {
    let mut roster = Roster::default();
    for (organisation, name, phone) in [
        (
            ALLIANCE,
            "Liên minh Hợp tác xã tỉnh Đắk Nông",
            "+842613000001",
        ),
        (
            OFFICE,
            "Văn phòng Liên minh HTX tỉnh Đắk Nông",
            "+842613000002",
        ),
        (HTX, "Hợp tác xã Bơ sạch Đoàn Kết", ""),
    ] {
        let contact = Contact {
            position: Position::Office.into(),
            phone: phone.to_owned(),
            ..Contact::default()
        };
        roster.add(&Reachability {
            organisation: organisation.to_owned(),
            display_name: name.to_owned(),
            status: OrganisationStatus::Active.into(),
            contacts: vec![contact],
            ..Reachability::default()
        });
    }
    roster
}

fn mail(at: DateTime, subject: &str, text: &str, entry: Option<Entry>) -> Message {
    let text = text.trim_start().to_owned();
    Message {
        at,
        subject: subject.to_owned(),
        html: Some(text.clone()),
        text,
        entry,
        ..Message::default()
    }
}

/// One of each kind.
pub(super) fn all() -> [Specimen; 4] {
    [moved(), invitation_by_sms(), chaser(), supplement()]
}

/// A ceremony was moved to an afternoon.
pub(super) fn moved() -> Specimen {
    let morning = date(2024, 3, 29).at(8, 0, 0, 0);
    let (start, end) = (
        date(2024, 3, 29).at(14, 0, 0, 0),
        date(2024, 3, 29).at(16, 0, 0, 0),
    );
    let facts = Facts {
        title: "Lễ phát động Tháng hành động vì HTX năm 2024".to_owned(),
        lines: vec!["Văn nghệ chào mừng".to_owned()],
        chair: "Chủ tịch Liên minh HTX tỉnh".to_owned(),
        hint: "Tập trung trước 07 giờ 45 tại cổng phía Đông".to_owned(),
        place: "Quảng trường trung tâm".to_owned(),
        document: Some(("16/GM-LMHTX".to_owned(), Some(date(2024, 3, 8)))),
        ..Facts::default()
    };
    let known = date(2024, 3, 8).at(9, 0, 0, 0);
    let reply_by = Some(date(2024, 3, 22));
    let mut story = Story::new(Genre::Event, "events/", OFFICE, facts).beginning(
        known,
        When::At(morning, None),
        reply_by,
    );
    let moved_at = date(2024, 3, 20).at(14, 0, 0, 0);
    let when = When::At(start, Some(end));
    story.goes_on(
        moved_at,
        Standing::Scheduled,
        when,
        "Để lãnh đạo tỉnh tham dự",
    );
    let text = "
Kính gửi Quý HTX Bơ sạch Đoàn Kết,

Liên minh Hợp tác xã tỉnh Đắk Nông xin thông báo thay đổi thời gian Lễ phát động Tháng hành động vì HTX năm 2024: từ 08 giờ 00, thứ Sáu, 29/3/2024 sang 14 giờ 00, thứ Sáu, 29/3/2024 (còn 9 ngày).

Lý do: Để lãnh đạo tỉnh tham dự
Thời gian mới: 14 giờ 00 đến 16 giờ 00, thứ Sáu, 29/3/2024
Địa điểm: Quảng trường trung tâm
Chủ trì: Chủ tịch Liên minh HTX tỉnh
Nội dung: Văn nghệ chào mừng

Rất mong Quý HTX thông cảm và sắp xếp tham dự theo thời gian mới.

Đề nghị Quý HTX trả lời chậm nhất thứ Sáu, 22/3/2024, hoặc gọi điện và đọc mã trả lời 270256:

Trả lời giấy mời: https://a.example/r/x

Đầu mối liên hệ: Văn phòng Liên minh HTX tỉnh Đắk Nông, điện thoại 0261 3000 002, vp@example.org.

Trân trọng,
Liên minh Hợp tác xã tỉnh Đắk Nông
Điện thoại: 0261 3000 001
";
    let entry = Entry {
        withdrawn: false,
        day: start.date(),
        start: Some(start),
        end: Some(end),
        place: "Quảng trường trung tâm".to_owned(),
    };
    let at = date(2024, 3, 20).at(14, 10, 0, 0);
    let subject = "Thay đổi thời gian: Lễ phát động Tháng hành động vì HTX năm 2024 – từ 08 giờ 00, thứ Sáu, 29/3/2024 sang 14 giờ 00, thứ Sáu, 29/3/2024";
    Specimen::new(&story, "correction", mail(at, subject, text, Some(entry)))
}

/// A meeting of tomorrow.
pub(super) fn invitation_by_sms() -> Specimen {
    let start = date(2024, 4, 19).at(8, 0, 0, 0);
    let facts = Facts {
        title: "Hội nghị tuyên truyền Luật HTX năm 2023 cụm Cư Jút".to_owned(),
        place: "Nhà văn hóa huyện Cư Jút".to_owned(),
        ..Facts::default()
    };
    let at = date(2024, 4, 18).at(8, 0, 0, 0);
    let story = Story::new(Genre::Event, "events/", OFFICE, facts).beginning(
        at,
        When::At(start, None),
        Some(date(2024, 4, 18)),
    );
    let text = "LMHTX Dak Nong moi Quy HTX du Hoi nghi tuyen truyen Luat HTX nam 2023 cum Cu Jut, \
                08h00 T6 19/4 (ngay mai), tai Nha van hoa huyen Cu Jut. Tra loi cham nhat T5 18/4: \
                goi 02613000002, doc ma 123456.";
    let message = Message {
        at,
        is_sms: true,
        text: text.to_owned(),
        segments: 2,
        ..Message::default()
    };
    Specimen::new(&story, "issue", message)
}

/// A report has not come.
pub(super) fn chaser() -> Specimen {
    let facts = Facts {
        title: "Báo cáo tình hình hoạt động tháng 3/2024".to_owned(),
        lines: vec!["Tiến độ Tháng hành động".to_owned()],
        submit_to: "Phòng 201, trụ sở Liên minh".to_owned(),
        ..Facts::default()
    };
    let when = When::Until {
        last: date(2024, 3, 27),
        before: false,
    };
    let known = date(2024, 3, 7).at(9, 0, 0, 0);
    let story = Story::new(Genre::Report, "events/", OFFICE, facts).beginning(known, when, None);
    let text = "
Kính gửi Quý HTX Bơ sạch Đoàn Kết,

Đến nay (thứ Năm, 28/3/2024) Liên minh Hợp tác xã tỉnh Đắk Nông chưa nhận được Báo cáo tình hình hoạt động tháng 3/2024 của Quý HTX (hạn: thứ Tư, 27/3/2024). Đề nghị Quý HTX gửi trong thời gian sớm nhất.

Nội dung: Tiến độ Tháng hành động
Nơi nhận: Phòng 201, trụ sở Liên minh

Nếu đã gửi, xin báo cho chúng tôi biết (hoặc gọi điện và đọc mã trả lời 411550):

Chúng tôi đã gửi: https://a.example/r/x

Đầu mối liên hệ: Văn phòng Liên minh HTX tỉnh Đắk Nông, điện thoại 0261 3000 002, vp@example.org.

Trân trọng,
Liên minh Hợp tác xã tỉnh Đắk Nông
Điện thoại: 0261 3000 001
";
    let at = date(2024, 3, 28).at(8, 0, 0, 0);
    let subject =
        "Chưa nhận được Báo cáo tình hình hoạt động tháng 3/2024 (hạn: thứ Tư, 27/3/2024)";
    Specimen::new(&story, "late-1", mail(at, subject, text, None))
}

/// Papers are missing.
pub(super) fn supplement() -> Specimen {
    let facts = Facts {
        title: "Vay vốn mở rộng vùng nguyên liệu cà phê".to_owned(),
        party: HTX.to_owned(),
        programme: "Phối hợp thẩm định vay Quỹ".to_owned(),
        missing: vec!["Báo cáo tài chính 2 năm".to_owned()],
        ..Facts::default()
    };
    let when = When::Until {
        last: date(2024, 3, 29),
        before: false,
    };
    let at = date(2024, 3, 13).at(9, 0, 0, 0);
    let story = Story::new(Genre::Supplement, "funding/", OFFICE, facts).beginning(at, when, None);
    let text = "
Kính gửi Quý HTX Bơ sạch Đoàn Kết,

Để hồ sơ “Vay vốn mở rộng vùng nguyên liệu cà phê” của Quý HTX được xem xét tiếp, đề nghị Quý HTX bổ sung giấy tờ chậm nhất hết thứ Sáu, 29/3/2024 (còn 16 ngày).

Giấy tờ cần bổ sung:

- Báo cáo tài chính 2 năm

Nơi nhận: Văn phòng Liên minh HTX tỉnh Đắk Nông, điện thoại 0261 3000 002
Chương trình: Phối hợp thẩm định vay Quỹ

Nếu cần hướng dẫn lập giấy tờ, xin gọi cho chúng tôi.

Đầu mối liên hệ: Văn phòng Liên minh HTX tỉnh Đắk Nông, điện thoại 0261 3000 002, vp@example.org.

Trân trọng,
Liên minh Hợp tác xã tỉnh Đắk Nông
Điện thoại: 0261 3000 001
";
    let subject =
        "Đề nghị bổ sung hồ sơ: Vay vốn mở rộng vùng nguyên liệu cà phê – hạn thứ Sáu, 29/3/2024";
    Specimen::new(&story, "issue", mail(at, subject, text, None))
}

//! Letters with every fact, and what their readers see of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::civil::{Date, date};
use uuid::Uuid;

use crate::domain::anchor::{Anchor, Bound};
use crate::domain::letter::{
    CallEntry, LetterKind, LetterLanguage, LetterUnit, OccurrenceLetter, PartyLetter,
    TEMPLATE_VERSION,
};
use crate::domain::obligation::{Document, Place, Status};
use crate::render::{EmailText, Mail, Prepared, Renderer, Sender, SmsText};

pub(super) const ID: Uuid = Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0001);

/// When mails are dated that nobody looks at closely.
pub(super) const NOON: (i8, i8) = (9, 15);

/// Templates are compiled once for all tests of a process.
static RENDERER: LazyLock<Renderer> = LazyLock::new(|| {
    let sender = Sender::new("nhacviec@lienminh.example", "lienminh.example").unwrap();
    Renderer::new(sender).unwrap()
});

pub(super) fn renderer() -> &'static Renderer {
    &RENDERER
}

/// A letter on its way to a reader: in Vietnamese, on 4 April, with all that a party has.
#[derive(Clone)]
pub(super) struct Post {
    pub(super) letter: OccurrenceLetter,
    pub(super) party: PartyLetter,
    pub(super) day: Date,
}

impl Post {
    pub(super) fn of(letter: OccurrenceLetter) -> Self {
        Self {
            party: party_of(letter.kind),
            letter,
            day: date(2024, 4, 4),
        }
    }

    pub(super) fn on(self, day: Date) -> Self {
        Self { day, ..self }
    }

    pub(super) fn in_language(mut self, language: LetterLanguage) -> Self {
        self.party.language = language;
        self
    }

    pub(super) fn with(mut self, attribute: &str, text: &str) -> Self {
        let attributes = &mut self.letter.attributes;
        attributes.insert(attribute.to_owned(), text.to_owned());
        self
    }

    pub(super) fn greeting(mut self, names: &[&str]) -> Self {
        self.party.greeted = names.iter().map(|name| (*name).to_owned()).collect();
        self
    }

    pub(super) fn prepared(&self) -> Prepared {
        renderer().prepare(self.letter.clone(), self.party.language, self.day)
    }

    pub(super) fn email(&self) -> EmailText {
        renderer()
            .email_text(&self.prepared(), &self.party)
            .unwrap()
    }

    pub(super) fn sms(&self) -> SmsText {
        renderer().sms(&self.prepared(), &self.party).unwrap()
    }

    pub(super) fn mail(&self) -> Mail {
        let dated = at(self.day, NOON.0, NOON.1);
        renderer()
            .email(&self.prepared(), &self.party, ID, "htx@example.com", dated)
            .unwrap()
    }

    /// Subject and text of the mail, and the SMS.
    pub(super) fn words(&self) -> String {
        let email = self.email();
        format!("{}\n{}\n{}", email.subject, email.text, self.sms().text)
    }
}

pub(super) fn at(day: Date, hour: i8, minute: i8) -> Timestamp {
    vietnam::instant(day.at(hour, minute, 0, 0))
}

pub(super) fn seminar(kind: LetterKind) -> OccurrenceLetter {
    OccurrenceLetter {
        kind,
        matter: "seminar".to_owned(),
        is_event: true,
        status: Status::Scheduled,
        title: "Hội thảo giải pháp phát triển kinh tế tập thể".to_owned(),
        anchor: Anchor::Instant {
            start: at(date(2024, 4, 11), 8, 0),
            end: Some(at(date(2024, 4, 11), 11, 30)),
        },
        old_anchor: None,
        place: Some(Place {
            text: "Hội trường Liên minh, 15 Trần Phú".to_owned(),
            hint: "Cổng phụ phía đường Lê Lợi".to_owned(),
            online_uri: String::new(),
        }),
        old_place: None,
        organiser: LetterUnit {
            name: "Liên minh Hợp tác xã thành phố Hải Phòng".to_owned(),
            short_name: String::new(),
            mailbox: "vanphong@lienminh.example".to_owned(),
            landline: "0225 3842 123".to_owned(),
        },
        lead_unit: None,
        document: Some(Document {
            number: "45/GM-LMHTX".to_owned(),
            issuer: String::new(),
            date: Some(date(2024, 3, 1)),
            title: String::new(),
            uri: "https://lienminh.example/vb/45".to_owned(),
        }),
        attributes: BTreeMap::from([
            ("agenda".to_owned(), "Báo cáo đề dẫn\nThảo luận".to_owned()),
            ("bring".to_owned(), "Giấy mời này".to_owned()),
        ]),
        reply_by: Some(date(2024, 4, 5)),
        issued_late: false,
        uid: "event-1@lienminh.example".to_owned(),
        ics_sequence: 0,
        rule_version: 1,
        template_version: TEMPLATE_VERSION,
        call_list: Vec::new(),
    }
}

/// What is due, with another unit in charge than the one that signs.
fn duty(kind: LetterKind, matter: &str) -> OccurrenceLetter {
    let mut duty = bulletin(kind);
    duty.matter = matter.to_owned();
    duty.lead_unit = Some(lead());
    duty
}

fn lead() -> LetterUnit {
    LetterUnit {
        name: LEAD.to_owned(),
        landline: "0225 3842 124".to_owned(),
        ..LetterUnit::default()
    }
}

pub(super) fn bulletin(kind: LetterKind) -> OccurrenceLetter {
    OccurrenceLetter {
        matter: "report".to_owned(),
        is_event: false,
        title: "Báo cáo tình hình hoạt động quý I/2024".to_owned(),
        anchor: Anchor::Day {
            date: date(2024, 4, 10),
            bound: Bound::Before,
        },
        place: None,
        reply_by: None,
        attributes: BTreeMap::from([
            ("submit_to".to_owned(), "Văn phòng Liên minh".to_owned()),
            ("amount_text".to_owned(), "195.000.000 đồng".to_owned()),
            ("claimant".to_owned(), "HTX Nông nghiệp An Bình".to_owned()),
        ]),
        document: Some(Document {
            number: "123/KH-LMHTX".to_owned(),
            issuer: String::new(),
            date: Some(date(2024, 2, 27)),
            title: String::new(),
            uri: String::new(),
        }),
        ..seminar(kind)
    }
}

/// A letter of each kind with what fan-out gives it.
pub(super) fn letter(kind: LetterKind) -> OccurrenceLetter {
    use LetterKind as K;
    let old_start = Anchor::Instant {
        start: at(date(2024, 4, 9), 8, 0),
        end: None,
    };
    let old_day = Anchor::Day {
        date: date(2024, 4, 5),
        bound: Bound::Through,
    };
    let old_place = Place {
        text: "Khách sạn Hữu Nghị".to_owned(),
        ..Place::default()
    };
    match kind {
        K::Invitation | K::EventReminder => seminar(kind),
        K::EventMoved | K::EventRedated => OccurrenceLetter {
            old_anchor: Some(old_start),
            ics_sequence: 1,
            ..seminar(kind)
        },
        K::EventPostponed | K::EventCancelled => OccurrenceLetter {
            anchor: Anchor::Undated,
            old_anchor: Some(old_start),
            ics_sequence: 1,
            ..seminar(kind)
        },
        K::EventPlaceChanged => OccurrenceLetter {
            old_place: Some(old_place),
            ics_sequence: 1,
            ..seminar(kind)
        },
        K::Unfixed => OccurrenceLetter {
            anchor: Anchor::Window {
                text: "cuối tháng 4/2024".to_owned(),
                start: Some(date(2024, 4, 21)),
                end: Some(date(2024, 4, 30)),
            },
            place: None,
            lead_unit: Some(lead()),
            ..seminar(kind)
        },
        K::ReportReminder | K::ReportChaser => bulletin(kind),
        K::TaskReminder => duty(kind, "task"),
        K::ClaimConfirmation => duty(kind, "claim_confirmation"),
        K::AdmissionBatch => OccurrenceLetter {
            title: "Kết nạp thành viên đợt I/2024".to_owned(),
            ..duty(kind, "admission_batch")
        },
        K::DossierSupplement => OccurrenceLetter {
            title: "Vay vốn mở rộng vùng nguyên liệu".to_owned(),
            ..duty(kind, "dossier_supplement")
        },
        K::DisbursementStep => OccurrenceLetter {
            title: "Mua máy sấy mắc ca".to_owned(),
            ..duty(kind, "disbursement")
        },
        K::DeadlineMoved | K::DeadlineRedated => OccurrenceLetter {
            old_anchor: Some(old_day),
            ..bulletin(kind)
        },
        K::DeadlinePostponed | K::DeadlineCancelled => OccurrenceLetter {
            anchor: Anchor::Undated,
            old_anchor: Some(old_day),
            ..bulletin(kind)
        },
        K::CallList => OccurrenceLetter {
            call_list: vec![
                CallEntry {
                    organisation: "HTX Vận tải Đồng Tâm".to_owned(),
                    phone: "0225 3999 111".to_owned(),
                    reason: "địa chỉ không còn dùng được".to_owned(),
                },
                CallEntry {
                    organisation: "HTX Rau sạch Tiên Lãng".to_owned(),
                    phone: String::new(),
                    reason: "không có email hay số di động dùng được".to_owned(),
                },
            ],
            lead_unit: Some(lead()),
            ..seminar(kind)
        },
    }
}

/// The unit in charge of what only it is told.
pub(super) const LEAD: &str = "Phòng Kế hoạch và Hỗ trợ";

/// What fan-out gives the party of a letter: only events and reports are answered.
fn party_of(kind: LetterKind) -> PartyLetter {
    use LetterKind as K;
    let party = party();
    let unanswered = PartyLetter {
        reply_url: String::new(),
        answer_code: String::new(),
        ..party.clone()
    };
    let lead = PartyLetter {
        greeted: vec![LEAD.to_owned()],
        ..unanswered.clone()
    };
    match kind {
        K::ClaimConfirmation => PartyLetter {
            answer_code: party.answer_code,
            ..lead
        },
        K::Unfixed | K::TaskReminder | K::CallList => lead,
        K::AdmissionBatch | K::DossierSupplement | K::DisbursementStep => unanswered,
        K::Invitation
        | K::EventReminder
        | K::EventMoved
        | K::EventPostponed
        | K::EventRedated
        | K::EventCancelled
        | K::EventPlaceChanged
        | K::ReportReminder
        | K::ReportChaser
        | K::DeadlineMoved
        | K::DeadlinePostponed
        | K::DeadlineRedated
        | K::DeadlineCancelled => party,
    }
}

fn party() -> PartyLetter {
    PartyLetter {
        greeted: vec!["Hợp tác xã Nông nghiệp An Bình".to_owned()],
        reply_url: "https://lienminh.example/r/tok".to_owned(),
        answer_code: "482719".to_owned(),
        confirmed: false,
        variables: BTreeMap::from([("claimed_at".to_owned(), "thứ Tư, 03/4/2024".to_owned())]),
        missing: vec![
            "Nghị quyết đại hội thành viên".to_owned(),
            "Báo cáo tài chính 2 năm".to_owned(),
        ],
        ..PartyLetter::default()
    }
}

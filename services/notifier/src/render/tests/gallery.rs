//! Every kind of letter in every situation that has words of its own.

use jiff::civil::date;

use super::bed::{LEAD, Post, letter};
use crate::domain::anchor::{Anchor, Bound};
use crate::domain::letter::{Answer, LetterKind, LetterUnit, OccurrenceLetter};
use crate::domain::obligation::{Place, Status};

const WHY: &str = "Lãnh đạo tỉnh bận công tác đột xuất";
/// Why there is a day again.
const WHY_AGAIN: &str = "Đã bố trí được hội trường";
const LINK: &str = "https://meet.example/abc";
const OTHER_LINK: &str = "https://meet.example/xyz";

/// A situation, and what is different in it.
type Situation = (&'static str, fn(&mut Post));

/// The letters of a kind, by situation.
pub(super) fn of(kind: LetterKind) -> impl Iterator<Item = (&'static str, Post)> {
    situations(kind).iter().map(move |(name, change)| {
        let mut post = Post::of(letter(kind));
        change(&mut post);
        (*name, post)
    })
}

fn situations(kind: LetterKind) -> &'static [Situation] {
    use LetterKind as K;
    match kind {
        K::Invitation
        | K::EventReminder
        | K::EventMoved
        | K::EventPostponed
        | K::EventRedated
        | K::EventCancelled
        | K::EventPlaceChanged => &EVENT,
        K::ReportReminder
        | K::ReportChaser
        | K::DeadlineMoved
        | K::DeadlinePostponed
        | K::DeadlineRedated
        | K::DeadlineCancelled => &REPORT,
        K::TaskReminder => &TASK,
        K::ClaimConfirmation => &CLAIM,
        K::AdmissionBatch | K::DossierSupplement | K::DisbursementStep => &FUNDING,
        K::Unfixed => &UNFIXED,
        K::CallList => &CALL_LIST,
    }
}

const EVENT: [Situation; 25] = [
    ("tomorrow, without a document", |post| {
        post.day = date(2024, 4, 10);
        post.letter.document = None;
        post.letter.issued_late = true;
    }),
    ("online", |post| {
        seat(post, "", LINK);
    }),
    ("online instead of in a hall", |post| {
        let hall = post.letter.place.clone();
        seat(post, "", LINK);
        post.letter.old_place = hall;
    }),
    ("in a hall instead of online", |post| {
        post.letter.old_place = Some(place("", LINK));
    }),
    ("in a hall and online, with another address", |post| {
        let hall = post
            .letter
            .place
            .clone()
            .map_or_else(String::new, |place| place.text);
        post.letter.old_place = Some(place(&hall, LINK));
        seat(post, &hall, OTHER_LINK);
    }),
    ("online, with another address", |post| {
        seat(post, "", OTHER_LINK);
        post.letter.old_place = Some(place("", LINK));
    }),
    ("in another hall", |post| {
        post.letter.old_place = Some(place("Khách sạn Hữu Nghị", ""));
    }),
    ("in a hall that was not known", |post| {
        post.letter.old_place = None;
    }),
    ("in no hall any more", |post| {
        post.letter.old_place = post.letter.place.take();
    }),
    ("confirmed", |post| post.party.confirmed = true),
    ("to two behind one address", to_two),
    ("to two behind one address, confirmed", |post| {
        to_two(post);
        post.party.confirmed = true;
    }),
    ("by telephone", by_telephone),
    ("by telephone, with no day to answer by", |post| {
        by_telephone(post);
        post.letter.reply_by = None;
    }),
    (
        "on the page, with no day to answer by and no code",
        |post| {
            post.letter.reply_by = None;
            post.party.answer_code.clear();
        },
    ),
    ("today, with no day to answer by", |post| {
        post.day = date(2024, 4, 11);
        post.letter.reply_by = None;
    }),
    ("today, by telephone, with no day to answer by", |post| {
        post.day = date(2024, 4, 11);
        by_telephone(post);
        post.letter.reply_by = None;
    }),
    ("without page and code", neither),
    ("visit, with a reason", visit),
    ("visit, by telephone", |post| {
        visit(post);
        by_telephone(post);
    }),
    ("visit, on the page, with no code", |post| {
        visit(post);
        post.party.answer_code.clear();
    }),
    ("visit, confirmed", |post| {
        visit(post);
        post.party.confirmed = true;
    }),
    ("visit, today", |post| {
        visit(post);
        post.day = date(2024, 4, 11);
    }),
    ("with another unit in charge", |post| {
        to_lead(post);
        post.party.greeted = vec!["Công ty TNHH Hoa Sen".to_owned()];
        if let Some(lead) = &mut post.letter.lead_unit {
            lead.mailbox = "kehoach@lienminh.example".to_owned();
        }
    }),
    ("with a unit in charge that nobody can call", |post| {
        post.letter.lead_unit = Some(LetterUnit {
            name: LEAD.to_owned(),
            ..LetterUnit::default()
        });
    }),
];

const REPORT: [Situation; 7] = [
    ("tomorrow, with a reason", |post| {
        post.day = date(2024, 4, 8);
        reason(post);
    }),
    ("late", late),
    ("to two behind one address", to_two),
    ("through a day", |post| through(&mut post.letter)),
    ("by telephone", by_telephone),
    ("without page and code", neither),
    ("to the unit in charge, of a task", |post| {
        post.letter.matter = "task".to_owned();
        neither(post);
        to_lead(post);
    }),
];

const TASK: [Situation; 7] = [
    ("tomorrow", |post| {
        post.day = date(2024, 4, 8);
        post.letter.document = None;
    }),
    ("late", late),
    ("until an hour", |post| {
        let start = super::bed::at(date(2024, 4, 10), 17, 0);
        post.letter.anchor = Anchor::Instant { start, end: None };
    }),
    ("of an applicant", |post| {
        let attributes = &mut post.letter.attributes;
        attributes.insert("applicant".to_owned(), "HTX Mắc ca Tiến Phát".to_owned());
    }),
    ("of an application", application),
    ("of an application, late", |post| {
        application(post);
        late(post);
    }),
    ("of an application, tomorrow", |post| {
        application(post);
        post.day = date(2024, 4, 8);
    }),
];

const CLAIM: [Situation; 2] = [
    ("on the last day", |post| post.day = date(2024, 4, 9)),
    ("without claimant, code and day", |post| {
        post.letter.attributes.remove("claimant");
        neither(post);
        post.party.variables.clear();
    }),
];

const FUNDING: [Situation; 9] = [
    ("own", own),
    ("own, tomorrow", |post| {
        own(post);
        post.day = date(2024, 4, 8);
        post.letter.document = None;
    }),
    ("own, late", |post| {
        own(post);
        late(post);
    }),
    ("of somebody with whom the address is shared", |post| {
        own(post);
        post.party
            .greeted
            .push("Hợp tác xã Vận tải Đồng Tâm".to_owned());
    }),
    (
        "of somebody with whom the address is shared, late",
        |post| {
            own(post);
            late(post);
            post.party
                .greeted
                .push("Hợp tác xã Vận tải Đồng Tâm".to_owned());
        },
    ),
    ("to the unit in charge", |post| {
        own(post);
        to_lead(post);
    }),
    ("to the unit in charge, tomorrow", |post| {
        own(post);
        to_lead(post);
        post.day = date(2024, 4, 8);
        post.letter.document = None;
    }),
    ("to the unit in charge, late", |post| {
        own(post);
        to_lead(post);
        late(post);
    }),
    ("where only one unit is known, and no applicant", |post| {
        post.letter.lead_unit = None;
        post.letter.attributes.remove("submit_to");
        post.party.missing.clear();
    }),
];

const UNFIXED: [Situation; 8] = [
    ("visit", visit),
    ("over", over),
    ("with no window", |post| {
        post.letter.anchor = Anchor::Undated
    }),
    ("issued late", |post| post.letter.issued_late = true),
    ("of a task", |post| post.letter.is_event = false),
    ("of a task, over", |post| {
        over(post);
        post.letter.is_event = false;
    }),
    ("without a document", |post| post.letter.document = None),
    ("before the document", |post| post.day = date(2024, 2, 27)),
];

const CALL_LIST: [Situation; 8] = [
    ("online", |post| seat(post, "", LINK)),
    ("where no place is known", |post| post.letter.place = None),
    ("cancelled", |post| called_off(post, Status::Cancelled)),
    ("postponed", |post| called_off(post, Status::Postponed)),
    ("with a window instead of a day", |post| {
        post.letter.anchor = letter(LetterKind::Unfixed).anchor;
    }),
    ("of what is due", due),
    ("of what is due, cancelled", |post| {
        due(post);
        called_off(post, Status::Cancelled);
    }),
    ("of what is due, postponed", |post| {
        due(post);
        called_off(post, Status::Postponed);
    }),
];

fn place(text: &str, link: &str) -> Place {
    Place {
        text: text.to_owned(),
        online_uri: link.to_owned(),
        ..Place::default()
    }
}

fn seat(post: &mut Post, text: &str, link: &str) {
    post.letter.place = Some(place(text, link));
}

fn reason(post: &mut Post) {
    let again = [LetterKind::EventRedated, LetterKind::DeadlineRedated];
    let why = if again.contains(&post.letter.kind) {
        WHY_AGAIN
    } else {
        WHY
    };
    let attributes = &mut post.letter.attributes;
    attributes.insert("reason".to_owned(), why.to_owned());
}

fn visit(post: &mut Post) {
    post.letter.matter = "visit".to_owned();
    post.letter.title = "Thăm, tặng quà HTX tiêu biểu".to_owned();
    seat(post, "Trụ sở HTX Nông nghiệp An Bình", "");
    reason(post);
}

fn by_telephone(post: &mut Post) {
    post.party.reply_url.clear();
}

fn neither(post: &mut Post) {
    by_telephone(post);
    post.party.answer_code.clear();
}

fn late(post: &mut Post) {
    post.day = date(2024, 4, 11);
}

fn through(letter: &mut OccurrenceLetter) {
    if letter.anchor.is_fixed() {
        letter.anchor = Anchor::Day {
            date: date(2024, 4, 9),
            bound: Bound::Through,
        };
    }
}

fn to_lead(post: &mut Post) {
    post.letter.lead_unit = letter(LetterKind::TaskReminder).lead_unit;
    post.party.greeted = vec![LEAD.to_owned()];
}

fn application(post: &mut Post) {
    post.letter.title = "Thẩm định hồ sơ “Mua máy sấy mắc ca”".to_owned();
    for (name, text) in [
        ("step", "thẩm định"),
        ("purpose", "Mua máy sấy mắc ca"),
        ("applicant", "HTX Mắc ca Tiến Phát"),
        ("programme", "Hỗ trợ HTX năm 2024"),
    ] {
        let attributes = &mut post.letter.attributes;
        attributes.insert(name.to_owned(), text.to_owned());
    }
}

fn own(post: &mut Post) {
    let attributes = &mut post.letter.attributes;
    attributes.insert("applicant".to_owned(), post.party.greeted[0].clone());
    attributes.insert("programme".to_owned(), "Hỗ trợ HTX năm 2024".to_owned());
    attributes.insert("decision".to_owned(), "41/QĐ-LMHTX".to_owned());
    attributes.insert("applicants".to_owned(), "4".to_owned());
    attributes.remove("submit_to");
}

fn over(post: &mut Post) {
    post.day = date(2024, 5, 2);
}

fn called_off(post: &mut Post, status: Status) {
    post.letter.old_anchor = Some(post.letter.anchor.clone());
    post.letter.anchor = Anchor::Undated;
    post.letter.status = status;
    reason(post);
}

fn due(post: &mut Post) {
    post.letter.is_event = false;
    post.letter.place = None;
    through(&mut post.letter);
}

fn to_two(post: &mut Post) {
    let names = ["HTX Nông nghiệp An Bình", "HTX Dịch vụ Đoàn Kết"];
    post.party.greeted = names.map(str::to_owned).to_vec();
    post.party.answers = [("482716", "a"), ("593102", "b")]
        .into_iter()
        .zip(names)
        .map(|((code, token), name)| Answer {
            organisation: uuid::Uuid::nil(),
            name: name.to_owned(),
            reply_url: format!("https://lienminh.example/r/{token}"),
            answer_code: code.to_owned(),
        })
        .collect();
    post.party.reply_url.clear();
    post.party.answer_code.clear();
}

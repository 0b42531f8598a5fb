use std::collections::BTreeMap;

use jiff::civil::date;
use notifier::domain::anchor::{Anchor, Bound};
use notifier::domain::letter::{
    LetterKind, LetterLanguage, LetterUnit, OccurrenceLetter, PartyLetter, TEMPLATE_VERSION,
};
use notifier::domain::obligation::Status;
use notifier::render::{Renderer, Sender};

fn letter(kind: LetterKind, anchor: Anchor) -> OccurrenceLetter {
    OccurrenceLetter {
        kind,
        matter: "report".to_owned(),
        is_event: false,
        title: "Báo cáo tháng 3".to_owned(),
        status: Status::Scheduled,
        anchor,
        old_anchor: None,
        place: None,
        old_place: None,
        organiser: LetterUnit {
            name: "Liên minh Hợp tác xã".to_owned(),
            ..LetterUnit::default()
        },
        lead_unit: None,
        document: None,
        attributes: BTreeMap::new(),
        reply_by: None,
        issued_late: false,
        uid: "deadline-1@lienminh.example".to_owned(),
        ics_sequence: 1,
        rule_version: 1,
        template_version: TEMPLATE_VERSION,
        call_list: Vec::new(),
    }
}

/// Steps that come again after their day say on which day nothing had come, or
/// the second message would be the first one word for word.
#[test]
fn what_is_asked_again_is_not_the_same_mail_twice() {
    let sender = Sender::new("nhacviec@lienminh.example", "lienminh.example").unwrap();
    let renderer = Renderer::new(sender).unwrap();
    let due = Anchor::Day {
        date: date(2024, 4, 9),
        bound: Bound::Through,
    };
    let window = Anchor::Window {
        text: "tháng 4/2024".to_owned(),
        start: Some(date(2024, 4, 1)),
        end: Some(date(2024, 4, 30)),
    };
    let party = PartyLetter {
        greeted: vec!["HTX A".to_owned()],
        ..PartyLetter::default()
    };
    for (kind, anchor) in [
        (LetterKind::ReportChaser, due.clone()),
        (LetterKind::DisbursementStep, due),
        (LetterKind::Unfixed, window),
    ] {
        let text = |day| {
            let prepared = renderer.prepare(letter(kind, anchor.clone()), LetterLanguage::Vi, day);
            renderer.email_text(&prepared, &party).unwrap()
        };
        let (first, second) = (text(date(2024, 4, 10)), text(date(2024, 4, 12)));
        assert_ne!(first.text, second.text, "{kind:?}");
        assert!(first.text.contains("10/4/2024"), "{}", first.text);
    }
}

//! The letters that ship, rendered as they go out, with what the script would say of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime, date};
use notifier::domain::anchor::{Anchor, Bound};
use notifier::domain::letter::{
    LetterKind, LetterLanguage, LetterUnit, OccurrenceLetter, PartyLetter, TEMPLATE_VERSION,
};
use notifier::domain::obligation::{Document, Place, Status};
use notifier::render::{Prepared, Renderer, Sender};

use super::specimens::{ALLIANCE, HTX, OFFICE, Specimen, roster};
use crate::oracle::matter::Standing;
use crate::oracle::story::{Chapter, Facts, Genre, Story, When};
use crate::reader::message::shown;
use crate::reader::{Asks, Message};

/// A letter of a story on its way to a reader.
#[derive(Clone, Debug)]
pub(super) struct Scene {
    pub(super) name: &'static str,
    pub(super) kind: LetterKind,
    story: Story,
    reader: &'static str,
    step: &'static str,
    at: DateTime,
}

pub(super) static RENDERER: LazyLock<Renderer> = LazyLock::new(|| {
    let sender = Sender::new("nhacviec@lienminh.example", "lienminh.example").unwrap();
    Renderer::new(sender).unwrap()
});

impl Scene {
    /// What the reader of the mail, and whoever has but a telephone, gets.
    pub(super) fn specimens(&self) -> [Specimen; 2] {
        let prepared = self.prepared(&RENDERER);
        let party = self.party();
        let dated = vietnam::instant(self.at);
        let id = uuid::Uuid::from_u128(1);
        let mail = RENDERER.email(&prepared, &party, id, "htx@example.org", dated);
        let mail = Message::of_octets(&mail.unwrap().bytes).unwrap();
        let sms = sms(&RENDERER, &prepared, &party, self.at);
        [mail, sms].map(|message| self.read(message))
    }

    /// Everything that does not depend on the words.
    pub(super) fn staged(&self) -> Staged {
        Staged {
            kind: self.kind,
            right: self.specimens(),
            prepared: self.prepared(&RENDERER),
            party: self.party(),
        }
    }

    fn read(&self, message: Message) -> Specimen {
        Specimen::read_by(self.reader, &self.story, self.step, message)
    }

    fn prepared(&self, renderer: &Renderer) -> Prepared {
        renderer.prepare(self.letter(), LetterLanguage::Vi, self.at.date())
    }

    fn party(&self) -> PartyLetter {
        let saying = self.read(Message {
            at: self.at,
            ..Message::default()
        });
        let asks = saying.saying.asks;
        let answered = self.story.genre == Genre::Event && self.kind != LetterKind::Unfixed;
        let page = asks == Asks::CodeAndPage || answered;
        let first = self.story.chapters[0].0.date();
        let claimed = vietnam::dates::with_weekday(first);
        let link = "https://lienminh.example/r/token".to_owned();
        PartyLetter {
            greeted: vec![roster().display_name(self.reader).to_owned()],
            reply_url: if page { link } else { String::new() },
            answer_code: if asks == Asks::Nothing && !answered {
                String::new()
            } else {
                "482719".to_owned()
            },
            confirmed: self.story.coming.contains_key(self.reader),
            variables: BTreeMap::from([("claimed_at".to_owned(), claimed)]),
            missing: self.story.facts.missing.clone(),
            ..PartyLetter::default()
        }
    }

    fn letter(&self) -> OccurrenceLetter {
        let (present, before) = self.story.at(self.at).unwrap();
        let facts = &self.story.facts;
        let is_event = self.story.genre == Genre::Event;
        let called_off = present.standing != Standing::Scheduled;
        let listed = self.kind == LetterKind::CallList;
        let old = before.map(|before| anchor(before, facts));
        OccurrenceLetter {
            kind: self.kind,
            matter: matter(&self.story).to_owned(),
            is_event,
            title: if self.story.genre == Genre::Step {
                format!("Thẩm định hồ sơ “{}”", facts.title)
            } else {
                facts.title.clone()
            },
            status: status(present.standing),
            anchor: if called_off {
                Anchor::Undated
            } else {
                anchor(present, facts)
            },
            old_anchor: old.filter(|_| self.step == "correction" || listed),
            place: (!facts.place.is_empty()).then(|| Place {
                text: facts.place.clone(),
                hint: facts.hint.clone(),
                online_uri: String::new(),
            }),
            old_place: None,
            organiser: unit(ALLIANCE, "Liên minh"),
            lead_unit: Some(unit(OFFICE, "vp@example.org")),
            document: facts.document.as_ref().map(|(number, date)| Document {
                number: number.clone(),
                date: *date,
                ..Document::default()
            }),
            attributes: attributes(facts, present, &self.story),
            reply_by: present.reply_by,
            issued_late: false,
            uid: "event-1@lienminh.example".to_owned(),
            ics_sequence: 1,
            rule_version: 1,
            template_version: TEMPLATE_VERSION,
            call_list: if listed { unreached() } else { Vec::new() },
        }
    }
}

/// A letter that is right, and what it is made of.
pub(super) struct Staged {
    pub(super) kind: LetterKind,
    pub(super) right: [Specimen; 2],
    prepared: Prepared,
    party: PartyLetter,
}

impl Staged {
    /// One of the two with the words of other templates.
    pub(super) fn message(&self, renderer: &Renderer, right: &Message) -> Message {
        if right.is_sms {
            return sms(renderer, &self.prepared, &self.party, right.at);
        }
        let email = renderer.email_text(&self.prepared, &self.party).unwrap();
        Message {
            subject: email.subject,
            text: email.text,
            html: Some(shown(&email.html)),
            ..right.clone()
        }
    }
}

fn sms(renderer: &Renderer, prepared: &Prepared, party: &PartyLetter, at: DateTime) -> Message {
    let sms = renderer.sms(prepared, party).unwrap();
    Message {
        at,
        is_sms: true,
        text: sms.text,
        segments: usize::try_from(sms.segments).unwrap(),
        ..Message::default()
    }
}

fn unreached() -> Vec<notifier::domain::letter::CallEntry> {
    vec![notifier::domain::letter::CallEntry {
        organisation: roster().display_name(HTX).to_owned(),
        phone: "0261 3000 003".to_owned(),
        reason: "thư bị trả lại".to_owned(),
    }]
}

fn unit(organisation: &str, mailbox: &str) -> LetterUnit {
    LetterUnit {
        name: roster().display_name(organisation).to_owned(),
        short_name: "LMHTX Đắk Nông".to_owned(),
        mailbox: if mailbox.contains('@') {
            mailbox.to_owned()
        } else {
            String::new()
        },
        landline: roster().landline(organisation),
    }
}

const fn matter(story: &Story) -> &'static str {
    match story.genre {
        Genre::Event if story.facts.visit => "visit",
        Genre::Event => "meeting",
        Genre::Report => "report",
        Genre::Task => "task",
        Genre::Claim => "claim_confirmation",
        Genre::Admission => "admission_batch",
        Genre::Step => "funding_step",
        Genre::Supplement => "dossier_supplement",
        Genre::Disbursement => "disbursement",
    }
}

const fn status(standing: Standing) -> Status {
    match standing {
        Standing::Scheduled => Status::Scheduled,
        Standing::Postponed => Status::Postponed,
        Standing::Satisfied => Status::Satisfied,
        Standing::Cancelled => Status::Cancelled,
    }
}

fn anchor(chapter: &Chapter, facts: &Facts) -> Anchor {
    match chapter.when {
        When::At(start, end) => Anchor::Instant {
            start: vietnam::instant(start),
            end: end.map(vietnam::instant),
        },
        When::Until { last, .. } => Anchor::Day {
            date: last,
            bound: Bound::Through,
        },
        When::Open(end) => Anchor::Window {
            text: facts.window.clone(),
            start: end.map(Date::first_of_month),
            end,
        },
    }
}

fn attributes(facts: &Facts, present: &Chapter, story: &Story) -> BTreeMap<String, String> {
    let party = roster().display_name(&facts.party).to_owned();
    let (claims, applies) = if story.genre == Genre::Claim {
        (party, String::new())
    } else {
        (String::new(), party)
    };
    let lines = facts.lines.join("\n");
    let named = [
        ("agenda", lines.clone()),
        ("contents", lines),
        ("bring", facts.bring.clone()),
        ("chair", facts.chair.clone()),
        ("submit_to", facts.submit_to.clone()),
        ("short_title", facts.short_title.clone()),
        ("programme", facts.programme.clone()),
        ("decision", facts.decision.clone()),
        ("amount_text", facts.amount.clone()),
        ("step", facts.step.clone()),
        ("purpose", facts.title.clone()),
        ("reason", present.reason.clone()),
        ("claimant", claims),
        ("applicant", applies),
    ];
    let told = named.into_iter().filter(|(_, text)| !text.is_empty());
    told.map(|(name, text)| (name.to_owned(), text)).collect()
}

const KNOWN: DateTime = date(2024, 3, 8).at(9, 0, 0, 0);
const MORNING: DateTime = date(2024, 3, 29).at(8, 0, 0, 0);
const NOON: DateTime = date(2024, 3, 29).at(11, 30, 0, 0);

fn meeting() -> Story {
    let facts = Facts {
        title: "Lễ phát động Tháng hành động vì HTX năm 2024".to_owned(),
        lines: vec!["Văn nghệ chào mừng".to_owned(), "Diễn văn".to_owned()],
        bring: "Danh sách đoàn".to_owned(),
        chair: "Chủ tịch Liên minh HTX tỉnh".to_owned(),
        hint: "Vào cổng phía Đông".to_owned(),
        place: "Quảng trường trung tâm, 10 Hùng Vương".to_owned(),
        document: Some(("16/GM-LMHTX".to_owned(), Some(date(2024, 3, 8)))),
        ..Facts::default()
    };
    let when = When::At(MORNING, Some(NOON));
    let reply_by = Some(date(2024, 3, 22));
    Story::new(Genre::Event, "events/", OFFICE, facts).beginning(KNOWN, when, reply_by)
}

fn visit() -> Story {
    let mut story = meeting();
    story.facts.visit = true;
    story.facts.title = "Thăm, tặng quà HTX tiêu biểu".to_owned();
    story.facts.place = "Trụ sở HTX Bơ sạch Đoàn Kết".to_owned();
    story
}

/// A meeting to which something happened on 20 March.
fn changed(mut story: Story, standing: Standing, when: When) -> Story {
    let at = date(2024, 3, 20).at(14, 0, 0, 0);
    story.goes_on(at, standing, when, "Lãnh đạo tỉnh bận công tác đột xuất");
    story
}

fn moved(story: Story) -> Story {
    let start = date(2024, 4, 5).at(14, 0, 0, 0);
    let end = date(2024, 4, 5).at(16, 0, 0, 0);
    changed(story, Standing::Scheduled, When::At(start, Some(end)))
}

fn gone(story: Story, standing: Standing) -> Story {
    let when = story.chapters[0].1.when;
    changed(story, standing, when)
}

fn redated() -> Story {
    let mut story = gone(meeting(), Standing::Postponed);
    let start = date(2024, 4, 5).at(14, 0, 0, 0);
    let at = date(2024, 3, 25).at(14, 0, 0, 0);
    let why = "Đã bố trí được hội trường";
    story.goes_on(at, Standing::Scheduled, When::At(start, None), why);
    story
}

fn coming(mut story: Story) -> Story {
    story.coming.insert(HTX.to_owned(), KNOWN);
    story
}

fn window() -> Story {
    let facts = Facts {
        title: "Hội thi cán bộ HTX giỏi".to_owned(),
        window: "trong tháng 4/2024".to_owned(),
        lines: vec!["Thi kiến thức".to_owned()],
        ..Facts::default()
    };
    let when = When::Open(Some(date(2024, 4, 30)));
    Story::new(Genre::Event, "events/", OFFICE, facts).beginning(KNOWN, when, None)
}

/// What is due by the end of 27 March.
fn due(genre: Genre, facts: Facts) -> Story {
    let when = When::Until {
        last: date(2024, 3, 27),
        before: false,
    };
    Story::new(genre, "events/", OFFICE, facts).beginning(KNOWN, when, None)
}

fn report() -> Story {
    due(
        Genre::Report,
        Facts {
            title: "Báo cáo tình hình hoạt động tháng 3/2024".to_owned(),
            lines: vec!["Tiến độ Tháng hành động".to_owned()],
            submit_to: "Phòng 201, trụ sở Liên minh".to_owned(),
            ..Facts::default()
        },
    )
}

fn task() -> Story {
    due(
        Genre::Task,
        Facts {
            title: "Biên tập bản tin số 2/2024".to_owned(),
            lines: vec!["Tin bài về Tháng hành động".to_owned()],
            ..Facts::default()
        },
    )
}

fn claim() -> Story {
    due(
        Genre::Claim,
        Facts {
            title: "Báo cáo tình hình hoạt động tháng 3/2024".to_owned(),
            party: HTX.to_owned(),
            ..Facts::default()
        },
    )
}

fn admission() -> Story {
    due(
        Genre::Admission,
        Facts {
            title: "Kết nạp thành viên đợt 1/2024".to_owned(),
            ..Facts::default()
        },
    )
}

fn application(genre: Genre) -> Story {
    let own = Facts {
        title: "Mua máy sấy mắc ca".to_owned(),
        party: HTX.to_owned(),
        programme: "Hỗ trợ HTX năm nay".to_owned(),
        ..Facts::default()
    };
    let facts = if genre == Genre::Step {
        Facts {
            step: "thẩm định".to_owned(),
            ..own
        }
    } else if genre == Genre::Supplement {
        Facts {
            missing: vec!["Báo cáo tài chính 2 năm".to_owned()],
            ..own
        }
    } else {
        Facts {
            decision: "41/QĐ-LMHTX".to_owned(),
            amount: "195.000.000 đồng".to_owned(),
            ..own
        }
    };
    due(genre, facts)
}

/// Each letter that ships, once for each reader and turn that has words of its own.
pub(super) fn all() -> Vec<Scene> {
    use LetterKind as K;
    let scene = |name, kind, story, reader, step, (month, day)| Scene {
        name,
        kind,
        story,
        reader,
        step,
        at: date(2024, month, day).at(15, 0, 0, 0),
    };
    let step = || application(Genre::Step);
    let papers = || application(Genre::Supplement);
    let money = || application(Genre::Disbursement);
    let cancelled = || gone(meeting(), Standing::Cancelled);
    let postponed = || gone(meeting(), Standing::Postponed);
    vec![
        scene(
            "invitation",
            K::Invitation,
            meeting(),
            HTX,
            "issue",
            (3, 12),
        ),
        scene("visit", K::Invitation, visit(), HTX, "issue", (3, 12)),
        scene("reminder", K::EventReminder, meeting(), HTX, "t-1", (3, 28)),
        scene(
            "coming",
            K::EventReminder,
            coming(meeting()),
            HTX,
            "t-1",
            (3, 26),
        ),
        scene("visit soon", K::EventReminder, visit(), HTX, "t-3", (3, 26)),
        scene(
            "moved",
            K::EventMoved,
            moved(meeting()),
            HTX,
            "correction",
            (3, 20),
        ),
        scene(
            "moved, coming",
            K::EventMoved,
            moved(coming(meeting())),
            HTX,
            "correction",
            (3, 20),
        ),
        scene(
            "visit moved",
            K::EventMoved,
            moved(visit()),
            HTX,
            "correction",
            (3, 20),
        ),
        scene(
            "postponed",
            K::EventPostponed,
            postponed(),
            HTX,
            "correction",
            (3, 20),
        ),
        scene(
            "redated",
            K::EventRedated,
            redated(),
            HTX,
            "correction",
            (3, 25),
        ),
        scene(
            "cancelled",
            K::EventCancelled,
            cancelled(),
            HTX,
            "correction",
            (3, 20),
        ),
        scene(
            "call list",
            K::CallList,
            cancelled(),
            OFFICE,
            "call_list",
            (3, 20),
        ),
        scene(
            "call list, postponed",
            K::CallList,
            postponed(),
            OFFICE,
            "call_list",
            (3, 20),
        ),
        scene(
            "unfixed",
            K::Unfixed,
            window(),
            OFFICE,
            "unfixed-7",
            (3, 25),
        ),
        scene(
            "unfixed, over",
            K::Unfixed,
            window(),
            OFFICE,
            "unfixed-weekly",
            (5, 6),
        ),
        scene("report", K::ReportReminder, report(), HTX, "t-3", (3, 22)),
        scene("chaser", K::ReportChaser, report(), HTX, "late-1", (3, 28)),
        scene("task", K::TaskReminder, task(), OFFICE, "t-1", (3, 26)),
        scene(
            "task, late",
            K::TaskReminder,
            task(),
            OFFICE,
            "late-1",
            (3, 28),
        ),
        scene("step", K::TaskReminder, step(), OFFICE, "t-3", (3, 22)),
        scene(
            "step, late",
            K::TaskReminder,
            step(),
            OFFICE,
            "late-1",
            (3, 28),
        ),
        scene(
            "claim",
            K::ClaimConfirmation,
            claim(),
            OFFICE,
            "issue",
            (3, 22),
        ),
        scene(
            "admission",
            K::AdmissionBatch,
            admission(),
            HTX,
            "t-7",
            (3, 20),
        ),
        scene(
            "admission, lead",
            K::AdmissionBatch,
            admission(),
            OFFICE,
            "t-7",
            (3, 20),
        ),
        scene(
            "papers",
            K::DossierSupplement,
            papers(),
            HTX,
            "issue",
            (3, 12),
        ),
        scene(
            "papers, late",
            K::DossierSupplement,
            papers(),
            HTX,
            "late-1",
            (3, 28),
        ),
        scene("money", K::DisbursementStep, money(), HTX, "t-3", (3, 22)),
        scene(
            "money, late",
            K::DisbursementStep,
            money(),
            HTX,
            "late-1",
            (3, 28),
        ),
        scene(
            "money, lead",
            K::DisbursementStep,
            money(),
            OFFICE,
            "t-3",
            (3, 22),
        ),
        scene(
            "money, lead, late",
            K::DisbursementStep,
            money(),
            OFFICE,
            "late-1",
            (3, 28),
        ),
    ]
}

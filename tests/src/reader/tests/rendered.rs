//! The letters that ship, rendered as they go out, with what the script would say of them.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use jiff::civil::{Date, DateTime};
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
    pub(super) story: Story,
    pub(super) reader: &'static str,
    pub(super) step: &'static str,
    pub(super) at: DateTime,
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
        // These have a code and a page, whether a letter asks for an answer or not.
        let answered = match self.story.genre {
            Genre::Event => self.kind != LetterKind::Unfixed,
            Genre::Report => true,
            Genre::Task
            | Genre::Claim
            | Genre::Admission
            | Genre::Step
            | Genre::Supplement
            | Genre::Disbursement => false,
        };
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
            old_place: (!facts.old_place.is_empty()).then(|| Place {
                text: facts.old_place.clone(),
                ..Place::default()
            }),
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

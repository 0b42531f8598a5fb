//! Ends that misbehave as the world does, and worse.

use std::time::Duration;

use lienminh_local::Stage;
use lienminh_local::chance::Mix;
use lienminh_local::sms::{Answer, Receipt, Treatment};
use lienminh_local::smtp::Behaviour;

/// How the two ends of a stage behave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ends {
    /// Most messages pass; the rest meets everything that can go wrong.
    Mixed,
    /// Everything passes: another fault is the subject.
    Orderly,
}

impl Ends {
    /// Makes both ends of a stage behave like this; the seed decides who meets what.
    pub fn set(self, stage: &Stage, seed: u64) {
        stage.smtp().rules().clear();
        stage.sms().rules().clear();
        if self == Self::Mixed {
            stage.smtp().rules().set_mix(Mix::new(seed, mails()));
            stage.sms().rules().set_mix(Mix::new(seed, texts()));
        }
    }
}

/// Misbehaviour of the two ends that was felt so far, by name. With hundreds of
/// messages each of these has bitten.
pub(super) fn felt(stage: &Stage) -> [(&'static str, u64); 9] {
    let (mails, texts) = (stage.smtp().counters(), stage.sms().counters());
    [
        ("SMTP end: greylisting", mails.greylisted),
        ("SMTP end: 4xx or 5xx at RCPT", mails.refused_recipients),
        ("SMTP end: 4xx after the dot", mails.refused_messages),
        ("SMTP end: slow", mails.delayed),
        ("SMTP end: 421", mails.busy),
        ("SMTP end: dropped before the dot", mails.dropped_before_dot),
        ("SMTP end: dropped after the dot", mails.dropped_after_dot),
        ("SMS end: silent after accepting", texts.unanswered),
        ("SMS end: refused", texts.refused),
    ]
}

fn mails() -> [(u64, Behaviour); 12] {
    [
        (560, Behaviour::Accept),
        (100, Behaviour::Greylist),
        (80, Behaviour::RefuseRecipient(451)),
        (10, Behaviour::RefuseRecipient(550)),
        (40, Behaviour::RefuseMessage(452)),
        (60, Behaviour::Slow(Duration::from_millis(60))),
        (40, Behaviour::DelayAfterDot(Duration::from_millis(300))),
        (20, Behaviour::Busy),
        (30, Behaviour::DropBeforeData),
        (20, Behaviour::DropInBody),
        (30, Behaviour::AcceptThenDrop),
        (10, Behaviour::LoseThenDrop),
    ]
}

fn texts() -> [(u64, Treatment); 10] {
    let answer = |answer: Answer| Treatment::from(answer);
    let receipt = |receipt: Receipt| Treatment::from(receipt);
    [
        (60, Treatment::default()),
        (
            6,
            answer(Answer::AcceptThenSilence(Duration::from_millis(300))),
        ),
        (8, answer(Answer::Slow(Duration::from_millis(200)))),
        (4, answer(Answer::HttpError(503))),
        (4, answer(Answer::Refuse(99))),
        (4, receipt(Receipt::BeforeAnswer)),
        (4, receipt(Receipt::Twice)),
        (4, receipt(Receipt::UnknownIdFirst)),
        (3, receipt(Receipt::Failed)),
        (3, receipt(Receipt::Never)),
    ]
}

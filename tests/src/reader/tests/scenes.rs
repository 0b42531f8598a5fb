//! Who reads which letter of which story, and when.

use jiff::civil::date;
use notifier::domain::letter::LetterKind;

use super::rendered::Scene;
use super::specimens::{HTX, OFFICE};
use super::stories::{
    admission, application, claim, coming, due_again, elsewhere, extended, gone, meeting, moved,
    redated, report, task, visit, window,
};
use crate::oracle::matter::Standing;
use crate::oracle::story::Genre;

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
    let corrected = |name, kind, story, day| scene(name, kind, story, HTX, "correction", (3, day));
    let mut scenes = vec![
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
    ];
    scenes.extend([
        corrected(
            "elsewhere",
            K::EventPlaceChanged,
            gone(elsewhere(meeting()), Standing::Scheduled),
            20,
        ),
        corrected(
            "elsewhere, coming",
            K::EventPlaceChanged,
            gone(elsewhere(coming(meeting())), Standing::Scheduled),
            20,
        ),
        corrected(
            "visit elsewhere",
            K::EventPlaceChanged,
            gone(elsewhere(visit()), Standing::Scheduled),
            20,
        ),
        corrected(
            "moved, elsewhere",
            K::EventMoved,
            moved(elsewhere(meeting())),
            20,
        ),
        corrected("more time", K::DeadlineMoved, extended(report()), 20),
        scene(
            "task, more time",
            K::DeadlineMoved,
            extended(task()),
            OFFICE,
            "correction",
            (3, 20),
        ),
        corrected(
            "report, put off",
            K::DeadlinePostponed,
            gone(report(), Standing::Postponed),
            20,
        ),
        corrected(
            "report, due again",
            K::DeadlineRedated,
            due_again(report()),
            25,
        ),
        corrected(
            "report, called off",
            K::DeadlineCancelled,
            gone(report(), Standing::Cancelled),
            20,
        ),
    ]);
    scenes
}

#[test]
fn every_kind_of_letter_is_read() {
    let read: Vec<LetterKind> = all().iter().map(|scene| scene.kind).collect();
    for kind in LetterKind::ALL {
        assert!(read.contains(&kind), "{kind:?}");
    }
}

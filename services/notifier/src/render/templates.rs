//! The templates, as they were compiled in.

/// The four texts of a kind, from its folder.
macro_rules! texts {
    ($($folder:literal),+ $(,)?) => {
        &[$(
            (concat!($folder, "/subject.txt"),
             include_str!(concat!("../../templates/", $folder, "/subject.txt.j2"))),
            (concat!($folder, "/body.txt"),
             include_str!(concat!("../../templates/", $folder, "/body.txt.j2"))),
            (concat!($folder, "/body.html"),
             include_str!(concat!("../../templates/", $folder, "/body.html.j2"))),
            (concat!($folder, "/sms.txt"),
             include_str!(concat!("../../templates/", $folder, "/sms.txt.j2"))),
        )+]
    };
}

const LAYOUT: &[(&str, &str)] = &[
    (
        "layout/mail.txt",
        include_str!("../../templates/layout/mail.txt.j2"),
    ),
    (
        "layout/mail.html",
        include_str!("../../templates/layout/mail.html.j2"),
    ),
    (
        "layout/sms_tail",
        include_str!("../../templates/layout/sms_tail.j2"),
    ),
];

const VIETNAMESE: &[(&str, &str)] = texts![
    "invitation",
    "event_reminder",
    "event_moved",
    "event_postponed",
    "event_redated",
    "event_cancelled",
    "event_place_changed",
    "unfixed",
    "task_reminder",
    "report_reminder",
    "report_chaser",
    "deadline_moved",
    "deadline_postponed",
    "deadline_redated",
    "deadline_cancelled",
    "claim_confirmation",
    "admission_batch",
    "dossier_supplement",
    "disbursement_step",
    "call_list",
];

/// Letters inside the house are Vietnamese only.
const ENGLISH: &[(&str, &str)] = texts![
    "invitation/en",
    "event_reminder/en",
    "event_moved/en",
    "event_postponed/en",
    "event_redated/en",
    "event_cancelled/en",
    "event_place_changed/en",
    "task_reminder/en",
    "report_reminder/en",
    "report_chaser/en",
    "deadline_moved/en",
    "deadline_postponed/en",
    "deadline_redated/en",
    "deadline_cancelled/en",
];

/// Name and source of every template.
pub(super) fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    LAYOUT.iter().chain(VIETNAMESE).chain(ENGLISH).copied()
}

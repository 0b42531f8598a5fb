//! The templates, as they were compiled in.

/// The three texts of a kind, from its folder.
macro_rules! texts {
    ($($folder:literal),+ $(,)?) => {
        &[$(
            (concat!($folder, "/subject"),
             include_str!(concat!("../../templates/", $folder, "/subject.j2"))),
            (concat!($folder, "/mail"),
             include_str!(concat!("../../templates/", $folder, "/mail.j2"))),
            (concat!($folder, "/sms"),
             include_str!(concat!("../../templates/", $folder, "/sms.j2"))),
        )+]
    };
}

macro_rules! parts {
    ($($name:literal),+ $(,)?) => {
        &[$((
            concat!("parts/", $name),
            include_str!(concat!("../../templates/parts/", $name, ".j2")),
        ),)+]
    };
}

const PARTS: &[(&str, &str)] = parts![
    "answer",
    "deadline_facts",
    "event_facts",
    "mail.html",
    "mail.txt",
    "over",
    "sent",
    "sms_answer",
    "sms_contact",
    "sms_other_place",
    "sms_place",
    "sms_send_to",
    "sms_sent",
    "submit_to",
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
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    PARTS.iter().chain(VIETNAMESE).chain(ENGLISH).copied()
}

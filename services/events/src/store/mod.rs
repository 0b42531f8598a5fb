//! SQL: constant text beside its function, explicit columns, sets instead of loops.

pub mod activity;
pub mod answer_code;
pub mod columns;
pub mod deadline;
pub mod event;
pub mod invitation;
pub mod obligation;
pub mod party;
pub mod plan;
pub mod plan_item;
pub mod submission;
pub mod timeline;

use kit::migrate::Migration;

/// The schema of this service.
pub static MIGRATIONS: [Migration; 10] = [
    Migration::new(1, "plan", include_str!("../../migrations/0001_plan.sql")),
    Migration::new(2, "event", include_str!("../../migrations/0002_event.sql")),
    Migration::new(
        3,
        "deadline",
        include_str!("../../migrations/0003_deadline.sql"),
    ),
    Migration::new(
        4,
        "answer",
        include_str!("../../migrations/0004_answer.sql"),
    ),
    Migration::new(
        5,
        "obligation",
        include_str!("../../migrations/0005_obligation.sql"),
    ),
    Migration::new(
        6,
        "public",
        include_str!("../../migrations/0006_public.sql"),
    ),
    Migration::new(
        7,
        "short_title",
        include_str!("../../migrations/0007_short_title.sql"),
    ),
    Migration::new(
        8,
        "written_for",
        include_str!("../../migrations/0008_written_for.sql"),
    ),
    Migration::new(9, "pages", include_str!("../../migrations/0009_pages.sql")),
    Migration::new(
        10,
        "answered_by_member",
        include_str!("../../migrations/0010_answered_by_member.sql"),
    ),
];

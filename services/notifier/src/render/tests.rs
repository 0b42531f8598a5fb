#![allow(clippy::unwrap_used)]

mod approved;
mod bed;
mod branches;
mod calendars;
mod doing;
mod gallery;
mod letters;
mod mails;
mod messages;
mod readers;

#![allow(clippy::unwrap_used)]

mod approved;
mod bed;
mod calendars;
mod letters;
mod mails;
mod messages;
mod readers;

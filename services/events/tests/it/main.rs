//! The events service behind its real doors: gRPC with tokens, reply pages over
//! HTTP, a PostgreSQL database of each test's own, the runtime role's rights.
#![allow(clippy::unwrap_used, unreachable_pub)]

mod audience;
mod calls;
mod claims;
mod codes;
mod deadlines;
mod event_fields;
mod events;
mod house;
mod invitations;
mod listing;
mod members;
mod moves;
mod page_words;
mod pages;
mod plans;
mod samples;
mod schema;
mod timeline;
mod visitor;

//! The decisions of the reminder desk: pure functions of the present state, a
//! fact and the time. No I/O, no clock, no SQL.
//!
//! How a reminder comes about: a source tells a [`fact`]; [`arming`] turns the
//! ladder of its kind ([`rule`]) into [`occurrence`]s at the instants that
//! [`schedule`] computes; what falls due goes through [`triage`] and [`fanout`]
//! to deliveries; when the anchor moves, [`correction`] decides who is told what.

pub mod anchor;
pub mod arming;
pub mod correction;
pub mod coverage;
pub mod delivery;
pub mod explain;
pub mod fact;
pub mod fanout;
pub mod freshness;
pub mod hold;
pub mod letter;
pub mod obligation;
pub mod occurrence;
pub mod outcome;
pub mod party;
pub mod reader;
pub mod rule;
pub mod schedule;
pub mod triage;

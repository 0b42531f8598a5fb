//! The registry service: organisations, memberships, people to reach, admissions.

pub mod domain;
pub mod store;

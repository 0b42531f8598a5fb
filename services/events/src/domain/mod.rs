//! Pure rules: present state, change and instant in, next state and what to tell out.
//!
//! Nothing here reads a clock, a table or a message of the contracts.

pub mod anchor;
pub mod answer;
pub mod class;
pub mod confirmation;
pub mod deadline;
pub mod document;
pub mod event;
pub mod id;
pub mod invitation;
pub mod kind;
pub mod mention;
pub mod obligation;
pub mod party;
pub mod place;
pub mod plan;
pub mod position;
pub mod printed;
pub mod refusal;
pub mod submission;
pub mod text;
pub mod token;
pub mod warning;
pub mod written;

#[cfg(test)]
mod sample;

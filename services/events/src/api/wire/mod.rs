//! Between the messages of the contracts and the types of the rules.

pub(crate) mod anchor;
pub(crate) mod date;
pub(crate) mod deadline;
pub(crate) mod document;
pub(crate) mod event;
pub(crate) mod field;
pub(crate) mod name;
pub(crate) mod obligation;
pub(crate) mod place;
pub(crate) mod plan;
pub(crate) mod warning;

//! Callers who keep no rule, against the real programs: the others keep their service, the
//! process lives, and its memory stays within a stated bound.
#![allow(clippy::unwrap_used)]

mod frames;
mod ground;
mod neighbour;
#[path = "../e2e/rpcs/raw.rs"]
mod raw;
mod rogue;

mod crowds;
mod floods;
mod handshakes;
mod messages;
mod pages;
mod watches;
mod windows;

//! Email over SMTP (RFC 5321): lanes, each one task with one connection.
//!
//! Neither lettre's pool nor its connections: the pool answers "sent" after a
//! cancelled send and opens connections without bound; its connections have no
//! deadline, read lines without an end, and take an accepted mail for lost when the
//! reply holds Latin-1. A lane owns its socket; the number of lanes is the limit.

mod connection;
mod dialogue;
mod reply;
mod server;
mod session;
#[cfg(test)]
mod silence;
mod wire;

pub use dialogue::Refusal;
pub use server::SmtpServer;
pub use session::Session;

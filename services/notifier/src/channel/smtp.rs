//! Email over SMTP (RFC 5321): lanes, each one task with one connection.
//!
//! Not lettre's pool: it answers "sent" after a cancelled send, has no deadline
//! after the connect, leaves Nagle's algorithm on (40 ms per mail) and opens
//! connections without bound. A lane owns its socket; the number of lanes is
//! the limit.

mod dialogue;
mod server;
mod session;
mod wire;

pub use dialogue::Refusal;
pub use server::SmtpServer;
pub use session::Session;

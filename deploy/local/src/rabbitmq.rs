//! A private RabbitMQ node, and virtual hosts with our topology in it.

mod address;
mod definitions;
mod node;

pub use address::{BrokerAddress, VHOST};
pub use definitions::{BrokerUser, USERS};
pub use node::RabbitMq;

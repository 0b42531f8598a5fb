//! Sets the stage: a private PostgreSQL and RabbitMQ on free ports, an SMTP receiver and an SMS
//! gateway double with durable acceptance logs, a proxy that breaks links, and the services as
//! separate processes. Demo, `make up` and all tests stand on it.
//!
//! Whatever it starts ends with it, also when it is killed; see [`guard`].

pub mod acceptance;
pub mod backup;
pub mod certificates;
pub mod chance;
pub mod command;
pub mod conductor;
pub mod folder;
pub mod front;
pub mod guard;
mod http;
pub mod port;
pub mod postgres;
pub mod process;
pub mod proxy;
pub mod rabbitmq;
pub mod servers;
pub mod service;
pub mod sms;
pub mod smtp;
pub mod stage;
pub mod suite;
pub mod testbed;
pub mod wait;

pub use service::ServiceName;
pub use stage::{Stage, StageOptions};
pub use testbed::TestBed;

//! The data half of kit on a real PostgreSQL and a real RabbitMQ.
#![allow(clippy::unwrap_used)]

mod apply;
mod audit;
mod bed;
mod consumer;
mod crash;
mod database;
mod encryption;
mod inbox;
mod migrate;
mod mutation;
mod outage;
mod outbox;
mod redaction;
mod relay;
mod retries;
mod trouble;

//! What every Lienminh service starts with: configuration, telemetry, server,
//! permissions, errors and clocks; database, outbox, broker and idempotency.
//!
//! A service implements [`service::Service`] and hands its type to
//! [`service::main`]; the rest is the same for all of them.

// The door: who calls, how it is answered, how a process starts and stops.
pub mod auth;
pub mod civil;
pub mod client;
pub mod clock;
pub mod config;
pub mod descriptors;
pub mod error;
pub mod failpoint;
pub mod file;
pub mod health;
pub mod http;
pub mod language;
pub mod personal;
pub mod resource;
mod room;
pub mod server;
pub mod service;
pub mod settled;
pub mod shape;
pub mod telemetry;
pub mod text;
pub mod tls;
pub mod trace;
pub mod warning;
pub mod wire;

// The ground: what is stored, published and taken in.
pub mod audit;
mod backoff;
pub mod broker;
pub mod consumer;
pub mod database;
pub mod etag;
pub mod facts;
pub mod gather;
pub mod inbox;
pub mod mask;
pub mod migrate;
pub mod mutation;
pub mod outbox;
pub mod page;
pub mod relay;
pub mod retention;
pub mod turn;

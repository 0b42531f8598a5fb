//! The whole house end to end: gRPC and HTTP in; PostgreSQL, RabbitMQ and four processes within;
//! SMTP and SMS out. Every test has databases, a virtual host and ends of its own.
#![allow(clippy::unwrap_used)]
// Tests await whole stages; boxing them would only hide what they do.
#![allow(clippy::large_futures)]

mod calendar;
mod house;
mod letter;
mod member;

mod api;
mod audit;
mod chain;
mod clerk;
mod cli;
mod delivery;
mod desk;
mod done;
mod encrypted;
mod faults;
mod filled;
mod foreign;
mod front;
mod injection;
mod lookups;
mod money;
mod moves;
mod outage;
mod privacy;
mod restore;
mod rpcs;
mod second_look;
mod watch;

//! A private PostgreSQL server, and the databases in it.

mod account;
mod database;
mod server;
mod volume;

pub use database::{PostgresAddress, ServiceDatabase, connect};
pub use server::{Postgres, PostgresOptions};
pub use volume::Volume;

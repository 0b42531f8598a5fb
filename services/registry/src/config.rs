//! The registry's own settings.

/// The registry needs nothing beside what every service has.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Settings {}

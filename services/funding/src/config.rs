//! What can be set for this service alone.

use clap::Args;

/// Settings of the funding service.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// Working days that an appraisal may take from the day the dossier is complete.
    /// No public rule fixes it (Decree 45/2021/NĐ-CP leaves it to each fund).
    #[arg(long, env = "LIENMINH_APPRAISAL_DAYS", default_value_t = 7)]
    pub appraisal_days: u16,

    /// Working days that a decision may take from the appraisal.
    #[arg(long, env = "LIENMINH_DECISION_DAYS", default_value_t = 7)]
    pub decision_days: u16,
}

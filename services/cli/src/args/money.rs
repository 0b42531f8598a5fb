//! `lienminh application`.

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::value;

#[derive(Subcommand, Debug)]
pub enum Application {
    /// List applications for support, with the figures of each
    List,
    /// Record a disbursement
    Disburse(Disburse),
}

#[derive(Args, Debug)]
pub struct Disburse {
    /// Name as `application list` prints it, or the applicant where it has only one
    pub application: String,
    /// Amount: 195.000.000 or "195 triệu"
    #[arg(value_parser = value::amount)]
    pub amount: i64,
    /// Reference at the bank
    #[arg(long)]
    pub reference: String,
    /// Day on which it was paid: 11/4/2024
    #[arg(long, value_parser = value::past_day)]
    pub date: Date,
}

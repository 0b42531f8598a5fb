//! An SMS gateway double: the documented eSMS V4 JSON API and a generic HTTP one, durable
//! acceptance, receipts by callback, and misbehaviour on demand.

mod answer;
mod callback;
mod esms;
mod gateway;
mod generic;
mod rules;
mod text;

pub use callback::Outstanding;
pub use esms::Noise;
pub use gateway::{AcceptedSms, SmsGateway, SmsOptions};
pub use rules::{Answer, Receipt, SmsCounters, SmsRules, Treatment};
pub use text::segments;

//! The ways out: SMTP for emails, HTTP gateways for SMS.

pub mod gate;
pub mod sms;
pub mod smtp;

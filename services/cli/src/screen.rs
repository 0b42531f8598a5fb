//! The one way onto the terminal. What services, files and strangers say may hold
//! what a terminal obeys or a reader does not see; it is taken out here.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::fmt::Display;

use lienminh_proto::r#type::v1::Warning;
use vietnam::text::on_screen;

/// Prints a text and ends the line.
pub(crate) fn print(text: impl Display) {
    println!("{}", on_screen(&text.to_string()));
}

/// Prints a text on standard error and ends the line.
pub(crate) fn complain(text: impl Display) {
    eprintln!("{}", on_screen(&text.to_string()));
}

/// What an answer warns of, a line each: done as asked, and a person should look at it.
pub(crate) fn warn(warnings: &[Warning]) {
    for warning in warnings {
        complain(format_args!("! {}", warning.message));
    }
}

/// As `println!`, by [`print()`].
macro_rules! say {
    ($($words:tt)*) => { $crate::screen::print(format_args!($($words)*)) };
}
pub(crate) use say;

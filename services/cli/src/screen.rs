//! The one way onto the terminal. What services, files and strangers say may hold
//! what a terminal obeys or a reader does not see; it is taken out here.
#![allow(clippy::print_stdout, clippy::print_stderr)]

use std::fmt::Display;

use vietnam::text::on_screen;

/// Prints a text and ends the line.
pub(crate) fn print(text: impl Display) {
    println!("{}", on_screen(&text.to_string()));
}

/// Prints a text on standard error and ends the line.
pub(crate) fn complain(text: impl Display) {
    eprintln!("{}", on_screen(&text.to_string()));
}

/// As `println!`, by [`print()`].
macro_rules! say {
    ($($words:tt)*) => { $crate::screen::print(format_args!($($words)*)) };
}
pub(crate) use say;

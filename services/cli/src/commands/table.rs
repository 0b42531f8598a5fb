//! Tables that line up, in colour only on terminals.

use comfy_table::{ContentArrangement, Table, presets};
use jiff::civil::DateTime;

use crate::screen::say;

/// A table with these headings, as wide as the terminal allows.
pub(super) fn with_headings(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(headings.to_vec());
    table
}

/// Prints a table, or what is said where it has no rows.
pub(super) fn show(rows: &Table, empty: &str) {
    if rows.is_empty() {
        say!("{empty}");
    } else {
        say!("{rows}");
    }
}

/// Day and hour, the one way in all tables; empty where none is known.
pub(super) fn at(when: Option<DateTime>) -> String {
    when.map(vietnam::dates::stamp).unwrap_or_default()
}

/// "chưa trả lời: 3; sẽ dự: 12" of words that stand in order.
pub(super) fn sums(words: impl Iterator<Item = String>) -> String {
    let mut sums: Vec<(String, usize)> = Vec::new();
    for word in words {
        match sums.last_mut() {
            Some((last, count)) if *last == word => *count += 1,
            Some(_) | None => sums.push((word, 1)),
        }
    }
    let sums = sums.iter().map(|(word, count)| format!("{word}: {count}"));
    sums.collect::<Vec<_>>().join("; ")
}

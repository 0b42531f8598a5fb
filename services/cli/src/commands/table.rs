//! Tables that line up, in colour only on terminals.

use comfy_table::{ContentArrangement, Table, presets};

/// A table with these headings, as wide as the terminal allows.
pub(super) fn with_headings(headings: &[&str]) -> Table {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_header(headings.to_vec());
    table
}

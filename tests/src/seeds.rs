//! `make seeds`: what the source documents do, row by row, played on one real suite through the
//! contracts only and judged from outside, by answers of rpcs and by what the ends accepted.
//!
//! All rows are played at once: each is a story that waits for its days, and the one stepped
//! clock goes on when every story waits. A row counts when each of its parts is shown, and when
//! its judge is seen to miss each part that is taken away.

pub mod cast;
pub mod days;
pub mod judge;
mod play;
mod row_02;
mod row_08;
mod row_20;
mod row_27;
pub mod seen;

pub use play::{Report, play};

use futures_util::future::LocalBoxFuture;

use cast::Cast;
use judge::Part;
use seen::Answers;

/// How many rows the source documents have.
pub const ROWS: usize = 34;

/// A row of the source documents.
pub struct Row {
    /// Its number.
    pub number: u8,
    /// Its story; answers of rpcs that the judge reads come back.
    pub story: for<'c> fn(&'c Cast) -> LocalBoxFuture<'c, anyhow::Result<Answers>>,
    /// What must be shown.
    pub parts: fn() -> Vec<Part>,
}

/// Every row that has a story.
const STORIES: [Row; 4] = [row_02::ROW, row_08::ROW, row_20::ROW, row_27::ROW];

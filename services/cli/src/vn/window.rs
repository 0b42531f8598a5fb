//! `window`.

use jiff::civil::Date;
use serde::Serialize;
use vietnam::window::{Bound, Precision, Window};

use super::item::Printed;
use super::topic::{Problem, Topic, fields};

#[derive(Serialize)]
struct Read {
    start: Option<Date>,
    end: Date,
    precision: Printed<Precision>,
    bound: Option<Printed<Bound>>,
    derived: bool,
    text: String,
    wording: String,
}

pub(super) fn window() -> Topic {
    fields(|item| {
        let (text, year) = context_year(item);
        let window = Window::parse(text, year).map_err(Problem::of)?;
        Ok(Read {
            start: window.start,
            end: window.end,
            precision: Printed(window.precision),
            bound: (window.bound != Bound::Within).then_some(Printed(window.bound)),
            derived: window.derived,
            wording: window.wording(),
            text: window.text,
        })
    })
}

/// The last word is the year of the context, unless it is all there is or no year.
fn context_year(item: &str) -> (&str, Option<i16>) {
    let item = item.trim();
    item.rsplit_once(char::is_whitespace)
        .filter(|(_, year)| year.len() == 4)
        .and_then(|(text, year)| Some((text, Some(year.parse().ok()?))))
        .unwrap_or((item, None))
}

use jiff::civil::Date;

use super::grammar::{bound, ends};
use super::piece::Piece;
use super::words::{Word, take, words};
use super::{Bound, Precision, Window, WindowError};
use crate::text::nfc;

pub(super) fn parse(text: &str, context: Option<i16>) -> Result<Window, WindowError> {
    let printed = nfc(text.trim());
    if printed.is_empty() {
        return Err(WindowError::Empty);
    }
    let words = words(&printed);
    let mut rest: &[Word] = &words;
    let about = take(&mut rest, &[&["khoang"], &["du", "kien"]]).is_some();
    take(&mut rest, &[&["trong"], &["vao"], &["thuc", "hien"]]);
    let bound = bound(&mut rest);
    let (first, second) = ends(rest).ok_or_else(|| WindowError::Unreadable(printed.clone()))?;
    let reading = Reading {
        printed: &printed,
        context,
    };
    let mut window = match bound {
        Bound::Within => reading.within(first, second)?,
        Bound::Through | Bound::Before if second.is_some() => {
            return Err(WindowError::Unreadable(printed));
        }
        Bound::Through | Bound::Before => reading.until(first, bound)?,
    };
    if about {
        window.precision = Precision::Approximate;
    }
    Ok(window)
}

struct Reading<'a> {
    printed: &'a str,
    context: Option<i16>,
}

impl Reading<'_> {
    fn until(&self, piece: Piece, bound: Bound) -> Result<Window, WindowError> {
        let derived = piece.year().is_none();
        let (first, last) = self.days(self.with_year(piece)?)?;
        let end = match bound {
            Bound::Before => first.yesterday().map_err(|_| self.no_such_day())?,
            Bound::Within | Bound::Through => last,
        };
        Ok(Window {
            text: self.printed.to_owned(),
            start: None,
            end,
            precision: piece.precision(),
            bound,
            derived,
        })
    }

    fn within(&self, first: Piece, second: Option<Piece>) -> Result<Window, WindowError> {
        let Some(second) = second else {
            let derived = first.year().is_none();
            let (start, end) = self.days(self.with_year(first)?)?;
            return Ok(self.window(start, end, first.precision(), derived));
        };
        let precision = first.precision().max(second.precision());
        let named = (first.year(), second.year());
        let (first, second) = match named {
            (Some(_), Some(_)) => (first, second),
            (None, Some(year)) => (first.in_year(year), second),
            (Some(year), None) => (first, second.in_year(year)),
            (None, None) => (self.with_year(first)?, self.with_year(second)?),
        };
        let mut derived = named == (None, None);
        let (mut start, mut end) = (self.days(first)?.0, self.days(second)?.1);
        // A span over New Year that names one year at most: "từ 15/12 đến 15/01/2025".
        if end < start && named.0.is_none() && named.1.is_some() {
            start = self.days(first.in_year(end.year().saturating_sub(1)))?.0;
            derived = true;
        } else if end < start && named.1.is_none() {
            end = self.days(second.in_year(start.year().saturating_add(1)))?.1;
            derived = true;
        }
        if end < start {
            return Err(WindowError::Backwards(self.printed.to_owned()));
        }
        Ok(self.window(start, end, precision, derived))
    }

    fn window(&self, start: Date, end: Date, precision: Precision, derived: bool) -> Window {
        Window {
            text: self.printed.to_owned(),
            start: Some(start),
            end,
            precision,
            bound: Bound::Within,
            derived,
        }
    }

    fn with_year(&self, piece: Piece) -> Result<Piece, WindowError> {
        match (piece.year(), self.context) {
            (Some(_), _) => Ok(piece),
            (None, Some(year @ 1_000..=9_999)) => Ok(piece.in_year(year)),
            (None, _) => Err(WindowError::NoYear(self.printed.to_owned())),
        }
    }

    fn days(&self, piece: Piece) -> Result<(Date, Date), WindowError> {
        piece.days().ok_or_else(|| self.no_such_day())
    }

    fn no_such_day(&self) -> WindowError {
        WindowError::NoSuchDay(self.printed.to_owned())
    }
}

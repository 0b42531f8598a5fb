//! How a number was written: its digits, and where the writer set them apart.

use super::PhoneError;
use crate::text::is_hidden;

/// The digits of a text, and the signs between them.
pub(super) struct Written {
    digits: String,
    /// Where the national number begins among them, behind country code and nought.
    start: usize,
    /// Before which digits a blank, dot, dash or bracket stands.
    breaks: Vec<usize>,
    /// Before which digits a bracket closes.
    closed: Vec<usize>,
    /// Whether it has a country code.
    international: bool,
}

impl Written {
    pub(super) fn take(text: &str) -> Result<Self, PhoneError> {
        let mut written = Self {
            digits: String::with_capacity(16),
            start: 0,
            breaks: Vec::new(),
            closed: Vec::new(),
            international: false,
        };
        for c in text.chars() {
            written.push(c)?;
        }
        if written.digits.is_empty() {
            return Err(PhoneError::Empty);
        }
        written.start = written.begin()?;
        Ok(written)
    }

    fn push(&mut self, c: char) -> Result<(), PhoneError> {
        match c {
            '0'..='9' => self.digits.push(c),
            '+' if self.digits.is_empty() && !self.international => self.international = true,
            '.' | '-' | '(' | ')' | '/' | '\u{2010}'..='\u{2015}' => self.note(c),
            _ if c.is_whitespace() => self.note(c),
            // The invisible signs that copying from chats brings along.
            _ if is_hidden(c) && !c.is_control() => {}
            _ => return Err(PhoneError::Sign),
        }
        Ok(())
    }

    fn note(&mut self, sign: char) {
        self.breaks.push(self.digits.len());
        if sign == ')' {
            self.closed.push(self.digits.len());
        }
    }

    /// How many digits are country code and leading nought.
    fn begin(&mut self) -> Result<usize, PhoneError> {
        let code = if self.international {
            Some(0)
        } else {
            self.digits.starts_with("00").then_some(2)
        };
        if let Some(at) = code {
            self.international = true;
            let rest = &self.digits[at..];
            let national = rest.strip_prefix("84").ok_or(PhoneError::Foreign)?;
            return Ok(at + 2 + usize::from(national.starts_with('0')));
        }
        if self.digits.starts_with('0') {
            return Ok(1);
        }
        // "84 912 345 678" without a plus; shorter, it is a number that lacks its nought.
        match self.digits.strip_prefix("84") {
            Some(national) if self.digits.len() >= 11 => {
                self.international = true;
                Ok(2 + usize::from(national.starts_with('0')))
            }
            _ => Ok(0),
        }
    }

    /// The number without country code and leading nought.
    pub(super) fn national(&self) -> &str {
        &self.digits[self.start..]
    }

    /// Whether the writer set this area code apart from what follows: in brackets, or, for a code
    /// of one digit, by any sign that is not one of pairs (`08 3829 1234`, not `08 38 29 12 34`).
    /// Codes of two digits are as long as the first group of a mobile number.
    pub(super) fn sets_apart(&self, area: &str) -> bool {
        let end = self.start + area.len();
        let next = self.breaks.iter().find(|at| **at > end);
        let pairs = next.is_some_and(|next| next - end == 2);
        self.closed.contains(&end) || (area.len() == 1 && self.breaks.contains(&end) && !pairs)
    }

    /// Whether nothing in the writing tells an old landline with this area code from a mobile
    /// number of today.
    pub(super) fn is_undecided(&self, area: &str) -> bool {
        let within = |at: &&usize| (self.start + 1..self.digits.len()).contains(*at);
        let first = self.breaks.iter().find(within);
        match first.map(|at| at - self.start) {
            // Machines write the country code, and mean today's plan.
            None => !self.international,
            // In pairs, or `033 3852123`; but `083 829 1234` and `0838 291 234` are mobile.
            Some(length) => length == 1 || length == area.len(),
        }
    }
}

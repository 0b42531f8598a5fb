//! Values of natural persons, which no log may show.

use std::fmt;

/// A personal value (Law 91/2025/QH15 on personal data protection): names,
/// phone numbers, addresses. It can be moved, stored and sent; printing it,
/// by `Display` or `Debug`, shows a placeholder, so that it cannot reach a log,
/// an error or a panic by accident.
///
/// ```
/// use kit::personal::Personal;
///
/// let phone = Personal::new("0590000001");
/// assert_eq!(format!("{phone} {phone:?}"), "[personal] [personal]");
/// assert_eq!(*phone.expose(), "0590000001");
/// ```
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Personal<T>(T);

impl<T> Personal<T> {
    /// Marks a value as personal.
    pub const fn new(value: T) -> Self {
        Self(value)
    }

    /// The value, for those who store it, send it or answer with it.
    pub const fn expose(&self) -> &T {
        &self.0
    }

    /// Gives the value away.
    pub fn into_exposed(self) -> T {
        self.0
    }

    /// Another personal value made from this one.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Personal<U> {
        Personal(change(self.0))
    }
}

impl<T> From<T> for Personal<T> {
    fn from(value: T) -> Self {
        Self(value)
    }
}

impl<T> fmt::Debug for Personal<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[personal]")
    }
}

impl<T> fmt::Display for Personal<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("[personal]")
    }
}

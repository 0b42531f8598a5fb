//! Text messages: which alphabet a text needs, how many parts it costs, what each part holds.
//!
//! Rules: 3GPP TS 23.038 section 6.2.1 (the 7-bit default alphabet and its extension table) and
//! 3GPP TS 23.040 section 9.2.3.24.1 (a part of a concatenated message loses six octets to its
//! header: 153 instead of 160 septets, 67 instead of 70 UCS-2 units).

mod accentless;
mod alphabet;
mod split;

pub use accentless::accentless;
pub use split::{Encoding, Segments, encoding, fits_in_one, segments, units};

use crate::money::Dong;

/// What a message costs at a price for each part; nothing for an empty text. Sums beyond the range
/// of [`Dong`] stay at its end.
///
/// ```
/// use vietnam::{money::Dong, sms};
/// assert_eq!(sms::cost(&sms::segments("Kính gửi Quý HTX"), Dong(850)), Dong(850));
/// ```
#[must_use]
pub fn cost(segments: &Segments, per_part: Dong) -> Dong {
    let parts = i64::try_from(segments.parts.len()).unwrap_or(i64::MAX);
    Dong(per_part.0.saturating_mul(parts))
}

//! What takes any text: folding, order, messages, looking up.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vietnam::units::Units;
use vietnam::{sms, text};

fuzz_target!(|input: &str| {
    let folded = text::fold(input);
    assert_eq!(text::fold(&folded), folded);
    assert_eq!(
        text::sort_key(&text::nfd(input)),
        text::sort_key(&text::nfc(input))
    );
    let cut = sms::segments(input);
    assert_eq!(cut.parts.concat(), text::nfc(input));
    assert_eq!(sms::fits_in_one(input), cut.count() <= 1);
    let _ = (
        sms::accentless(input),
        text::accent_key(input),
        text::person_sort_key(input),
    );
    let _ = Units::provinces().find(input, None);
});

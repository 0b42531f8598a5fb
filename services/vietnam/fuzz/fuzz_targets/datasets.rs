//! The files that are loaded at run time.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vietnam::calendar::Calendar;
use vietnam::units::Units;

fuzz_target!(|text: &str| {
    if let Ok(calendar) = Calendar::parse(text) {
        let _ = calendar.changes_since(&Calendar::official()).len();
    }
    let _ = Units::provinces().with_dataset(text);
});

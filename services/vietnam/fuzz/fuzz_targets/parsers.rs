//! Every parser of one item: whatever is read must print and read back as itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vietnam::docnum::DocumentNumber;
use vietnam::money::Dong;
use vietnam::personal::PersonalNumber;
use vietnam::phone::Phone;
use vietnam::taxcode::TaxCode;
use vietnam::window::Window;

fuzz_target!(|text: &str| {
    if let Ok(number) = DocumentNumber::parse(text) {
        let normal = number.normal();
        assert_eq!(
            DocumentNumber::parse(&normal).map(|again| again.normal()),
            Ok(normal)
        );
    }
    if let Ok(amount) = Dong::parse(text) {
        assert_eq!(Dong::parse(&amount.to_string()), Ok(amount));
        assert!(amount.agrees_with(&amount.in_words()));
    }
    if let Ok(phone) = Phone::parse(text) {
        assert_eq!(Phone::parse(&phone.e164()), Ok(phone));
    }
    if let Ok(code) = TaxCode::read(text) {
        assert_eq!(TaxCode::read(&code.to_string()), Ok(code));
    }
    if let Ok(window) = Window::parse(text, Some(2024)) {
        assert!(window.start.is_none_or(|start| start <= window.end));
        let again = Window::parse(&window.wording(), None);
        assert_eq!(
            again.map(|again| (again.start, again.end)),
            Ok((window.start, window.end))
        );
    }
    let _ = (
        PersonalNumber::parse(text),
        Dong::parse_words(text),
        vietnam::dates::parse_short(text),
    );
});

use super::Dong;
use crate::text::fold;

/// Why a text is not an amount.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Nothing to read.
    #[error("no amount")]
    Empty,
    /// Something that is neither figures, nor a unit, nor number words.
    #[error("not an amount: \"{0}\"")]
    Unreadable(String),
    /// Dots and commas in places where no reading makes sense.
    #[error("the dots and commas of \"{0}\" do not group a number")]
    Grouping(String),
    /// A part of a đồng.
    #[error("an amount is a whole number of đồng")]
    Fraction,
    /// Units that do not get smaller, as in `5 triệu 2 tỷ`.
    #[error("units have to get smaller")]
    UnitOrder,
    /// More than fits.
    #[error("the amount is too large")]
    TooLarge,
}

pub(super) fn parse(text: &str) -> Result<Dong, AmountError> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(AmountError::Empty);
    }
    if !trimmed.contains(|c: char| c.is_ascii_digit()) {
        return Dong::parse_words(trimmed).map_err(|_| AmountError::Unreadable(trimmed.to_owned()));
    }
    let (negative, unsigned) = match trimmed.strip_prefix(['-', '−', '–']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, trimmed.strip_prefix('+').unwrap_or(trimmed)),
    };
    let magnitude = i128::from(sum(unsigned)?);
    let amount = if negative { -magnitude } else { magnitude };
    i64::try_from(amount)
        .map(Dong)
        .map_err(|_| AmountError::TooLarge)
}

/// The sum of its terms, each with a smaller unit than the one before: `1 tỷ 200 triệu`.
fn sum(text: &str) -> Result<u64, AmountError> {
    let mut total: u64 = 0;
    let mut last_unit = u64::MAX;
    let mut rest = strip_currency_before(text);
    while !rest.is_empty() {
        let (figures, after) = split_at_end(rest, |c| c.is_ascii_digit() || c == '.' || c == ',');
        let (unit_text, next) = split_at_end(after, |c| !c.is_ascii_digit());
        let unit = unit(unit_text).ok_or_else(|| AmountError::Unreadable(rest.to_owned()))?;
        if figures.is_empty() {
            return Err(AmountError::Unreadable(rest.to_owned()));
        }
        if unit >= last_unit {
            return Err(AmountError::UnitOrder);
        }
        total = total
            .checked_add(scaled(figures, unit)?)
            .ok_or(AmountError::TooLarge)?;
        last_unit = unit;
        rest = next;
    }
    Ok(total)
}

fn strip_currency_before(text: &str) -> &str {
    let text = text.trim_start_matches('₫').trim_start();
    match text.get(..3) {
        Some(code) if code.eq_ignore_ascii_case("vnd") => text[3..].trim_start(),
        _ => text,
    }
}

fn split_at_end(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

/// What the letters after the figures multiply by; the currency may follow the unit.
fn unit(text: &str) -> Option<u64> {
    let folded = fold(text);
    let compact: String = folded
        .chars()
        .filter(|c| !c.is_whitespace() && *c != '.' && *c != '₫')
        .collect();
    let unit = ["dongchan", "dong", "vnd", "d"]
        .iter()
        .find_map(|currency| compact.strip_suffix(currency));
    Some(match unit.unwrap_or(&compact) {
        "" => 1,
        "nghin" | "ngan" | "k" | "n" => 1_000,
        "trieu" | "tr" => 1_000_000,
        "ty" | "ti" => 1_000_000_000,
        "nghinty" | "nganty" | "nghinti" => 1_000_000_000_000,
        _ => return None,
    })
}

/// The figures times their unit, exactly.
fn scaled(figures: &str, unit: u64) -> Result<u64, AmountError> {
    let (whole, decimals) =
        decimal_point(figures, unit).ok_or_else(|| AmountError::Grouping(figures.to_owned()))?;
    let mut value: u64 = whole.parse().map_err(|_| AmountError::TooLarge)?;
    value = value.checked_mul(unit).ok_or(AmountError::TooLarge)?;
    let mut place = unit;
    for digit in decimals.bytes() {
        let digit = u64::from(digit - b'0');
        if !place.is_multiple_of(10) {
            if digit == 0 {
                continue;
            }
            return Err(AmountError::Fraction);
        }
        place /= 10;
        value = value
            .checked_add(digit * place)
            .ok_or(AmountError::TooLarge)?;
    }
    Ok(value)
}

/// Splits figures into whole digits and decimals, under the reading that Vietnamese law gives the
/// signs, and under the reverse one only where the first makes no sense.
fn decimal_point(figures: &str, unit: u64) -> Option<(String, &str)> {
    let by_law = read(figures, '.', ',');
    let reversed = || read(figures, ',', '.');
    match by_law {
        // "195,000" without a unit has no thousandths of a đồng: the comma groups.
        Some((_, decimals)) if unit == 1 && !decimals.is_empty() => {
            reversed().filter(|(_, rest)| rest.is_empty()).or(by_law)
        }
        Some(found) => Some(found),
        None => reversed(),
    }
}

fn read(figures: &str, group: char, point: char) -> Option<(String, &str)> {
    let (whole, decimals) = figures.split_once(point).unwrap_or((figures, ""));
    let point_used = figures.len() != whole.len();
    if decimals.contains(|c: char| !c.is_ascii_digit()) || (point_used && decimals.is_empty()) {
        return None;
    }
    let mut groups = whole.split(group);
    let first = groups.next().filter(|first| !first.is_empty())?;
    let mut digits = first.to_owned();
    let grouped = whole.contains(group);
    for following in groups {
        if following.len() != 3 {
            return None;
        }
        digits.push_str(following);
    }
    let sound = digits.bytes().all(|b| b.is_ascii_digit()) && (!grouped || first.len() <= 3);
    sound.then_some((digits, decimals))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, amount) in [
            ("195trđ", 195_000_000),
            ("195 triệu đồng", 195_000_000),
            ("195 tr", 195_000_000),
            ("195.000.000", 195_000_000),
            ("195.000.000đ", 195_000_000),
            ("195,000,000 VND", 195_000_000),
            ("VND 195,000", 195_000),
            ("195000000", 195_000_000),
            ("1.2 tỷ", 1_200_000_000),
            ("1,2 tỷ", 1_200_000_000),
            ("1,25 tỉ đồng", 1_250_000_000),
            ("1.200 tỷ", 1_200_000_000_000),
            ("1.234,5 triệu", 1_234_500_000),
            ("1,234.5 triệu", 1_234_500_000),
            ("500k", 500_000),
            ("500 nghìn", 500_000),
            ("1 tỷ 200 triệu", 1_200_000_000),
            ("2 triệu 500 nghìn đồng", 2_500_000),
            ("0", 0),
            ("-1.500 đồng", -1_500),
            ("một tỷ hai trăm triệu đồng", 1_200_000_000),
            ("1,50", 0),
        ] {
            match amount {
                0 if text != "0" => assert_eq!(parse(text), Err(AmountError::Fraction), "{text}"),
                _ => assert_eq!(parse(text), Ok(Dong(amount)), "{text}"),
            }
        }
    }

    #[test]
    fn what_is_not_an_amount_is_refused() {
        for text in [
            "",
            " ",
            "đồng",
            "abc",
            "12 con gà",
            "1.23.4",
            "1..2",
            "1,2,3",
            "1.5",
            "5 triệu 2 tỷ",
            "--5",
            "1e9",
            "99999999999999999999",
            "10000000000 tỷ",
            ".",
            "5 triệu abc",
            "1,2345678912 tỷ",
            "tỷ 5",
        ] {
            assert!(parse(text).is_err(), "{text} was read as {:?}", parse(text));
        }
    }

    proptest! {
        #[test]
        fn any_bytes_parse_or_are_refused(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            let _ = parse(&String::from_utf8_lossy(&bytes));
        }

        #[test]
        fn anything_made_of_the_signs_of_amounts_does_not_panic(text in "[-0-9., trđtỷk₫VND]{0,30}") {
            let _ = parse(&text);
        }
    }
}

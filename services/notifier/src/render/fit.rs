//! Cutting what may be cut, so that an SMS costs one segment.

use super::RenderError;
use super::facts::Facts;

/// A title is not cut below this: shorter, and nobody knows what is meant.
const SHORTEST_TITLE: usize = 24;

/// A place is not cut below this.
const SHORTEST_PLACE: usize = 14;

/// Renders with the whole title and place, and with less of them until the text
/// fits one segment; where it cannot, the last try goes out in several.
pub(super) fn into_one_segment(
    facts: &Facts,
    render: impl Fn(&str, &str) -> Result<String, RenderError>,
) -> Result<String, RenderError> {
    let mut title = facts.title_sms.clone();
    let mut place = facts.place_sms.clone();
    let whole = render(&title, &place)?;
    let mut text = whole.clone();
    for _ in 0..4 {
        let over = vietnam::sms::units(&text).saturating_sub(160);
        if vietnam::sms::fits_in_one(&text) || over == 0 {
            return Ok(text);
        }
        let title_length = title.chars().count();
        let place_length = place.chars().count();
        if title_length > SHORTEST_TITLE {
            title = cut(
                &title,
                title_length.saturating_sub(over).max(SHORTEST_TITLE),
            );
        } else if place_length > SHORTEST_PLACE {
            place = cut(
                &place,
                place_length.saturating_sub(over).max(SHORTEST_PLACE),
            );
        } else {
            break;
        }
        text = render(&title, &place)?;
    }
    // Two segments are paid in any case: then nothing needs to be cut.
    Ok(if vietnam::sms::fits_in_one(&text) {
        text
    } else {
        whole
    })
}

/// The beginning of a text, at most `limit` characters, cut between words and
/// without the punctuation or the small words that would hang in the air.
pub(super) fn cut(text: &str, limit: usize) -> String {
    if text.chars().count() <= limit {
        return text.to_owned();
    }
    let head: String = text.chars().take(limit + 1).collect();
    let words = match head.rfind(' ') {
        Some(at) => &head[..at],
        // One long word: better cut than kept.
        None => return text.chars().take(limit).collect(),
    };
    let mut words = trimmed(words);
    while let Some((rest, last)) = words.rsplit_once(' ') {
        let hanging = [
            "va", "cua", "cac", "ve", "tai", "the", "of", "and", "cho", "-",
        ];
        if !hanging.contains(&last.to_lowercase().as_str()) {
            break;
        }
        words = trimmed(rest);
    }
    words.to_owned()
}

fn trimmed(text: &str) -> &str {
    text.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | ';' | ':' | '-' | '('))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_title_is_cut_between_words_and_no_small_word_hangs() {
        let title = "Hoi thao giai phap phat trien cac san pham OCOP cua HTX";
        assert_eq!(cut(title, 34), "Hoi thao giai phap phat trien");
        assert_eq!(cut(title, 200), title);
        assert_eq!(cut("Khongcokhoangtrang", 5), "Khong");
    }

    proptest! {
        #[test]
        fn a_cut_text_is_a_beginning_within_its_limit(text in "[a-zA-Z ,.-]{0,120}", limit in 1_usize..100) {
            let short = cut(&text, limit);
            prop_assert!(short.chars().count() <= limit);
            prop_assert!(text.starts_with(&short));
        }
    }
}

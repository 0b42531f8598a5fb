//! How many segments a text takes, counted by the gateway itself: it bills by them.

/// The basic character set of 3GPP TS 23.038, 6.2.1.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Its extension table: each takes two septets and is not divided.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// The number of segments: 160 septets alone or 153 each, 70 UTF-16 units alone or 67 each.
#[must_use]
pub fn segments(text: &str) -> usize {
    let septets: Option<Vec<usize>> = text
        .chars()
        .map(|character| match character {
            _ if BASIC.contains(character) => Some(1),
            _ if EXTENSION.contains(character) => Some(2),
            _ => None,
        })
        .collect();
    match septets {
        Some(units) => count(&units, 160, 153),
        None => count(
            &text.chars().map(char::len_utf16).collect::<Vec<_>>(),
            70,
            67,
        ),
    }
}

/// A character of several units is never divided between two segments.
fn count(units: &[usize], alone: usize, each: usize) -> usize {
    if units.iter().sum::<usize>() <= alone {
        return 1;
    }
    let (mut segments, mut used) = (1, 0);
    for &unit in units {
        if used + unit > each {
            segments += 1;
            used = 0;
        }
        used += unit;
    }
    segments
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accentless_text_takes_160_then_153_each() {
        assert_eq!(segments(&"a".repeat(160)), 1);
        assert_eq!(segments(&"a".repeat(161)), 2);
        assert_eq!(segments(&"a".repeat(307)), 3);
        assert_eq!(segments(&"^".repeat(80)), 1);
        // 76 pairs fit into 153 septets, the last septet stays empty.
        assert_eq!(segments(&"^".repeat(153)), 3);
    }

    #[test]
    fn text_with_marks_takes_70_then_67_each() {
        assert_eq!(segments(&"ạ".repeat(70)), 1);
        assert_eq!(segments(&"ạ".repeat(71)), 2);
        assert_eq!(segments(&"ạ".repeat(135)), 3);
    }
}

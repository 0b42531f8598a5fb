/// The GSM 7-bit default alphabet, in the order of its codes; code 0x1B is the escape.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?\
    ¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";

/// Characters that need the escape before them, hence two septets.
const EXTENSION: &str = "\u{c}^{}\\[~]|€";

/// How many septets a character takes in the GSM 7-bit alphabet; `None` if it has no place there.
pub(super) fn septets(c: char) -> Option<usize> {
    match c {
        '\n' | '\r' | ' '..='Z' | '_' | 'a'..='z' => Some(1),
        _ if EXTENSION.contains(c) => Some(2),
        _ if !c.is_ascii() && BASIC.contains(c) => Some(1),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_basic_table_has_its_127_characters() {
        assert_eq!(BASIC.chars().count(), 127);
        let mut seen: Vec<char> = BASIC.chars().collect();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 127);
    }

    #[test]
    fn of_the_marked_vietnamese_letters_only_six_small_ones_fit() {
        let marked = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ";
        let fitting: String = marked.chars().filter(|c| septets(*c).is_some()).collect();
        assert_eq!(fitting, "àèéìòù");
        assert_eq!(marked.chars().count() - 6, 61);
    }

    #[test]
    fn ascii_fits_as_the_table_says() {
        for c in (0..128_u8).map(char::from) {
            let expected = if EXTENSION.contains(c) {
                Some(2)
            } else {
                BASIC.contains(c).then_some(1)
            };
            assert_eq!(septets(c), expected, "{c:?}");
        }
    }

    #[test]
    fn extension_characters_take_two() {
        assert!("€[]{}~^\\|\u{c}".chars().all(|c| septets(c) == Some(2)));
    }
}

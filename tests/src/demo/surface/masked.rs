//! Texts without what differs in every run.

use std::collections::HashMap;

use uuid::Uuid;

/// A code has so many digits.
const CODE: usize = 6;

/// Signs of a UUID without its hyphens.
const SIMPLE: usize = 32;

/// Replaces ids, tokens of pages, ports and codes by the rank of their first appearance.
#[derive(Debug, Default)]
pub(super) struct Mask(HashMap<String, String>);

impl Mask {
    /// A text, masked; the same value has the same rank in all texts of this mask.
    pub(super) fn over(&mut self, text: &str) -> String {
        let mut masked = String::with_capacity(text.len());
        let mut rest = text;
        while !rest.is_empty() {
            let length = rest.find(|sign| !is_of_word(sign)).unwrap_or(rest.len());
            if length == 0 {
                let sign = rest.chars().next().map_or(0, char::len_utf8);
                masked.push_str(&rest[..sign]);
                rest = &rest[sign..];
                continue;
            }
            let word = &rest[..length];
            masked.push_str(&self.word(word, &masked));
            rest = &rest[length..];
        }
        masked
    }

    fn word(&mut self, word: &str, before: &str) -> String {
        if before.ends_with("/r/") {
            return self.rank("token", word);
        }
        if before.ends_with("http://127.0.0.1:") {
            return "{port}".to_owned();
        }
        if word.len() == CODE
            && word.bytes().all(|digit| digit.is_ascii_digit())
            && !in_number(before)
        {
            return self.rank("code", word);
        }
        self.ids(word)
    }

    /// Whatever in a word is a UUID, with or without hyphens.
    fn ids(&mut self, word: &str) -> String {
        let hyphenated = Uuid::nil().hyphenated().to_string().len();
        for length in [hyphenated, SIMPLE] {
            for start in 0..=word.len().saturating_sub(length) {
                let Some(found) = word.get(start..start + length) else {
                    continue;
                };
                if found
                    .bytes()
                    .all(|sign| sign == b'-' || sign.is_ascii_hexdigit())
                    && let Ok(id) = Uuid::try_parse(found)
                {
                    let (before, after) = (&word[..start], &word[start + length..]);
                    let id = self.rank("id", &id.simple().to_string());
                    return format!("{before}{id}{}", self.ids(after));
                }
            }
        }
        word.to_owned()
    }

    fn rank(&mut self, kind: &str, value: &str) -> String {
        let next = self
            .0
            .values()
            .filter(|name| name.starts_with(&format!("{{{kind} ")))
            .count()
            + 1;
        let name = self.0.entry(format!("{kind} {value}"));
        name.or_insert_with(|| format!("{{{kind} {next}}}")).clone()
    }
}

fn is_of_word(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '-' | '_')
}

/// Whether what follows goes on a number: 195.000.000, 0261 300000.
fn in_number(before: &str) -> bool {
    let mut signs = before.chars().rev();
    let (last, one_before) = (signs.next(), signs.next());
    last.is_some_and(|sign| matches!(sign, '.' | ',' | ' ' | '+' | '/'))
        && one_before.is_some_and(|sign| sign.is_ascii_digit())
}

/// The beginning of the SHA-256 of a text: enough to see that it changes.
pub(super) fn hash(text: &str) -> String {
    use sha2::Digest as _;
    let digest = sha2::Sha256::digest(text.as_bytes());
    digest
        .iter()
        .take(4)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_in_every_run_is_replaced_by_its_rank() {
        let mut mask = Mask::default();
        assert_eq!(
            mask.over("doc ma 571553, ma 053500, ma 571553."),
            "doc ma {code 1}, ma {code 2}, ma {code 1}."
        );
        assert_eq!(
            mask.over("http://127.0.0.1:14037/r/AgGi-LYM_Oz and http://127.0.0.1:14037/r/x"),
            "http://127.0.0.1:{port}/r/{token 1} and http://127.0.0.1:{port}/r/{token 2}"
        );
        let id = "018e63ab-fe80-77d5-ab54-1fe5068833f9";
        let simple = id.replace('-', "");
        assert_eq!(
            mask.over(&format!(
                "<{id}@lienminh.example> \"lm-{simple}\" event-{id}"
            )),
            "<{id 1}@lienminh.example> \"lm-{id 1}\" event-{id 1}"
        );
    }

    #[test]
    fn what_is_the_same_in_every_run_stays() {
        let text = "195.000.000 đồng, 0261 3000 001, +842613000002, QĐ 123/QĐ-LMHTX, 27/3/2024";
        assert_eq!(Mask::default().over(text), text);
    }
}

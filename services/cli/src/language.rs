//! The language in which the command speaks: chosen once, before anything is said.

use std::sync::OnceLock;

use kit::language::Language;

static CHOSEN: OnceLock<Language> = OnceLock::new();

/// The language of this run: Vietnamese, the language of the house, until another is chosen.
#[must_use]
pub fn current() -> Language {
    CHOSEN.get().copied().unwrap_or_default()
}

/// Chooses the language by the words of the command line, then by the environment. What cannot
/// be read is refused later, with everything else that is wrong.
pub fn choose(words: &[String]) {
    let wish = wished(words).or_else(|| std::env::var("LIENMINH_LANGUAGE").ok());
    let language = wish.and_then(|wish| wish.parse().ok()).unwrap_or_default();
    // Chosen before: then that one stays.
    let _ = CHOSEN.set(language);
}

fn wished(words: &[String]) -> Option<String> {
    let mut words = words.iter().take_while(|word| *word != "--");
    while let Some(word) = words.next() {
        match word.strip_prefix("--language") {
            Some("") => return words.next().cloned(),
            Some(rest) => return rest.strip_prefix('=').map(str::to_owned),
            None => {}
        }
    }
    None
}

/// A sentence in the language of this run, from its two wordings.
macro_rules! phrase {
    ($vi:literal, $en:literal $(,)?) => {
        match $crate::language::current() {
            kit::language::Language::Vi => format!($vi),
            kit::language::Language::En => format!($en),
        }
    };
}
pub(crate) use phrase;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wish_is_found_in_either_spelling_and_before_the_items_only() {
        let wish = |line: &str| {
            let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
            wished(&words)
        };
        assert_eq!(wish("plan list --language en"), Some("en".to_owned()));
        assert_eq!(wish("--language=vi plan list"), Some("vi".to_owned()));
        assert_eq!(wish("vn sort -- --language en"), None);
        assert_eq!(wish("plan list"), None);
    }
}

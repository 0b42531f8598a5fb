//! The two languages in which people are answered.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use http::HeaderMap;
use http::header::ACCEPT_LANGUAGE;

/// A language in which a caller can be answered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Language {
    /// Vietnamese, the language of the house.
    #[default]
    Vi,
    /// English.
    En,
}

impl Language {
    /// The BCP 47 tag, as it stands in `LocalizedMessage.locale`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi-VN",
            Self::En => "en",
        }
    }

    /// The caller's wish by `accept-language` (RFC 9110, section 12.5.4):
    /// the known language with the highest weight, or `default` where the
    /// header is missing, unreadable or asks for other languages only.
    #[must_use]
    pub fn accepted(headers: &HeaderMap, default: Self) -> Self {
        headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok())
            .map_or(default, |value| Self::preferred(value, default))
    }

    fn preferred(ranges: &str, default: Self) -> Self {
        let mut best = (default, 0);
        for range in ranges.split(',') {
            let (tag, weight) = range.split_once(';').unwrap_or((range, "q=1"));
            let Some(language) = Self::of_tag(tag.trim(), default) else {
                continue;
            };
            let weight = thousandths(weight.trim());
            if weight > best.1 {
                best = (language, weight);
            }
        }
        best.0
    }

    fn of_tag(tag: &str, default: Self) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("vi") {
            Some(Self::Vi)
        } else if primary.eq_ignore_ascii_case("en") {
            Some(Self::En)
        } else {
            (primary == "*").then_some(default)
        }
    }
}

/// `q=0.8` in thousandths; what cannot be read weighs nothing.
fn thousandths(weight: &str) -> u16 {
    let Some(number) = weight.strip_prefix("q=") else {
        return 0;
    };
    let number: f32 = number.trim().parse().unwrap_or(0.0);
    // The clamp bounds the product to 0..=1000, so the cast keeps its value.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let thousandths = (number.clamp(0.0, 1.0) * 1000.0) as u16;
    thousandths
}

impl fmt::Display for Language {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Vi => "vi",
            Self::En => "en",
        })
    }
}

impl FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "vi" => Ok(Self::Vi),
            "en" => Ok(Self::En),
            other => Err(format!("{other:?} is neither vi nor en")),
        }
    }
}

/// One sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sentence {
    /// The Vietnamese wording.
    pub vi: Cow<'static, str>,
    /// The English wording.
    pub en: Cow<'static, str>,
}

impl Sentence {
    /// A sentence from its two wordings.
    pub fn new(vi: impl Into<Cow<'static, str>>, en: impl Into<Cow<'static, str>>) -> Self {
        Self {
            vi: vi.into(),
            en: en.into(),
        }
    }

    /// The wording in `language`.
    #[must_use]
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Vi => &self.vi,
            Language::En => &self.en,
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn wish(header: &str) -> Language {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, header.parse().unwrap());
        Language::accepted(&headers, Language::Vi)
    }

    #[test]
    fn the_highest_weight_wins() {
        assert_eq!(wish("vi;q=0.5, en-GB;q=0.9"), Language::En);
        assert_eq!(wish("en;q=0.5, vi-VN"), Language::Vi);
        assert_eq!(wish("en"), Language::En);
    }

    #[test]
    fn an_unknown_or_unreadable_wish_gets_the_default() {
        assert_eq!(wish("fr, de;q=0.9"), Language::Vi);
        assert_eq!(wish("en;q=zero"), Language::Vi);
        assert_eq!(wish("*"), Language::Vi);
        assert_eq!(
            Language::accepted(&HeaderMap::new(), Language::En),
            Language::En
        );
    }

    #[test]
    fn a_refused_language_is_not_chosen() {
        assert_eq!(wish("en;q=0, fr"), Language::Vi);
    }
}

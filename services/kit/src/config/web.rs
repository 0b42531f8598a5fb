//! Addresses on the web, each of a type that knows what may stand in it.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use url::Url;

use super::{is_plain, is_this_machine};

/// Where somebody is reached: `http://` or `https://`, a host, perhaps a port, and
/// nothing after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebOrigin(WebBase);

/// What further paths are added to: an origin, or a path below one; without a slash at
/// its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebBase {
    text: String,
    url: Url,
}

/// What may be left empty, as variables that a compose file passes on often are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Optional<T>(Option<T>);

impl WebBase {
    /// The address, without a slash at its end.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The name or the address of the host.
    #[must_use]
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default()
    }

    /// Whether what goes there is encrypted.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.url.scheme() == "https"
    }

    /// Whether everybody on the way there reads along: plain text that leaves this machine.
    #[must_use]
    pub fn crosses_in_clear(&self) -> bool {
        !self.is_https() && !is_this_machine(self.host())
    }
}

impl FromStr for WebBase {
    type Err = Cow<'static, str>;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let base = Self::read(text)?;
        let host = text.split('/').nth(2).unwrap_or_default();
        if is_plain(host) {
            return Ok(base);
        }
        Err(Cow::Owned(format!(
            "its host has signs beyond ASCII, which may pass for others; if it is meant, write {}",
            base.host()
        )))
    }
}

impl WebBase {
    fn read(text: &str) -> Result<Self, &'static str> {
        // The library is as lenient as browsers are: it takes `http:host` and drops
        // line ends.
        let rest = text
            .strip_prefix("http://")
            .or_else(|| text.strip_prefix("https://"))
            .ok_or("it must begin with http:// or https://")?;
        if text.contains(|sign: char| sign.is_whitespace() || sign.is_control() || sign == '\\') {
            return Err("it must not hold a blank or a backslash");
        }
        if rest.starts_with('/') {
            return Err("it names no host");
        }
        let url = Url::parse(text).map_err(|_| "it is no address: host or port cannot be read")?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err("it must not hold a user or a password");
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err("it must not hold a question mark or a #");
        }
        let text = text.trim_end_matches('/').to_owned();
        Ok(Self { text, url })
    }
}

impl FromStr for WebOrigin {
    type Err = Cow<'static, str>;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let base = WebBase::from_str(text)?;
        if base.url.path() == "/" {
            Ok(Self(base))
        } else {
            Err("it must end with the host, without a path".into())
        }
    }
}

impl Deref for WebOrigin {
    type Target = WebBase;

    fn deref(&self) -> &WebBase {
        &self.0
    }
}

impl<T: FromStr> FromStr for Optional<T> {
    type Err = T::Err;

    fn from_str(text: &str) -> Result<Self, T::Err> {
        if text.is_empty() {
            return Ok(Self(None));
        }
        text.parse().map(|value| Self(Some(value)))
    }
}

impl<T> Deref for Optional<T> {
    type Target = Option<T>;

    fn deref(&self) -> &Option<T> {
        &self.0
    }
}

impl fmt::Display for WebBase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

impl fmt::Display for WebOrigin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn an_address_keeps_its_words_without_the_slash_at_the_end() {
        for (given, kept, host) in [
            (
                "http://127.0.0.1:7101",
                "http://127.0.0.1:7101",
                "127.0.0.1",
            ),
            ("https://a.example/", "https://a.example", "a.example"),
            ("http://[::1]:7301", "http://[::1]:7301", "[::1]"),
            ("http://my_host:80", "http://my_host:80", "my_host"),
        ] {
            let address: WebOrigin = given.parse().unwrap();
            assert_eq!((address.as_str(), address.host()), (kept, host));
            assert_eq!(address.is_https(), given.starts_with("https"));
            assert_eq!(address.crosses_in_clear(), host == "my_host", "{given}");
        }
        let base: WebBase = "https://gateway.example/api/v4/".parse().unwrap();
        assert_eq!(base.as_str(), "https://gateway.example/api/v4");
    }

    #[test]
    fn what_is_no_address_on_the_web_is_refused() {
        for (wrong, why) in [
            ("", "begin with http"),
            ("ftp://a", "begin with http"),
            ("a.example", "begin with http"),
            ("http:a", "begin with http"),
            ("http//a", "begin with http"),
            ("https://", "names no host|cannot be read"),
            ("https:///a", "names no host"),
            ("http://a:99999", "cannot be read"),
            ("http://a b", "blank"),
            ("http://a\n.example", "blank"),
            ("http://u:p@a", "user"),
            ("http://a?x", "question mark"),
            ("http://a#x", "question mark"),
        ] {
            let error = WebBase::from_str(wrong).unwrap_err();
            assert!(
                why.split('|').any(|each| error.contains(each)),
                "{wrong}: {error}"
            );
        }
        assert!(WebOrigin::from_str("https://a/b").is_err(), "a path");
    }

    #[test]
    fn a_host_that_only_looks_like_ours_is_refused_with_its_name_on_the_wire() {
        for (wrong, wire) in [
            // A Cyrillic е, full-width letters, a script of its own, signs in numbers.
            ("https://li\u{435}nminh.vn", "xn--linminh-8gg.vn"),
            ("https://ｌienminh.vn/r", "lienminh.vn"),
            ("https://liênminh.vn:8443", "xn--linminh-kya.vn"),
            ("https://li%D0%B5nminh.vn", "xn--linminh-8gg.vn"),
        ] {
            let error = WebBase::from_str(wrong).unwrap_err();
            assert!(error.contains("ASCII") && error.contains(wire), "{error}");
        }
        assert!(WebBase::from_str("https://xn--linminh-8gg.vn/đơn").is_ok());
    }

    #[test]
    fn what_may_be_left_empty_is_none() {
        let none: Optional<WebBase> = "".parse().unwrap();
        assert!(none.is_none());
        let some: Optional<WebBase> = "http://a".parse().unwrap();
        assert_eq!(some.as_ref().unwrap().as_str(), "http://a");
        assert!("ftp://a".parse::<Optional<WebBase>>().is_err());
    }
}

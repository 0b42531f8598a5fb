//! What the name of a host says about where it is.

use std::net::IpAddr;

/// Whether a host is this machine: what goes there crosses no network.
#[must_use]
pub fn is_this_machine(host: &str) -> bool {
    let name = host.trim_end_matches('.').to_ascii_lowercase();
    let address = name.trim_matches(['[', ']']).parse::<IpAddr>();
    // RFC 6761, section 6.3: names that end so never leave the machine.
    name == "localhost"
        || name.ends_with(".localhost")
        || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// Whether the name of a host is written as it goes over the wire: in ASCII. In other
/// signs (`liеnminh` with a Cyrillic е) it passes for another one with every reader.
#[must_use]
pub fn is_plain(host: &str) -> bool {
    host.is_ascii() && !host.contains('%')
}

/// Names that documents are written with (RFC 2606, sections 2 and 3): nobody lives there.
const EXAMPLES: [&str; 7] = [
    "test",
    "example",
    "invalid",
    "localhost",
    "example.com",
    "example.net",
    "example.org",
];

/// Whether a domain stands in examples only: mail from there is nobody's.
#[must_use]
pub fn is_example(domain: &str) -> bool {
    let domain = domain.trim_end_matches('.').to_ascii_lowercase();
    EXAMPLES.iter().any(|example| {
        let above = domain.strip_suffix(example);
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_has_several_names() {
        for here in [
            "localhost",
            "LocalHost.",
            "db.localhost",
            "127.0.0.1",
            "127.8.9.10",
            "::1",
            "[::1]",
            "::ffff:127.0.0.1",
        ] {
            assert!(is_this_machine(here), "{here}");
        }
        for away in [
            "localhost.vn",
            "10.0.0.1",
            "0.0.0.0",
            "127.0.0.1.vn",
            "",
            "::2",
        ] {
            assert!(!is_this_machine(away), "{away}");
        }
    }

    #[test]
    fn nobody_lives_in_an_example() {
        for example in [
            "lienminh.example",
            "EXAMPLE.com",
            "a.example.net.",
            "x.test",
            "example",
        ] {
            assert!(is_example(example), "{example}");
        }
        for real in [
            "lienminhhtx.vn",
            "example.com.vn",
            "myexample.com",
            "test.vn",
            "",
        ] {
            assert!(!is_example(real), "{real}");
        }
    }
}

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
}

//! Who visits a page, also behind a proxy.
//!
//! `X-Forwarded-For` is a list to which each proxy adds whom it saw, and which a
//! stranger may begin as he likes. Read from its end, it counts only as far as our
//! own proxies wrote it: the last hop that is none of them is the visitor.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;
use std::sync::Arc;

use anyhow::{Context as _, Error, Result};
use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address of whoever asks for a page, as an extension of the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visitor(pub IpAddr);

/// The networks of our own proxies, whose word on the visitor's address counts.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(Arc<[IpNet]>);

impl FromStr for TrustedProxies {
    type Err = Error;

    /// Networks and addresses, separated by commas: `10.1.0.0/16, ::1`.
    fn from_str(list: &str) -> Result<Self> {
        let words = list.split(',').map(str::trim);
        let networks = words.filter(|word| !word.is_empty()).map(network);
        networks.collect::<Result<_>>().map(Self)
    }
}

fn network(word: &str) -> Result<IpNet> {
    let address = word.parse().map(|address: IpAddr| IpNet::from(address));
    address.or_else(|_| word.parse()).with_context(|| {
        format!("{word:?} is neither an address nor a network such as 10.1.0.0/16")
    })
}

impl TrustedProxies {
    /// Whoever stands behind this connection.
    fn visitor(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut last = peer.to_canonical();
        let lines = headers.get_all(FORWARDED_FOR).into_iter().rev();
        let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
        for hop in hops {
            if !self.trusts(last) {
                break;
            }
            // What a proxy of ours could not name is seen through no further.
            let Some(before) = read(hop) else { break };
            last = before;
        }
        last
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }
}

/// An address as proxies write it, with or without a port.
fn read(hop: &[u8]) -> Option<IpAddr> {
    let word = std::str::from_utf8(hop).ok()?.trim();
    let bare = word.parse::<IpAddr>().ok();
    let address = bare.or_else(|| Some(word.parse::<SocketAddr>().ok()?.ip()))?;
    Some(address.to_canonical())
}

/// Notes on each request who the visitor is.
pub(super) async fn recognise(
    State(proxies): State<TrustedProxies>,
    mut request: Request,
    next: Next,
) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    if let Some(ConnectInfo(peer)) = peer {
        let visitor = proxies.visitor(peer.ip(), request.headers());
        request.extensions_mut().insert(Visitor(visitor));
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use http::HeaderValue;

    use super::*;

    const FRONT: &str = "172.30.4.2";

    fn seen(peer: &str, lines: &[&str]) -> String {
        let proxies: TrustedProxies = "172.30.4.0/24, 2001:db8::7".parse().unwrap();
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(line).unwrap());
        }
        proxies.visitor(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn a_strangers_word_on_his_address_does_not_count() {
        assert_eq!(seen("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
        assert_eq!(
            seen("203.0.113.9", &["172.30.4.9, 172.30.4.2"]),
            "203.0.113.9"
        );
    }

    #[test]
    fn behind_our_proxy_the_last_hop_that_is_none_of_ours_counts() {
        assert_eq!(seen(FRONT, &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen(FRONT, &["1.1.1.1, 198.51.100.1"]), "198.51.100.1");
        assert_eq!(seen(FRONT, &["198.51.100.1, 172.30.4.9"]), "198.51.100.1");
        assert_eq!(
            seen(FRONT, &["1.1.1.1", "198.51.100.1", "172.30.4.9"]),
            "198.51.100.1"
        );
        assert_eq!(seen("2001:db8::7", &["198.51.100.1"]), "198.51.100.1");
    }

    #[test]
    fn an_address_is_the_same_in_every_spelling() {
        assert_eq!(
            seen("::ffff:172.30.4.2", &["::ffff:198.51.100.1"]),
            "198.51.100.1"
        );
        assert_eq!(seen(FRONT, &["198.51.100.1:50123"]), "198.51.100.1");
        assert_eq!(seen(FRONT, &["[2001:db8::1]:443"]), "2001:db8::1");
    }

    #[test]
    fn what_is_no_address_ends_the_walk_at_the_proxy_that_wrote_it() {
        assert_eq!(seen(FRONT, &[]), FRONT);
        assert_eq!(seen(FRONT, &["1.1.1.1, unknown"]), FRONT);
        assert_eq!(seen(FRONT, &["unknown, 172.30.4.9"]), "172.30.4.9");
        assert_eq!(seen(FRONT, &["172.30.4.9"]), "172.30.4.9");
    }

    #[test]
    fn the_list_takes_networks_and_addresses_and_names_what_is_neither() {
        assert!("".parse::<TrustedProxies>().unwrap().0.is_empty());
        let wrong = "10.0.0.0/8,front".parse::<TrustedProxies>().unwrap_err();
        assert!(wrong.to_string().contains("front"), "{wrong}");
    }
}

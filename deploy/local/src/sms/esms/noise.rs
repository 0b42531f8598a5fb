//! Answers that no page describes: what stands between a gateway and its sender answers too.

use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};

/// An answer that is not what the documentation says, though the order was accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// A proxy's page in place of JSON.
    Page,
    /// JSON that does not end for a megabyte.
    Long,
    /// JSON in thousands of brackets.
    Deep,
    /// Packed, though nobody asked for that.
    Packed,
    /// As documented, with a text in Latin-1 beside it.
    Latin1,
    /// JSON without any code.
    Empty,
}

/// Longer than any answer of the documentation by a factor of thousands.
const LONG: usize = 1024 * 1024;

/// Deeper than any reader needs, shallow enough to fit into a short answer.
const DEEP: usize = 10_000;

/// `{"CodeResult":"100","CountRegenerate":0}`, by gzip.
const PACKED: [u8; 59] = [
    0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x02, 0xff, 0xab, 0x56, 0x72, 0xce, 0x4f, 0x49,
    0x0d, 0x4a, 0x2d, 0x2e, 0xcd, 0x29, 0x51, 0xb2, 0x52, 0x32, 0x34, 0x30, 0x50, 0xd2, 0x01, 0x0a,
    0x95, 0xe6, 0x95, 0x04, 0xa5, 0xa6, 0xa7, 0xe6, 0xa5, 0x16, 0x25, 0x96, 0xa4, 0x2a, 0x59, 0x19,
    0xd4, 0x02, 0x00, 0x54, 0xfb, 0xda, 0xf0, 0x28, 0x00, 0x00, 0x00,
];

impl Noise {
    pub(super) fn answer(self, id: &str) -> Response {
        let sound = format!(r#""CodeResult":"100","CountRegenerate":0,"SMSID":"{id}""#);
        let body = match self {
            Self::Page => b"<html><body>502 Bad Gateway</body></html>".to_vec(),
            Self::Long => format!(r#"{{{sound},"Note":"{}"}}"#, "x".repeat(LONG)).into_bytes(),
            Self::Deep => {
                let (open, shut) = ("[".repeat(DEEP), "]".repeat(DEEP));
                format!(r#"{{"Note":{open}{shut},{sound}}}"#).into_bytes()
            }
            Self::Packed => {
                let kinds = [
                    (CONTENT_TYPE, "application/json"),
                    (CONTENT_ENCODING, "gzip"),
                ];
                return (kinds, PACKED.to_vec()).into_response();
            }
            Self::Latin1 => {
                let text = b"Tho\xe0nh c\xf4ng".as_slice();
                let sound = sound.as_bytes();
                [
                    b"{\"ErrorMessage\":\"".as_slice(),
                    text,
                    b"\",",
                    sound,
                    b"}",
                ]
                .concat()
            }
            Self::Empty => b"{}".to_vec(),
        };
        ([(CONTENT_TYPE, "application/json")], body).into_response()
    }
}

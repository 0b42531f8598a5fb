//! Frames of HTTP/2 (RFC 9113), written by hand so that they can be wrong.

/// How a connection begins, before the first frame.
pub(crate) const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

pub(crate) const DATA: u8 = 0;
pub(crate) const HEADERS: u8 = 1;
pub(crate) const RST_STREAM: u8 = 3;
pub(crate) const SETTINGS: u8 = 4;
pub(crate) const PING: u8 = 6;
pub(crate) const GOAWAY: u8 = 7;
pub(crate) const WINDOW_UPDATE: u8 = 8;
pub(crate) const CONTINUATION: u8 = 9;

pub(crate) const ACK: u8 = 1;
pub(crate) const END_STREAM: u8 = 1;
pub(crate) const END_HEADERS: u8 = 4;

/// Length of the head of a frame.
pub(crate) const HEAD: usize = 9;

/// A frame.
pub(crate) fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut frame = Vec::with_capacity(HEAD + payload.len());
    frame.extend_from_slice(&length[1..]);
    frame.extend_from_slice(&[kind, flags]);
    frame.extend_from_slice(&stream.to_be_bytes());
    frame.extend_from_slice(payload);
    frame
}

/// The header block of a call, every field as a literal without an index (RFC 7541, 6.2.2).
pub(crate) fn call(path: &str, token: &str) -> Vec<u8> {
    let bearer = format!("Bearer {token}");
    let fields = [
        (":method", "POST"),
        (":scheme", "http"),
        (":path", path),
        (":authority", "localhost"),
        ("content-type", "application/grpc"),
        ("te", "trailers"),
        ("authorization", &bearer),
    ];
    let mut block = Vec::new();
    for (name, value) in fields {
        put_field(&mut block, name, value);
    }
    block
}

/// One more field of it.
pub(crate) fn put_field(block: &mut Vec<u8>, name: &str, value: &str) {
    block.push(0);
    put_text(block, name);
    put_text(block, value);
}

/// A whole call with this head and an empty message.
pub(crate) fn asking(stream: u32, head: &[u8]) -> Vec<u8> {
    let message = frame(DATA, END_STREAM, stream, &[0; 5]);
    [frame(HEADERS, END_HEADERS, stream, head), message].concat()
}

/// A string without Huffman coding: its length with a prefix of seven bits, its bytes.
fn put_text(block: &mut Vec<u8>, text: &str) {
    let length = text.len();
    if length < 127 {
        block.push(u8::try_from(length).unwrap());
    } else {
        block.push(127);
        let mut rest = length - 127;
        while rest >= 128 {
            block.push(u8::try_from(rest % 128 + 128).unwrap());
            rest /= 128;
        }
        block.push(u8::try_from(rest).unwrap());
    }
    block.extend_from_slice(text.as_bytes());
}

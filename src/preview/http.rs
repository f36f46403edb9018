//! As much of HTTP as a page on this machine needs: a request, an answer, and the end of the
//! connection.

use std::io::{self, Read, Write};

/// The longest head of a request, in bytes.
const LONGEST_HEAD: usize = 16 << 10;

/// A request without a body.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    pub(super) method: String,
    /// The path, decoded.
    pub(super) path: String,
    /// What stands behind the question mark, decoded, in order.
    pub(super) query: Vec<(String, String)>,
    pub(super) host: Option<String>,
    pub(super) origin: Option<String>,
    /// What the browser says of where the request comes from.
    pub(super) site: Option<String>,
    /// The wanted range of bytes, as it is written.
    pub(super) range: Option<String>,
}

impl Request {
    /// Returns a value of the query.
    pub(super) fn value(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Returns the version after which something is wanted.
    pub(super) fn version(&self) -> Option<u64> {
        self.value("after")?.parse().ok()
    }
}

/// Reads a request; `None` if it is none.
pub(super) fn read(stream: &mut impl Read) -> io::Result<Option<Request>> {
    let mut head = Vec::new();
    let mut piece = [0; 2048];
    while !head.windows(4).any(|four| four == b"\r\n\r\n") {
        let length = stream.read(&mut piece)?;
        head.extend_from_slice(&piece[..length]);
        if length == 0 || head.len() > LONGEST_HEAD {
            return Ok(None);
        }
    }
    Ok(parse(&head))
}

fn parse(head: &[u8]) -> Option<Request> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut parsed = httparse::Request::new(&mut headers);
    parsed.parse(head).ok()?;
    let header = |name: &str| {
        let mut found = parsed.headers.iter().filter(|it| it.name.eq_ignore_ascii_case(name));
        let value = String::from_utf8(found.next()?.value.to_vec()).ok();
        // Of two hosts, nobody knows which is meant.
        value.filter(|_| found.next().is_none())
    };
    let (path, query) = parsed.path?.split_once('?').unwrap_or((parsed.path?, ""));
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    Some(Request {
        method: parsed.method?.to_owned(),
        path: decode(path)?,
        query: pairs.filter_map(|(name, value)| Some((decode(name)?, decode(value)?))).collect(),
        host: header("host"),
        origin: header("origin"),
        site: header("sec-fetch-site"),
        range: header("range"),
    })
}

/// Decodes `%20`; `None` if it is not UTF-8.
fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let hex = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let byte = hex.and_then(|hex| u8::from_str_radix(hex, 16).ok());
        if let (b'%', Some(byte)) = (first, byte) {
            bytes.push(byte);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok()
}

/// An answer.
#[derive(Debug)]
pub(super) struct Response<'b> {
    pub(super) status: &'static str,
    pub(super) kind: &'static str,
    /// Whether the sandboxed frames of cards, which have another origin, may load it.
    pub(super) is_for_cards: bool,
    /// Further headers, each with its line end.
    pub(super) headers: String,
    pub(super) body: &'b [u8],
}

/// What every answer says: nothing of it is kept, guessed, or shown by another site.
const ALWAYS: &str = "Cache-Control: no-store\r\nX-Content-Type-Options: nosniff\r\n\
    Referrer-Policy: no-referrer\r\nX-Frame-Options: DENY\r\nConnection: close\r\n";

/// Writes an answer.
pub(super) fn write(stream: &mut impl Write, response: &Response<'_>) -> io::Result<()> {
    let Response { status, kind, is_for_cards, headers, body } = response;
    let length = body.len();
    let readers = if *is_for_cards { "cross-origin" } else { "same-origin" };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n{ALWAYS}\
         Cross-Origin-Resource-Policy: {readers}\r\n{headers}\r\n"
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    stream.flush()
}

/// Begins an answer that goes on as events come.
pub(super) fn begin_events(stream: &mut impl Write) -> io::Result<()> {
    let head = format!("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n{ALWAYS}\r\n");
    stream.write_all(head.as_bytes())?;
    stream.flush()
}

/// Returns the first and last byte of a range, if it is one and within the length.
pub(super) fn byte_range(range: &str, length: usize) -> Option<(usize, usize)> {
    let last = length.checked_sub(1)?;
    let (from, to) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (from, to) = match (from, to) {
        ("", tail) => (length.saturating_sub(tail.parse().ok()?), last),
        (from, "") => (from.parse().ok()?, last),
        (from, to) => (from.parse().ok()?, to.parse::<usize>().ok()?.min(last)),
    };
    (from <= to).then_some((from, to))
}

#[cfg(test)]
mod tests {
    use super::{Request, byte_range, parse, read};

    #[test]
    fn requests_are_read() {
        let head =
            b"GET /a%20b/c?id=x%26y&n=2 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nRange: bytes=0-\r\n\r\n";
        let request = parse(head).unwrap_or_default();
        assert_eq!((&*request.method, &*request.path), ("GET", "/a b/c"));
        assert_eq!(request.value("id"), Some("x&y"));
        assert_eq!(request.host.as_deref(), Some("127.0.0.1:1"));
        assert_eq!(request.range.as_deref(), Some("bytes=0-"));
        let two = parse(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").unwrap_or_default();
        assert_eq!(two.host, None);
        for broken in
            [&b"GET\r\n\r\n"[..], b"", b"GET /%FF HTTP/1.1\r\n\r\n", b"GET / HTTP/1.1\r\n"]
        {
            assert!(matches!(read(&mut &broken[..]), Ok(None)), "{broken:?}");
        }
        assert!(matches!(read(&mut &vec![b'x'; 100_000][..]), Ok(None)));
        assert_eq!(Request::default().value("id"), None);
    }

    #[test]
    fn ranges_are_within_the_file() {
        assert_eq!(byte_range("bytes=0-", 10), Some((0, 9)));
        assert_eq!(byte_range("bytes=2-4", 10), Some((2, 4)));
        assert_eq!(byte_range("bytes=2-40", 10), Some((2, 9)));
        assert_eq!(byte_range("bytes=-3", 10), Some((7, 9)));
        for none in ["bytes=10-", "bytes=5-4", "bytes=x-", "lines=1-2", "bytes=1-2,4-5"] {
            assert_eq!(byte_range(none, 10), None, "{none}");
        }
        assert_eq!(byte_range("bytes=0-", 0), None);
    }
}

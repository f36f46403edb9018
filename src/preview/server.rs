//! The server: on this machine alone, for who knows the address, and to read only.
//!
//! Other pages in the same browser may send requests here. None of them knows the token in the
//! path; a name that leads here by a trick of DNS is no `Host` of ours; and no answer allows another
//! origin to read it.

use std::io::{self, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::Context as _;

use super::http::{self, Request, Response};
use super::{Preview, assets, listing, note};
use crate::media::{MediaFile, mime_type};

/// How long a client that sends nothing is waited for.
const CLIENT_TIMEOUT: Duration = Duration::from_secs(10);

/// How often an idle event stream gets a message, to notice that the page is gone.
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// So many requests are answered at once.
const MOST: usize = 64;

/// What the page may do. The frames of the cards inherit it: so styles and scripts within them are
/// allowed, and nothing that is elsewhere.
const POLICY: &str = "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' \
    'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; font-src 'self' data:; \
    connect-src 'self'; frame-src 'none'; base-uri 'none'; form-action 'none'; \
    frame-ancestors 'none'";

/// Opens an editor at a path below the content folder, a line and a column.
pub type Editor = dyn Fn(&str, &str, &str) -> bool + Send + Sync;

/// A server that waits for requests.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    port: u16,
    token: String,
}

impl Server {
    /// Reserves a port of this machine; 0 stands for any.
    ///
    /// # Errors
    /// If another program has it.
    pub fn new(port: u16) -> anyhow::Result<Self> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listener = TcpListener::bind(address).with_context(|| {
            format!("port {port} cannot be used; choose another one with `--port`")
        })?;
        let port = listener.local_addr()?.port();
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).context("the system has no random numbers")?;
        let token = format!("{:032x}", u128::from_le_bytes(bytes));
        Ok(Self { listener, port, token })
    }

    /// Returns the address of the page.
    #[must_use]
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/{}/", self.port, self.token)
    }
}

/// What all requests share.
struct ServerState {
    preview: Arc<Preview>,
    port: u16,
    token: String,
    /// How the page links to an editor: a pattern of an address, or nothing.
    link: Option<String>,
    editor: Option<Box<Editor>>,
}

/// Answers requests from now on, on threads of its own.
pub fn serve(
    server: Server,
    preview: Arc<Preview>,
    link: Option<String>,
    editor: Option<Box<Editor>>,
) {
    let Server { listener, port, token } = server;
    let state = Arc::new(ServerState { preview, port, token, link, editor });
    let busy = Arc::new(AtomicUsize::new(0));
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            if busy.fetch_add(1, Ordering::SeqCst) >= MOST {
                busy.fetch_sub(1, Ordering::SeqCst);
                continue;
            }
            let (state, busy) = (Arc::clone(&state), Arc::clone(&busy));
            thread::spawn(move || {
                // A page that has gone away needs no answer.
                let _ = answer(&state, stream);
                busy.fetch_sub(1, Ordering::SeqCst);
            });
        }
    });
}

/// Does something that nobody waits for.
pub fn in_background(work: impl FnOnce() + Send + 'static) {
    thread::spawn(work);
}

fn answer(state: &ServerState, mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(CLIENT_TIMEOUT))?;
    stream.set_write_timeout(Some(CLIENT_TIMEOUT))?;
    stream.set_nodelay(true)?;
    let Some(request) = http::read(&mut stream)? else {
        return refuse(&mut stream, "400 Bad Request");
    };
    let hosts = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{}", state.port));
    let Some(host) = request.host.clone().filter(|host| hosts.contains(host)) else {
        return refuse(&mut stream, "421 Misdirected Request");
    };
    let origin = format!("http://{host}");
    let path = request.path.strip_prefix('/').and_then(|path| path.split_once('/'));
    let Some((_, name)) = path.filter(|(token, _)| is_same(token, &state.token)) else {
        return refuse(&mut stream, "404 Not Found");
    };
    match (request.method.as_str(), name) {
        ("GET" | "HEAD", "events") => events(state, &mut stream, &request),
        ("GET" | "HEAD", _) => get(state, &mut stream, &request, name, &origin),
        ("POST", "edit") if request.origin.as_deref() == Some(&*origin) => {
            edit(state, &mut stream, &request)
        }
        ("POST", _) => refuse(&mut stream, "403 Forbidden"),
        _ => refuse(&mut stream, "405 Method Not Allowed"),
    }
}

/// Compares two texts in constant time.
fn is_same(one: &str, other: &str) -> bool {
    let differs = one.bytes().zip(other.bytes()).fold(0, |all, (a, b)| all | (a ^ b));
    one.len() == other.len() && differs == 0
}

fn refuse(stream: &mut TcpStream, status: &'static str) -> io::Result<()> {
    let body = status.as_bytes();
    http::write(
        stream,
        &Response { status, kind: "text/plain", is_for_cards: false, headers: String::new(), body },
    )
}

fn send(stream: &mut TcpStream, kind: &'static str, body: &[u8]) -> io::Result<()> {
    http::write(
        stream,
        &Response { status: "200 OK", kind, is_for_cards: false, headers: String::new(), body },
    )
}

fn get(
    state: &ServerState,
    stream: &mut TcpStream,
    request: &Request,
    name: &str,
    origin: &str,
) -> io::Result<()> {
    match name {
        "" => {
            let headers = format!("Content-Security-Policy: {POLICY}\r\n");
            let (kind, body) = ("text/html; charset=utf-8", assets::PAGE.as_bytes());
            http::write(
                stream,
                &Response { status: "200 OK", kind, is_for_cards: false, headers, body },
            )
        }
        "page.css" => send(stream, "text/css; charset=utf-8", assets::STYLE.as_bytes()),
        "page.js" => send(stream, "text/javascript; charset=utf-8", assets::SCRIPT.as_bytes()),
        "list" => {
            let editor =
                serde_json::json!({ "link": state.link, "command": state.editor.is_some() });
            let state = state.preview.snapshot();
            let list = listing::list(&state, origin, editor, request.version());
            send(stream, JSON, &serde_json::to_vec(&list)?)
        }
        "note" => {
            let id = request.value("id").unwrap_or_default();
            // That it is gone is no fault of who asks.
            let found = note::note(&state.preview.snapshot(), id).unwrap_or_default();
            send(stream, JSON, found.to_string().as_bytes())
        }
        _ => media(state, stream, request, name),
    }
}

const JSON: &str = "application/json";

/// Sends an attached file, or the part of it that a player wants.
fn media(
    state: &ServerState,
    stream: &mut TcpStream,
    request: &Request,
    name: &str,
) -> io::Result<()> {
    let shown = state.preview.snapshot().shown;
    let file = shown.as_deref().and_then(|shown| {
        let path = shown.media.get(name)?;
        shown.compiled.media.get(path)
    });
    let Some(Ok(bytes)) = file.map(MediaFile::read) else { return refuse(stream, "404 Not Found") };
    let (first, last) = request
        .range
        .as_deref()
        .and_then(|range| http::byte_range(range, bytes.len()))
        .unwrap_or((0, bytes.len().saturating_sub(1)));
    let body = bytes.get(first..=last).unwrap_or_default();
    let is_part = body.len() < bytes.len() || request.range.is_some();
    // Whatever it holds, as a document of its own it could do nothing.
    let mut headers = "Content-Security-Policy: default-src 'none'; style-src 'unsafe-inline'; \
                       sandbox\r\nAccept-Ranges: bytes\r\n"
        .to_owned();
    if is_part {
        headers += &format!("Content-Range: bytes {first}-{last}/{}\r\n", bytes.len());
    }
    let status = if is_part { "206 Partial Content" } else { "200 OK" };
    http::write(
        stream,
        &Response { status, kind: mime_type(name), is_for_cards: true, headers, body },
    )
}

/// Sends a word with each new version, for as long as the page is there.
fn events(state: &ServerState, stream: &mut TcpStream, request: &Request) -> io::Result<()> {
    http::begin_events(stream)?;
    let mut version = request.version().unwrap_or(0);
    while let Some(new) = state.preview.wait(version, KEEP_ALIVE) {
        let word =
            if new > version { format!("data: {new}\n\n") } else { ": still here\n\n".to_owned() };
        stream.write_all(word.as_bytes())?;
        stream.flush()?;
        version = new;
    }
    Ok(())
}

/// Opens the editor at a place.
fn edit(state: &ServerState, stream: &mut TcpStream, request: &Request) -> io::Result<()> {
    let value = |name| request.value(name).unwrap_or_default();
    let (path, line, column) = (value("path"), value("line"), value("column"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let shown = state.preview.snapshot().shown;
    let is_known = shown
        .is_some_and(|shown| shown.compiled.sources.iter().any(|(_, source)| source.path == path));
    let opened = state.editor.as_ref().is_some_and(|editor| {
        is_known && is_number(line) && is_number(column) && editor(path, line, column)
    });
    if opened { send(stream, "text/plain", b"") } else { refuse(stream, "404 Not Found") }
}

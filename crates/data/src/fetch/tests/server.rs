//! Local HTTP server with configurable responses, including invalid ones.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

/// A request and the length of its response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) path: String,
    pub(super) range: Option<String>,
    /// Bytes of the answer's body.
    pub(super) sent: usize,
}

impl Seen {
    /// First requested byte.
    pub(super) fn start(&self) -> usize {
        let Some(range) = &self.range else { return 0 };
        range.strip_prefix("bytes=").and_then(|range| range.strip_suffix('-')).unwrap().parse().unwrap()
    }
}

/// A response, after which the connection ends.
pub(super) struct Reply {
    head: String,
    body: Vec<u8>,
    /// `true` to keep the connection open and silent.
    stall: bool,
}

impl Reply {
    fn new(head: &str, body: &[u8]) -> Self {
        Self { head: format!("HTTP/1.1 {head}\r\nConnection: close\r\n\r\n"), body: body.to_vec(), stall: false }
    }

    /// Status 200 and the whole content.
    pub(super) fn whole(content: &[u8]) -> Self {
        Self::headed("200 OK", content)
    }

    /// Status 206 and the requested range, or the whole content without a range.
    pub(super) fn range(content: &[u8], seen: &Seen) -> Self {
        if seen.range.is_none() {
            return Self::whole(content);
        }
        let (start, length) = (seen.start(), content.len());
        let head = format!("206 Partial Content\r\nContent-Range: bytes {start}-{}/{length}", length - 1);
        Self::headed(&head, &content[start..])
    }

    /// `head` (a status and optional header lines) and the whole content.
    pub(super) fn headed(head: &str, content: &[u8]) -> Self {
        Self::new(&format!("{head}\r\nContent-Length: {}", content.len()), content)
    }

    /// `head` and no body.
    pub(super) fn empty(head: &str) -> Self {
        Self::headed(head, &[])
    }

    /// The whole content without a length.
    pub(super) fn chunked(content: &[u8]) -> Self {
        let mut body = Vec::new();
        for chunk in content.chunks(1_000) {
            body.extend(format!("{:x}\r\n", chunk.len()).bytes());
            body.extend(chunk);
            body.extend(b"\r\n");
        }
        body.extend(b"0\r\n\r\n");
        Self::new("200 OK\r\nTransfer-Encoding: chunked", &body)
    }

    /// No response, on a connection that stays open.
    pub(super) fn silence() -> Self {
        Self { head: String::new(), body: Vec::new(), stall: true }
    }

    /// Cuts the body after `count` bytes, without a change of the header.
    pub(super) fn cut(mut self, count: usize) -> Self {
        self.body.truncate(count);
        self
    }

    /// Keeps the connection open.
    pub(super) fn stall(mut self) -> Self {
        self.stall = true;
        self
    }
}

type Answer = dyn Fn(&Seen) -> Reply + Send;

/// A server that runs until it is dropped.
pub(super) struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// A server that answers every request by `answer`, which sees `sent` as 0.
    pub(super) fn new(answer: impl Fn(&Seen) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (seen, stop) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicBool::new(false)));
        let thread = thread::spawn({
            let (seen, stop) = (Arc::clone(&seen), Arc::clone(&stop));
            move || {
                for stream in listener.incoming() {
                    if stop.load(Ordering::SeqCst) {
                        return;
                    }
                    // An error means that the client has closed the connection.
                    let _ = stream.and_then(|stream| serve(stream, &answer, &seen));
                }
            }
        });
        Self { address, seen, stop, thread: Some(thread) }
    }

    /// A server that supports ranges, like most servers.
    pub(super) fn good(content: &[u8]) -> Self {
        let content = content.to_vec();
        Self::new(move |seen| Reply::range(&content, seen))
    }

    /// Address of the server as a mirror.
    pub(super) fn mirror(&self) -> String {
        format!("http://{}/data/", self.address)
    }

    /// All requests so far.
    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        // Wakes the waiting server.
        let _ = TcpStream::connect(self.address);
        if let Some(thread) = self.thread.take() {
            // A panic of the server fails the test, unless the test itself panics already.
            assert!(thread.join().is_ok() || thread::panicking(), "the server panicked");
        }
    }
}

fn serve(mut stream: TcpStream, answer: &Answer, log: &Mutex<Vec<Seen>>) -> std::io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines();
    let request = lines.next().unwrap_or_else(|| Ok(String::new()))?;
    let mut seen = Seen { path: request.split(' ').nth(1).unwrap_or_default().to_owned(), range: None, sent: 0 };
    for line in lines {
        let line = line?;
        match line.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("range") => seen.range = Some(value.to_owned()),
            _ if line.is_empty() => break,
            _ => {}
        }
    }
    let reply = answer(&seen);
    // The request is logged first, so that a client finds it in the log after the response.
    log.lock().unwrap().push(Seen { sent: reply.body.len(), ..seen });
    stream.write_all(reply.head.as_bytes())?;
    stream.write_all(&reply.body)?;
    if !reply.stall {
        stream.shutdown(Shutdown::Write)?;
    }
    // Waits until the client closes the connection.
    stream.read_to_end(&mut Vec::new())?;
    Ok(())
}

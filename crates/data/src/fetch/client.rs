//! Download of one file from one mirror over HTTP.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use protocol::worded;
use ureq::http::{Response, header};
use ureq::{Agent, Body};

use super::FetchFile;
use super::progress::{Meter, Progress};
use crate::DataError;

const CONNECT: Duration = Duration::from_secs(10);
/// Timeout between two pieces of a response, not for the whole response: a slow connection is allowed, a silent one is not.
const READ: Duration = Duration::from_secs(30);

/// Error of a download.
pub(super) enum Failure {
    /// An error of the mirror; another mirror may succeed.
    Mirror(String),
    /// An error of this machine; no other mirror is tried.
    Local(DataError),
}

impl Failure {
    pub(super) fn local(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Local(DataError::Io { path: path.to_owned(), source })
    }
}

/// HTTP client with a pool of connections.
pub(super) struct Client {
    agent: Agent,
}

impl Client {
    /// A client that uses the proxy of the environment, if any.
    pub(super) fn new() -> Self {
        Self { agent: config().timeout_per_read(Some(READ)).build().into() }
    }

    /// A client for local servers in tests: no proxy, and a short timeout.
    #[cfg(test)]
    pub(super) fn direct(read: Duration) -> Self {
        Self { agent: config().proxy(None).timeout_per_read(Some(read)).build().into() }
    }

    /// Appends the missing bytes of `url` to `part`, or starts again if the server does not support ranges. Returns whether
    /// `part` contains bytes of an earlier attempt.
    pub(super) fn receive(
        &self,
        url: &str,
        part: &Path,
        file: &FetchFile,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<bool, Failure> {
        let there = length(part).map_err(Failure::local(part))?;
        if there == file.bytes {
            return Ok(true);
        }
        let (response, have) = self.answer(url, if there < file.bytes { there } else { 0 })?;
        // Checked before `part` is changed, so that another mirror can still continue it.
        if let Some(length) = body_length(&response) {
            let announced = have.saturating_add(length);
            if announced != file.bytes {
                return Err(Failure::Mirror(format!("the response has {announced} bytes, expected {}", file.bytes)));
            }
        }

        let mut options = OpenOptions::new();
        options.create(true).write(true);
        let mut output = if have > 0 { options.append(true) } else { options.truncate(true) }
            .open(part)
            .map_err(Failure::local(part))?;
        let mut meter = Meter::new(file, have);
        copy(response, &mut output, part, &mut meter, progress)?;
        meter.report(progress);
        output.sync_all().map_err(Failure::local(part))?;
        if meter.done() < file.bytes {
            return Err(Failure::Mirror(format!("the connection ended at byte {} of {}", meter.done(), file.bytes)));
        }
        Ok(have > 0)
    }

    /// Requests a file; returns the response and the number of bytes of the file before it.
    fn answer(&self, url: &str, have: u64) -> Result<(Response<Body>, u64), Failure> {
        if have > 0 {
            let response = self.get(url, have)?;
            match response.status().as_u16() {
                206 if first_byte(&response) == Some(have) => return Ok((response, have)),
                // The server ignores ranges and sends the whole file.
                200 => return Ok((response, 0)),
                // Another range than requested, or one past the end: the partial file cannot be continued.
                206 | 416 => {}
                status => return Err(Failure::Mirror(format!("http status {status}"))),
            }
        }
        let response = self.get(url, 0)?;
        match response.status().as_u16() {
            200 => Ok((response, 0)),
            status => Err(Failure::Mirror(format!("http status {status}"))),
        }
    }

    fn get(&self, url: &str, have: u64) -> Result<Response<Body>, Failure> {
        let mut request = self.agent.get(url);
        if have > 0 {
            request = request.header(header::RANGE, format!("bytes={have}-"));
        }
        request.call().map_err(|error| Failure::Mirror(worded(error)))
    }
}

fn copy(
    response: Response<Body>,
    output: &mut File,
    part: &Path,
    meter: &mut Meter,
    progress: &mut dyn FnMut(Progress),
) -> Result<(), Failure> {
    let mut input = response.into_body().into_reader();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let count = match input.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => {
                let reason =
                    format!("the connection broke at byte {} of {}: {}", meter.done(), meter.total(), worded(error));
                return Err(Failure::Mirror(reason));
            }
        };
        if meter.done() + count as u64 > meter.total() {
            // The partial file is invalid.
            remove(part).map_err(Failure::local(part))?;
            return Err(Failure::Mirror(format!("the response has more than {} bytes", meter.total())));
        }
        output.write_all(&buffer[..count]).map_err(Failure::local(part))?;
        meter.add(count, progress);
    }
}

fn config() -> ureq::config::ConfigBuilder<ureq::typestate::AgentScope> {
    Agent::config_builder()
        .timeout_resolve(Some(CONNECT))
        .timeout_connect(Some(CONNECT))
        .http_status_as_error(false)
        // Hashes and ranges refer to the bytes of the stored file, so the transfer must not be compressed.
        .accept_encoding("identity")
        .user_agent(concat!("genbench/", env!("CARGO_PKG_VERSION")))
}

/// Length in the header of a response. [`Body::content_length`] returns none for length 0.
fn body_length(response: &Response<Body>) -> Option<u64> {
    response.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

/// First byte of a response with status 206: `Content-Range: bytes 5-9/10` (RFC 9110, 14.4).
fn first_byte(response: &Response<Body>) -> Option<u64> {
    let range = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}

/// Length of the file at `path` in bytes; 0 if it does not exist.
fn length(path: &Path) -> io::Result<u64> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

/// Removes the file at `path`, if it exists.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

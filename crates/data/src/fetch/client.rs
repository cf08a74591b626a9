//! One file from one mirror over HTTP.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::Duration;

use ureq::http::{Response, header};
use ureq::{Agent, Body};

use super::FetchFile;
use super::progress::{Meter, Progress};
use crate::DataError;

const CONNECT: Duration = Duration::from_secs(10);
/// Between two pieces of an answer, not for all of it: a slow line is no error, a dead one is.
const READ: Duration = Duration::from_secs(30);

/// Why there is no file.
pub(super) enum Failure {
    /// The mirror's fault: another may do better.
    Mirror(String),
    /// This machine's fault: no mirror can help.
    Local(DataError),
}

impl Failure {
    pub(super) fn local(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Local(DataError::Io { path: path.to_owned(), source })
    }
}

/// A connection pool.
pub(super) struct Client {
    agent: Agent,
}

impl Client {
    /// Through the proxy that the environment names, if any.
    pub(super) fn new() -> Self {
        Self { agent: config().timeout_per_read(Some(READ)).build().into() }
    }

    /// For servers of this machine: no proxy, and a patience that a test can outlast.
    #[cfg(test)]
    pub(super) fn direct(read: Duration) -> Self {
        Self { agent: config().proxy(None).timeout_per_read(Some(read)).build().into() }
    }

    /// Appends to `part` what it lacks of `url`, or writes it anew if the server cannot continue
    /// in the middle. Returns whether bytes of an earlier attempt are in it.
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
        // Found out before the part is touched: another mirror can still continue it.
        if let Some(length) = body_length(&response) {
            let announced = have.saturating_add(length);
            if announced != file.bytes {
                return Err(Failure::Mirror(format!("announces {announced} bytes, expected {}", file.bytes)));
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
            return Err(Failure::Mirror(format!("connection ended at byte {} of {}", meter.done(), file.bytes)));
        }
        Ok(have > 0)
    }

    /// An answer, and how many bytes of the file come before it.
    fn answer(&self, url: &str, have: u64) -> Result<(Response<Body>, u64), Failure> {
        if have > 0 {
            let response = self.get(url, have)?;
            match response.status().as_u16() {
                206 if first_byte(&response) == Some(have) => return Ok((response, have)),
                // The server ignores ranges and sends everything.
                200 => return Ok((response, 0)),
                // A range other than the one asked for, or one past the end: the part is of no use.
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
        request.call().map_err(|error| Failure::Mirror(error.to_string()))
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
                let reason = format!("connection broke at byte {} of {}: {error}", meter.done(), meter.total());
                return Err(Failure::Mirror(reason));
            }
        };
        if meter.done() + count as u64 > meter.total() {
            // What it sent is not worth continuing.
            remove(part).map_err(Failure::local(part))?;
            return Err(Failure::Mirror(format!("sends more than {} bytes", meter.total())));
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
        // The hash is of the bytes as they are stored, and a range counts in them too.
        .accept_encoding("identity")
        .user_agent(concat!("genbench/", env!("CARGO_PKG_VERSION")))
}

/// The length that an answer announces. [`Body::content_length`] has none where it is 0.
fn body_length(response: &Response<Body>) -> Option<u64> {
    response.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.trim().parse().ok()
}

/// Where an answer with status 206 begins: `Content-Range: bytes 5-9/10` (RFC 9110, 14.4).
fn first_byte(response: &Response<Body>) -> Option<u64> {
    let range = response.headers().get(header::CONTENT_RANGE)?.to_str().ok()?;
    range.strip_prefix("bytes ")?.split_once('-')?.0.trim().parse().ok()
}

/// Bytes in the file at `path`; 0 if there is none.
fn length(path: &Path) -> io::Result<u64> {
    match fs::metadata(path) {
        Ok(metadata) => Ok(metadata.len()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(0),
        Err(error) => Err(error),
    }
}

/// Removes the file at `path` if there is one.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

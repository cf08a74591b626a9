//! Download of data sets that are not embedded in genbench.
//!
//! [`sets`](SETS) lists the sets with their hashes and the source of the hashes; `download` tries the mirrors and checks
//! the files; `client` implements HTTP; `progress` reports the progress; `import` takes files of this machine instead.
//!
//! The cache contains uncompressed files, so that a trial has the same id however the set arrived.
//!
//! All tests use a local server. The real downloads are untested, because there was no network during development; a
//! mirror may have moved.

mod client;
mod download;
mod hash;
mod import;
mod progress;
mod sets;
#[cfg(test)]
mod tests;

pub use download::fetch;
pub(crate) use import::advice;
pub use import::{Imported, Origin, import};
pub use progress::Progress;
pub use sets::{Content, FetchFile, FetchSet, SETS, find};

//! Download of data sets that are not embedded in genbench.
//!
//! [`sets`](SETS) lists the sets with their hashes and the source of the hashes; `download` tries the mirrors and checks
//! the files; `client` implements HTTP; `progress` reports the progress.
//!
//! All tests use a local server. The real downloads are untested, because there was no network during development; a
//! mirror may have moved.

mod client;
mod download;
mod hash;
mod progress;
mod sets;
#[cfg(test)]
mod tests;

pub use download::fetch;
pub use progress::Progress;
pub use sets::{FetchFile, FetchSet, SETS, find};

//! Downloads of the data sets that genbench does not carry.
//!
//! [`sets`](SETS) says what there is to fetch and where its hashes are from; `download` goes
//! through mirrors and checks; `client` speaks HTTP; `progress` is what a terminal shows.
//!
//! Everything here is tested against a server on this machine. The real download has not been
//! tested by us: there was no network where this was written, so a mirror may be gone.

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

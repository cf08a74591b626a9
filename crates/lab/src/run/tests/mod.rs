//! Whole runs with scripted workers.

mod again;
mod bench;
mod endings;
mod stopping;
mod timing;

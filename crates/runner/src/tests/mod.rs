//! Whole runs with scripted workers.

mod again;
mod bench;
mod endings;
mod limits;
mod stopping;
mod timing;
mod watching;

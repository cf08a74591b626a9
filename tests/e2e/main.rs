//! The real binary, end to end.

mod bench;
mod cluster;
mod columns;
mod emitted;
mod exit_codes;
mod fetched;
mod killed;
mod mistakes;
mod model_docs;
mod models;
mod new_crate;
mod planned;
mod quick;
mod readers;
mod refused;
mod registered;
mod schema;
mod sharing;
mod slurm;
mod tools;
mod torture;
mod watched;

//! End-to-end tests of the binary.

mod bench;
mod cluster;
mod data_fetch;
mod emit;
mod exit_codes;
mod export_readers;
mod extends_export_audit;
mod mistakes;
mod model_docs;
mod models;
mod new_crate;
mod packs;
mod plan_and_explain;
mod refused_grids;
mod registration;
mod resume_and_limits;
mod schema;
mod slurm;
mod small_grid;
mod table_rows;
mod torture;
mod two_runners;
mod watch;

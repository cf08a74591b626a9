//! End-to-end tests of the binary.

mod bench;
mod builds;
mod changed_data;
mod cluster;
mod data_fetch;
mod emit;
mod exit_codes;
mod export_readers;
mod extends_export_audit;
mod identity;
mod mistakes;
mod model_docs;
mod models;
mod new_crate;
mod plan_and_explain;
mod refused_grids;
mod resume_and_limits;
mod schema;
mod slurm;
mod small_grid;
mod table_rows;
mod torture;
mod two_runners;
mod watch;

//! Tests of the source: dependencies of crates, imports of modules, registration, phrases of the documentation.

mod code_hash;
mod crates;
mod documented_paths;
mod modules;
mod own_model;
mod phrases;
mod readmes;
mod refused_phrases;
mod registered;

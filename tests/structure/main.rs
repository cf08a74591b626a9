//! Tests of the source: dependencies of crates, imports of modules, registration, printing, advice, phrases of the documentation.

mod advice;
mod code_hash;
mod crates;
mod documented_paths;
mod local_paths;
mod modules;
mod own_model;
mod phrases;
mod printing;
mod readmes;
mod refused_phrases;
mod registered;
mod system_errors;

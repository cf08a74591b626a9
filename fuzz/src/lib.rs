//! Targets: each takes any bytes and must neither panic nor hang, nor allocate more than its input justifies.
//!
//! The modules are also part of ordinary tests (`fuzz_corpus.rs` of the crates), which replay `corpus/`.

pub mod files;
pub mod language;
pub mod records;

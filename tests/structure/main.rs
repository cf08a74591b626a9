//! The structure of the source: crates, modules, and the words of its documentation.

mod crates;
mod modules;
mod phrases;
mod refused_phrases;

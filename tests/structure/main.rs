//! The structure of the source: crates, modules, and the words of its documentation.

mod crates;
mod modules;
mod own_model;
mod phrases;

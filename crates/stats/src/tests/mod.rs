//! Equality with scipy and rliable, and what must hold of any numbers.

mod fixture;
mod laws;
mod verdicts;

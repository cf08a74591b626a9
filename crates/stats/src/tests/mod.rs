//! Equality with scipy and rliable, and properties of arbitrary numbers.

mod fixture;
mod laws;
mod verdicts;

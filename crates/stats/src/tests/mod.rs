//! Equality with scipy, statsmodels and rliable, and properties of arbitrary numbers.

mod differences;
mod fixture;
mod laws;
mod verdicts;
